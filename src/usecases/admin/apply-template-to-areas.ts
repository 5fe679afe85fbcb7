import { asId, type CommonAreaId } from '../../domain/ids.js';
import { change, type Actor } from '../change.js';
import { allOf, done, named, refused, within, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { applyTemplateIn, prepareTemplate } from './apply-template.js';

/** Copies a setting template onto common areas, all or none: who cannot get it refuses all, and is named. Returns how many got it. */
export async function applyTemplateToAreas(
  deps: AdminDeps, actor: Actor, templateId: string, areaIds: readonly string[],
): Promise<Outcome<number>> {
  const template = await prepareTemplate(deps, actor, templateId, 'common_area');
  // The path names it, so one that is not there is a missing resource.
  if (template.kind === 'refused') return named('templateId', { ...template, why: 'not-found' });
  return change<number>(deps, actor, async (draft) => {
    const problems: Refused[] = [];
    const seen = new Set<string>();
    for (const [at, id] of areaIds.entries()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const view = await draft.stores.commonAreas.get(draft.accountId, asId<CommonAreaId>(id));
      if (view === null) {
        problems.push(refused('invalid', `common_area_ids[${at}]`, 'There is no common area with this id. GET /v2/phone/common_areas lists them.', id));
        continue;
      }
      const refusal = await applyTemplateIn(draft, template.value, { kind: 'common_area', id: view.commonArea.id });
      if (refusal) problems.push(within(`common_area_ids[${at}].`, refusal));
    }
    return problems.length > 0 ? allOf(problems) : done(seen.size);
  });
}
