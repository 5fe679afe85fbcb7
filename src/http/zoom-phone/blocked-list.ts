import { z } from 'zod';
import { asId, type BlockedNumberId } from '../../domain/ids.js';
import type { BlockedNumber } from '../../domain/routing/blocked-number.js';
import { accountList, addBlockedNumber, removeBlockedNumber, updateBlockedNumber } from '../../usecases/admin/blocked-numbers.js';
import { blockedNumberNotFound } from '../../usecases/admin/not-found.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { matchNumber, matchType, matchView, ruleStatus as status } from '../schemas/call-rule-fields.js';
import { country, line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Blocked list';

const blockType = z.enum(['inbound', 'outbound']);
const entry = z.object({
  id: z.string(), block_type: blockType, match_type: matchType, phone_number: z.string(), comment: z.string(), status,
});

function view(blocked: BlockedNumber) {
  return {
    id: blocked.id, block_type: blocked.direction, match_type: matchView(blocked.match),
    phone_number: blocked.number, comment: blocked.comment, status: blocked.status,
  };
}

function named(id: string) {
  return { id, idField: 'blockedListId' } as const;
}

export const blockedListRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/blocked_list', operationId: 'listBlockedList', summary: 'List blocked numbers',
    tag: TAG, access: 'blocked_list:read',
    query: z.object(pageQuery(100)),
    answer: {
      status: 200, description: 'Entries, oldest first.',
      schema: z.object({ ...pageFields, blocked_list: z.array(entry) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.blockedNumbers.page(actor.accountId, accountList(actor), {}, page.page);
      return json({ ...paging(found, query), blocked_list: found.items.map(view) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/blocked_list', operationId: 'addAnumberToBlockedList',
    summary: 'Block a number or prefix', tag: TAG,
    access: 'blocked_list:write',
    body: z.object({
      phone_number: requiredLine(50).describe(
        'International, e.g. +15551234567; national with country; the beginning of a number; inbound also an extension.',
      ),
      block_type: blockType.default('inbound'),
      match_type: matchType.default('phoneNumber'),
      country: country.optional(),
      comment: line(255).default(''),
      status: status.default('active'),
    }),
    answer: { status: 201, description: 'The new entry.', schema: z.object({ id: z.string() }) },
    async handle({ deps, actor, body }) {
      const outcome = await addBlockedNumber(deps, actor, {
        direction: body.block_type, match: matchNumber(body.match_type), type: 'block', number: body.phone_number,
        country: body.country?.toUpperCase() ?? null, comment: body.comment, status: body.status,
      });
      return answer(outcome, ({ id }) => created({ id }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/blocked_list/{blockedListId}', operationId: 'getABlockedList',
    summary: 'Get a blocked number', tag: TAG,
    access: 'blocked_list:read',
    answer: { status: 200, description: 'The entry.', schema: entry },
    async handle({ deps, actor, params }) {
      const blocked = await deps.stores.blockedNumbers.get(
        actor.accountId, asId<BlockedNumberId>(params.blockedListId),
      );
      return blocked?.scope === 'account' ? json(view(blocked)) : failed(fromRefusal(blockedNumberNotFound(params.blockedListId)));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/blocked_list/{blockedListId}', operationId: 'updateBlockedList',
    summary: 'Change a blocked number', tag: TAG,
    access: 'blocked_list:write',
    body: z.object({
      phone_number: requiredLine(50).optional(), block_type: blockType.optional(), match_type: matchType.optional(),
      country: country.optional(), comment: line(255).optional(), status: status.optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({
        direction: body.block_type, match: body.match_type === undefined ? undefined : matchNumber(body.match_type),
        number: body.phone_number, country: body.country?.toUpperCase(), comment: body.comment, status: body.status,
      });
      return answer(await updateBlockedNumber(deps, actor, named(params.blockedListId), wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/blocked_list/{blockedListId}', operationId: 'deleteABlockedList',
    summary: 'Unblock a number', tag: TAG,
    access: 'blocked_list:write',
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeBlockedNumber(deps, actor, named(params.blockedListId)), () => NO_CONTENT);
    },
  }),
];
