import { z } from 'zod';
import { asId, type ExternalContactId } from '../../domain/ids.js';
import type { ExternalContact } from '../../domain/contacts/external-contact.js';
import { addExternalContact, contactNotFound, removeExternalContact, updateExternalContact } from '../../usecases/admin/external-contacts.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'External contacts';

const item = z.object({
  external_contact_id: z.string(), id: z.string().describe("The customer's own id for it; \"\" without one."), name: z.string(), description: z.string(),
  email: z.string(), extension_number: z.string(), phone_numbers: z.array(z.string()).describe('International, with +.'), auto_call_recorded: z.boolean(),
});
const detail = item.extend({ routing_path: z.string() });

const fields = {
  description: line(500),
  email: z.union([z.literal(''), z.email('Give an e-mail address, e.g. ada@example.com.').max(255)]),
  extension_number: z.string().trim().regex(/^(?:[1-9]\d{0,9})?$/, 'An extension has up to 10 digits and no leading zero.'),
  id: line(255).describe("The customer's own id for it, unique in the account."),
  phone_numbers: z.array(requiredLine(40)).max(10).describe('International, or as dialled in the account\'s country. A number belongs to one contact.'),
  routing_path: line(255),
  auto_call_recorded: z.boolean(),
};

function view(contact: ExternalContact) {
  return {
    external_contact_id: contact.id, id: contact.customerId ?? '', name: contact.name, description: contact.description, email: contact.email,
    extension_number: contact.extensionNumber ?? '', phone_numbers: [...contact.phoneNumbers], auto_call_recorded: contact.autoCallRecorded,
  };
}

export const externalContactRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/external_contacts', operationId: 'listExternalContacts', summary: 'List external contacts', tag: TAG,
    access: 'external_contact:read',
    query: z.object({ ...pageQuery(300), keyword: line(100).optional().describe('Part of a name, number, extension, e-mail address or description.') }),
    answer: {
      status: 200, description: 'External contacts, oldest first.', schema: z.object({ ...pageFields, external_contacts: z.array(item) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.externalContacts.page(actor.accountId, query.keyword ?? null, page.page);
      return json({ ...paging(found, query), external_contacts: found.items.map(view) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/external_contacts', operationId: 'addExternalContact', summary: 'Add an external contact', tag: TAG,
    access: 'external_contact:write',
    body: z.object({
      name: requiredLine(255), description: fields.description.default(''), email: fields.email.default(''),
      extension_number: fields.extension_number.default(''), id: fields.id.default(''), phone_numbers: fields.phone_numbers.default([]),
      routing_path: fields.routing_path.default(''), auto_call_recorded: fields.auto_call_recorded.default(false),
    }),
    answer: { status: 201, description: 'The new contact.', schema: z.object({ name: z.string(), external_contact_id: z.string() }) },
    async handle({ deps, actor, body }) {
      const outcome = await addExternalContact(deps, actor, {
        customerId: body.id || null, name: body.name, description: body.description, email: body.email, extensionNumber: body.extension_number,
        phoneNumbers: body.phone_numbers, routingPath: body.routing_path, autoCallRecorded: body.auto_call_recorded,
      });
      return answer(outcome, ({ id, name }) => created({ name, external_contact_id: id }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/external_contacts/{externalContactId}', operationId: 'getAExternalContact', summary: 'Get an external contact',
    tag: TAG, access: 'external_contact:read',
    answer: { status: 200, description: 'The contact.', schema: detail },
    async handle({ deps, actor, params }) {
      const contact = await deps.stores.externalContacts.get(actor.accountId, asId<ExternalContactId>(params.externalContactId));
      if (contact === null) return failed(fromRefusal(contactNotFound(params.externalContactId)));
      return json({ ...view(contact), routing_path: contact.routingPath });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/external_contacts/{externalContactId}', operationId: 'updateExternalContact', summary: 'Change an external contact',
    tag: TAG, access: 'external_contact:write',
    body: z.object({
      name: requiredLine(255).optional(), description: fields.description.optional(), email: fields.email.optional(),
      extension_number: fields.extension_number.optional(), id: fields.id.optional(), phone_numbers: fields.phone_numbers.optional(),
      routing_path: fields.routing_path.optional(), auto_call_recorded: fields.auto_call_recorded.optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({
        name: body.name, description: body.description, email: body.email, extensionNumber: body.extension_number, phoneNumbers: body.phone_numbers,
        routingPath: body.routing_path, autoCallRecorded: body.auto_call_recorded, customerId: body.id === undefined ? undefined : body.id || null,
      });
      return answer(await updateExternalContact(deps, actor, params.externalContactId, wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/external_contacts/{externalContactId}', operationId: 'deleteAExternalContact', summary: 'Remove an external contact',
    tag: TAG, access: 'external_contact:write',
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeExternalContact(deps, actor, params.externalContactId), () => NO_CONTENT);
    },
  }),
];
