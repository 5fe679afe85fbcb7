import { asId, type AccountId, type ProvisionTemplateId } from '../../domain/ids.js';
import { lintPlainText, type LintTemplate, type ProvisionTemplate } from '../../domain/device/provision-template.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

export interface TemplateDeps extends ChangeDeps {
  /** Judges what is to be kept; missing = plain text alone is asked for. */
  readonly lintTemplate?: LintTemplate;
}

export interface NewProvisionTemplate {
  readonly name: string;
  readonly description: string;
  readonly content: string;
}

/** Adds a template; no two of an account have one name. */
export async function createProvisionTemplate(deps: TemplateDeps, actor: Actor, wanted: NewProvisionTemplate): Promise<Outcome<ProvisionTemplate>> {
  return change(deps, actor, async (draft) => {
    const problem = await templateProblem(deps, draft, wanted, null);
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
  deps: TemplateDeps, actor: Actor, id: string, wanted: Partial<NewProvisionTemplate>,
): Promise<Outcome<ProvisionTemplate>> {
  return change(deps, actor, async (draft) => {
    const before = (await draft.stores.provisionTemplates.get(draft.accountId, asId<ProvisionTemplateId>(id)))?.template;
    if (before === undefined) return templateNotFound(id);
    const fields = { ...before, ...wanted };
    const problem = await templateProblem(deps, draft, fields, before.id);
    if (problem) return problem;
    if (fields.name === before.name && fields.description === before.description && fields.content === before.content) return done(before);
    const after = { ...fields, version: fields.content === before.content ? before.version : before.version + 1, updatedAt: draft.at };
    await draft.stores.provisionTemplates.update(after, draft.actor);
    draft.note({ aggregate: 'provision_template', id: before.id, change: 'updated', action: 'update-provision-template', before, after });
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

async function templateProblem(
  { lintTemplate = lintPlainText }: TemplateDeps, draft: Draft, { name, content }: Pick<NewProvisionTemplate, 'name' | 'content'>, except: ProvisionTemplateId | null,
): Promise<Refused | null> {
  const namesake = await draft.stores.provisionTemplates.byName(draft.accountId, name);
  if (namesake !== null && namesake.id !== except) return refused('conflict', 'name', 'Another provision template has this name.', name);
  const problems = lintTemplate(content).map(({ line, text }) => ({ field: 'content', text: line === 0 ? text : `Line ${line}: ${text}` }));
  return problems.length === 0 ? null : { kind: 'refused', why: 'invalid', problems };
}
