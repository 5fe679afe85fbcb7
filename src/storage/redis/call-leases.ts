import { LEASE_MS, type CallAsk, type CallCounts } from '../../domain/calls/call-limits.js';
import type { CallLeases } from '../../ports/call-leases.js';
import { StorageFault, type Clock, type Log } from '../../ports/runtime.js';
import { CallMemory, placesAsked, placesOf } from './call-memory.js';
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
  /** A Redis just emptied answered: memory knows better, and what was taken there against it is given back. */
  fromMemoryAgainst(ask: CallAsk, answer: unknown): CallCounts;
  /** Renews the places of every call that goes on; resolves with how many. Throws StorageFault. */
  renew(): Promise<number>;
  /** Once at start: gives back the places of calls that an earlier run of this node held, which are over with it. Throws StorageFault. */
  endEarlier(): Promise<number>;
  readonly size: number;
  close(): void;
}

/** Places renewed in one script. */
const PIECE = 500;
/** Keys looked through at once. */
const SCAN = 500;
const TRUNK_PLACE = keys.callsKey('trunk', '');

export interface CallLeaseOptions {
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly clock: Clock;
  readonly log: Log;
  /** Whose calls are counted here. */
  readonly nodeId: string;
  /** There is no other: every place of an earlier run is free, whatever its name was. */
  readonly onlyNode: boolean;
}

export function createCallLeases({ client, scripts, clock, log, nodeId, onlyNode }: CallLeaseOptions): RedisCallLeases {
  const memory = new CallMemory();
  const member = (id: string): string => keys.callMember(nodeId, id);
  /** Places that Redis may hold though the call has them not, or no more: given back when it answers, unless their lease is over by then. */
  const doubtful: { readonly place: string; readonly id: string; readonly until: number }[] = [];
  const doubt = (places: readonly string[], id: string): void => {
    const now = clock.now();
    while (doubtful[0] !== undefined && doubtful[0].until <= now) doubtful.shift();
    doubtful.push(...places.map((place) => ({ place, id, until: now + LEASE_MS })));
  };
  const forget = (places: readonly string[], id: string): void => {
    if (places.length === 0) return;
    client.ask((redis) => Promise.all(places.map((place) => redis.zrem(place, member(id))))).catch((error: unknown) => {
      if (error instanceof StorageFault) doubt(places, id);
      else log.error('places of a call were not given back', { err: error });
    });
  };
  const renew = async (): Promise<number> => {
    const now = clock.now();
    const renewals = memory.renewals(now);
    for (let start = 0; start < renewals.length; start += PIECE) {
      // A call that ended while the piece before was on its way would come back as nobody's.
      const piece = renewals.slice(start, start + PIECE).filter(([place, id]) => memory.has(id, place)).map(([place, id]) => [place, member(id)]);
      if (piece.length > 0) await client.run(scripts['renew-calls'], [], [now + LEASE_MS, LEASE_MS * 2, ...piece.flat()]);
    }
    return renewals.length;
  };
  /** What Redis lost, or never heard of, it has again before it is asked anything else. */
  const writeBack = (): void => {
    const now = clock.now();
    for (const { place, id, until } of doubtful.splice(0)) if (until > now && !memory.has(id, place)) forget([place], id);
    renew().catch((error: unknown) => {
      if (!(error instanceof StorageFault)) log.error('places of calls were not written back', { err: error });
    });
  };
  // A loss that is found on the way back is told before Redis counts as up.
  const ifUp = (): void => { if (client.available) writeBack(); };
  const endings = [client.onAvailability(ifUp), client.onDataLoss(ifUp)];
  return {
    get size() {
      return memory.size;
    },
    written: ({ id, at, caps, trunks, readings, peek }) => JSON.stringify({
      n: at, t: LEASE_MS, m: peek ? '' : member(id),
      c: caps.map((cap) => [keys.callsKey(cap.scope, cap.id), cap.limit]),
      k: trunks.map(({ trunkId, concurrentCalls, callsPerSecond }) => [keys.callsKey('trunk', trunkId), concurrentCalls, keys.trunkRateKey(trunkId), callsPerSecond]),
      r: readings.map((one) => [one.kind, keys.readingKey(one.key), 'spanMs' in one ? one.spanMs : 0, 'text' in one ? one.text : '']),
    }),
    read(ask, answer) {
      const counts = countsOf(answer);
      if (!ask.peek) memory.hold(ask.id, placesOf(ask, counts.taken, counts.trunks), ask.at);
      return counts;
    },
    fromMemory(ask) {
      const counts = memory.answer(ask);
      // Redis may have been asked, and obey late.
      if (!ask.peek) doubt(placesAsked(ask).filter((place) => !memory.has(ask.id, place)), ask.id);
      return counts;
    },
    fromMemoryAgainst(ask, answer) {
      const there = countsOf(answer);
      const counts = memory.answer(ask);
      if (!ask.peek) forget(placesOf(ask, there.taken, there.trunks).filter((place) => !memory.has(ask.id, place)), ask.id);
      return counts;
    },
    keep: (id) => memory.keep(id),
    release: (id) => forget(memory.release(id), id),
    moveTo(id, trunkId) {
      const place = keys.callsKey('trunk', trunkId);
      const left = memory.move(id, place, (one) => one.startsWith(TRUNK_PLACE));
      if (left === null) return;
      forget(left, id);
      client.ask((redis) => redis.zadd(place, clock.now() + LEASE_MS, member(id))).catch((error: unknown) => log.debug('place of a call is taken later', { err: error }));
    },
    renew,
    async endEarlier() {
      let gone = 0;
      for (const pattern of keys.CALL_PLACES) {
        let cursor = '0';
        do {
          const [next, found] = await client.ask((redis) => redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN));
          cursor = next;
          if (found.length > 0) gone += Number(await client.run(scripts['end-calls'], found, [clock.now(), onlyNode ? '' : member('')]));
        } while (cursor !== '0');
      }
      return gone;
    },
    close() {
      for (const end of endings) end();
    },
  };
}

function countsOf(answer: unknown): CallCounts {
  const [taken, running, room, values] = listOf(answer);
  return { taken: taken === 1, caps: listOf(running).map(Number), trunks: listOf(room).map((one) => one === 1), readings: listOf(values).map(Number) };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
