import { asId, type AccountId, type ProvisionTemplateId } from '../../domain/ids.js';
import type { PhoneFamily } from '../../domain/device/phone-families.js';
import { lintPlainText, type ProvisionTemplate } from '../../domain/device/provision-template.js';
import { judgeTemplate, type FamilyTemplateRules, type TemplateVerdict } from '../../domain/provisioning/judge-template.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { PhoneFiles } from '../../ports/phone-files.js';
import { allowedHostsOf } from '../provisioning/device-firmware.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { askConcerned, type WhenToAsk } from '../resyncs/begin-campaign.js';

export interface TemplateDeps extends ChangeDeps {
  /** Knows what each family of phones understands, and what may be set there. */
  readonly phoneFiles: PhoneFiles;
}

export interface NewProvisionTemplate {
  readonly name: string;
  readonly description: string;
  readonly content: string;
  /** Families of phones that it is for; none = whoever understands its text. */
  readonly families: readonly PhoneFamily[];
}

/** Adds a template; no two of an account have one name. */
export async function createProvisionTemplate(deps: TemplateDeps, actor: Actor, wanted: NewProvisionTemplate): Promise<Outcome<ProvisionTemplate>> {
  return change(deps, actor, async (draft) => {
    const problem = await namesake(draft, wanted.name, null) ?? await textProblem(deps, draft, wanted);
    if (problem) return problem;
    const template: ProvisionTemplate = {
      id: asId<ProvisionTemplateId>(draft.newId()), accountId: draft.accountId, ...wanted, version: 1, createdAt: draft.at, updatedAt: draft.at,
    };
    await draft.stores.provisionTemplates.insert(template, draft.actor);
    draft.note({ aggregate: 'provision_template', id: template.id, change: 'created', action: 'create-provision-template', before: null, after: template });
    return done(template);
  });
}

/** Changes what is given; another content is another version, and its phones are pending. */
export async function updateProvisionTemplate(
  deps: TemplateDeps, actor: Actor, id: string, wanted: Partial<NewProvisionTemplate>, when: WhenToAsk = 'later',
): Promise<Outcome<ProvisionTemplate>> {
  return change(deps, actor, async (draft) => {
    const before = (await draft.stores.provisionTemplates.get(draft.accountId, asId<ProvisionTemplateId>(id)))?.template;
    if (before === undefined) return templateNotFound(id);
    const fields = { ...before, ...wanted };
    const judged = fields.content !== before.content || fields.families.join() !== before.families.join();
    const problem = await namesake(draft, fields.name, before.id) ?? (judged ? await textProblem(deps, draft, fields) : null);
    if (problem) return problem;
    if (!judged && fields.name === before.name && fields.description === before.description) return done(before);
    const after = { ...fields, version: fields.content === before.content ? before.version : before.version + 1, updatedAt: draft.at };
    await draft.stores.provisionTemplates.update(after, draft.actor);
    draft.note({ aggregate: 'provision_template', id: before.id, change: 'updated', action: 'update-provision-template', before, after });
    askConcerned(draft, when, { origin: 'template', scope: { kind: 'template', templateId: before.id }, share: null });
    return done(after);
  });
}

/** Removes a template that no phone and no setting uses. */
export async function removeProvisionTemplate(deps: TemplateDeps, actor: Actor, id: string): Promise<Outcome<ProvisionTemplate>> {
  return change(deps, actor, async (draft) => {
    const found = await draft.stores.provisionTemplates.get(draft.accountId, asId<ProvisionTemplateId>(id));
    if (found === null) return templateNotFound(id);
    const { template, boundDevices } = found;
    const places = await draft.stores.provisionTemplates.places(draft.accountId, template.id);
    if (boundDevices > 0 || places.length > 0) {
      const users = [...(boundDevices > 0 ? [`${boundDevices} devices`] : []), ...(places.length > 0 ? [`the settings of ${places.join(', ')}`] : [])];
      return refused('conflict', 'templateId', `The template is used by ${users.join(' and ')}. Give those another one first.`, id);
    }
    await draft.stores.provisionTemplates.delete(template.id);
    draft.note({ aggregate: 'provision_template', id: template.id, change: 'deleted', action: 'remove-provision-template', before: template, after: null });
    return done(template);
  });
}

export const templateNotFound = (id: string): Refused => refused('not-found', 'templateId', 'There is no provision template with this id.', id);

/** A template by id, or by name as lists of phones have it; '' and null are none. */
export async function readTemplate(
  stores: Pick<Stores, 'provisionTemplates'>, accountId: AccountId, text: string | null,
): Promise<{ readonly kind: 'template'; readonly id: ProvisionTemplateId | null } | Refused> {
  if (text === null || text === '') return { kind: 'template', id: null };
  const found = (await stores.provisionTemplates.get(accountId, asId<ProvisionTemplateId>(text)))?.template
    ?? await stores.provisionTemplates.byName(accountId, text);
  return found === null
    ? refused('invalid', 'provision_template_id', 'There is no such provision template. GET /v2/phone/provision_templates lists them.', text)
    : { kind: 'template', id: found.id };
}

/** Whether phones take the text, and of which families. URLs may name hosts that a super admin allowed. */
export async function templateVerdict(
  { phoneFiles, stores }: Pick<TemplateDeps, 'phoneFiles'> & { readonly stores: Pick<Stores, 'allowedHosts'> }, accountId: AccountId,
  { content, families }: Pick<NewProvisionTemplate, 'content' | 'families'>,
): Promise<TemplateVerdict> {
  return judgeTemplate(content, families, familyRules(phoneFiles), { allowedHosts: await allowedHostsOf(stores, accountId) });
}

/** One of each folder of templates. */
function familyRules(phoneFiles: PhoneFiles): readonly FamilyTemplateRules[] {
  const byFolder = new Map(phoneFiles.models.map((model) => [model.templateFamily, model]));
  return [...byFolder.values()].map((model) => ({ family: model.family, maker: model.maker, rules: phoneFiles.templateRules(model) }));
}

async function namesake(draft: Draft, name: string, except: ProvisionTemplateId | null): Promise<Refused | null> {
  const found = await draft.stores.provisionTemplates.byName(draft.accountId, name);
  return found !== null && found.id !== except ? refused('conflict', 'name', 'Another provision template has this name.', name) : null;
}

async function textProblem({ phoneFiles }: TemplateDeps, { stores, accountId }: Draft, wanted: Pick<NewProvisionTemplate, 'content' | 'families'>): Promise<Refused | null> {
  const plain = lintPlainText(wanted.content);
  const verdict: TemplateVerdict = plain.length > 0 ? { kind: 'problems', problems: plain } : await templateVerdict({ phoneFiles, stores }, accountId, wanted);
  if (verdict.kind === 'fits') return null;
  const problems = verdict.problems.map(({ line, text }) => ({ field: 'content', text: line === 0 ? text : `Line ${line}: ${text}` }));
  return { kind: 'refused', why: 'invalid', problems };
}
