import { z } from 'zod';
import type { CallHistoryEntry } from '../../domain/calls/call-history.js';
import type { AccountId } from '../../domain/ids.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { findUser } from '../../usecases/admin/resolve.js';
import { refused, done, type Outcome } from '../../usecases/outcome.js';
import type { HttpDeps } from '../http-deps.js';
import type { AccountUser } from '../../domain/identity/user.js';

export const syncQuery = z.object({
  sync_type: z.enum(['FSync', 'ISync', 'BSync']).default('FSync')
    .describe('FSync begins anew with the latest calls; ISync gives those that ended or changed since, BSync earlier ones.'),
  count: z.int().min(1).max(250).default(30),
  sync_token: z.string().max(100).default('').describe('What the call before ended with; needed for ISync and BSync.'),
});

/** How far a reader has come: the first and the last change it has seen. */
interface Seen {
  readonly oldest: number;
  readonly newest: number;
}

/** Where nothing was seen yet, everything that comes is after. */
const BEFORE_ANY = 1;
const WHOLE = /^(\d{1,15})\.(\d{1,15})$/;

function readToken(token: string): Seen | null {
  const [, oldest, newest] = WHOLE.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? [];
  return oldest === undefined || newest === undefined ? null : { oldest: Number(oldest), newest: Number(newest) };
}

function writeToken({ oldest, newest }: Seen): string {
  return Buffer.from(`${oldest}.${newest}`).toString('base64url');
}

export interface SyncedCalls {
  readonly user: AccountUser;
  readonly calls: readonly CallHistoryEntry[];
  readonly token: string;
}

/** Finished calls of a person piece by piece: from the latest backwards, and whatever ends or changes meanwhile. */
export async function syncCalls(
  { stores }: Pick<HttpDeps, 'stores'>, accountId: AccountId, idOrEmail: string, query: z.output<typeof syncQuery>,
): Promise<Outcome<SyncedCalls>> {
  const user = await findUser(stores, accountId, idOrEmail);
  if (!user) return userNotFound(idOrEmail);
  const { sync_type: type, count } = query;
  const seen = type === 'FSync' ? null : readToken(query.sync_token);
  if (type !== 'FSync' && seen === null) {
    return refused('invalid', 'sync_token', 'Give the sync_token of an earlier answer, or begin anew with sync_type=FSync.', query.sync_token);
  }
  const span = seen === null ? 'newest' : type === 'ISync' ? { after: seen.newest } : { before: seen.oldest };
  const calls = await stores.callRecords.changedCalls(accountId, user.id, span, count);
  const orders = calls.map(({ syncOrder }) => syncOrder);
  const token = writeToken(seen === null
    ? { oldest: orders.length === 0 ? BEFORE_ANY : Math.min(...orders), newest: Math.max(0, ...orders) }
    : { oldest: type === 'BSync' ? Math.min(seen.oldest, ...orders) : seen.oldest, newest: type === 'ISync' ? Math.max(seen.newest, ...orders) : seen.newest });
  return done({ user, calls, token });
}
