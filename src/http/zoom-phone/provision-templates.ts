import { z } from 'zod';
import { PHONE_FAMILY_NAMES } from '../../domain/device/phone-families.js';
import { asId, type ProvisionTemplateId } from '../../domain/ids.js';
import { LONGEST_TEMPLATE } from '../../domain/device/provision-template.js';
import type { ProvisionTemplateView } from '../../ports/phone-stores.js';
import { createProvisionTemplate, removeProvisionTemplate, templateNotFound, templateVerdict, updateProvisionTemplate } from '../../usecases/admin/provision-templates.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'Provision templates';

const families = z.array(z.enum(PHONE_FAMILY_NAMES)).describe('Families of phones that it is for: its text must fit each. []: it must fit one at least. `other`: softphones.');
const item = z.object({
  id: z.string(), name: z.string(), description: z.string(),
  families,
  bound_device_count: z.int().describe('Devices that have it as their own; those that have it by a setting are not counted.'),
});
const content = z.string().max(LONGEST_TEMPLATE).describe("Text in the phone's own language, put into its configuration. Checked line by line.");

const resync = z.enum(['now', 'later']).default('later').describe('now: phones that use it and are pending by it are asked to read their configuration, in a campaign.');

function view({ template, boundDevices }: ProvisionTemplateView): z.output<typeof item> {
  return { id: template.id, name: template.name, description: template.description, families: [...template.families], bound_device_count: boundDevices };
}

export const provisionTemplateRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/provision_templates', operationId: 'listAccountProvisionTemplate', summary: 'List provision templates', tag: TAG,
    access: 'provision_template:read', subject: 'anyone', query: z.object(pageQuery(300)),
    answer: { status: 200, description: 'Templates, oldest first.', schema: z.object({ ...pageFields, provision_templates: z.array(item) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.provisionTemplates.page(actor.accountId, page.page);
      return json({ ...paging(found, query), provision_templates: found.items.map(view) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/provision_templates', operationId: 'addProvisionTemplate', summary: 'Add a provision template', tag: TAG,
    access: 'provision_template:write',
    body: z.object({ name: requiredLine(128), description: line(255).default(''), content: content.default(''), families: families.default([]) }),
    answer: { status: 201, description: 'The new template.', schema: z.object({ id: z.string(), name: z.string() }) },
    handle: async ({ deps, actor, body }) => answer(await createProvisionTemplate(deps, actor, body), ({ id, name }) => created({ id, name })),
  }),
  route({
    method: 'GET', path: '/v2/phone/provision_templates/{templateId}', operationId: 'GetProvisionTemplate', summary: 'Get a provision template', tag: TAG,
    access: 'provision_template:read',
    answer: { status: 200, description: 'The template.', schema: item.extend({ content: z.string(), fits: families.describe('Families whose phones take the whole text.') }) },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.provisionTemplates.get(actor.accountId, asId<ProvisionTemplateId>(params.templateId));
      if (found === null) return failed(fromRefusal(templateNotFound(params.templateId)));
      const verdict = await templateVerdict(deps, actor.accountId, found.template);
      return json({ ...view(found), content: found.template.content, fits: verdict.kind === 'fits' ? [...verdict.families] : [] });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/provision_templates/{templateId}', operationId: 'updateProvisionTemplate', summary: 'Change a provision template', tag: TAG,
    access: 'provision_template:write',
    body: z.object({ name: requiredLine(128).optional(), description: line(255).optional(), content: content.optional(), families: families.optional(), resync }),
    answer: { status: 204, description: 'Changed; phones that use another content now are pending.', schema: null },
    handle: async ({ deps, actor, params, body: { resync: when, ...fields } }) => answer(
      await updateProvisionTemplate(deps, actor, params.templateId, given(fields), when), () => NO_CONTENT,
    ),
  }),
  route({
    method: 'DELETE', path: '/v2/phone/provision_templates/{templateId}', operationId: 'deleteProvisionTemplate', summary: 'Remove a provision template', tag: TAG,
    access: 'provision_template:write',
    answer: { status: 204, description: 'Removed; a template that is used stays.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await removeProvisionTemplate(deps, actor, params.templateId), () => NO_CONTENT),
  }),
  route({
    method: 'GET', path: '/v2/cordboard/provision_templates/{templateId}/versions', operationId: 'listProvisionTemplateVersions',
    summary: "Every version of a template's content", tag: TAG, access: 'provision_template:read',
    answer: {
      status: 200, description: 'Newest first.',
      schema: z.object({ versions: z.array(z.object({ version: z.int(), content: z.string(), created_at: z.string(), created_by: z.string() })) }),
    },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.provisionTemplates.get(actor.accountId, asId<ProvisionTemplateId>(params.templateId));
      if (found === null) return failed(fromRefusal(templateNotFound(params.templateId)));
      const versions = await deps.stores.provisionTemplates.versions(found.template.id);
      return json({ versions: versions.map((one) => ({ version: one.version, content: one.content, created_at: apiTime(one.createdAt), created_by: one.createdBy })) });
    },
  }),
];
