import { sql } from 'kysely';
import type { PinStore } from '../../ports/hot-desk-stores.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';

export function createPinStore(queries: Queries): PinStore {
  return {
    get: async (holder) => {
      const row = await queries.selectFrom('pins').select(['hash', 'set_at'])
        .where('holder_id', '=', holder.id).where('holder_kind', '=', holder.kind).executeTakeFirst();
      return row === undefined ? null : { hash: row.hash, setAt: row.set_at };
    },
    set: async (accountId, holder, pin) => {
      await queries.insertInto('pins').values({
        account_id: accountId, holder_kind: holder.kind, holder_id: holder.id, hash: pin.hash, set_at: toDate(pin.setAt),
      }).onConflict((conflict) => conflict.constraint('pins_pk').doUpdateSet({
        hash: sql`excluded.hash`, set_at: sql`excluded.set_at`,
      })).execute();
    },
    delete: async (holder) => {
      await queries.deleteFrom('pins').where('holder_id', '=', holder.id).where('holder_kind', '=', holder.kind).execute();
    },
  };
}
