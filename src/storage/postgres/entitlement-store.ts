import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AccountId, EntitlementWishId, UserId } from '../../domain/ids.js';
import type { KeptWish } from '../../domain/entitlements/kept-wish.js';
import type { EntitlementStores, EntitlementWishStore, GrantableRoleStore, GroupMapping, GroupMappingStore } from '../../ports/entitlement-stores.js';
import { changed, hasChanges, instant, toDate, toDateOrNull, toJson } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { EntitlementWishesTable, GroupMappingsTable } from './scim-tables.js';

/** What was asked for people, and by which rules groups ask. */
export function createEntitlementStores(queries: Queries): EntitlementStores {
  return { entitlementWishes: wishStore(queries), groupMappings: mappingStore(queries), grantableRoles: roleStore(queries) };
}

function wishStore(queries: Queries): EntitlementWishStore {
  const wishes = queries.selectFrom('entitlement_wishes');
  return {
    get: async (accountId, id) => {
      const row = await wishes.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : wishOf(row);
    },
    of: async (userId, states) => (
      (await wishes.selectAll().where('user_id', '=', userId).where('state', 'in', states).orderBy('id').execute()).map(wishOf)),
    page: async (accountId, { states, userId, attribute }, page) => {
      let matching = wishes.where('account_id', '=', accountId);
      if (states !== undefined) matching = matching.where('state', 'in', states);
      if (userId !== undefined) matching = matching.where('user_id', '=', userId);
      if (attribute !== undefined) matching = matching.where('attribute', '=', attribute);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '<', page.after as EntitlementWishId))
        .orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, wishOf);
    },
    insert: async (accountId, wish) => {
      await queries.insertInto('entitlement_wishes').values({
        id: wish.id, account_id: accountId, user_id: wish.userId, attribute: wish.attribute, wish: toJson(wish.wish), source: wish.source, state: wish.state,
        asked_by: wish.askedBy, request_id: wish.requestId, asked_at: toDate(wish.askedAt), reason: wish.reason, tries: wish.tries,
        tried_at: toDateOrNull(wish.triedAt), tried_version: wish.triedVersion, settled_at: toDateOrNull(wish.settledAt),
      }).execute();
    },
    update: async (id, { state, reason, tries, triedAt, triedVersion, settledAt }) => {
      const columns = {
        state, reason, tries, tried_at: changed(triedAt, toDateOrNull), tried_version: triedVersion, settled_at: changed(settledAt, toDateOrNull),
      };
      if (hasChanges(columns)) await queries.updateTable('entitlement_wishes').set(columns).where('id', '=', id).execute();
    },
    delete: async (ids) => {
      if (ids.length > 0) await queries.deleteFrom('entitlement_wishes').where('id', 'in', ids).execute();
    },
    due: async (limit, pendingBefore) => {
      const { rows } = await sql<{ readonly account_id: AccountId; readonly user_id: UserId }>`
        select w.account_id, w.user_id from entitlement_wishes w join accounts a on a.id = w.account_id
        where (w.state = 'open' and w.attribute <> 'unknown' and w.tried_version < a.config_version)
          or (w.state = 'pending' and w.asked_at < ${instant(pendingBefore)})
        group by w.account_id, w.user_id order by min(w.tried_at) nulls first, w.user_id limit ${limit}`.execute(queries);
      return rows.map((row) => ({ accountId: row.account_id, userId: row.user_id }));
    },
    purge: async (before) => {
      await queries.deleteFrom('entitlement_wishes').where('state', 'in', ['resolved', 'dismissed']).where('settled_at', '<', instant(before)).execute();
    },
  };
}

function mappingStore(queries: Queries): GroupMappingStore {
  const of = (accountId: AccountId) => queries.selectFrom('group_mappings').selectAll().where('account_id', '=', accountId);
  return {
    get: async (accountId, id) => {
      const row = await of(accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : mappingOf(row);
    },
    all: async (accountId) => (await of(accountId).orderBy('group_name').execute()).map(mappingOf),
    insert: async (accountId, mapping) => {
      await queries.insertInto('group_mappings').values({
        id: mapping.id, account_id: accountId, group_name: mapping.groupName, entitlements: toJson(mapping.entitlements), created_at: toDate(mapping.createdAt),
      }).execute();
    },
    update: async (id, { groupName, entitlements }) => {
      const columns = { group_name: groupName, entitlements: changed(entitlements, toJson) };
      if (hasChanges(columns)) await queries.updateTable('group_mappings').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('group_mappings').where('id', '=', id).execute();
    },
  };
}

function roleStore(queries: Queries): GrantableRoleStore {
  return {
    all: async (accountId) => {
      const rows = await queries.selectFrom('grantable_roles').select('role_id').where('account_id', '=', accountId).execute();
      return new Set(rows.map((row) => row.role_id));
    },
    set: async (accountId, roleIds) => {
      await queries.deleteFrom('grantable_roles').where('account_id', '=', accountId).execute();
      if (roleIds.length === 0) return;
      await queries.insertInto('grantable_roles').values(roleIds.map((roleId) => ({ account_id: accountId, role_id: roleId }))).execute();
    },
  };
}

function wishOf(row: Selectable<EntitlementWishesTable>): KeptWish {
  return {
    id: row.id, userId: row.user_id, attribute: row.attribute, wish: row.wish, source: row.source, state: row.state, askedBy: row.asked_by,
    requestId: row.request_id, askedAt: row.asked_at, reason: row.reason, tries: row.tries, triedAt: row.tried_at, triedVersion: row.tried_version,
    settledAt: row.settled_at,
  };
}

function mappingOf(row: Selectable<GroupMappingsTable>): GroupMapping {
  return { id: row.id, groupName: row.group_name, entitlements: row.entitlements, createdAt: row.created_at };
}
