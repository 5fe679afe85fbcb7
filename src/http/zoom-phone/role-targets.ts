import { z } from 'zod';
import type { RoleTarget } from '../../ports/access-stores.js';
import { addRoleTargets, listRoleTargets, removeRoleTargets } from '../../usecases/admin/role-targets.js';
import { answer, json, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { line } from '../schemas/fields.js';

const TAG = 'Roles';
const MOST_IDS = 500;

const ids = z.array(line(128)).min(1).max(MOST_IDS);
const userIds = ids.describe('Members of the role, by id or e-mail address.');
const targetIds = ids.describe('Ids of sites.');
const target = z.object({ user_id: z.string(), target_type: z.literal('site'), target_id: z.string(), name: z.string() });

function view({ userId, site }: RoleTarget) {
  return { user_id: userId, target_type: 'site' as const, target_id: site.id, name: site.name };
}

/** At which sites a role counts for its members. */
export const roleTargetRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/roles/{roleId}/targets', operationId: 'ListPhoneRoleTargets', summary: 'List at which sites a role counts', tag: TAG,
    access: 'role:read', query: z.object({ user_id: line(128).optional().describe('Only of this member, by id or e-mail address.') }),
    answer: { status: 200, description: 'By member and site.', schema: z.object({ total_records: z.int(), targets: z.array(target) }) },
    async handle({ deps, actor, params, query }) {
      const found = await listRoleTargets(deps.stores, actor.accountId, params.roleId, query.user_id ?? null);
      return answer(found, (targets) => json({ total_records: targets.length, targets: targets.map(view) }));
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/roles/{roleId}/targets', operationId: 'AddPhoneRoleTargets', summary: 'Let a role count at sites', tag: TAG,
    access: 'role:write', body: z.object({ user_ids: userIds, target_type: z.literal('site').default('site'), target_ids: targetIds }),
    answer: { status: 201, description: 'For these members it counts there, and no longer everywhere where it did.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await addRoleTargets(deps, actor, params.roleId, { userIds: body.user_ids, targets: body.target_ids }), () => ({ kind: 'empty', status: 201 }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/roles/{roleId}/targets', operationId: 'DeletePhoneRoleTargets', summary: 'Let a role no longer count at sites',
    tag: TAG, access: 'role:write', query: z.object({ user_ids: userIds, target_ids: targetIds }),
    answer: { status: 204, description: 'Who has no target left reaches nothing with the role.', schema: null },
    async handle({ deps, actor, params, query }) {
      return answer(await removeRoleTargets(deps, actor, params.roleId, { userIds: query.user_ids, targets: query.target_ids }), () => NO_CONTENT);
    },
  }),
];
