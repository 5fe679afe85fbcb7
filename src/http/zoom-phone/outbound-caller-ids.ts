import { z } from 'zod';
import { asId, type SiteId } from '../../domain/ids.js';
import type { CustomizedNumberView } from '../../ports/phone-number-stores.js';
import type { Actor } from '../../usecases/change.js';
import { forbidNumbers, permitNumbers, scopeOf, type CallerIdPlace } from '../../usecases/numbers/customized-numbers.js';
import { sitesOf } from '../../domain/access/reach.js';
import { answer, created, failed, json, NO_CONTENT, type Answer } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { assigneeView, extensionType, ownerKindOf } from '../schemas/number-views.js';
import { given } from '../schemas/views.js';

const TAG = 'Outbound caller ID';

const listQuery = z.object({
  selected: z.boolean().default(true).describe('true: numbers permitted here; false: those that could be.'),
  site_id: z.string().max(64).optional().describe('Site of the number.'),
  extension_type: extensionType.optional().describe('Kind of whoever has the number.'),
  keyword: line(100).optional().describe('Part of the number or its display name.'),
  ...pageQuery(300),
});
const item = z.object({
  customize_id: z.string().describe('Of the permission; "" without one.'), phone_number_id: z.string(), phone_number: z.string(),
  display_name: z.string(), incoming: z.boolean(), outgoing: z.boolean(), extension_id: z.string(), extension_type: z.string(),
  extension_number: z.string(), extension_name: z.string(), site: z.object({ id: z.string(), name: z.string() }),
});
const list = { status: 200, description: 'Numbers, oldest first.', schema: z.object({ ...pageFields, customize_numbers: z.array(item) }) };
const wanted = z.object({ phone_number_ids: z.array(requiredLine(64)).min(1, 'Name at least one number by its id.').max(100) });
const permitted = {
  status: 201, description: 'The permissions made.',
  schema: z.object({ customize_numbers: z.array(z.object({ customize_id: z.string(), phone_number_id: z.string() })) }),
};
const unwanted = z.object({ customize_ids: z.array(requiredLine(64)).min(1, 'Name at least one permission by its customize_id.').max(100) });
const forbidden = { status: 204, description: 'Not permitted any more.', schema: null };

function view({ directory }: HttpDeps, { entry, number }: CustomizedNumberView) {
  const holder = number.extensionId === null ? undefined : directory.extension(number.extensionId);
  const assignee = holder === undefined ? undefined : assigneeView({ directory }, holder);
  return {
    customize_id: entry?.id ?? '', phone_number_id: number.id, phone_number: number.number, display_name: number.displayName,
    incoming: number.incoming, outgoing: number.outgoing,
    extension_id: holder?.id ?? '', extension_type: assignee?.type ?? '', extension_number: holder?.number ?? '', extension_name: assignee?.name ?? '',
    site: { id: number.siteId, name: directory.site(number.siteId)?.name ?? '' },
  };
}

async function listed(deps: HttpDeps, actor: Actor, place: CallerIdPlace, query: z.output<typeof listQuery>): Promise<Answer> {
  const page = readPage(query);
  if (page.kind === 'refused') return failed(fromRefusal(page));
  const found = await scopeOf({ stores: deps.stores, accountId: actor.accountId }, place);
  if (found.kind === 'refused') return failed(fromRefusal(found));
  const ownerKind = query.extension_type === undefined ? undefined : ownerKindOf(query.extension_type);
  if (ownerKind === null) return json({ ...paging({ next: null, total: 0 }, query), customize_numbers: [] });
  const filter = {
    selected: query.selected,
    // What could be permitted is as far as the reader reaches; what is permitted here is shown, wherever the number is.
    ...given({ within: query.selected ? undefined : sitesOf(actor.reach) ?? undefined }),
    ...given({ ownerKind, siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id), keyword: query.keyword }),
  };
  const numbers = await deps.stores.callerIds.page(actor.accountId, found.scope.scopeId, filter, page.page);
  return json({ ...paging(numbers, query), customize_numbers: numbers.items.map((number) => view(deps, number)) });
}

async function permit(deps: HttpDeps, actor: Actor, place: CallerIdPlace, ids: readonly string[]): Promise<Answer> {
  return answer(await permitNumbers(deps, actor, place, ids), (entries) => created({
    customize_numbers: entries.map(({ id, phoneNumberId }) => ({ customize_id: id, phone_number_id: phoneNumberId })),
  }));
}

