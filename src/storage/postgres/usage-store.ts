import { sql } from 'kysely';
import type { SiteId, UserId } from '../../domain/ids.js';
import type { Usage, UsageStore } from '../../ports/charge-stores.js';
import { instant } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';

interface UsageRow {
  readonly id: string;
  readonly name: string;
  readonly extension_number: string;
  readonly user_id: UserId | null;
  readonly site_id: SiteId | null;
  readonly outgoing: number;
  readonly outgoing_answered: number;
  readonly inbound: number;
  readonly inbound_answered: number;
  readonly by_other: number;
  readonly missed: number;
  readonly call_ms: number;
  readonly hold_ms: number;
  readonly total: number;
}

/** Sums over call records, by the database, in one statement a page. A call inside the account counts on both its sides. */
export function createUsageStore(queries: Queries): UsageStore {
  return {
    page: async (accountId, by, { from, to, siteId, userId }, page) => {
      const key = by === 'extension' ? sql.ref('extension_id') : sql.ref('side_site');
      const { rows } = await sql<UsageRow>`
        with calls as (
          select c.*, a.extension_id as answering
          from call_records c left join device_assignees a on a.device_id = c.answered_by and a.position = 0
          where c.account_id = ${accountId} and c.started_at >= ${instant(from)} and c.started_at <= ${instant(to)} and c.ended_at is not null
            and not (c.direction = 'internal' and c.callee ->> 'extensionNumber' = '')
        ), sides as (
          select caller ->> 'extensionId' as extension_id, caller ->> 'name' as name, caller ->> 'extensionNumber' as number, caller_user_id as side_user,
            caller_site_id as side_site, true as outgoing, started_at, answered_at, ended_at, hold_ms, false as by_other
          from calls where caller ->> 'extensionId' is not null
          union all
          select callee ->> 'extensionId', callee ->> 'name', callee ->> 'extensionNumber', callee_user_id, callee_site_id, false, started_at, answered_at, ended_at,
            hold_ms, answered_at is not null and callee ->> 'hotDeskSessionId' is null and answering is distinct from callee ->> 'extensionId' and answering is not null
          from calls where callee ->> 'extensionId' is not null
        ), grouped as (
          select ${key} as id, (array_agg(name order by started_at desc))[1] as name, (array_agg(number order by started_at desc))[1] as extension_number,
            (array_agg(side_user order by started_at desc))[1] as user_id, (array_agg(side_site order by started_at desc))[1] as site_id,
            count(*) filter (where outgoing) as outgoing, count(*) filter (where outgoing and answered_at is not null) as outgoing_answered,
            count(*) filter (where not outgoing) as inbound, count(*) filter (where not outgoing and answered_at is not null and not by_other) as inbound_answered,
            count(*) filter (where by_other) as by_other, count(*) filter (where not outgoing and answered_at is null) as missed,
            coalesce(sum(extract(epoch from ended_at - answered_at) * 1000) filter (where answered_at is not null and not by_other), 0)::bigint as call_ms,
            coalesce(sum(hold_ms) filter (where not by_other), 0)::bigint as hold_ms
          from sides where ${key} is not null
            and (${siteId ?? null}::text is null or side_site = ${siteId ?? null}) and (${userId ?? null}::text is null or side_user = ${userId ?? null})
          group by 1
        )
        select g.*, (select count(*) from grouped) as total from grouped g where ${page.after ?? ''}::text = '' or g.id > ${page.after ?? ''}
        order by g.id limit ${rowsToRead(page)}`.execute(queries);
      const sites = by === 'site' && rows.length > 0
        ? new Map((await queries.selectFrom('sites').select(['id', 'name']).where('account_id', '=', accountId).execute()).map((site) => [site.id, site.name])) : new Map<string, string>();
      return toPage(rows, page, rows[0]?.total ?? 0, (row) => row.id, (row): Usage => ({
        id: row.id, name: by === 'site' ? sites.get(row.id) ?? '' : row.name, extensionNumber: by === 'site' ? '' : row.extension_number,
        userId: by === 'site' ? null : row.user_id, siteId: row.site_id, outgoing: row.outgoing, outgoingAnswered: row.outgoing_answered,
        inbound: row.inbound, inboundAnswered: row.inbound_answered, answeredByOther: row.by_other, missed: row.missed, callMs: row.call_ms, holdMs: row.hold_ms,
      }));
    },
  };
}
