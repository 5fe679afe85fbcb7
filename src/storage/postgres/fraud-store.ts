import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { AccountId, ExtensionId, FraudGuardId, FraudIncidentId, SiteId } from '../../domain/ids.js';
import type { FraudGuard, FraudIncident, FraudMetric, WatchedDestinations, WorkingHours } from '../../domain/fraud/guard.js';
import type { FraudStores } from '../../ports/fraud-stores.js';
import type { Instant, InstantOrNull, Json, JsonOrNull } from './column-types.js';
import { instant, toDate, toDateOrNull, toJson, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';

export interface FraudTables {
  readonly fraud_guards: {
    readonly id: FraudGuardId; readonly account_id: AccountId; readonly name: string; readonly enabled: boolean; readonly metric: FraudMetric;
    readonly destinations: Json<WatchedDestinations>; readonly site_id: SiteId | null; readonly extension_id: ExtensionId | null;
    readonly warning: number | null; readonly critical: number | null; readonly currency: string; readonly hours: JsonOrNull<WorkingHours>;
    readonly hold_minutes: number; readonly created_at: Instant;
  };
  readonly fraud_incidents: {
    readonly id: FraudIncidentId; readonly account_id: AccountId; readonly guard_id: FraudGuardId; readonly guard_name: string; readonly metric: FraudMetric;
    readonly level: FraudIncident['level']; readonly extension_id: ExtensionId; readonly caller_name: string; readonly number: string; readonly value: number;
    readonly threshold: number; readonly at: Instant; readonly held_until: InstantOrNull; readonly lifted_at: InstantOrNull; readonly lifted_by: string;
  };
}

export function createFraudStores(queries: Queries): FraudStores {
  const guards = queries.selectFrom('fraud_guards').selectAll();
  return {
    fraudGuards: {
      get: async (accountId, id) => {
        const row = await guards.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : guardOf(row);
      },
      all: async (accountId) => (await guards.where('account_id', '=', accountId).orderBy('id').execute()).map(guardOf),
      everywhere: async () => (await guards.orderBy('id').execute()).map(guardOf),
      insert: async (guard) => {
        await queries.insertInto('fraud_guards').values(guardRow(guard)).execute();
      },
      update: async (guard) => {
        const { id: _id, account_id: _account, created_at: _made, ...columns } = guardRow(guard);
        await queries.updateTable('fraud_guards').set(columns).where('id', '=', guard.id).execute();
      },
      delete: async (id) => {
        await queries.deleteFrom('fraud_guards').where('id', '=', id).execute();
      },
    },
    fraudIncidents: {
      get: async (accountId, id) => {
        const row = await queries.selectFrom('fraud_incidents').selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : incidentOf(row);
      },
      page: async (accountId, { from, to, held, at }, page) => {
        const matching = queries.selectFrom('fraud_incidents').where('account_id', '=', accountId).where('at', '>=', instant(from)).where('at', '<=', instant(to))
          .$if(held === true, (query) => query.where('lifted_at', 'is', null).where('held_until', '>', instant(at)));
        const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
        const rows = await matching.selectAll()
          .$if(page.after !== null, (query) => query.where(sql<boolean>`(at, id) < (select k.at, k.id from fraud_incidents k where k.id = ${page.after})`))
          .orderBy('at', 'desc').orderBy('id', 'desc').limit(rowsToRead(page)).execute();
        return toPage(rows, page, total, (row) => row.id, incidentOf);
      },
      toldSince: async (guardId, extensionId, level, since) => (await queries.selectFrom('fraud_incidents').select('id')
        .where('guard_id', '=', guardId).where('extension_id', '=', extensionId).where('level', '=', level).where('at', '>', instant(since))
        .where('lifted_at', 'is', null).limit(1).executeTakeFirst()) !== undefined,
      insert: async (incident) => {
        await queries.insertInto('fraud_incidents').values({
          id: incident.id, account_id: incident.accountId, guard_id: incident.guardId, guard_name: incident.guardName, metric: incident.metric, level: incident.level,
          extension_id: incident.extensionId, caller_name: incident.callerName, number: incident.number, value: incident.value, threshold: incident.threshold,
          at: toDate(incident.at), held_until: toDateOrNull(incident.heldUntil), lifted_at: toDateOrNull(incident.liftedAt), lifted_by: incident.liftedBy,
        }).execute();
      },
      lift: async (id, at, by) => {
        await queries.updateTable('fraud_incidents').set({ lifted_at: toDate(at), lifted_by: by }).where('id', '=', id).execute();
      },
    },
    spending: {
      since: async (accountId, from) => (await queries.selectFrom('call_charges').select(['extension_id', 'currency'])
        .select([sql<number>`sum(total)::bigint`.as('total'), sql<number>`sum(duration_ms)::bigint`.as('duration')])
        .where('account_id', '=', accountId).where('started_at', '>=', instant(from)).where('direction', '=', 'outbound').where('extension_id', 'is not', null)
        .groupBy(['extension_id', 'currency']).execute())
        .flatMap((row) => (row.extension_id === null ? [] : [{ extensionId: row.extension_id, currency: row.currency, total: row.total, durationMs: row.duration }])),
    },
  };
}

function guardRow(guard: FraudGuard): Insertable<FraudTables['fraud_guards']> {
  return {
    id: guard.id, account_id: guard.accountId, name: guard.name, enabled: guard.enabled, metric: guard.metric, destinations: toJson(guard.destinations),
    site_id: guard.siteId, extension_id: guard.extensionId, warning: guard.warning, critical: guard.critical, currency: guard.currency,
    hours: toJsonOrNull(guard.hours), hold_minutes: guard.holdMinutes, created_at: toDate(guard.createdAt),
  };
}

function guardOf(row: Selectable<FraudTables['fraud_guards']>): FraudGuard {
  return {
    id: row.id, accountId: row.account_id, name: row.name, enabled: row.enabled, metric: row.metric, destinations: row.destinations, siteId: row.site_id,
    extensionId: row.extension_id, warning: row.warning, critical: row.critical, currency: row.currency, hours: row.hours, holdMinutes: row.hold_minutes,
    createdAt: row.created_at,
  };
}

function incidentOf(row: Selectable<FraudTables['fraud_incidents']>): FraudIncident {
  return {
    id: row.id, accountId: row.account_id, guardId: row.guard_id, guardName: row.guard_name, metric: row.metric, level: row.level, extensionId: row.extension_id,
    callerName: row.caller_name, number: row.number, value: row.value, threshold: row.threshold, at: row.at, heldUntil: row.held_until, liftedAt: row.lifted_at,
    liftedBy: row.lifted_by,
  };
}
