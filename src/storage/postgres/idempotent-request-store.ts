import { sql } from 'kysely';
import type { IdempotentRequestStore } from '../../ports/access-stores.js';
import { instant, toDate } from './columns.js';
import type { Queries } from './database.js';

export function createIdempotentRequestStore(queries: Queries): IdempotentRequestStore {
  return {
    take: async (request, times) => {
      const row = { request_hash: request.requestHash, running_until: toDate(times.runningUntil), made_at: toDate(times.now) };
      const taken = await queries.insertInto('idempotent_requests')
        .values({ account_id: request.accountId, client_id: request.clientId, key: request.key, sealed_answer: null, ...row })
        .onConflict((conflict) => conflict.constraint('idempotent_requests_pk').doUpdateSet({ ...row, sealed_answer: null })
          .where(sql<boolean>`idempotent_requests.made_at < ${instant(times.keptSince)}
            or (idempotent_requests.sealed_answer is null and idempotent_requests.running_until < ${instant(times.now)}
              and idempotent_requests.request_hash = ${request.requestHash})`))
        .returning('key').executeTakeFirst();
      if (taken !== undefined) return null;
      const known = await queries.selectFrom('idempotent_requests').select(['request_hash', 'sealed_answer'])
        .where('client_id', '=', request.clientId).where('key', '=', request.key).executeTakeFirst();
      // Given up in this very moment: whoever asks is told to come again, as while it ran.
      return known === undefined ? { requestHash: request.requestHash, sealedAnswer: null }
        : { requestHash: known.request_hash, sealedAnswer: known.sealed_answer };
    },
    keep: async (clientId, key, sealedAnswer) => {
      await queries.updateTable('idempotent_requests').set({ sealed_answer: sealedAnswer })
        .where('client_id', '=', clientId).where('key', '=', key).execute();
    },
    release: async (clientId, key) => {
      await queries.deleteFrom('idempotent_requests').where('client_id', '=', clientId).where('key', '=', key)
        .where('sealed_answer', 'is', null).execute();
    },
  };
}
