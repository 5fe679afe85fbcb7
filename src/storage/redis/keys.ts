import type { AccountId, DeviceId, TrunkId } from '../../domain/ids.js';

/**
 * Every key name and every lifetime in Redis. Scripts get names from here and build none of their own, except for the two
 * families whose members they only learn while running: they are handed `DEVICE_PREFIX` and `ACCOUNT_PREFIX`.
 * (Invariant: one Redis, no Redis Cluster, because a script may then touch keys it was not given.)
 */
const PREFIX = 'cordboard:';

export const DEVICE_PREFIX = `${PREFIX}bindings:`;
export const ACCOUNT_PREFIX = `${PREFIX}account-bindings:`;

/** Hash: contact key → binding record (binding-record.ts). No lifetime: members leave by script. */
export const bindingsKey = (device: DeviceId): string => DEVICE_PREFIX + device;

/** Sorted set, all scores 0: `device contact-key`; pages and counts an account's bindings. */
export const accountKey = (account: AccountId): string => ACCOUNT_PREFIX + account;

/** Sorted set by expiry (epoch ms): `account device contact-key` of every binding. */
export const EXPIRIES_KEY = `${PREFIX}binding-expiries`;

/** Pub/sub channel of binding events. */
export const BINDINGS_CHANNEL = `${PREFIX}binding-events`;

/** Pub/sub channel: some node has committed configuration; the message is its name. */
export const CONFIG_CHANNEL = `${PREFIX}config-hints`;

/** Text: window of used counts of one nonce; lives as long as the nonce can be replayed. */
export const nonceKey = (nonce: string): string => `${PREFIX}nonce:${nonce}`;

/** Text: random, made once in a Redis; its absence tells a flushed Redis from one where nobody is registered. */
export const EPOCH_KEY = `${PREFIX}epoch`;

/** Stream of call events and the one consumer group that folds them. */
export const CALL_LOG_KEY = `${PREFIX}call-log`;
export const CALL_LOG_GROUP = 'fold';
/** Safety cap while nobody reads (PostgreSQL away); acknowledged entries are deleted at once. */
export const CALL_LOG_MAX_ENTRIES = 200_000;

/** Number: sequence of the last event a writer (one process run) appended, so that a repeated batch is not stored twice. */
export const callLogWriterKey = (writer: string): string => `${PREFIX}call-log-writer:${writer}`;
export const CALL_LOG_WRITER_TTL_SECONDS = 86_400;

/** Counters of API requests by class and caller; they live as long as the span they count. */
export const RATE_PREFIX = `${PREFIX}api-rate:`;

/** Sorted set by end (epoch ms): desks that a call-back to an emergency call rings. */
export const CALL_BACK_PINS_KEY = `${PREFIX}call-back-pins`;

/** Sorted set by end of lease (epoch ms): node ids. */
export const LEASES_KEY = `${PREFIX}node-leases`;
/** Leases over for so long are forgotten. */
export const LEASE_MEMORY_MS = 86_400_000;

/** Sorted set by the instant at which it is forgotten: what nodes see wrong with trunks. */
export const TRUNK_TROUBLES_KEY = `${PREFIX}trunk-troubles`;

/** Text: the node that registers with a trunk's peer; it lives as long as the lease. */
export const trunkLeaseKey = (trunk: TrunkId): string => `${PREFIX}trunk-lease:${trunk}`;
/** Sorted set by end of lease (epoch ms): calls of a user's extension, site, account or trunk that are up or begin. */
export const callsKey = (scope: string, id: string): string => `${PREFIX}calls:${scope}:${id}`;
/** A call as a member of these sets; '' as id gives how those of a node begin. */
export const callMember = (nodeId: string, id: string): string => `${nodeId} ${id}`;
/** Patterns of every key that may hold places of calls. */
export const CALL_PLACES = [`${PREFIX}calls:*`, `${PREFIX}reading:*`] as const;
/** Sorted set by time (epoch ms): calls that a trunk was given within the last second. */
export const trunkRateKey = (trunk: string): string => `${PREFIX}trunk-rate:${trunk}`;
/** What is counted of earlier calls for a guard; of the kind that its reading says. */
export const readingKey = (key: string): string => `${PREFIX}reading:${key}`;

/**
 * Lifetime of a nonce's window. A second is added for the way to Redis: the nonce itself is refused by its own time first.
 */
export function nonceTtlMs(expiresAt: number, now: number): number {
  return Math.max(0, Math.ceil(expiresAt - now)) + 1000;
}
