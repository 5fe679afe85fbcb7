import { z } from 'zod';
import type { AccountId } from '../../domain/ids.js';
import type { AccountUser } from '../../domain/identity/user.js';
import { seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import {
  addAccountUser, removeAccountUser, setAccountUserStatus, updateAccountUser,
} from '../../usecases/admin/account-users.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { findRole, listRoles, type PhoneRole } from '../../usecases/admin/phone-roles.js';
import { findUser } from '../../usecases/admin/resolve.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import {
  changesOf, planUnitedType, userChanges, userDetail, userDetailView, userListItem, userListView, userNames, userType, type UserNaming,
} from '../schemas/account-user-fields.js';
import { email, line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Account users';

/** Packages and roles as answers name them; as many statements for a page as for one person. */
async function namingOf({ stores }: HttpDeps, accountId: AccountId, users: readonly AccountUser[], shown?: PhoneRole): Promise<UserNaming> {
  const packages = new Map((await stores.licencePackages.all(accountId)).map(({ id, name }) => [id, name]));
  // Who asks for a role sees it, though somebody has another one besides.
  if (shown !== undefined) return { packages, roles: new Map(users.map((user) => [user.id, shown])) };
  const given = await stores.roles.firstRoles(accountId, users.map((user) => user.id));
  const known = given.size === 0 ? [] : await listRoles(stores, accountId);
  const roles = new Map([...given].flatMap(([userId, roleId]) => known.filter((role) => role.id === roleId).map((role) => [userId, role] as const)));
  return { packages, roles };
}

/** The person a path names: by id or e-mail address, or by the employer's own number where the query says so. */
async function namedUser({ stores }: HttpDeps, accountId: AccountId, text: string, byEmployeeId: boolean): Promise<AccountUser | null> {
  return byEmployeeId ? stores.users.byEmployeeId(accountId, text) : findUser(stores, accountId, text);
}

export const accountUserRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/users', operationId: 'users', summary: 'List users', tag: TAG, access: 'user:read', subject: 'list',
    query: z.object({
      status: z.enum(['active', 'inactive', 'pending']).default('active'),
      keyword: line(100).optional().describe('Part of the name or e-mail address.'),
      role_id: line(64).optional().describe('Id of a role of GET /v2/phone/roles: its members.'),
      license: line(100).optional().describe('Name or code of a plan, licence or add-on that they hold.'),
      include_fields: line(100).optional().describe('custom_attributes, host_key: shown besides, with commas between.'),
      page_number: z.int().min(1).max(100_000).optional().describe('Instead of next_page_token: which page of this size.'),
      ...pageQuery(2000),
    }),
    answer: {
      status: 200, description: 'Users, oldest first.',
      schema: z.object({ ...pageFields, page_count: z.int(), page_number: z.int(), users: z.array(userListItem) }),
    },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const licence = query.license === undefined ? undefined : seatByNameOrCode(query.license)?.code;
      if (query.license !== undefined && licence === undefined) {
        return failed(badRequest('license', 'There is no such plan. GET /v2/phone/calling_plans lists them.'));
      }
      const role = query.role_id === undefined ? undefined : await findRole(deps.stores, actor.accountId, query.role_id);
      if (role?.kind === 'refused') return failed(badRequest('role_id', 'There is no role with this id. GET /v2/phone/roles lists them.'));
      const skip = query.next_page_token === '' ? ((query.page_number ?? 1) - 1) * query.page_size : 0;
      // Nobody waits for an invitation here, so nobody is pending.
      const found = query.status === 'pending'
        ? { items: [], next: null, total: 0 }
        : await deps.stores.users.page(
          actor.accountId, { status: query.status, skip, ...given({ keyword: query.keyword, licence, within: sites ?? undefined, role: role?.value.id }) }, page.page,
        );
      const naming = await namingOf(deps, actor.accountId, found.items, role?.value);
      const extras = new Set((query.include_fields ?? '').split(',').map((name) => name.trim()));
      return json({
        ...paging(found, query), page_count: Math.ceil(found.total / query.page_size), page_number: query.page_number ?? 1,
        users: found.items.map((user) => userListView(user, naming, extras)),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/users', operationId: 'userCreate', summary: 'Add a user', tag: TAG, access: 'user:write', subject: 'noted',
    body: z.object({
      action: z.enum(['create', 'autoCreate', 'custCreate', 'ssoCreate']).describe('All of them add the user at once.'),
      user_info: z.object({
        email, ...userNames, type: userType, plan_united_type: planUnitedType,
        feature: z.object({ zoom_phone: z.boolean().optional() }).optional().describe(
          'zoom_phone: also as a phone user of the main site, with its next free extension.',
        ),
      }),
    }),
    answer: {
      status: 201, description: 'The new user.',
      schema: z.object({
        id: z.string(), email: z.string(), first_name: z.string(), last_name: z.string(), type: z.int(),
        pin_code: z.string().optional().describe('With zoom_phone: for signing in at phones; shown now and never again. Left out where mail is configured: then the user gets it.'),
      }),
    },
    async handle({ deps, actor, body: { user_info: info } }) {
      const wanted = {
        email: info.email, type: info.type,
        ...given({ firstName: info.first_name, lastName: info.last_name, displayName: info.display_name }),
      };
      const outcome = await addAccountUser(
        deps, actor, wanted, { phone: info.feature?.zoom_phone ?? null, licencePackage: info.plan_united_type ?? null },
      );
      return answer(outcome, (user) => created({
        id: user.id, email: user.email, first_name: user.firstName, last_name: user.lastName, type: user.type,
        ...given({ pin_code: user.pinCode }),
      }));
    },
  }),
  route({
    method: 'GET', path: '/v2/users/email', operationId: 'userEmail', summary: 'Whether an e-mail address is in use',
    tag: TAG, access: 'user:read',
    query: z.object({ email }),
    answer: { status: 200, description: 'Whether a user has it.', schema: z.object({ existed_email: z.boolean() }) },
    async handle({ deps, actor, query }) {
      return json({ existed_email: await deps.stores.users.byEmail(actor.accountId, query.email) !== null });
    },
  }),
  route({
    method: 'GET', path: '/v2/users/{userId}', operationId: 'user', summary: 'Get a user', tag: TAG,
    access: 'user:read', self: true,
    answer: { status: 200, description: 'The user.', schema: userDetail },
    query: z.object({ search_by_unique_id: z.boolean().default(false).describe('userId is an employee_unique_id.') }),
    async handle({ deps, actor, params, query }) {
      const user = await namedUser(deps, actor.accountId, params.userId, query.search_by_unique_id);
      if (!user) return failed(fromRefusal(userNotFound(params.userId)));
      return json(userDetailView(user, await namingOf(deps, actor.accountId, [user])));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/users/{userId}', operationId: 'userUpdate', summary: 'Change a user', tag: TAG,
    access: 'user:write',
    body: userChanges,
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const phone = { phone: body.feature?.zoom_phone ?? null, licencePackage: body.plan_united_type ?? null };
      return answer(await updateAccountUser(deps, actor, params.userId, changesOf(body), phone), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/users/{userId}', operationId: 'userDelete',
    summary: 'Remove a user with extension and plans', tag: TAG, access: 'user:write',
    query: z.object({ action: z.enum(['disassociate', 'delete']).default('disassociate') }),
    answer: { status: 204, description: 'Removed; the devices are unassigned.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeAccountUser(deps, actor, params.userId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PUT', path: '/v2/users/{userId}/status', operationId: 'userStatus',
    summary: 'Activate or deactivate a user', tag: TAG, access: 'user:write',
    body: z.object({ action: z.enum(['activate', 'deactivate']) }),
    answer: { status: 200, description: 'Changed; the phone follows.', schema: z.object({}) },
    async handle({ deps, actor, params, body }) {
      const status = body.action === 'activate' ? 'active' : 'inactive';
      return answer(await setAccountUserStatus(deps, actor, params.userId, status), () => json({}));
    },
  }),
];
