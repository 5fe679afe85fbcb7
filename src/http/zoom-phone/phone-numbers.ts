import { z } from 'zod';
import { asId, type PhoneNumberId, type SiteId } from '../../domain/ids.js';
import type { PhoneNumberFilter } from '../../ports/phone-number-stores.js';
import { phoneNumberNotFound } from '../../usecases/admin/not-found.js';
import { addByocNumbers } from '../../usecases/numbers/add-numbers.js';
import { moveFreeNumbers, removeNumbers, updateNumber } from '../../usecases/numbers/change-numbers.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { heldNumber, line, requiredLine } from '../schemas/fields.js';
import { extensionType, numberFields, numberView, ownerKindOf } from '../schemas/number-views.js';
import { given } from '../schemas/views.js';

const TAG = 'Phone numbers';
/** Numbers of one request: one transaction, which others wait for. */
const MOST_NUMBERS = 200;

const numberTexts = z.array(requiredLine(64)).min(1, 'Name at least one number.').max(MOST_NUMBERS);
const numberNames = numberTexts.describe('Ids or numbers (+12125550100; in a query the + is written %2B).');

const numberQuery = z.object({
  type: z.enum(['all', 'assigned', 'unassigned', 'byoc']).default('all'),
  extension_type: extensionType.optional().describe('Kind of whoever has the number.'),
  number_type: z.enum(['toll', 'tollfree', 'international']).optional(),
  pending_numbers: z.boolean().default(true).describe('false leaves out numbers that are not usable yet.'),
  site_id: z.string().max(64).optional(),
  keyword: line(100).optional().describe('Part of the number or its display name.'),
  ...pageQuery(100),
});

/** What a query asks for; null where nothing can match. */
function filterOf(query: z.output<typeof numberQuery>): PhoneNumberFilter | null {
  const ownerKind = query.extension_type === undefined ? undefined : ownerKindOf(query.extension_type);
  if (ownerKind === null) return null;
  return given({
    assigned: query.type === 'assigned' ? true : query.type === 'unassigned' ? false : undefined,
    source: query.type === 'byoc' ? 'external' as const : undefined,
    ownerKind, numberType: query.number_type, status: query.pending_numbers ? undefined : 'available' as const,
    siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id), keyword: query.keyword,
  });
}

export const phoneNumberRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/phone/byoc_numbers', operationId: 'addBYOCNumber', summary: 'Bring numbers along, all or none', tag: TAG,
    access: 'phone_number:write',
    body: z.object({
      carrier: requiredLine(100), phone_numbers: numberTexts.describe('As +12125550100, or as dialled in the country of the site.'),
      sip_group_id: line(64).default(''), site_id: z.string().max(64).optional().describe('Missing: the main site.'),
    }),
    answer: { status: 201, description: 'The new numbers.', schema: z.object({ phone_numbers: z.array(heldNumber) }) },
    async handle({ deps, actor, body }) {
      const outcome = await addByocNumbers(deps, actor, {
        numbers: body.phone_numbers, carrier: body.carrier, siteId: body.site_id, sipGroupId: body.sip_group_id,
      });
      return answer(outcome, (added) => created({ phone_numbers: added.map(({ id, number }) => ({ id, number })) }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/numbers', operationId: 'listAccountPhoneNumbers', summary: 'List phone numbers', tag: TAG,
    access: 'phone_number:read', subject: 'list',
    query: numberQuery,
    answer: { status: 200, description: 'Numbers, oldest first.', schema: z.object({ ...pageFields, phone_numbers: z.array(numberFields) }) },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const filter = filterOf(query);
      if (filter === null) return json({ ...paging({ next: null, total: 0 }, query), phone_numbers: [] });
      const found = await deps.stores.phoneNumbers.page(actor.accountId, { ...filter, ...given({ within: sites ?? undefined }) }, page.page);
      return json({ ...paging(found, query), phone_numbers: found.items.map((number) => numberView(deps, number)) });
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/numbers', operationId: 'deleteUnassignedPhoneNumbers',
    summary: 'Remove numbers that nobody has, all or none', tag: TAG, access: 'phone_number:write',
    query: z.object({ phone_numbers: numberNames }),
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, query }) {
      return answer(await removeNumbers(deps, actor, query.phone_numbers), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/numbers/sites/{siteId}', operationId: 'updateSiteForUnassignedPhoneNumbers',
    summary: 'Move numbers that nobody has to a site, all or none', tag: TAG, access: 'phone_number:write',
    body: z.object({ phone_numbers: numberNames }),
    answer: { status: 204, description: 'Moved.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await moveFreeNumbers(deps, actor, params.siteId, body.phone_numbers), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/numbers/{phoneNumberId}', operationId: 'getPhoneNumberDetails', summary: 'Get a phone number',
    tag: TAG, access: 'phone_number:read',
    answer: { status: 200, description: 'The number.', schema: numberFields },
    async handle({ deps, actor, params }) {
      const number = await deps.stores.phoneNumbers.get(actor.accountId, asId<PhoneNumberId>(params.phoneNumberId));
      return number ? json(numberView(deps, number)) : failed(fromRefusal(phoneNumberNotFound(params.phoneNumberId)));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/numbers/{phoneNumberId}', operationId: 'updatePhoneNumberDetails', summary: 'Change a phone number',
    tag: TAG, access: 'phone_number:write',
    body: z.object({
      capability: z.array(z.enum(['incoming', 'outgoing'])).optional().describe('incoming: may be called; outgoing: may be shown as caller ID.'),
      display_name: line(255).optional(), emergency_address_status: z.int().min(0).max(9).optional(), sip_group_id: line(64).optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({
        incoming: body.capability?.includes('incoming'), outgoing: body.capability?.includes('outgoing'), displayName: body.display_name,
        emergencyAddressStatus: body.emergency_address_status, sipGroupId: body.sip_group_id,
      });
      return answer(await updateNumber(deps, actor, params.phoneNumberId, wanted), () => NO_CONTENT);
    },
  }),
];
