import { sql, type Insertable, type Selectable } from 'kysely';
import type { CommonAreaId } from '../../domain/ids.js';
import type { CommonArea } from '../../domain/identity/common-area.js';
import type { CommonAreaStore, CommonAreaView } from '../../ports/admin-stores.js';
import { hasChanges, toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import { extensionsAndSites } from './phone-user-store.js';
import { callingPlansIn, packagesIn, plansOfCommonArea, replacePlans } from './plan-assignments.js';
import type { CommonAreasTable } from './tables.js';

export function createCommonAreaStore(queries: Queries): CommonAreaStore {
  return {
    get: async (accountId, id) => {
      const rows = await commonAreaRows(queries).where('account_id', '=', accountId).where('id', '=', id).execute();
      return (await viewsOf(queries, rows.map(commonAreaOf)))[0] ?? null;
    },
    page: async (accountId, page, within) => {
      const reached = within === undefined ? sql<boolean>`true` : sql<boolean>`site_id = any(${[...within]}::text[])`;
      const matching = queries.selectFrom('common_areas').where('account_id', '=', accountId).where(reached);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await commonAreaRows(queries).where('account_id', '=', accountId).where(reached)
        .$if(page.after !== null, (query) => query.where('id', '>', page.after as CommonAreaId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      const shown = toPage(rows, page, total, (row) => row.id, commonAreaOf);
      return { ...shown, items: await viewsOf(queries, shown.items) };
    },
    insert: async (area) => {
      await queries.insertInto('common_areas').values(commonAreaRow(area)).execute();
      const holder = { kind: 'common_area', id: area.id } as const;
      await replacePlans(queries, area.accountId, holder, 'calling-plan', area.callingPlans);
      await replacePlans(queries, area.accountId, holder, 'package', area.packages);
    },
    update: async (id, changes) => {
      const columns = {
        site_id: changes.siteId,
        display_name: changes.displayName,
        status: changes.status,
        international_calling: changes.internationalCalling,
        area_code: changes.areaCode,
        country: changes.country,
        time_zone: changes.timeZone,
        department: changes.department,
        cost_center: changes.costCenter,
      };
      if (hasChanges(columns)) await queries.updateTable('common_areas').set(columns).where('id', '=', id).execute();
      const { callingPlans, packages } = changes;
      if (callingPlans === undefined && packages === undefined) return;
      const row = await queries.selectFrom('common_areas').select('account_id').where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) return;
      const holder = { kind: 'common_area', id } as const;
      if (callingPlans !== undefined) await replacePlans(queries, row.account_id, holder, 'calling-plan', callingPlans);
      if (packages !== undefined) await replacePlans(queries, row.account_id, holder, 'package', packages);
    },
    delete: async (id) => {
      await queries.deleteFrom('common_areas').where('id', '=', id).execute();
    },
  };
}

/** Rows of common areas with their plans. */
export function commonAreaRows(queries: Queries) {
  return queries.selectFrom('common_areas').selectAll().select(plansOfCommonArea().as('plans'));
}

export function commonAreaOf(row: Selectable<CommonAreasTable> & { readonly plans: Parameters<typeof callingPlansIn>[0] }): CommonArea {
  return {
    id: row.id,
    accountId: row.account_id,
    siteId: row.site_id,
    extensionId: row.extension_id,
    displayName: row.display_name,
    status: row.status,
    callingPlans: callingPlansIn(row.plans),
    packages: packagesIn(row.plans),
    internationalCalling: row.international_calling,
    areaCode: row.area_code,
    country: row.country,
    timeZone: row.time_zone,
    department: row.department,
    costCenter: row.cost_center,
    createdAt: row.created_at,
  };
}

async function viewsOf(queries: Queries, areas: readonly CommonArea[]): Promise<readonly CommonAreaView[]> {
  if (areas.length === 0) return [];
  const { extensions, sites } = await extensionsAndSites(queries, areas);
  return areas.flatMap((commonArea) => {
    const extension = extensions.get(commonArea.extensionId);
    const site = sites.get(commonArea.siteId);
    return extension && site ? [{ commonArea, extension, site }] : [];
  });
}

/** The row that adds one. */
export function commonAreaRow(area: CommonArea): Insertable<CommonAreasTable> {
  return {
    id: area.id,
    account_id: area.accountId,
    site_id: area.siteId,
    extension_id: area.extensionId,
    display_name: area.displayName,
    status: area.status,
    international_calling: area.internationalCalling,
    area_code: area.areaCode,
    country: area.country,
    time_zone: area.timeZone,
    department: area.department,
    cost_center: area.costCenter,
    created_at: toDate(area.createdAt),
  };
}
