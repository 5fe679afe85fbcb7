import { z } from 'zod';
import { wishText } from '../../domain/entitlements/entitlements.js';
import { WISH_STATES, type KeptWish } from '../../domain/entitlements/kept-wish.js';
import { asId, type EntitlementWishId, type UserId } from '../../domain/ids.js';
import { listRoles, type PhoneRole } from '../../usecases/admin/phone-roles.js';
import { dismissWish, retryWish, setGrantableRoles } from '../../usecases/entitlements/reconciliation.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { apiTime } from '../times.js';

const TAG = 'SCIM';
const PATH = '/v2/cordboard/scim/reconciliation';

const entry = z.object({
  id: z.string(), user_id: z.string(), attribute: z.string(), wanted: z.string().describe('What was asked, in words.'),
  reason: z.string().describe('Why it could not be granted, and what helps.'), state: z.enum(WISH_STATES),
  source: z.string().describe('scim, saml, or groups: by a group mapping.'), asked_by: z.string().describe('Who, as the audit log names them.'),
  request_id: z.string().describe('x-request-id of the request that asked.'), asked_at: z.string(), tries: z.int(), tried_at: z.string(), settled_at: z.string(),
});

function view(one: KeptWish) {
  const name = one.wish.kind === 'unknown' ? one.wish.name : one.attribute === 'licencePackage' ? 'package' : one.attribute;
  return {
    id: one.id, user_id: one.userId, attribute: name, wanted: wishText(one.wish), reason: one.reason, state: one.state, source: one.source, asked_by: one.askedBy,
    request_id: one.requestId, asked_at: apiTime(one.askedAt), tries: one.tries, tried_at: apiTime(one.triedAt), settled_at: apiTime(one.settledAt),
  };
}

const roleList = z.object({ roles: z.array(z.object({ id: z.string(), name: z.string() })) });
const rolesView = (roles: readonly PhoneRole[]) => json({ roles: roles.map(({ id, name }) => ({ id, name })) });

/** What identity providers asked for and could not have, so that nothing is dropped in silence. */
export const scimReconciliationRoutes: readonly Route[] = [
  route({
    method: 'GET', path: PATH, operationId: 'listReconciliation', summary: 'What was asked for people and is not there', tag: TAG, access: 'scim:read',
    query: z.object({
      state: z.enum(WISH_STATES).default('open'), user_id: line(64).optional(), attribute: line(64).optional(), ...pageQuery(300),
    }),
    answer: { status: 200, description: 'Newest first; what is settled is kept for 90 days.', schema: z.object({ ...pageFields, entries: z.array(entry) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.entitlementWishes.page(actor.accountId, {
        states: [query.state], ...(query.user_id === undefined ? {} : { userId: asId<UserId>(query.user_id) }),
        ...(query.attribute === undefined ? {} : { attribute: query.attribute === 'package' ? 'licencePackage' : query.attribute }),
      }, page.page);
      return json({ ...paging(found, query), entries: found.items.map(view) });
    },
  }),
  route({
    method: 'GET', path: `${PATH}/{entryId}`, operationId: 'getReconciliationEntry', summary: 'One entry of the list', tag: TAG, access: 'scim:read',
    answer: { status: 200, description: 'The entry.', schema: entry },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.entitlementWishes.get(actor.accountId, asId<EntitlementWishId>(params.entryId));
      return found === null ? failed(badRequest('entryId', 'There is no entry with this id.', 404)) : json(view(found));
    },
  }),
  route({
    method: 'POST', path: `${PATH}/{entryId}/retry`, operationId: 'retryReconciliationEntry', summary: 'Try again what a person waits for', tag: TAG,
    access: 'scim:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 200, description: 'The entry after it; all of the same person are tried.', schema: entry },
    async handle({ deps, actor, params }) {
      return answer(await retryWish(deps, actor, params.entryId), (after) => json(view(after)));
    },
  }),
  route({
    method: 'POST', path: `${PATH}/{entryId}/dismiss`, operationId: 'dismissReconciliationEntry', summary: 'Take an entry off the list', tag: TAG,
    access: 'scim:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 204, description: 'Dismissed; asked again by the same source, it stays so.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await dismissWish(deps, actor, params.entryId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/scim/grantable_roles', operationId: 'getGrantableRoles', summary: 'Roles that identity providers may grant', tag: TAG,
    access: 'role:read', answer: { status: 200, description: 'None, unless somebody named some.', schema: roleList },
    async handle({ deps, actor }) {
      const granted = await deps.stores.grantableRoles.all(actor.accountId);
      return rolesView((await listRoles(deps.stores, actor.accountId)).filter(({ id }) => granted.has(id)));
    },
  }),
  route({
    method: 'PUT', path: '/v2/cordboard/scim/grantable_roles', operationId: 'setGrantableRoles', summary: 'Say which roles identity providers may grant',
    tag: TAG, access: 'role:write', body: z.strictObject({ roles: z.array(requiredLine(100)).max(100).describe('Names or ids; never the super admins\'.') }),
    answer: { status: 200, description: 'Those roles; what waits for one is tried again.', schema: roleList },
    async handle({ deps, actor, body }) {
      return answer(await setGrantableRoles(deps, actor, body.roles), rolesView);
    },
  }),
];
