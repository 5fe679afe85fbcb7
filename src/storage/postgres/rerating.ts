import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { CallCharge } from '../../domain/charges/charge.js';
import type { ChargeDifference, RerateRequest, RerateStep, Rerating } from '../../ports/charge-stores.js';
import { callRecordOf } from './call-record-store.js';
import { chargesOfCalls, putCharges } from './charge-rows.js';
import { chargesOf, includedSeconds, monthOf, type IncludedSeconds } from './charging.js';
import { instant } from './columns.js';
import type { PostgresDatabase, Queries } from './database.js';
import type { CallRecordsTable } from './record-tables.js';

/** Calls of a transaction: few enough that folding and others wait for moments only. */
const BATCH = 500;

export function createRerating(db: PostgresDatabase): Rerating {
  return {
    async *steps(request) {
      const { accountId, from } = request;
      const included = await includedSeconds(db.queries, { accountId, from: monthOf(from), before: from });
      let after: Selectable<CallRecordsTable> | null = null;
      for (;;) {
        const done: { readonly step: RerateStep; readonly last: Selectable<CallRecordsTable> | null } = await db.queries.transaction()
          .execute((queries) => rerateBatch(queries, request, after, included));
        if (done.step.calls > 0) yield done.step;
        if (done.last === null) return;
        after = done.last;
      }
    },
  };
}

async function rerateBatch(queries: Queries, request: RerateRequest, after: Selectable<CallRecordsTable> | null, included: IncludedSeconds) {
  const { accountId, from, to, apply, at } = request;
  // The turn to fold: no charge is made at the same time.
  await queries.selectFrom('call_fold_turn').select('id').forUpdate().execute();
  const rows = await queries.selectFrom('call_records').selectAll().where('account_id', '=', accountId)
    .where('started_at', '>=', instant(from)).where('started_at', '<=', instant(to)).where('direction', '<>', 'internal').where('answered_at', 'is not', null)
    .$if(after !== null, (query) => query.where(sql<boolean>`(started_at, id) > (${instant(after?.started_at ?? 0)}, ${after?.id ?? ''})`))
    .orderBy('started_at').orderBy('id').limit(BATCH).execute();
  const records = rows.map(callRecordOf);
  const held = await chargesOfCalls(queries, records.map(({ id }) => id));
  const made = new Map((await chargesOf(queries, records, at, { charges: held, included })).map((charge) => [charge.callId, charge]));
  const differences = records.flatMap(({ id }): ChargeDifference[] => {
    const [before, charge] = [held.get(id) ?? null, made.get(id) ?? null];
    return charge === null || samePrice(before, charge) ? [] : [{ callId: id, before, after: charge }];
  });
  if (apply) await putCharges(queries, differences.flatMap((one) => one.after ?? []));
  return { step: { differences, calls: made.size }, last: rows.length < BATCH ? null : rows.at(-1) ?? null };
}

/** When it was rated is no difference. */
function samePrice(before: CallCharge | null, after: CallCharge): boolean {
  return before !== null && JSON.stringify({ ...before, ratedAt: 0 }) === JSON.stringify({ ...after, ratedAt: 0 });
}
