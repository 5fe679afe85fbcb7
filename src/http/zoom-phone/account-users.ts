import { z } from 'zod';
import type { AccountUser } from '../../domain/identity/user.js';
import { nameOf } from '../../domain/identity/user.js';
import {
  addAccountUser, removeAccountUser, setAccountUserStatus, updateAccountUser,
} from '../../usecases/admin/account-users.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { findUser } from '../../usecases/admin/resolve.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { email, line, timeZone } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'Account users';

const userListItem = z.object({
  id: z.string(), email: z.string(), first_name: z.string(), last_name: z.string(), display_name: z.string(),
  type: z.int(), status: z.string(), dept: z.string(), cost_center: z.string(), timezone: z.string(), verified: z.int(),
  created_at: z.string(), user_created_at: z.string(),
});
const userDetail = userListItem.extend({
  account_id: z.string(), job_title: z.string(), location: z.string(), language: z.string(),
});

function listItem(user: AccountUser) {
  return {
    id: user.id, email: user.email, first_name: user.firstName, last_name: user.lastName, display_name: nameOf(user),
    type: user.type, status: user.status, dept: user.department, cost_center: user.costCenter, timezone: user.timeZone,
    verified: 1, created_at: apiTime(user.createdAt), user_created_at: apiTime(user.createdAt),
  };
}

const profile = {
  first_name: line(64).optional(),
  last_name: line(64).optional(),
  display_name: line(128).optional(),
};
const userType = z.union(
  [z.literal(1), z.literal(2), z.literal(4), z.literal(99)],
).describe('1 basic, 2 licensed, 4 unassigned, 99 none.');

export const accountUserRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/users', operationId: 'users', summary: 'List users', tag: TAG, access: 'user:read',
    query: z.object({
      status: z.enum(['active', 'inactive', 'pending']).default('active'),
      keyword: line(100).optional().describe('Part of the name or e-mail address.'),
      ...pageQuery(2000),
    }),
    answer: {
      status: 200, description: 'Users, oldest first.',
      schema: z.object({ ...pageFields, page_count: z.int(), users: z.array(userListItem) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      // Nobody waits for an invitation here, so nobody is pending.
      const found = query.status === 'pending'
        ? { items: [], next: null, total: 0 }
        : await deps.stores.users.page(
          actor.accountId, { status: query.status, ...given({ keyword: query.keyword }) }, page.page,
        );
      return json({
        ...paging(found, query), page_count: Math.ceil(found.total / query.page_size), users: found.items.map(listItem),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/users', operationId: 'userCreate', summary: 'Add a user', tag: TAG, access: 'user:write',
    body: z.object({
      action: z.enum(['create', 'autoCreate', 'custCreate', 'ssoCreate']).describe('All of them add the user at once.'),
      user_info: z.object({
        email, ...profile, type: userType,
        feature: z.object({ zoom_phone: z.boolean().optional() }).optional().describe(
          'zoom_phone: also as a phone user of the main site.',
        ),
      }),
    }),
    answer: {
      status: 201, description: 'The new user.',
      schema: z.object({
        id: z.string(), email: z.string(), first_name: z.string(), last_name: z.string(), type: z.int(),
        pin_code: z.string().optional().describe('With zoom_phone: for signing in at phones; shown now and never again.'),
      }),
    },
    async handle({ deps, actor, body: { user_info: info } }) {
      const wanted = {
        email: info.email, type: info.type,
        ...given({ firstName: info.first_name, lastName: info.last_name, displayName: info.display_name }),
      };
      const outcome = await addAccountUser(deps, actor, wanted, info.feature?.zoom_phone === true);
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
    access: 'user:read',
    answer: { status: 200, description: 'The user.', schema: userDetail },
    async handle({ deps, actor, params }) {
      const user = await findUser(deps.stores, actor.accountId, params.userId);
      if (!user) return failed(fromRefusal(userNotFound(params.userId)));
      return json({
        ...listItem(user), account_id: user.accountId, job_title: user.jobTitle, location: user.location,
        language: user.language,
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/users/{userId}', operationId: 'userUpdate', summary: 'Change a user', tag: TAG,
    access: 'user:write',
    body: z.object({
      ...profile,
      type: userType.optional(),
      dept: line(128).optional(),
      cost_center: line(128).optional(),
      job_title: line(128).optional(),
      location: line(256).optional(),
      language: line(16).optional(),
      timezone: timeZone.optional(),
      feature: z.object({ zoom_phone: z.boolean().optional() }).optional()
        .describe(
          'zoom_phone: false removes extension and plans and leaves the devices unassigned; true makes a phone user.',
        ),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({
        firstName: body.first_name, lastName: body.last_name, displayName: body.display_name, type: body.type,
        department: body.dept, costCenter: body.cost_center, jobTitle: body.job_title, location: body.location,
        language: body.language, timeZone: body.timezone,
      });
      const outcome = await updateAccountUser(deps, actor, params.userId, wanted, body.feature?.zoom_phone ?? null);
      return answer(outcome, () => NO_CONTENT);
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
