import { z } from 'zod';
import type { PeeringNumber } from '../../domain/numbering/peering-number.js';
import { asId, type TrunkId } from '../../domain/ids.js';
import { e164Text } from '../../domain/numbering/pool-number.js';
import type { Actor } from '../../usecases/change.js';
import { addPeeringNumbers, removePeeringNumbers, updatePeeringNumbers, type Unprocessed } from '../../usecases/numbers/peering-numbers.js';
import { answer, failed, json } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage, type PageParameters } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Provider exchange';
const PATH = '/v2/phone/peering/numbers';
const MOST = 200;

const fields = {
  assigned: z.int().describe('1: somebody has it.'), billing_reference_id: z.string(), phone_number: z.string(), service_info: z.string(), sip_trunk_name: z.string(),
  status: z.int().describe('1: calls may be made and taken with it.'),
};
const item = z.object(fields);
const ofCustomer = z.object({ customer_account_name: z.string(), customer_account_number: z.string(), ...fields });
const left = z.object({ unprocessed_numbers: z.array(z.object({ failure_reason: z.string(), phone_number: z.string() })) });
const carrierCode = z.int().refine((code) => code === 0, 'Carriers have no codes here, they are the trunks: leave it out.').optional();
const status = z.union([z.literal(0), z.literal(1)]).describe('1: calls may be made and taken with it.');
const query = { ...pageQuery(MOST), phone_number: line(64).optional().describe('With +, which is written %2B.') };
const said = { billing_reference_id: line(255).optional(), service_info: line(255).optional() };

function view({ directory }: HttpDeps, { number, billingReference, serviceInfo }: PeeringNumber): z.output<typeof item> {
  return {
    assigned: number.extensionId === null ? 0 : 1, billing_reference_id: billingReference, phone_number: number.number, service_info: serviceInfo,
    sip_trunk_name: directory.trunks.trunk(asId<TrunkId>(number.sipGroupId))?.name ?? '', status: number.status === 'available' ? 1 : 0,
  };
}

async function listed(deps: HttpDeps, { accountId }: Actor, asked: PageParameters & { readonly phone_number?: string | undefined }) {
  const page = readPage(asked);
  if (page.kind === 'refused') return page;
  const filter = asked.phone_number === undefined || asked.phone_number === '' ? {} : { number: e164Text(asked.phone_number) ?? '' };
  return { kind: 'listed', found: await deps.stores.peeringNumbers.page(accountId, filter, page.page) } as const;
}

const unprocessed = (numbers: readonly Unprocessed[]) => ({ unprocessed_numbers: numbers.map(({ number, why }) => ({ failure_reason: why, phone_number: number })) });

export const peeringNumberRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/carrier_peering/numbers', operationId: 'listCarrierPeeringPhoneNumbers', summary: 'List numbers of carriers, with whose they are', tag: TAG,
    access: 'phone_number:read', query: z.object(query),
    answer: { status: 200, description: 'Numbers on trunks, oldest first.', schema: z.object({ ...pageFields, numbers: z.array(ofCustomer) }) },
    async handle({ deps, actor, query: asked }) {
      const list = await listed(deps, actor, asked);
      if (list.kind === 'refused') return failed(fromRefusal(list));
      const account = deps.directory.account(actor.accountId);
      return json({
        ...paging(list.found, asked),
        numbers: list.found.items.map((one) => ({ customer_account_name: account?.name ?? '', customer_account_number: actor.accountId, ...view(deps, one) })),
      });
    },
  }),
  route({
    method: 'GET', path: PATH, operationId: 'listPeeringPhoneNumbers', summary: 'List numbers that carriers made over', tag: TAG, access: 'phone_number:read',
    query: z.object({ ...query, carrier_code: carrierCode }),
    answer: { status: 200, description: 'Numbers on trunks, oldest first.', schema: z.object({ ...pageFields, numbers: z.array(item) }) },
    async handle({ deps, actor, query: asked }) {
      const list = await listed(deps, actor, asked);
      return list.kind === 'refused' ? failed(fromRefusal(list)) : json({ ...paging(list.found, asked), numbers: list.found.items.map((one) => view(deps, one)) });
    },
  }),
  route({
    method: 'POST', path: PATH, operationId: 'addPeeringPhoneNumbers', summary: 'Take numbers of trunks', tag: TAG, access: 'phone_number:write',
    body: z.object({
      carrier_code: carrierCode,
      phone_numbers: z.array(z.object({ ...said, phone_number: requiredLine(64), sip_trunk_name: requiredLine(255).describe('The trunk.'), status })).min(1).max(MOST),
    }),
    answer: { status: 201, description: 'What was not taken; the others are at the main site, for assigning.', schema: left },
    async handle({ deps, actor, body }) {
      const wishes = body.phone_numbers.map((row) => ({
        number: row.phone_number, trunk: row.sip_trunk_name, active: row.status === 1, ...given({ billingReference: row.billing_reference_id, serviceInfo: row.service_info }),
      }));
      return answer(await addPeeringNumbers(deps, actor, wishes), (numbers) => json(unprocessed(numbers), 201));
    },
  }),
  route({
    method: 'PATCH', path: PATH, operationId: 'updatePeeringPhoneNumbers', summary: 'Change numbers that carriers made over', tag: TAG, access: 'phone_number:write',
    body: z.object({
      carrier_code: carrierCode,
      phone_numbers: z.array(z.object({ ...said, phone_number: requiredLine(64), sip_trunk_name: requiredLine(255).optional(), status: status.optional() })).min(1).max(MOST),
    }),
    answer: { status: 200, description: 'What was left as it was.', schema: left },
    async handle({ deps, actor, body }) {
      const wishes = body.phone_numbers.map((row) => ({
        number: row.phone_number,
        ...given({ trunk: row.sip_trunk_name, active: row.status === undefined ? undefined : row.status === 1, billingReference: row.billing_reference_id, serviceInfo: row.service_info }),
      }));
      return answer(await updatePeeringNumbers(deps, actor, wishes), (numbers) => json(unprocessed(numbers)));
    },
  }),
  route({
    method: 'DELETE', path: PATH, operationId: 'deletePeeringPhoneNumbers', summary: 'Give numbers back', tag: TAG, access: 'phone_number:write',
    query: z.object({ carrier_code: carrierCode, phone_numbers: z.array(requiredLine(64)).min(1).max(MOST).describe('In a query the + is written %2B.') }),
    answer: { status: 200, description: 'What is still there.', schema: left },
    async handle({ deps, actor, query: asked }) {
      return answer(await removePeeringNumbers(deps, actor, asked.phone_numbers), (numbers) => json(unprocessed(numbers)));
    },
  }),
];
