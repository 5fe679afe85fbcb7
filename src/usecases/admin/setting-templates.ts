import { asId, type SettingTemplateId } from '../../domain/ids.js';
import { SETTING_CATALOGUE, type SettingKey } from '../../domain/settings/setting-catalogue.js';
import { EMPTY_TEMPLATE, type SettingTemplate, type TemplateContent } from '../../domain/settings/setting-template.js';
import { merged } from '../../domain/settings/setting-value.js';
import { change, type Actor, type Draft } from '../change.js';
import { hashedPin } from '../hotdesk/set-pin.js';
import { allOf, done, refused, within, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { siteById } from './resolve.js';
import type { SettingWish } from './settings.js';

export const settingTemplateNotFound = (id: string): Refused => refused('not-found', 'templateId', 'There is no setting template with this id.', id);

export interface NewSettingTemplate {
  readonly name: string;
  readonly description: string;
  readonly type: SettingTemplate['type'];
  /** Missing or '' = for every site. */
  readonly siteId?: string;
}

/** Adds an empty template. */
export async function createSettingTemplate(deps: AdminDeps, actor: Actor, wanted: NewSettingTemplate): Promise<Outcome<SettingTemplate>> {
  return change(deps, actor, async (draft) => {
    const { name, description, type, siteId = '' } = wanted;
    const site = siteId === '' ? null : await siteById(draft.stores, draft.accountId, siteId);
    if (site?.kind === 'refused') return site;
    const problem = await nameProblem(draft, type, name, null);
    if (problem) return problem;
    const template: SettingTemplate = {
      id: asId<SettingTemplateId>(draft.newId()), accountId: draft.accountId, siteId: site?.site.id ?? null, type, name, description,
      content: EMPTY_TEMPLATE, sealedPin: null, createdAt: draft.at,
    };
    await draft.stores.settingTemplates.insert(template);
    draft.note({ aggregate: 'setting_template', id: template.id, change: 'created', action: 'create-setting-template', before: null, after: noted(template) });
    return done(template);
  });
}

export interface SettingTemplateChanges {
  readonly name?: string;
  readonly description?: string;
  readonly areaCode?: string;
  readonly country?: string;
  /** '' takes it off. */
  readonly pin?: string;
  /** Of groups the fields that change; each by the field it was sent in. */
  readonly settings?: readonly Pick<SettingWish, 'key' | 'field' | 'value'>[];
}

/** Changes what is given; whoever got the template before keeps what they have. A PIN is checked as any PIN is, and sealed. */
export async function updateSettingTemplate(deps: AdminDeps, actor: Actor, id: string, wanted: SettingTemplateChanges): Promise<Outcome<SettingTemplate>> {
  const { pin } = wanted;
  const hashed = pin === undefined || pin === '' ? null : await hashedPin(deps, actor.accountId, pin);
  if (hashed?.kind === 'refused') return within('user_settings.desk_phone.', hashed);
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.settingTemplates.get(draft.accountId, asId<SettingTemplateId>(id));
    if (before === null) return settingTemplateNotFound(id);
    const problem = wanted.name === undefined ? null : await nameProblem(draft, before.type, wanted.name, before.id);
    if (problem) return problem;
    const content = contentOf(before.content, wanted);
    if ('why' in content) return content;
    const changes = {
      name: wanted.name ?? before.name, description: wanted.description ?? before.description, content,
      sealedPin: pin === undefined ? before.sealedPin : pin === '' ? null : deps.secretBox.seal(pin, before.id),
    };
    await draft.stores.settingTemplates.update(before.id, changes);
    const after = { ...before, ...changes };
    draft.note({ aggregate: 'setting_template', id: before.id, change: 'updated', action: 'update-setting-template', before: noted(before), after: noted(after) });
    return done(after);
  });
}

function contentOf(held: TemplateContent, { settings = [], areaCode, country }: SettingTemplateChanges): TemplateContent | Refused {
  const made = new Map<SettingKey, unknown>();
  const problems: Refused[] = [];
  for (const { key, field = key, value } of settings) {
    const row = SETTING_CATALOGUE[key];
    const whole = merged(row.type, made.get(key) ?? held.settings[key] ?? row.default, value);
    const problem = row.problem(whole);
    if (problem !== null) problems.push(refused('invalid', field + problem.path, problem.text));
    made.set(key, whole);
  }
  if (problems.length > 0) return allOf(problems);
  return {
    settings: { ...held.settings, ...Object.fromEntries(made) }, areaCode: areaCode ?? held.areaCode, country: country ?? held.country,
  };
}

async function nameProblem(draft: Draft, type: SettingTemplate['type'], name: string, except: SettingTemplateId | null): Promise<Refused | null> {
  const namesake = await draft.stores.settingTemplates.byName(draft.accountId, type, name);
  return namesake === null || namesake.id === except ? null : refused('conflict', 'name', 'Another template of this type has this name.', name);
}

/** As the audit log keeps it: whether there is a PIN, never which. */
function noted({ sealedPin, ...template }: SettingTemplate): object {
  return { ...template, hasPin: sealedPin !== null };
}
