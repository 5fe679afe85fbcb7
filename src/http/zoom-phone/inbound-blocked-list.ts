import { z } from 'zod';
import { asId, type ExtensionId } from '../../domain/ids.js';
import { statisticId, type BlockedNumber, type BlockedStatistic } from '../../domain/routing/blocked-number.js';
import { accountList, addBlockedNumber, removeBlockedNumber, updateBlockedNumber } from '../../usecases/admin/blocked-numbers.js';
import {
  blockForAllExtensions, blockForExtension, unblockForAllExtensions, unblockForExtension,
} from '../../usecases/admin/inbound-blocked.js';
import { extensionNotFound } from '../../usecases/admin/not-found.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { matchNumber, matchType, matchView, ruleStatus } from '../schemas/call-rule-fields.js';
import { country, line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Inbound blocked list';
const blockedAs = z.enum(['block', 'threat']);
const whoIsBlocked = {
  id: z.string(), match_type: matchType, type: blockedAs,
  phone_number: z.string().describe('The same as blocked_number.'), blocked_number: z.string(),
  country: z.string().describe('ISO 3166-1 code; "" where neither given nor to be told from the number.'),
};
const accountRule = z.object({ ...whoIsBlocked, status: ruleStatus, comment: z.string() });
const statistic = z.object({
  ...whoIsBlocked, block_count: z.int().describe('Extensions that block the caller.'),
  threat_count: z.int().describe('Extensions that block the caller as a threat.'),
});
const filters = {
  ...pageQuery(300), keyword: line(255).optional().describe('Found anywhere in number or comment.'),
  match_type: matchType.optional(), type: blockedAs.optional(),
};
const blockBody = {
  match_type: matchType,
  blocked_number: requiredLine(50).describe('A number, international or national with country; its beginning; or an extension.'),
  type: blockedAs.describe('Both are refused.'),
  country: country.optional(),
};
const ruleId = { blocked_rule_id: requiredLine(64) };
const statisticRef = { blocked_statistic_id: requiredLine(64) };

function caller({ id, match, type, number, country: iso }: Pick<BlockedNumber, 'match' | 'type' | 'number' | 'country'> & { readonly id: string }) {
  return { id, match_type: matchView(match), type, phone_number: number, blocked_number: number, country: iso ?? '' };
}

function statisticView(row: BlockedStatistic) {
  const type = row.threatCount > 0 ? 'threat' as const : 'block' as const;
  return { ...caller({ ...row, id: statisticId(row), type }), block_count: row.blockCount, threat_count: row.threatCount };
}

type Filters = { readonly keyword?: string | undefined; readonly match_type?: z.output<typeof matchType> | undefined; readonly type?: BlockedNumber['type'] | undefined };

function filterOf({ keyword, match_type, type }: Filters) {
  return given({ keyword, type, match: match_type === undefined ? undefined : matchNumber(match_type) });
}

type BlockBody = { readonly match_type: z.output<typeof matchType>; readonly blocked_number: string; readonly type: BlockedNumber['type']; readonly country?: string | undefined };

function blockOf({ match_type, blocked_number, type, country: iso }: BlockBody) {
  return { match: matchNumber(match_type), number: blocked_number, type, country: iso?.toUpperCase() ?? null };
}

const NAMED = { idField: 'blocked_rule_id', direction: 'inbound' } as const;

export const inboundBlockedRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/inbound_blocked/rules', operationId: 'ListAccountLevelInboundBlockRules',
    summary: 'List callers blocked for the whole account', tag: TAG, access: 'blocked_list:read',
    query: z.object({ ...filters, status: ruleStatus.optional() }),
    answer: {
      status: 200, description: 'The inbound part of the blocked list, oldest first.',
      schema: z.object({ ...pageFields, account_blocked_rules: z.array(accountRule) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const filter = { ...filterOf(query), ...given({ status: query.status }), direction: 'inbound' as const };
      const found = await deps.stores.blockedNumbers.page(actor.accountId, accountList(actor), filter, page.page);
      const rules = found.items.map((entry) => ({ ...caller(entry), status: entry.status, comment: entry.comment }));
      return json({ ...paging(found, query), account_blocked_rules: rules });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/inbound_blocked/rules', operationId: 'AddAccountLevelInboundBlockRules',
    summary: 'Block a caller for the whole account', tag: TAG, access: 'blocked_list:write',
    body: z.object({ ...blockBody, comment: line(255).default(''), status: ruleStatus }),
    answer: { status: 201, description: 'The new rule.', schema: z.object({ id: z.string() }) },
    async handle({ deps, actor, body }) {
      const wanted = { ...blockOf(body), direction: 'inbound' as const, comment: body.comment, status: body.status };
      return answer(await addBlockedNumber(deps, actor, wanted, 'blocked_number'), ({ id }) => created({ id }));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/inbound_blocked/rules/{blockedRuleId}', operationId: 'UpdateAccountLevelInboundBlockRule',
    summary: 'Change a caller blocked for the whole account', tag: TAG, access: 'blocked_list:write',
    body: z.object({ ...blockBody, comment: line(255).optional(), status: ruleStatus.optional() }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const { country: iso, ...block } = blockOf(body);
      const wanted = { ...block, ...given({ country: iso ?? undefined, comment: body.comment, status: body.status }) };
      const named = { id: params.blockedRuleId, idField: 'blockedRuleId', direction: 'inbound' } as const;
      return answer(await updateBlockedNumber(deps, actor, named, wanted, 'blocked_number'), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/inbound_blocked/rules', operationId: 'DeleteAccountLevelInboundBlockRules',
    summary: 'Unblock a caller for the whole account', tag: TAG, access: 'blocked_list:write',
    query: z.object(ruleId),
    answer: { status: 204, description: 'Removed; extensions keep what they block themselves.', schema: null },
    async handle({ deps, actor, query }) {
      return answer(await removeBlockedNumber(deps, actor, { id: query.blocked_rule_id, ...NAMED }), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/extension/{extensionId}/inbound_blocked/rules', operationId: 'ListExtensionLevelInboundBlockRules',
    summary: 'List callers an extension blocks', tag: TAG, access: 'blocked_list:read',
    query: z.object(filters),
    answer: {
      status: 200, description: "The extension's own list, oldest first.",
      schema: z.object({ ...pageFields, extension_blocked_rules: z.array(z.object(whoIsBlocked)) }),
    },
    async handle({ deps, actor, params, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const extension = await deps.stores.extensions.get(actor.accountId, asId<ExtensionId>(params.extensionId));
      if (extension === null) return failed(fromRefusal(extensionNotFound(params.extensionId)));
      const filter = { ...filterOf(query), direction: 'inbound' as const };
      const found = await deps.stores.blockedNumbers.page(actor.accountId, { scope: 'extension', scopeId: extension.id }, filter, page.page);
      return json({ ...paging(found, query), extension_blocked_rules: found.items.map(caller) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/extension/{extensionId}/inbound_blocked/rules', operationId: 'AddExtensiontLevelInboundBlockRules',
    summary: 'Block a caller for one extension', tag: TAG, access: 'blocked_list:write',
    body: z.object(blockBody),
    answer: { status: 201, description: 'The new rule.', schema: z.object({ id: z.string() }) },
    async handle({ deps, actor, params, body }) {
      return answer(await blockForExtension(deps, actor, params.extensionId, blockOf(body)), ({ id }) => created({ id }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/extension/{extensionId}/inbound_blocked/rules', operationId: 'DeleteExtensiontLevelInboundBlockRules',
    summary: 'Unblock a caller for one extension', tag: TAG, access: 'blocked_list:write',
    query: z.object(ruleId),
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params, query }) {
      return answer(await unblockForExtension(deps, actor, params.extensionId, query.blocked_rule_id), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/inbound_blocked/extension_rules/statistics', operationId: 'ListAccountLevelInboundBlockedStatistics',
    summary: 'Count extensions by the callers they block', tag: TAG, access: 'blocked_list:read',
    query: z.object(filters),
    answer: {
      status: 200, description: "Callers on extensions' own lists, by number; type is threat as soon as one extension says so.",
      schema: z.object({ ...pageFields, blocked_statistic: z.array(statistic) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.blockedNumbers.statistics(actor.accountId, filterOf(query), page.page);
      return json({ ...paging(found, query), blocked_statistic: found.items.map(statisticView) });
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/inbound_blocked/extension_rules/statistics', operationId: 'DeleteAccountLevelInboundBlockedStatistics',
    summary: 'Unblock a caller for every extension that blocks it', tag: TAG, access: 'blocked_list:write',
    query: z.object(statisticRef),
    answer: { status: 204, description: "Removed from all extensions' own lists.", schema: null },
    async handle({ deps, actor, query }) {
      return answer(await unblockForAllExtensions(deps, actor, query.blocked_statistic_id), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/inbound_blocked/extension_rules/statistics/blocked_for_all',
    operationId: 'MarkPhoneNumberAsBlockedForAllExtensions',
    summary: 'Block for the whole account what extensions block', tag: TAG, access: 'blocked_list:write',
    body: z.object(statisticRef),
    answer: { status: 204, description: "On the account's list now; extensions keep what they block themselves.", schema: null },
    async handle({ deps, actor, body }) {
      return answer(await blockForAllExtensions(deps, actor, body.blocked_statistic_id), () => NO_CONTENT);
    },
  }),
];
