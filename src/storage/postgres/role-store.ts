import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { SiteId, UserId } from '../../domain/ids.js';
import { nameOf } from '../../domain/identity/user.js';
import type { CustomRole, RoleStore } from '../../ports/access-stores.js';
import type { PhoneRolesTable } from './access-tables.js';
import { changed, hasChanges, toDate, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';

export function createRoleStore(queries: Queries): RoleStore {
  return {
    all: async (accountId) => {
      const rows = await queries.selectFrom('phone_roles').selectAll().where('account_id', '=', accountId).orderBy('id').execute();
      return rows.map(roleOf);
    },
    get: async (accountId, id) => {
      const row = await queries.selectFrom('phone_roles').selectAll()
        .where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : roleOf(row);
    },
    insert: async (role) => {
      await queries.insertInto('phone_roles').values({
        id: role.id, account_id: role.accountId, name: role.name, description: role.description, base: role.base, permissions: toJsonOrNull(role.permissions),
        created_at: toDate(role.createdAt),
      }).execute();
    },
    update: async (id, { name, description, permissions }) => {
      const columns = { name, description, permissions: changed(permissions, toJsonOrNull) };
      if (hasChanges(columns)) await queries.updateTable('phone_roles').set(columns).where('id', '=', id).execute();
    },
    delete: async (accountId, id) => {
      await queries.deleteFrom('phone_role_members').where('account_id', '=', accountId).where('role_id', '=', id).execute();
      await queries.deleteFrom('phone_roles').where('account_id', '=', accountId).where('id', '=', id).execute();
    },
    memberCounts: async (accountId) => {
      const rows = await queries.selectFrom('phone_role_members').select(({ fn }) => ['role_id', fn.countAll<number>().as('members')])
        .where('account_id', '=', accountId).groupBy('role_id').execute();
      return new Map(rows.map((row) => [row.role_id, row.members]));
    },
    members: async (accountId, id, inRole) => {
      const rows = await queries.selectFrom('users')
        .leftJoin('phone_users', 'phone_users.id', 'users.id')
        .leftJoin('extensions', 'extensions.id', 'phone_users.extension_id')
        .leftJoin('sites', 'sites.id', 'phone_users.site_id')
        .select([
          'users.id', 'users.display_name', 'users.first_name', 'users.last_name', 'users.email', 'extensions.number',
          'sites.id as site_id', 'sites.name as site_name',
        ])
        .where('users.account_id', '=', accountId)
        .where(sql<boolean>`exists (select from phone_role_members m
          where m.account_id = ${accountId} and m.role_id = ${id} and m.user_id = users.id) = ${inRole}`)
        .orderBy('users.id').execute();
      return rows.map((row) => ({
        userId: row.id,
        displayName: nameOf({ displayName: row.display_name, firstName: row.first_name, lastName: row.last_name, email: row.email }),
        email: row.email,
        extensionNumber: row.number ?? '',
        site: row.site_id === null ? null : { id: row.site_id, name: row.site_name ?? '' },
      }));
    },
    memberIds: async (accountId, id) => {
      const rows = await queries.selectFrom('phone_role_members').select('user_id')
        .where('account_id', '=', accountId).where('role_id', '=', id).orderBy('user_id').execute();
      return rows.map((row) => row.user_id);
    },
    firstRoles: async (accountId, userIds) => {
      const rows = await queries.selectFrom('phone_role_members').distinctOn('user_id').select(['user_id', 'role_id'])
        .where('account_id', '=', accountId).where(sql<boolean>`user_id = any(${[...userIds]}::text[])`)
        .orderBy('user_id').orderBy('added_at').orderBy('role_id').execute();
      return new Map(rows.map((row) => [row.user_id, row.role_id]));
    },
    addMembers: async (accountId, id, userIds, at, targeted) => {
      if (userIds.length === 0) return;
      await queries.insertInto('phone_role_members')
        .values(userIds.map((userId: UserId) => ({ account_id: accountId, role_id: id, user_id: userId, added_at: toDate(at), targeted })))
        .onConflict((conflict) => conflict.constraint('phone_role_members_pk').doNothing()).execute();
    },
    heldBy: async (accountId, userId) => {
      const rows = await queries.selectFrom('phone_role_members as m').select(['m.role_id', 'm.targeted'])
        .select(sql<readonly SiteId[]>`coalesce((select jsonb_agg(t.site_id order by t.site_id) from phone_role_targets t
          where t.account_id = m.account_id and t.role_id = m.role_id and t.user_id = m.user_id), '[]'::jsonb)`.as('targets'))
        .where('m.account_id', '=', accountId).where('m.user_id', '=', userId).orderBy('m.role_id').execute();
      return rows.map((row) => ({ roleId: row.role_id, targets: row.targeted ? row.targets : null }));
    },
    targets: async (accountId, id, userId) => {
      const rows = await queries.selectFrom('phone_role_targets as t').innerJoin('sites as s', 's.id', 't.site_id')
        .select(['t.user_id', 's.id as site_id', 's.name as site_name']).where('t.account_id', '=', accountId).where('t.role_id', '=', id)
        .$if(userId !== null, (query) => query.where('t.user_id', '=', userId as UserId)).orderBy('t.user_id').orderBy('t.site_id').execute();
      return rows.map((row) => ({ userId: row.user_id, site: { id: row.site_id, name: row.site_name } }));
    },
    addTargets: async (accountId, id, userIds, siteIds) => {
      await queries.updateTable('phone_role_members').set({ targeted: true }).where('account_id', '=', accountId).where('role_id', '=', id)
        .where(sql<boolean>`user_id = any(${[...userIds]}::text[])`).execute();
      const rows = userIds.flatMap((userId) => siteIds.map((siteId) => ({ account_id: accountId, role_id: id, user_id: userId, site_id: siteId })));
      if (rows.length === 0) return;
      await queries.insertInto('phone_role_targets').values(rows)
        .onConflict((conflict) => conflict.constraint('phone_role_targets_pk').doNothing()).execute();
    },
    removeTargets: async (accountId, id, userIds, siteIds) => {
      await queries.deleteFrom('phone_role_targets').where('account_id', '=', accountId).where('role_id', '=', id)
        .where(sql<boolean>`user_id = any(${[...userIds]}::text[])`).where(sql<boolean>`site_id = any(${[...siteIds]}::text[])`).execute();
    },
    removeMembers: async (accountId, id, userIds) => {
      await queries.deleteFrom('phone_role_members').where('account_id', '=', accountId).where('role_id', '=', id)
        .where(sql<boolean>`user_id = any(${[...userIds]}::text[])`).execute();
    },
  };
}

function roleOf(row: Selectable<PhoneRolesTable>): CustomRole {
  return {
    id: row.id, accountId: row.account_id, name: row.name, description: row.description, base: row.base,
    permissions: row.permissions, createdAt: row.created_at,
  };
}
