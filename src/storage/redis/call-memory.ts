import { LEASE_MS, type CallAsk, type CallCounts, type CallReading } from '../../domain/calls/call-limits.js';
import * as keys from './keys.js';

interface Held {
  /** Sorted sets the call is a member of. */
  readonly places: Set<string>;
  kept: boolean;
  readonly at: number;
}

const MOST_REMEMBERED = 10_000;

/** The calls of this node with their places: what is renewed in Redis, and what is counted while it is away. */
export class CallMemory {
  readonly #held = new Map<string, Held>();
  readonly #attempts = new Map<string, number[]>();
  readonly #rows = new Map<string, { readonly text: string; readonly count: number; readonly until: number }>();

  get size(): number {
    return this.#held.size;
  }

  hold(id: string, places: Iterable<string>, at: number): void {
    this.#held.set(id, { places: new Set(places), kept: false, at });
  }
  keep(id: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) held.kept = true;
  }
  /** The places given up. */
  release(id: string): readonly string[] {
    const places = [...this.#held.get(id)?.places ?? []];
    this.#held.delete(id);
    return places;
  }
  /** The places of the kind left, and whether there was a call. */
  move(id: string, to: string, isOfKind: (place: string) => boolean): readonly string[] | null {
    const held = this.#held.get(id);
    if (held === undefined || held.places.has(to)) return null;
    const left = [...held.places].filter(isOfKind);
    for (const place of left) held.places.delete(place);
    held.places.add(to);
    return left;
  }
  /** Whether the call still has the place: it may have ended or moved since it was asked for. */
  has(id: string, place: string): boolean {
    return this.#held.get(id)?.places.has(place) === true;
  }
  /** Every place that is to be renewed; calls that nobody went on with are forgotten when their lease is over. */
  renewals(now: number): readonly (readonly [place: string, id: string])[] {
    const all: (readonly [string, string])[] = [];
    for (const [id, held] of this.#held) {
      if (held.kept) for (const place of held.places) all.push([place, id]);
      else if (now - held.at > LEASE_MS) this.#held.delete(id);
    }
    return all;
  }

  /** What Redis would answer, of the calls of this node alone; only what is counted by the moment is counted. */
  answer(ask: CallAsk): CallCounts {
    const running = (place: string): number => [...this.#held.values()].filter(({ places }) => places.has(place)).length;
    const caps = ask.caps.map(({ scope, id }) => running(keys.callsKey(scope, id)));
    const trunks = ask.trunks.map(({ trunkId, concurrentCalls }) => concurrentCalls === 0 || running(keys.callsKey('trunk', trunkId)) < concurrentCalls);
    const full = ask.caps.some(({ limit }, index) => (caps[index] ?? 0) >= limit) || (trunks.length > 0 && !trunks.includes(true));
    const readings = ask.readings.map((reading) => this.#read(reading, ask, running));
    const taken = !full && !ask.peek;
    if (!ask.peek) this.hold(ask.id, placesOf(ask, taken, trunks), ask.at);
    return { caps, trunks, readings, taken };
  }

  #read(reading: CallReading, { at, peek }: CallAsk, running: (place: string) => number): number {
    switch (reading.kind) {
      case 'running': return running(keys.readingKey(reading.key)) + 1;
      case 'attempts': {
        const recent = [...(this.#attempts.get(reading.key) ?? []).filter((when) => when > at - reading.spanMs), at];
        if (!peek) this.#remember(this.#attempts, reading.key, recent);
        return recent.length;
      }
      case 'in-a-row': {
        const last = this.#rows.get(reading.key);
        const count = last !== undefined && last.until > at && last.text === reading.text ? last.count + 1 : 1;
        if (!peek) this.#remember(this.#rows, reading.key, { text: reading.text, count, until: at + reading.spanMs });
        return count;
      }
      case 'first-seen':
      case 'kept':
        return 0;
    }
  }

  #remember<V>(map: Map<string, V>, key: string, value: V): void {
    if (map.size >= MOST_REMEMBERED) map.clear();
    map.set(key, value);
  }
}

/** Sorted sets that a call is put into. */
export function placesOf(ask: CallAsk, taken: boolean, trunks: readonly boolean[]): readonly string[] {
  const first = trunks.indexOf(true);
  const trunk = ask.trunks[first];
  return [
    ...(taken ? ask.caps.map(({ scope, id }) => keys.callsKey(scope, id)) : []),
    ...(taken && trunk !== undefined ? [keys.callsKey('trunk', trunk.trunkId)] : []),
    ...ask.readings.flatMap((reading) => (reading.kind === 'running' ? [keys.readingKey(reading.key)] : [])),
  ];
}

/** Every sorted set that a call may be put into, whatever is full. */
export function placesAsked(ask: CallAsk): readonly string[] {
  return [...placesOf({ ...ask, trunks: [] }, true, []), ...ask.trunks.map(({ trunkId }) => keys.callsKey('trunk', trunkId))];
}
