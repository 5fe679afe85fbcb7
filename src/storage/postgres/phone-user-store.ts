import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { AccountId, ExtensionId, SiteId, UserId } from '../../domain/ids.js';
import type { PhoneUser } from '../../domain/identity/user.js';
import type { PhoneUserFilter, PhoneUserStore, PhoneUserView } from '../../ports/admin-stores.js';
import { hasChanges, toDate } from './columns.js';
import type { Queries } from './database.js';
import { extensionOf } from './extension-store.js';
import { containsPattern, prefixPattern } from './keyword-search.js';
import { rowsToRead, toPage } from './keyset.js';
import { callingPlansIn, packagesIn, plansOfUser, replacePlans } from './plan-assignments.js';
import { siteOf } from './site-store.js';
import type { PhoneUsersTable } from './tables.js';
import { userOf } from './user-store.js';

export function createPhoneUserStore(queries: Queries): PhoneUserStore {
  return {
    get: async (accountId, id) => {
      const rows = await phoneUserRows(queries).where('account_id', '=', accountId).where('id', '=', id).execute();
      return (await viewsOf(queries, rows.map(phoneUserOf)))[0] ?? null;
    },
    page: async (accountId, filter, page) => {
      const matching = filtered(queries, accountId, filter);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const ids = await matching.select('phone_users.id')
        .$if(page.after !== null, (query) => query.where('phone_users.id', '>', page.after as UserId))
        .orderBy('phone_users.id').limit(rowsToRead(page)).execute();
      const shown = toPage(ids, page, total, (row) => row.id, (row) => row.id);
      if (shown.items.length === 0) return { ...shown, items: [] };
      const rows = await phoneUserRows(queries).where('id', 'in', shown.items).orderBy('id').execute();
      return { ...shown, items: await viewsOf(queries, rows.map(phoneUserOf)) };
    },
    insert: async (phone) => {
      await queries.insertInto('phone_users').values(phoneUserRow(phone)).execute();
      const holder = { kind: 'user', id: phone.id } as const;
      await replacePlans(queries, phone.accountId, holder, 'calling-plan', phone.callingPlans);
      await replacePlans(queries, phone.accountId, holder, 'package', phone.packages);
    },
    update: async (id, changes) => {
      const columns = {
        site_id: changes.siteId,
        status: changes.status,
        international_calling: changes.internationalCalling,
        area_code: changes.areaCode,
        hot_desk_allowed: changes.hotDeskAllowed,
      };
      if (hasChanges(columns)) await queries.updateTable('phone_users').set(columns).where('id', '=', id).execute();
      const { callingPlans, packages } = changes;
      if (callingPlans === undefined && packages === undefined) return;
      const row = await queries.selectFrom('phone_users').select('account_id').where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) return;
      const holder = { kind: 'user', id } as const;
      if (callingPlans !== undefined) await replacePlans(queries, row.account_id, holder, 'calling-plan', callingPlans);
      if (packages !== undefined) await replacePlans(queries, row.account_id, holder, 'package', packages);
    },
    delete: async (id) => {
      await queries.deleteFrom('phone_users').where('id', '=', id).execute();
    },
  };
}

/** Rows of phone users with their plans. */
export function phoneUserRows(queries: Queries) {
  return queries.selectFrom('phone_users').selectAll().select(plansOfUser().as('plans'));
}

export function phoneUserOf(row: Selectable<PhoneUsersTable> & { readonly plans: Parameters<typeof callingPlansIn>[0] }): PhoneUser {
  return {
    id: row.id,
    accountId: row.account_id,
    siteId: row.site_id,
    extensionId: row.extension_id,
    status: row.status,
    callingPlans: callingPlansIn(row.plans),
    packages: packagesIn(row.plans),
    internationalCalling: row.international_calling,
    areaCode: row.area_code,
    hotDeskAllowed: row.hot_desk_allowed,
    createdAt: row.created_at,
  };
}

function filtered(queries: Queries, accountId: AccountId, filter: PhoneUserFilter) {
  const { within, siteId, callingPlan, status, department, costCenter, keyword, ownAddress } = filter;
  let matching = queries.selectFrom('phone_users')
    .innerJoin('users', 'users.id', 'phone_users.id')
    .innerJoin('extensions', 'extensions.id', 'phone_users.extension_id')
    .where('phone_users.account_id', '=', accountId);
  if (within !== undefined) matching = matching.where(sql<boolean>`phone_users.site_id = any(${[...within]}::text[])`);
  if (siteId !== undefined) matching = matching.where('phone_users.site_id', '=', siteId);
  if (status !== undefined) matching = matching.where('phone_users.status', '=', status);
  if (department !== undefined) matching = matching.where('users.department', '=', department);
  if (costCenter !== undefined) matching = matching.where('users.cost_center', '=', costCenter);
  if (ownAddress !== undefined) {
    matching = matching.where(sql<boolean>`exists (select from emergency_address_uses u where u.user_id = phone_users.id) = ${ownAddress}::boolean`);
  }
  if (callingPlan !== undefined) {
    matching = matching.where(sql<boolean>`exists (select from plan_assignments a
      where a.user_id = phone_users.id and a.code = ${callingPlan})`);
  }
  if (keyword !== undefined && keyword !== '') {
    matching = matching.where((eb) => eb.or([
      eb('users.search', 'like', containsPattern(keyword)),
      eb('extensions.number', 'like', prefixPattern(keyword)),
    ]));
  }
  return matching;
}

/** Completes phone users with their user, extension and site, four small reads for a whole page, in the order given. */
async function viewsOf(queries: Queries, phones: readonly PhoneUser[]): Promise<readonly PhoneUserView[]> {
  if (phones.length === 0) return [];
  const users = await queries.selectFrom('users').selectAll().where('id', 'in', phones.map((phone) => phone.id)).execute();
  const { extensions, sites } = await extensionsAndSites(queries, phones);
  const usersById = new Map(users.map((row) => [row.id, userOf(row)]));
  return phones.flatMap((phone) => {
    const user = usersById.get(phone.id);
    const extension = extensions.get(phone.extensionId);
    const site = sites.get(phone.siteId);
    // Outside a transaction a row may vanish between two reads: then the person is gone, too.
    return user && extension && site ? [{ user, phone, extension, site }] : [];
  });
}

/** What phone users and common areas refer to, by id. */
export async function extensionsAndSites(
  queries: Queries, holders: readonly { readonly extensionId: ExtensionId; readonly siteId: SiteId }[],
) {
  const extensions = await queries.selectFrom('extensions').selectAll()
    .where('id', 'in', holders.map((holder) => holder.extensionId)).execute();
  const sites = await queries.selectFrom('sites').selectAll()
    .where('id', 'in', [...new Set(holders.map((holder) => holder.siteId))]).execute();
  return {
    extensions: new Map(extensions.map((row) => [row.id, extensionOf(row)])),
    sites: new Map(sites.map((row) => [row.id, siteOf(row)])),
  };
}

/** The row that adds one. */
export function phoneUserRow(phone: PhoneUser): Insertable<PhoneUsersTable> {
  return {
    id: phone.id,
    account_id: phone.accountId,
    site_id: phone.siteId,
    extension_id: phone.extensionId,
    status: phone.status,
    international_calling: phone.internationalCalling,
    area_code: phone.areaCode,
    hot_desk_allowed: phone.hotDeskAllowed,
    created_at: toDate(phone.createdAt),
  };
}
