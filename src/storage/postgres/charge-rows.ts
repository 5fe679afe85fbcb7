import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { CallRecordId } from '../../domain/ids.js';
import type { CallCharge } from '../../domain/charges/charge.js';
import type { CallChargesTable } from './charge-tables.js';
import { toDate, toJson } from './columns.js';
import type { Queries } from './database.js';

export async function chargesOfCalls(queries: Queries, callIds: readonly CallRecordId[]): Promise<ReadonlyMap<CallRecordId, CallCharge>> {
  if (callIds.length === 0) return new Map();
  const found = await queries.selectFrom('call_charges').selectAll().where(sql<boolean>`call_id = any(${[...callIds]}::text[])`).execute();
  return new Map(found.map((row) => [row.call_id, chargeOf(row)]));
}

/** Writes what calls came to; another rating of a call takes the place of the one before. */
export async function putCharges(queries: Queries, charges: readonly CallCharge[]): Promise<void> {
  if (charges.length === 0) return;
  await queries.insertInto('call_charges').values(charges.map(chargeRow))
    .onConflict((conflict) => conflict.constraint('call_charges_pk').doUpdateSet((eb) => (
      Object.fromEntries(RATED.map((column) => [column, eb.ref(`excluded.${column}`)])))))
    .execute();
}

/** Columns that another rating may change; the rest is the call's. */
const RATED = [
  'number', 'country', 'home', 'plans', 'ended_at', 'duration_ms', 'deck_id', 'mode', 'prefix', 'destination', 'currency', 'per_minute', 'connect_fee',
  'billed_seconds', 'included_seconds', 'included_plan', 'total', 'rated_at',
] as const satisfies readonly (keyof CallChargesTable)[];

function chargeRow(charge: CallCharge): Insertable<CallChargesTable> {
  return {
    call_id: charge.callId, account_id: charge.accountId, direction: charge.direction, trunk_id: charge.trunkId, extension_id: charge.extensionId,
    user_id: charge.userId, site_id: charge.siteId, number: charge.number, country: charge.country, home: charge.home, plans: toJson(charge.plans),
    billing_number: charge.billingNumber, forward_billing_number: charge.forwardBillingNumber, started_at: toDate(charge.startedAt),
    ended_at: toDate(charge.endedAt), duration_ms: charge.durationMs, deck_id: charge.deckId, mode: charge.mode, prefix: charge.prefix,
    destination: charge.destination, currency: charge.currency, per_minute: charge.perMinute, connect_fee: charge.connectFee,
    billed_seconds: charge.billedSeconds, included_seconds: charge.includedSeconds, included_plan: charge.plan, total: charge.total,
    rated_at: toDate(charge.ratedAt),
  };
}

export function chargeOf(row: Selectable<CallChargesTable>): CallCharge {
  return {
    callId: row.call_id, accountId: row.account_id, direction: row.direction, trunkId: row.trunk_id, extensionId: row.extension_id, userId: row.user_id,
    siteId: row.site_id, number: row.number, billingNumber: row.billing_number, forwardBillingNumber: row.forward_billing_number, startedAt: row.started_at,
    endedAt: row.ended_at, durationMs: row.duration_ms, mode: row.mode, prefix: row.prefix, destination: row.destination, currency: row.currency,
    perMinute: row.per_minute, connectFee: row.connect_fee, billedSeconds: row.billed_seconds, includedSeconds: row.included_seconds, plan: row.included_plan,
    total: row.total, deckId: row.deck_id, home: row.home, country: row.country, plans: row.plans, ratedAt: row.rated_at,
  };
}