async function forbid(deps: HttpDeps, actor: Actor, place: CallerIdPlace, ids: readonly string[]): Promise<Answer> {
  return answer(await forbidNumbers(deps, actor, place, ids), () => NO_CONTENT);
}

const ACCOUNT: CallerIdPlace = { kind: 'account' };
const site = (id: string): CallerIdPlace => ({ kind: 'site', id });
const user = (id: string): CallerIdPlace => ({ kind: 'user', id });

export const outboundCallerIdRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/outbound_caller_id/customized_numbers', operationId: 'listCustomizeOutboundCallerNumbers',
    summary: 'List numbers that everybody may show', tag: TAG, access: 'phone_number:read', query: listQuery, answer: list,
    handle: ({ deps, actor, query }) => listed(deps, actor, ACCOUNT, query),
  }),
  route({
    method: 'POST', path: '/v2/phone/outbound_caller_id/customized_numbers', operationId: 'addOutboundCallerNumbers',
    summary: 'Permit numbers to everybody, all or none', tag: TAG, access: 'phone_number:write', body: wanted, answer: permitted,
    handle: ({ deps, actor, body }) => permit(deps, actor, ACCOUNT, body.phone_number_ids),
  }),
  route({
    method: 'DELETE', path: '/v2/phone/outbound_caller_id/customized_numbers', operationId: 'deleteOutboundCallerNumbers',
    summary: 'Forbid numbers to everybody, all or none', tag: TAG, access: 'phone_number:write', query: unwanted, answer: forbidden,
    handle: ({ deps, actor, query }) => forbid(deps, actor, ACCOUNT, query.customize_ids),
  }),
  route({
    method: 'GET', path: '/v2/phone/sites/{siteId}/outbound_caller_id/customized_numbers', operationId: 'listSiteCustomizeOutboundCallerNumbers',
    summary: "List numbers that a site's users may show", tag: TAG, access: 'phone_number:read', query: listQuery, answer: list,
    handle: ({ deps, actor, params, query }) => listed(deps, actor, site(params.siteId), query),
  }),
  route({
    method: 'POST', path: '/v2/phone/sites/{siteId}/outbound_caller_id/customized_numbers', operationId: 'addSiteOutboundCallerNumbers',
    summary: "Permit numbers to a site's users, all or none", tag: TAG, access: 'phone_number:write', body: wanted, answer: permitted,
    handle: ({ deps, actor, params, body }) => permit(deps, actor, site(params.siteId), body.phone_number_ids),
  }),
  route({
    method: 'DELETE', path: '/v2/phone/sites/{siteId}/outbound_caller_id/customized_numbers', operationId: 'deleteSiteOutboundCallerNumbers',
    summary: "Forbid numbers to a site's users, all or none", tag: TAG, access: 'phone_number:write', query: unwanted, answer: forbidden,
    handle: ({ deps, actor, params, query }) => forbid(deps, actor, site(params.siteId), query.customize_ids),
  }),
  route({
    method: 'GET', path: '/v2/phone/users/{userId}/outbound_caller_id/customized_numbers', operationId: 'listUserCustomizeOutboundCallerNumbers',
    summary: 'List numbers that a user may show beside the own ones', tag: TAG, access: 'phone_number:read', query: listQuery, answer: list,
    handle: ({ deps, actor, params, query }) => listed(deps, actor, user(params.userId), query),
  }),
  route({
    method: 'POST', path: '/v2/phone/users/{userId}/outbound_caller_id/customized_numbers', operationId: 'addUserOutboundCallerNumbers',
    summary: 'Permit numbers to a user, all or none', tag: TAG, access: 'phone_number:write', body: wanted, answer: permitted,
    handle: ({ deps, actor, params, body }) => permit(deps, actor, user(params.userId), body.phone_number_ids),
  }),
  route({
    method: 'DELETE', path: '/v2/phone/users/{userId}/outbound_caller_id/customized_numbers', operationId: 'deleteUserOutboundCallerNumbers',
    summary: 'Forbid numbers to a user, all or none', tag: TAG, access: 'phone_number:write', query: unwanted, answer: forbidden,
    handle: ({ deps, actor, params, query }) => forbid(deps, actor, user(params.userId), query.customize_ids),
  }),
];
