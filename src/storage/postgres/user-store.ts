import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { UserId } from '../../domain/ids.js';
import type { AccountUser } from '../../domain/identity/user.js';
import { NO_DETAILS, wholeDetails, type UserDetails } from '../../domain/identity/user-details.js';
import type { UserStore } from '../../ports/admin-stores.js';
import { changed, hasChanges, lowerAscii, toDate, toJson } from './columns.js';
import type { Queries } from './database.js';
import { containsPattern, searchText } from './keyword-search.js';
import { rowsToRead, toPage } from './keyset.js';
import type { UsersTable } from './tables.js';

export function createUserStore(queries: Queries): UserStore {
  const users = queries.selectFrom('users');
  return {
    get: async (accountId, id) => {
      const row = await users.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : userOf(row);
    },
    byEmail: async (accountId, email) => {
      const row = await users.selectAll().where('account_id', '=', accountId)
        .where(sql`lower(email)`, '=', lowerAscii(email)).executeTakeFirst();
      return row === undefined ? null : userOf(row);
    },
    byEmployeeId: async (accountId, uniqueId) => {
      const row = await users.selectAll().where('account_id', '=', accountId)
        .where(sql<string>`profile ->> 'employeeUniqueId'`, '=', uniqueId).orderBy('id').executeTakeFirst();
      return row === undefined ? null : userOf(row);
    },
    page: async (accountId, filter, page) => {
      const { status, keyword, licence, role, skip = 0, within } = filter;
      let matching = users.where('account_id', '=', accountId);
      if (status !== undefined) matching = matching.where('status', '=', status);
      if (keyword !== undefined && keyword !== '') matching = matching.where('search', 'like', containsPattern(keyword));
      if (licence !== undefined) {
        matching = matching.where(sql<boolean>`exists (select from plan_assignments a where a.user_id = users.id and a.code = ${licence})`);
      }
      if (role !== undefined) {
        matching = matching.where(sql<boolean>`exists (select from phone_role_members m
          where m.account_id = ${accountId} and m.role_id = ${role} and m.user_id = users.id)`);
      }
      if (within !== undefined) {
        matching = matching.where(sql<boolean>`exists (select from phone_users p where p.id = users.id and p.site_id = any(${[...within]}::text[]))`);
      }
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '>', page.after as UserId))
        .$if(skip > 0, (query) => query.offset(skip)).orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, userOf);
    },
    insert: async (user) => {
      await queries.insertInto('users').values(userRow(user)).execute();
    },
    update: async (id, changes) => {
      const columns = {
        email: changes.email,
        first_name: changes.firstName,
        last_name: changes.lastName,
        display_name: changes.displayName,
        type: changes.type,
        status: changes.status,
        department: changes.department,
        cost_center: changes.costCenter,
        job_title: changes.jobTitle,
        location: changes.location,
        time_zone: changes.timeZone,
        language: changes.language,
        profile: changed(changes.details, (details) => toJson(storedDetails(details))),
        licence_package_id: changes.licencePackageId,
        search: await searchAfter(queries, id, changes),
      };
      if (!hasChanges(columns)) return;
      await queries.updateTable('users').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('users').where('id', '=', id).execute();
    },
  };
}

/** What differs from the default, so that nobody's details are an empty object. */
function storedDetails(details: UserDetails): Partial<UserDetails> {
  const usual = new Map<string, unknown>(Object.entries(NO_DETAILS));
  return Object.fromEntries(Object.entries(details).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(usual.get(name))));
}

type Searched = Pick<AccountUser, 'firstName' | 'lastName' | 'displayName' | 'email'>;

function searchOf(user: Searched): string {
  return searchText([user.firstName, user.lastName].filter(Boolean).join(' '), user.displayName, user.email);
}

/** The search text that holds after `changes`; undefined when none of its parts changes. */
async function searchAfter(queries: Queries, id: UserId, changes: Partial<Searched>): Promise<string | undefined> {
  const { firstName, lastName, displayName, email } = changes;
  if ([firstName, lastName, displayName, email].every((part) => part === undefined)) return undefined;
  const row = await queries.selectFrom('users').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined) return undefined;
  const before = userOf(row);
  return searchOf({
    firstName: firstName ?? before.firstName,
    lastName: lastName ?? before.lastName,
    displayName: displayName ?? before.displayName,
    email: email ?? before.email,
  });
}

export function userOf(row: Selectable<UsersTable>): AccountUser {
  return {
    id: row.id,
    accountId: row.account_id,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    displayName: row.display_name,
    type: row.type,
    status: row.status,
    department: row.department,
    costCenter: row.cost_center,
    jobTitle: row.job_title,
    location: row.location,
    timeZone: row.time_zone,
    language: row.language,
    details: wholeDetails(row.profile),
    licencePackageId: row.licence_package_id,
    createdAt: row.created_at,
  };
}

/** The row that adds one. */
export function userRow(user: AccountUser): Insertable<UsersTable> {
  return {
    id: user.id,
    account_id: user.accountId,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    display_name: user.displayName,
    type: user.type,
    status: user.status,
    department: user.department,
    cost_center: user.costCenter,
    job_title: user.jobTitle,
    location: user.location,
    time_zone: user.timeZone,
    language: user.language,
    profile: toJson(storedDetails(user.details)),
    licence_package_id: user.licencePackageId,
    search: searchOf(user),
    created_at: toDate(user.createdAt),
  };
}
