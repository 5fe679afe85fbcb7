import { randomBytes } from 'node:crypto';
import type { CallEvent } from '../../domain/calls/call-event.js';
import type { CallLog } from '../../ports/call-log.js';
import { StorageFault, type Log } from '../../ports/runtime.js';
import type { RedisClient } from './client.js';
import { CALL_LOG_KEY, CALL_LOG_MAX_ENTRIES, CALL_LOG_WRITER_TTL_SECONDS, callLogWriterKey } from './keys.js';
import type { Scripts } from './scripts.js';

export interface RedisCallLog extends CallLog {
  close(): void;
  figures(): Readonly<Record<string, number>>;
}

interface Queued {
  readonly sequence: number;
  readonly text: string;
}

const MOST_QUEUED = 10_000;
const BATCH = 100;
const FLUSH_TIMEOUT_MS = 3000;
/** What was stored so lately that nobody may have read it yet is kept: a Redis that loses its data gets it again. */
const KEPT_MS = 60_000;
const MOST_KEPT = 5000;
/** Events of so long share a round trip; a killed process loses no more than these. */
const GATHER_MS = 10;

/**
 * Call events to the stream, in the order they were appended and each once: a batch whose reply was lost is sent again, and
 * Redis skips what it has. A Redis that lost data gets those of the last minute again, so that after a flush some come twice, which the fold
 * does not mind. While Redis is away they wait in memory; past 10,000 the oldest are dropped, because an `ended`
 * without its beginning is ignored by the fold, while a beginning without its end would look like a call for ever.
 */
export function createCallLog(options: {
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly log: Log;
  readonly flushTimeoutMs?: number;
  readonly mostQueued?: number;
}): RedisCallLog {
  const { client, scripts, log, flushTimeoutMs = FLUSH_TIMEOUT_MS, mostQueued = MOST_QUEUED } = options;
  const newWriter = (): string => randomBytes(8).toString('hex');
  let writer = newWriter();
  const queue: Queued[] = [];
  const kept: { readonly event: Queued; readonly at: number }[] = [];
  const waiting: { readonly sequence: number; readonly resolve: () => void }[] = [];
  let sequence = 0;
  let dropped = 0;
  let sending = false;
  let gathering: NodeJS.Timeout | null = null;

  async function send(): Promise<void> {
    if (sending) return;
    sending = true;
    try {
      while (queue.length > 0 && client.available) {
        const batch = queue.slice(0, BATCH);
        const by = writer;
        const stored = Number(await client.run(scripts['append-calls'], [CALL_LOG_KEY, callLogWriterKey(by)], [
          CALL_LOG_MAX_ENTRIES, CALL_LOG_WRITER_TTL_SECONDS, ...batch.flatMap((one) => [one.sequence, one.text]),
        ]));
        // Told to a Redis that was emptied since: all of it is sent again.
        if (by !== writer) continue;
        for (let next = queue[0]; next && next.sequence <= stored; next = queue[0]) {
          queue.shift();
          keep(next);
        }
        settle(stored);
      }
      if (queue.length === 0) dropped = 0;
    } catch (error) {
      log.debug('call events wait for redis', { queued: queue.length, err: error });
    } finally {
      sending = false;
    }
    // Refused although Redis is there: try again, but not in a circle.
    if (queue.length > 0 && client.available) setTimeout(() => void send(), 250).unref();
  }

  function keep(event: Queued): void {
    const now = performance.now();
    kept.push({ event, at: now });
    while (kept[0] && (kept.length > MOST_KEPT || kept[0].at < now - KEPT_MS)) kept.shift();
  }

  /** After a restart of Redis the last sequence it knows is as old as its stream; after a flush it may be newer than what is missing. */
  function sendAgain(loss: 'restarted' | 'emptied'): void {
    if (loss === 'emptied') writer = newWriter();
    queue.unshift(...kept.splice(0).map(({ event }) => event));
    void send();
  }

  /** What was dropped counts as settled: nobody can store it any more. */
  function settle(stored: number): void {
    const done = Math.max(stored, (queue[0]?.sequence ?? sequence + 1) - 1);
    while (waiting[0] && waiting[0].sequence <= done) waiting.shift()?.resolve();
  }

  const endings = [client.onAvailability((available) => {
    if (available) queueMicrotask(() => void send());
  }), client.onDataLoss(sendAgain)];

  return {
    append(event: CallEvent) {
      sequence += 1;
      queue.push({ sequence, text: JSON.stringify(event) });
      if (queue.length > mostQueued) {
        queue.shift();
        dropped += 1;
        if (dropped === 1) log.error('call events are dropped: redis is away too long', { kept: mostQueued });
      }
      gathering ??= setTimeout(() => {
        gathering = null;
        void send();
      }, GATHER_MS);
    },
    flush() {
      if (queue.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const entry = { sequence, resolve: () => { clearTimeout(deadline); resolve(); } };
        const deadline = setTimeout(() => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(new StorageFault('redis', new Error(`${queue.length} call events are not stored yet`)));
        }, flushTimeoutMs);
        waiting.push(entry);
        void send();
      });
    },
    close() {
      if (gathering) clearTimeout(gathering);
      for (const end of endings) end();
    },
    figures: () => ({ call_events_queued: queue.length, call_events_dropped: dropped }),
  };
}
