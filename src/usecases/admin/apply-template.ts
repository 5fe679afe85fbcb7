import { asId, type SettingTemplateId } from '../../domain/ids.js';
import { isSettingKey } from '../../domain/settings/setting-catalogue.js';
import type { SettingTemplate } from '../../domain/settings/setting-template.js';
import type { PinHolder } from '../../ports/hot-desk-stores.js';
import type { Actor, Draft } from '../change.js';
import { hashedPin, setPinIn, type HashedPin } from '../hotdesk/set-pin.js';
import { done, named, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { chainOf } from './setting-places.js';
import { changeSettingsIn, readSettings } from './settings.js';

/** A template read, with its PIN's hash made: slow work that a transaction should not wait for. */
export interface PreparedTemplate {
  readonly template: SettingTemplate;
  readonly pin: HashedPin | null;
}

/** Reads a template that a body names; refused by `template_id` when it is not there or of the other type. */
export async function prepareTemplate(deps: AdminDeps, { accountId }: Pick<Actor, 'accountId'>, id: string, type: SettingTemplate['type']): Promise<Outcome<PreparedTemplate>> {
  const template = await deps.stores.settingTemplates.get(accountId, asId<SettingTemplateId>(id));
  if (template === null || template.type !== type) {
    return refused('invalid', 'template_id', `There is no template for ${type === 'user' ? 'users' : 'common areas'} with this id. GET /v2/phone/setting_templates lists them.`, id);
  }
  if (template.sealedPin === null) return done({ template, pin: null });
  const hashed = await hashedPin(deps, accountId, deps.secretBox.open(template.sealedPin, template.id));
  return hashed.kind === 'refused' ? named('template_id', hashed) : done({ template, pin: hashed });
}

/** As `prepareTemplate`, of a template for users that a batch calls by its name; refused by `template_name`. */
export async function prepareNamedTemplate(deps: AdminDeps, actor: Pick<Actor, 'accountId'>, name: string): Promise<Outcome<PreparedTemplate>> {
  const template = await deps.stores.settingTemplates.byName(actor.accountId, 'user', name);
  if (template === null) return refused('invalid', 'template_name', 'There is no template for users with this name. GET /v2/phone/setting_templates lists them.', name);
  const prepared = await prepareTemplate(deps, actor, template.id, 'user');
  return prepared.kind === 'refused' ? named('template_name', prepared) : prepared;
}

/**
 * Copies a template onto a user or a common area: its settings become the extension's own, except those that account or site lock, and
 * its PIN, area code and (of a common area) country theirs. Later changes of the template change nobody. Null = done.
 */
export async function applyTemplateIn(draft: Draft, { template, pin }: PreparedTemplate, holder: PinHolder): Promise<Refused | null> {
  const view = holder.kind === 'user' ? await draft.stores.phoneUsers.get(draft.accountId, holder.id) : await draft.stores.commonAreas.get(draft.accountId, holder.id);
  if (view === null) return refused('not-found', 'template_id', 'Nobody is there to get the template.', holder.id);
  if (template.siteId !== null && template.siteId !== view.site.id) {
    return refused('conflict', 'template_id', `The template is for another site than ${view.site.name}. Choose one of this site, or of every site.`, template.id);
  }
  const { extension } = view;
  const chain = chainOf(draft.accountId, { siteId: view.site.id, extensionId: extension.id });
  const keys = Object.keys(template.content.settings).filter(isSettingKey);
  const outer = await readSettings(draft.stores, draft.accountId, chain.slice(0, -1), keys);
  const wishes = keys.filter((key) => outer.get(key).lockedBy === null).map((key) => ({ key, value: template.content.settings[key] }));
  const refusal = await changeSettingsIn(draft, chain, wishes, 'apply-setting-template');
  if (refusal) return named('template_id', refusal);
  await copyProfile(draft, template, holder);
  const set = pin === null ? null : await setPinIn(draft, holder, pin);
  return set?.kind === 'refused' ? named('template_id', set) : null;
}

async function copyProfile(draft: Draft, { content }: SettingTemplate, holder: PinHolder): Promise<void> {
  if (holder.kind === 'user') {
    const before = (await draft.stores.phoneUsers.get(draft.accountId, holder.id))?.phone;
    if (before === undefined || content.areaCode === null) return;
    const changes = { areaCode: content.areaCode };
    await draft.stores.phoneUsers.update(before.id, changes);
    draft.note({ aggregate: 'phone_user', id: before.id, change: 'updated', action: 'apply-setting-template', before, after: { ...before, ...changes } });
    return;
  }
  const before = (await draft.stores.commonAreas.get(draft.accountId, holder.id))?.commonArea;
  if (before === undefined) return;
  const changes = { areaCode: content.areaCode ?? before.areaCode, country: content.country ?? before.country };
  await draft.stores.commonAreas.update(before.id, changes);
  draft.note({ aggregate: 'common_area', id: before.id, change: 'updated', action: 'apply-setting-template', before, after: { ...before, ...changes } });
}
