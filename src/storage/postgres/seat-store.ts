import { sql } from 'kysely';
import type { AccountId } from '../../domain/ids.js';
import type { SeatCode } from '../../domain/licensing/plans.js';
import type { SeatCount, SeatStore } from '../../ports/admin-stores.js';
import type { Queries } from './database.js';

export function createSeatStore(queries: Queries): SeatStore {
  return {
    all: async (accountId) => {
      const subscribed = await queries.selectFrom('plan_seats').select(['code', 'subscribed'])
        .where('account_id', '=', accountId).execute();
      const assigned = await queries.selectFrom('plan_assignments').select('code')
        .select(({ fn }) => fn.countAll<number>().as('assigned')).where('account_id', '=', accountId).groupBy('code').execute();
      const counts = new Map<SeatCode, SeatCount>();
      for (const row of subscribed) counts.set(row.code, { code: row.code, subscribed: row.subscribed, assigned: 0 });
      for (const row of assigned) {
        counts.set(row.code, { code: row.code, subscribed: counts.get(row.code)?.subscribed ?? 0, assigned: row.assigned });
      }
      return [...counts.values()].sort((a, b) => a.code - b.code);
    },
    forUpdate: async (accountId, code) => {
      // The row is made first, so that there is one to lock for a code nobody has subscribed to.
      await queries.insertInto('plan_seats').values({ account_id: accountId, code, subscribed: 0 })
        .onConflict((conflict) => conflict.constraint('plan_seats_pk').doNothing()).execute();
      const { subscribed } = await queries.selectFrom('plan_seats').select('subscribed')
        .where('account_id', '=', accountId).where('code', '=', code).forUpdate().executeTakeFirstOrThrow();
      return { code, subscribed, assigned: await assignedTo(queries, accountId, code) };
    },
    setSubscribed: async (accountId, code, subscribed) => {
      await queries.insertInto('plan_seats').values({ account_id: accountId, code, subscribed })
        .onConflict((conflict) => conflict.constraint('plan_seats_pk').doUpdateSet({ subscribed: sql`excluded.subscribed` }))
        .execute();
    },
  };
}

async function assignedTo(queries: Queries, accountId: AccountId, code: SeatCode): Promise<number> {
  const row = await queries.selectFrom('plan_assignments').select(({ fn }) => fn.countAll<number>().as('assigned'))
    .where('account_id', '=', accountId).where('code', '=', code).executeTakeFirstOrThrow();
  return row.assigned;
}
