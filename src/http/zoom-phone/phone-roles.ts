import { z } from 'zod';
import { addRoleMembers, deleteRole, duplicateRole, findRole, listRoles, removeRoleMembers, updateRole, type PhoneRole } from '../../usecases/admin/phone-roles.js';
import { PERMISSIONS } from '../../usecases/admin/roles.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Roles';
const MOST_IDS = 500;

const role = z.object({ id: z.string(), name: z.string(), description: z.string(), total_members: z.int(), is_default: z.boolean() });
const wholeRole = role.extend({ permissions: z.array(z.enum(PERMISSIONS)), needs_targets: z.boolean().describe('true: reaches nothing without targets.') });
const permissions = z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length).describe('All it is to allow; nobody gives what they do not have.');
const name = requiredLine(100);
const description = line(500);
const userIds = z.array(line(128)).min(1).max(MOST_IDS).describe('Ids or e-mail addresses.');
const member = z.object({
  user_id: z.string(), display_name: z.string(), email: z.string(),
  extension_number: z.int().describe('0 for somebody without a phone.'), site: z.object({ id: z.string(), name: z.string() }),
});

function view(one: PhoneRole, counts: ReadonlyMap<string, number>) {
  return { id: one.id, name: one.name, description: one.description, total_members: counts.get(one.id) ?? 0, is_default: one.isDefault };
}

export const phoneRoleRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/roles', operationId: 'ListPhoneRoles', summary: 'List roles', tag: TAG, access: 'role:read', subject: 'anyone',
    answer: { status: 200, description: 'Default roles, then custom ones.', schema: z.object({ roles: z.array(role) }) },
    async handle({ deps, actor }) {
      const counts = await deps.stores.roles.memberCounts(actor.accountId);
      return json({ roles: (await listRoles(deps.stores, actor.accountId)).map((one) => view(one, counts)) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/roles', operationId: 'DuplicatePhoneRole', summary: 'Copy a role', tag: TAG, access: 'role:write',
    body: z.object({
      role_id: requiredLine(64).describe('The role to copy.'), name: name.optional(), description: description.optional(), permissions: permissions.optional(),
    }),
    answer: { status: 201, description: 'The copy: it has the permissions of its original, or those given.', schema: z.object({ id: z.string(), name: z.string() }) },
    async handle({ deps, actor, permissions: may, body }) {
      const wanted = { roleId: body.role_id, ...given({ name: body.name, description: body.description, permissions: body.permissions }) };
      return answer(await duplicateRole(deps, actor, wanted, may), (made) => created({ id: made.id, name: made.name }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/roles/{roleId}', operationId: 'getRoleInformation', summary: 'Get a role', tag: TAG, access: 'role:read', subject: 'anyone',
    answer: { status: 200, description: 'The role.', schema: wholeRole },
    async handle({ deps, actor, params }) {
      const counts = await deps.stores.roles.memberCounts(actor.accountId);
      return answer(await findRole(deps.stores, actor.accountId, params.roleId), (found) => (
        json({ ...view(found, counts), permissions: [...found.permissions], needs_targets: found.needsTargets })));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/roles/{roleId}', operationId: 'UpdatePhoneRole', summary: 'Change a custom role', tag: TAG, access: 'role:write',
    body: z.object({ name, description, permissions }).partial(),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, permissions: may, params, body }) {
      return answer(await updateRole(deps, actor, params.roleId, given(body), may), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/roles/{roleId}', operationId: 'DeletePhoneRole', summary: 'Delete a custom role', tag: TAG, access: 'role:write',
    answer: { status: 204, description: 'Gone, and its members have it no longer.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await deleteRole(deps, actor, params.roleId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/roles/{roleId}/members', operationId: 'ListRoleMembers', summary: 'List who has a role, or who has it not', tag: TAG,
    access: 'role:read',
    query: z.object({ in_role: z.boolean().default(false).describe('true: the members. false: everybody else.') }),
    answer: { status: 200, description: 'Users of the account.', schema: z.object({ members: z.array(member) }) },
    async handle({ deps, actor, params, query }) {
      const found = await findRole(deps.stores, actor.accountId, params.roleId);
      if (found.kind === 'refused') return failed(fromRefusal(found));
      const members = await deps.stores.roles.members(actor.accountId, found.value.id, query.in_role);
      return json({
        members: members.map((one) => ({
          user_id: one.userId, display_name: one.displayName, email: one.email, extension_number: Number(one.extensionNumber),
          site: one.site ?? { id: '', name: '' },
        })),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/roles/{roleId}/members', operationId: 'AddRoleMembers', summary: 'Give a role to users', tag: TAG, access: 'role:write',
    body: z.object({
      role_id: line(64).optional().describe('With copy_all_members: the role whose members are added, too.'),
      copy_targets: z.boolean().default(false).describe('With copy_all_members: each gets the sites at which they have that role.'),
      copy_all_members: z.boolean().default(false),
      user_ids: z.array(line(128)).max(MOST_IDS).default([]).describe('Ids or e-mail addresses.'),
    }),
    answer: { status: 201, description: 'Given; who had it keeps it.', schema: null },
    async handle({ deps, actor, permissions: may, params, body }) {
      const wanted = { userIds: body.user_ids, copyTargets: body.copy_targets, ...given({ copyFrom: body.copy_all_members ? body.role_id : undefined }) };
      return answer(await addRoleMembers(deps, actor, params.roleId, wanted, may), () => ({ kind: 'empty', status: 201 }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/roles/{roleId}/members', operationId: 'DelRoleMembers', summary: 'Take a role from users', tag: TAG,
    access: 'role:write', query: z.object({ user_ids: userIds }),
    answer: { status: 204, description: 'Taken; who did not have it is left as is.', schema: null },
    async handle({ deps, actor, params, query }) {
      return answer(await removeRoleMembers(deps, actor, params.roleId, query.user_ids), () => NO_CONTENT);
    },
  }),
];
