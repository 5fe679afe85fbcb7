import { Redis, type RedisOptions } from 'ioredis';

/** Where Redis is: an address (`redis://`, `rediss://`) or the socket of our own server. */
export type RedisTarget =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'socket'; readonly path: string };

/** A command without an answer for so long has failed for its caller; Redis may still obey it later. */
export const COMMAND_TIMEOUT_MS = 500;

/** 50, 100, 200, … 1,000 ms, each ± 20 %, so that nodes do not come back in step. */
function reconnectDelay(attempt: number): number {
  return Math.min(1000, 25 * 2 ** Math.min(attempt, 6)) * (0.8 + 0.4 * Math.random());
}

/** Nothing is queued or sent twice: a caller hears at once that Redis is away, and scripts are idempotent anyway. */
const COMMON: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  // Commands in flight fail when the connection closes, not at the next attempt.
  maxRetriesPerRequest: 0,
  // Done by hand: ioredis would leave the promise of its own SUBSCRIBE without a handler.
  autoResubscribe: false,
  disableClientInfo: true,
  connectTimeout: 2000,
  // A hung server never answers our end of the connection.
  disconnectTimeout: 100,
  maxLoadingRetryTime: 500,
  keepAlive: 10_000,
  retryStrategy: reconnectDelay,
};

/**
 * A connection to `target`, not yet connecting. `commands` has ioredis's time-out for each; `patient` (see patience.ts) and
 * `blocking` ones are timed by who uses them.
 */
export function createConnection(target: RedisTarget, kind: 'commands' | 'patient' | 'blocking'): Redis {
  const options = kind === 'commands' ? { ...COMMON, commandTimeout: COMMAND_TIMEOUT_MS } : COMMON;
  return target.kind === 'url' ? new Redis(target.url, options) : new Redis({ ...options, path: target.path });
}

/** A connection for one errand at a socket: one attempt, answers even while the server loads its data. */
export function shortConnection(path: string): Redis {
  const redis = new Redis({
    path, lazyConnect: true, retryStrategy: () => null, enableReadyCheck: false, disableClientInfo: true,
    commandTimeout: 1000, connectTimeout: 1000, maxRetriesPerRequest: 0,
    // ioredis keeps a timer this long after a disconnect, and the process waits for it.
    disconnectTimeout: 50,
  });
  redis.on('error', () => undefined);
  return redis;
}

/** For messages and logs: never shows user or password. */
export function describeTarget(target: RedisTarget): string {
  if (target.kind === 'socket') return target.path;
  try {
    const url = new URL(target.url);
    return `${url.protocol}//${url.host}${url.pathname}`;
  } catch {
    return 'the address in REDIS_URL';
  }
}
