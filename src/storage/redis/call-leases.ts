import { LEASE_MS, type CallAsk, type CallCounts } from '../../domain/calls/call-limits.js';
import type { CallLeases } from '../../ports/call-leases.js';
import { StorageFault, type Clock, type Log } from '../../ports/runtime.js';
import { CallMemory, placesOf } from './call-memory.js';
import type { RedisClient } from './client.js';
import * as keys from './keys.js';
import type { Scripts } from './scripts.js';

export interface RedisCallLeases extends CallLeases {
  /** The ask as `count_call` of the scripts reads it. */
  written(ask: CallAsk): string;
  /** What a script answered; the places taken are this node's from now on. */
  read(ask: CallAsk, answer: unknown): CallCounts;
  /** What is known without Redis. */
  fromMemory(ask: CallAsk): CallCounts;
  /** Renews the places of every call that goes on; resolves with how many. Throws StorageFault. */
  renew(): Promise<number>;
  readonly size: number;
}

/** Places renewed in one script. */
const PIECE = 500;
const TRUNK_PLACE = keys.callsKey('trunk', '');

export function createCallLeases({ client, scripts, clock, log }: {
  readonly client: RedisClient; readonly scripts: Scripts; readonly clock: Clock; readonly log: Log;
}): RedisCallLeases {
  const memory = new CallMemory();
  const forget = (places: readonly string[], id: string): void => {
    if (places.length === 0) return;
    client.ask((redis) => Promise.all(places.map((place) => redis.zrem(place, id)))).catch((error: unknown) => {
      // Nobody renews them: they are over when their lease is.
      if (!(error instanceof StorageFault)) log.error('places of a call were not given back', { err: error });
    });
  };
  return {
    get size() {
      return memory.size;
    },
    written: ({ id, at, caps, trunks, readings, peek }) => JSON.stringify({
      n: at, t: LEASE_MS, m: peek ? '' : id,
      c: caps.map((cap) => [keys.callsKey(cap.scope, cap.id), cap.limit]),
      k: trunks.map(({ trunkId, concurrentCalls, callsPerSecond }) => [keys.callsKey('trunk', trunkId), concurrentCalls, keys.trunkRateKey(trunkId), callsPerSecond]),
      r: readings.map((one) => [one.kind, keys.readingKey(one.key), 'spanMs' in one ? one.spanMs : 0, 'text' in one ? one.text : '']),
    }),
    read(ask, answer) {
      const [taken, running, room, values] = listOf(answer);
      const counts: CallCounts = {
        taken: taken === 1, caps: listOf(running).map(Number), trunks: listOf(room).map((one) => one === 1), readings: listOf(values).map(Number),
      };
      if (!ask.peek) memory.hold(ask.id, placesOf(ask, counts.taken, counts.trunks), ask.at);
      return counts;
    },
    fromMemory: (ask) => memory.answer(ask),
    keep: (id) => memory.keep(id),
    release: (id) => forget(memory.release(id), id),
    moveTo(id, trunkId) {
      const place = keys.callsKey('trunk', trunkId);
      const left = memory.move(id, place, (one) => one.startsWith(TRUNK_PLACE));
      if (left === null) return;
      forget(left, id);
      client.ask((redis) => redis.zadd(place, clock.now() + LEASE_MS, id)).catch((error: unknown) => log.debug('place of a call is taken later', { err: error }));
    },
    async renew() {
      const now = clock.now();
      const renewals = memory.renewals(now);
      for (let start = 0; start < renewals.length; start += PIECE) {
        await client.run(scripts['renew-calls'], [], [now + LEASE_MS, LEASE_MS * 2, ...renewals.slice(start, start + PIECE).flat()]);
      }
      return renewals.length;
    },
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
