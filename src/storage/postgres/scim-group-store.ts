import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ScimGroupId, UserId } from '../../domain/ids.js';
import { nameOf } from '../../domain/identity/user.js';
import type { ScimGroup, ScimGroupMember } from '../../domain/scim/person.js';
import type { ScimGroupStore } from '../../ports/scim-stores.js';
import { changed, hasChanges, lowerAscii, toDate } from './columns.js';
import type { Queries } from './database.js';
import type { ScimGroupsTable } from './scim-tables.js';

/** Members written in one statement. */
const CHUNK = 1000;

export function createScimGroupStore(queries: Queries): ScimGroupStore {
  const of = (accountId: ScimGroupsTable['account_id']) => queries.selectFrom('scim_groups').selectAll().where('account_id', '=', accountId);
  return {
    get: async (accountId, id) => {
      const row = await of(accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : groupOf(row);
    },
    find: async (accountId, key) => {
      const rows = 'id' in key ? of(accountId).where('id', '=', key.id)
        : 'externalId' in key ? of(accountId).where('external_id', '=', key.externalId)
          : of(accountId).where(sql`lower(display_name)`, '=', lowerAscii(key.displayName));
      return (await rows.orderBy('id').execute()).map(groupOf);
    },
    all: async (accountId) => (await of(accountId).orderBy('id').execute()).map(groupOf),
    insert: async (accountId, group) => {
      await queries.insertInto('scim_groups').values({
        id: group.id, account_id: accountId, display_name: group.displayName, external_id: group.externalId, created_at: toDate(group.createdAt),
        updated_at: toDate(group.updatedAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = { display_name: changes.displayName, external_id: changes.externalId, updated_at: changed(changes.updatedAt, toDate) };
      if (hasChanges(columns)) await queries.updateTable('scim_groups').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('scim_groups').where('id', '=', id).execute();
    },
    members: async (ids) => {
      const byGroup = new Map<ScimGroupId, ScimGroupMember[]>(ids.map((id) => [id, []]));
      if (ids.length === 0) return byGroup;
      const rows = await queries.selectFrom('scim_group_members as m').innerJoin('users as u', 'u.id', 'm.user_id')
        .select(['m.group_id', 'u.id', 'u.display_name', 'u.first_name', 'u.last_name', 'u.email'])
        .where('m.group_id', 'in', ids).orderBy('u.id').execute();
      for (const row of rows) {
        const name = nameOf({ displayName: row.display_name, firstName: row.first_name, lastName: row.last_name, email: row.email });
        byGroup.get(row.group_id)?.push({ userId: row.id, name });
      }
      return byGroup;
    },
    memberIds: async (id) => {
      const rows = await queries.selectFrom('scim_group_members').select('user_id').where('group_id', '=', id).orderBy('user_id').execute();
      return rows.map((row) => row.user_id);
    },
    knownUsers: async (accountId, ids) => {
      const known = new Set<UserId>();
      for (let from = 0; from < ids.length; from += CHUNK) {
        const rows = await queries.selectFrom('users').select('id').where('account_id', '=', accountId).where('id', 'in', ids.slice(from, from + CHUNK)).execute();
        for (const row of rows) known.add(row.id);
      }
      return known;
    },
    addMembers: async (accountId, id, userIds) => {
      for (let from = 0; from < userIds.length; from += CHUNK) {
        const rows = userIds.slice(from, from + CHUNK).map((userId) => ({ account_id: accountId, group_id: id, user_id: userId }));
        await queries.insertInto('scim_group_members').values(rows)
          .onConflict((conflict) => conflict.constraint('scim_group_members_pk').doNothing()).execute();
      }
    },
    removeMembers: async (id, userIds) => {
      for (let from = 0; from < userIds.length; from += CHUNK) {
        await queries.deleteFrom('scim_group_members').where('group_id', '=', id).where('user_id', 'in', userIds.slice(from, from + CHUNK)).execute();
      }
    },
  };
}

function groupOf(row: Selectable<ScimGroupsTable>): ScimGroup {
  return { id: row.id, displayName: row.display_name, externalId: row.external_id, createdAt: row.created_at, updatedAt: row.updated_at };
}
