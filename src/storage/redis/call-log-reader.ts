import type { CallEvent } from '../../domain/calls/call-event.js';
import type { CallLogEntry, CallLogReader } from '../../ports/call-log.js';
import { StorageFault, type Log } from '../../ports/runtime.js';
import type { RedisClient } from './client.js';
import { CALL_LOG_GROUP, CALL_LOG_KEY } from './keys.js';

/** What another reader holds for so long without acknowledging was left behind. */
const STALE_MS = 30_000;
const CLAIM_INTERVAL_MS = 10_000;
/** Beyond the wait that was asked for; then the connection counts as dead. */
const GRACE_MS = 1000;

/** id and fields (name, value, …); fields are null for an entry that was trimmed away. */
type RawEntry = readonly [id: string, fields: readonly string[] | null];

/**
 * Reads the call log as one consumer of the cluster's group. An entry comes again until it is acknowledged: to this reader
 * with the next `read`, to another one when this one has been silent for `staleMs`. Acknowledged entries leave the stream.
 */
export function createCallLogReader(options: {
  readonly client: RedisClient;
  readonly log: Log;
  /** Name of this reader in the group: the node's. */
  readonly consumer: string;
  readonly staleMs?: number;
}): CallLogReader {
  const { client, log, consumer, staleMs = STALE_MS } = options;
  const connection = client.open('blocking');
  /** Handed out and not acknowledged; unknown at first and after a fault, when an answer may have been lost. */
  const handedOut = new Set<string>();
  let ownPendingUnknown = true;
  let claimedAt = 0;
  let groupMade = false;
  let closed = false;
  connection.connect().catch((error: unknown) => log.debug('call log reader not yet', { err: error }));

  async function read(size: number, blockMs: number): Promise<readonly CallLogEntry[]> {
    if (!groupMade) await makeGroup();
    if (ownPendingUnknown || handedOut.size > 0) {
      const own = await readGroup(size, null, '0');
      if (own.length > 0) return deliver(own);
      handedOut.clear();
      ownPendingUnknown = false;
    }
    if (performance.now() - claimedAt >= Math.min(CLAIM_INTERVAL_MS, staleMs) || claimedAt === 0) {
      claimedAt = performance.now();
      const claimed = await claimStale(size);
      if (claimed.length > 0) return deliver(claimed);
    }
    return deliver(await readGroup(size, blockMs, '>'));
  }

  async function makeGroup(): Promise<void> {
    await client.ask(async (redis) => {
      try {
        await redis.xgroup('CREATE', CALL_LOG_KEY, CALL_LOG_GROUP, '0', 'MKSTREAM');
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
      }
    });
    groupMade = true;
  }

  /** XREADGROUP on the connection of its own, which may be cut if the answer does not come in time. */
  async function readGroup(size: number, blockMs: number | null, from: '0' | '>'): Promise<readonly RawEntry[]> {
    if (connection.status !== 'ready') await becomesReady();
    const wait = blockMs === null ? [] : ['BLOCK', Math.max(1, Math.round(blockMs))];
    const reply = await inTime(
      connection.call('XREADGROUP', 'GROUP', CALL_LOG_GROUP, consumer, 'COUNT', size, ...wait, 'STREAMS', CALL_LOG_KEY, from),
      (blockMs ?? 0) + GRACE_MS,
    );
    // [[stream, entries]], or null when the wait was over.
    return Array.isArray(reply) && Array.isArray(reply[0]) ? rawEntries(reply[0][1]) : [];
  }

  /** A reader in a loop must not turn in a circle during an outage. */
  function untilAvailable(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => { clearTimeout(deadline); unsubscribe(); resolve(); };
      const deadline = setTimeout(done, timeoutMs);
      const unsubscribe = client.onAvailability((available) => { if (available) done(); });
    });
  }

  async function inTime(reply: Promise<unknown>, timeoutMs: number): Promise<unknown> {
    const deadline = setTimeout(() => connection.disconnect(true), timeoutMs);
    try {
      return await reply;
    } finally {
      clearTimeout(deadline);
    }
  }

  function becomesReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const onReady = (): void => { clearTimeout(deadline); resolve(); };
      const deadline = setTimeout(() => {
        connection.off('ready', onReady);
        // Connected, but its first question is never answered.
        if (connection.status === 'connect') connection.disconnect(true);
        reject(new Error('no connection'));
      }, GRACE_MS);
      connection.once('ready', onReady);
    });
  }

  /** XPENDING and XCLAIM instead of XAUTOCLAIM, which Redis 6.0 (Ubuntu 22.04, Debian 11) does not have. */
  async function claimStale(size: number): Promise<readonly RawEntry[]> {
    return client.ask(async (redis) => {
      const pending = await redis.xpending(CALL_LOG_KEY, CALL_LOG_GROUP, '-', '+', size);
      const stale = pending.flatMap((row) => {
        const [id, holder, idleMs]: readonly unknown[] = Array.isArray(row) ? row : [];
        return holder !== consumer && Number(idleMs) >= staleMs ? [String(id)] : [];
      });
      if (stale.length === 0) return [];
      return rawEntries(await redis.call('XCLAIM', CALL_LOG_KEY, CALL_LOG_GROUP, consumer, staleMs, ...stale));
    });
  }

  async function deliver(entries: readonly RawEntry[]): Promise<readonly CallLogEntry[]> {
    const delivered: CallLogEntry[] = [];
    const unusable: string[] = [];
    for (const [streamId, fields] of entries) {
      const event = fields === null ? null : parseEvent(fields);
      if (event) delivered.push({ streamId, event });
      else unusable.push(streamId);
    }
    for (const { streamId } of delivered) handedOut.add(streamId);
    if (unusable.length > 0) {
      log.warn('unreadable call events skipped', { count: unusable.length });
      await acknowledge(unusable);
    }
    return delivered;
  }

  async function acknowledge(streamIds: readonly string[]): Promise<void> {
    if (streamIds.length === 0) return;
    await client.ask((redis) => Promise.all([
      redis.xack(CALL_LOG_KEY, CALL_LOG_GROUP, ...streamIds), redis.xdel(CALL_LOG_KEY, ...streamIds),
    ]));
    for (const id of streamIds) handedOut.delete(id);
  }

  return {
    acknowledge,
    async read(size, blockMs) {
      try {
        if (closed) return [];
        if (!client.available) await untilAvailable(blockMs);
        return await read(size, blockMs);
      } catch (error) {
        if (closed) return [];
        ownPendingUnknown = true;
        // NOGROUP: Redis was flushed.
        groupMade = false;
        throw error instanceof StorageFault ? error : new StorageFault('redis', error);
      }
    },
    async close() {
      closed = true;
      connection.disconnect();
    },
  };
}

function rawEntries(reply: unknown): readonly RawEntry[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((entry: unknown): readonly RawEntry[] => {
    if (!Array.isArray(entry)) return [];
    const [id, fields]: readonly unknown[] = entry;
    return [[String(id), Array.isArray(fields) ? fields.map(String) : null]];
  });
}

/** Written by call-log.ts of this or another version; only the members every event has are looked at. */
function parseEvent(fields: readonly string[]): CallEvent | null {
  const text = fields[fields.indexOf('event') + 1] ?? '';
  try {
    const event: CallEvent | null = JSON.parse(text);
    if (event === null || typeof event !== 'object') return null;
    return typeof event.callId === 'string' && typeof event.kind === 'string' ? event : null;
  } catch {
    return null;
  }
}
