import type { PortPair, PortPairs } from '../rtp/port-pair.js';
import { formatsOf } from '../relay/formats.js';
import { Relay, type RelayLeg } from '../relay/relay.js';
import { readRelayed, rewriteSdp } from '../sdp/relayed-description.js';
import { readSdp } from '../sdp/session-description.js';
import { familyOf } from './endpoint-table.js';
import type { MediaWorkerData, OpenRelay, Passed, RelayOpened, RelayQuality } from './messages.js';

interface Entry {
  readonly relay: Relay;
  readonly open: OpenRelay;
  readonly inactive: () => void;
}

const OTHER: Readonly<Record<RelayLeg, RelayLeg>> = { a: 'b', b: 'a' };
const LOOK_MS = 1000;
/** An SDP of more streams than this is no call. */
const MAX_STREAMS = 8;

/** All relays of the thread, by the numbers the other side gave them. */
export class RelayTable {
  readonly #ports: PortPairs;
  readonly #bind: MediaWorkerData['bind'];
  readonly #entries = new Map<number, Entry>();
  readonly #totals = { packets: 0, dropped: 0 };
  readonly #now: () => number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(ports: PortPairs, bind: MediaWorkerData['bind'], now: () => number) {
    this.#now = now;
    this.#ports = ports;
    this.#bind = bind;
  }

  async open(id: number, open: OpenRelay, inactive: () => void): Promise<RelayOpened> {
    const pairs: { a: PortPair; b: PortPair }[] = [];
    const opened: PortPair[] = [];
    for (let stream = 0; stream < Math.min(Math.max(1, open.streams), MAX_STREAMS); stream += 1) {
      const [a, b] = await Promise.all([this.#bound(open.legs.a.local), this.#bound(open.legs.b.local)]);
      for (const pair of [a, b]) if (pair !== null) opened.push(pair);
      if (a === null || b === null) {
        for (const pair of opened) pair.close();
        return { kind: 'no-port' };
      }
      pairs.push({ a, b });
    }
    const { latch, legs } = open;
    this.#entries.set(id, { relay: new Relay(pairs, { a: { ...legs.a, latch }, b: { ...legs.b, latch } }, this.#now), open, inactive });
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    return { kind: 'relay' };
  }

  /** The leg's SDP, for the other leg. */
  pass(id: number, from: RelayLeg, sdp: string): Passed {
    const entry = this.#entries.get(id);
    if (entry === undefined) return { kind: 'media-down' };
    const toward = OTHER[from];
    const ports = entry.relay.ports(toward);
    const reading = readSdp(sdp);
    if (reading.kind === 'malformed') return reading;
    const { legs } = entry.open;
    const read = readRelayed(reading.session, familyOf(legs[from].local), ports.length);
    if (read.kind !== 'streams') return read;
    entry.relay.expect(from, read.streams);
    entry.relay.describe(formatsOf(reading.session));
    const address = legs[toward].local;
    return { kind: 'sdp', sdp: rewriteSdp(reading.session, ports.map((port) => ({ address, family: familyOf(address), port }))) };
  }

  /** How its sound was, null where there was none. */
  close(id: number): RelayQuality | null {
    const entry = this.#entries.get(id);
    if (entry === undefined) return null;
    this.#entries.delete(id);
    entry.relay.close();
    const { packets, dropped } = entry.relay.figures;
    this.#totals.packets += packets;
    this.#totals.dropped += dropped;
    if (this.#entries.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    return entry.relay.quality;
  }

  closeAll(): void {
    for (const id of [...this.#entries.keys()]) this.close(id);
  }

  metrics(): Readonly<Record<string, number>> {
    let { packets, dropped } = this.#totals;
    for (const { relay } of this.#entries.values()) {
      packets += relay.figures.packets;
      dropped += relay.figures.dropped;
    }
    return { relays: this.#entries.size, relay_packets: packets, relay_packets_dropped: dropped };
  }

  #bound(local: string): Promise<PortPair | null> {
    return this.#ports.open(this.#bind[familyOf(local)]);
  }

  #look(): void {
    for (const { relay, open, inactive } of [...this.#entries.values()]) {
      if (relay.becameInactive(LOOK_MS, open.inactivityMs)) inactive();
    }
  }
}
