import { randomInt } from 'node:crypto';
import { Endpoint, type EndpointListener } from '../endpoint/endpoint.js';
import type { Accepted as AcceptedTypes } from '../endpoint/incoming.js';
import type { Pacer } from '../rtp/pacer.js';
import type { PortPairs } from '../rtp/port-pair.js';
import { readAudio, type AudioReading } from '../sdp/audio-line.js';
import { OFFERED, OwnDescription } from '../sdp/own-description.js';
import { readSdp, type SessionDescription } from '../sdp/session-description.js';
import type { Accepted, Answered, MediaWorkerData, Offered, OfferRefused, OpenEndpoint, Updated } from './messages.js';

interface Entry {
  readonly endpoint: Endpoint;
  readonly description: OwnDescription;
  readonly family: 'IP4' | 'IP6';
  readonly leavePacer: () => void;
}

type UsableOffer = { readonly kind: 'usable'; readonly session: SessionDescription; readonly audio: Extract<AudioReading, { kind: 'audio' }>['audio'] };

const OWN_TYPES: AcceptedTypes = new Map([[OFFERED.ulaw, 'ulaw'], [OFFERED.alaw, 'alaw'], [OFFERED.events, 'event']]);

export function familyOf(address: string): 'IP4' | 'IP6' {
  return address.includes(':') ? 'IP6' : 'IP4';
}

/** All endpoints of the thread, by the numbers the other side gave them. */
export class EndpointTable {
  readonly #ports: PortPairs;
  readonly #bind: MediaWorkerData['bind'];
  readonly #pacer: Pacer;
  readonly #now: () => number;
  readonly #entries = new Map<number, Entry>();
  readonly #totals = { endpoints: 0, packetsOut: 0, packetsIn: 0, packetsDropped: 0, packetsLost: 0 };

  constructor(ports: PortPairs, bind: MediaWorkerData['bind'], pacer: Pacer, now: () => number) {
    this.#ports = ports;
    this.#bind = bind;
    this.#pacer = pacer;
    this.#now = now;
  }

  get(id: number): Endpoint | undefined {
    return this.#entries.get(id)?.endpoint;
  }

  async answer(id: number, sdp: string, open: OpenEndpoint, listener: EndpointListener): Promise<Answered> {
    const offer = usable(sdp, familyOf(open.local));
    if (offer.kind !== 'usable') return offer;
    if (isOff(offer)) return { kind: 'no-common-codec' };
    const entry = await this.#open(id, open, listener);
    if (entry === null) return { kind: 'no-port' };
    const text = entry.description.answer(offer.session, offer.audio);
    entry.endpoint.negotiate(offer.audio);
    return { kind: 'answered', sdp: text };
  }

  async offer(id: number, open: OpenEndpoint, listener: EndpointListener): Promise<Offered> {
    const entry = await this.#open(id, open, listener);
    return entry === null ? { kind: 'no-port' } : { kind: 'offered', sdp: entry.description.offer() };
  }

  accept(id: number, sdp: string): Accepted {
    const entry = this.#entries.get(id);
    if (entry === undefined) return { kind: 'media-down' };
    const answer = usable(sdp, entry.family);
    switch (answer.kind) {
      case 'usable':
        if (isOff(answer)) return { kind: 'no-common-codec' };
        entry.endpoint.negotiate(answer.audio, OWN_TYPES);
        return { kind: 'accepted' };
      case 'malformed-offer': return { kind: 'malformed-answer', reason: answer.reason };
      case 'needs-gateway': return { kind: 'malformed-answer', reason: `it answers plain RTP with what it was not offered (${answer.why})` };
      default: return { kind: 'no-common-codec' };
    }
  }

  update(id: number, sdp: string): Updated {
    const entry = this.#entries.get(id);
    if (entry === undefined) return { kind: 'media-down' };
    const offer = usable(sdp, entry.family);
    if (offer.kind !== 'usable') return offer;
    entry.endpoint.negotiate(offer.audio);
    return { kind: 'updated', sdp: entry.description.answer(offer.session, offer.audio), held: entry.endpoint.held };
  }

  close(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    entry.leavePacer();
    entry.endpoint.close();
    const { packetsSent, packetsReceived, packetsDropped, packetsLost } = entry.endpoint.figures();
    this.#totals.packetsOut += packetsSent;
    this.#totals.packetsIn += packetsReceived;
    this.#totals.packetsDropped += packetsDropped;
    this.#totals.packetsLost += packetsLost;
  }

  closeAll(): void {
    for (const id of [...this.#entries.keys()]) this.close(id);
    this.#pacer.stop();
  }

  /** Totals since the start; the jitter is the worst of the streams now. */
  metrics(): Readonly<Record<string, number>> {
    const sums = { ...this.#totals };
    let jitterMs = 0;
    for (const { endpoint } of this.#entries.values()) {
      const figures = endpoint.figures();
      sums.packetsOut += figures.packetsSent;
      sums.packetsIn += figures.packetsReceived;
      sums.packetsDropped += figures.packetsDropped;
      sums.packetsLost += figures.packetsLost;
      jitterMs = Math.max(jitterMs, figures.jitterMs);
    }
    const { late, skipped } = this.#pacer.figures;
    return {
      endpoints: this.#entries.size, endpoints_opened: sums.endpoints,
      packets_out: sums.packetsOut, packets_in: sums.packetsIn, packets_dropped: sums.packetsDropped, packets_lost: sums.packetsLost,
      jitter_max_ms: jitterMs, pacer_late: late, pacer_skipped_frames: skipped, port_pairs_held: this.#ports.held,
    };
  }

  async #open(id: number, open: OpenEndpoint, listener: EndpointListener): Promise<Entry | null> {
    const family = familyOf(open.local);
    const ports = await this.#ports.open(this.#bind[family]);
    if (ports === null) return null;
    const endpoint = new Endpoint(ports, open, listener, this.#now);
    const entry: Entry = {
      endpoint, family,
      description: new OwnDescription({ address: open.local, family, port: ports.port }, String(randomInt(2 ** 47))),
      leavePacer: this.#pacer.add(endpoint),
    };
    this.#entries.set(id, entry);
    this.#totals.endpoints += 1;
    return entry;
  }
}

/** Whether the line is switched off: in a re-INVITE that is an answerable offer, at the beginning it is none. */
function isOff({ session, audio }: UsableOffer): boolean {
  return session.media[audio.index]?.port === 0;
}

function usable(sdp: string, family: 'IP4' | 'IP6'): UsableOffer | OfferRefused {
  const reading = readSdp(sdp);
  if (reading.kind === 'malformed') return { kind: 'malformed-offer', reason: reading.reason };
  const audio = readAudio(reading.session, family);
  switch (audio.kind) {
    case 'audio': return { kind: 'usable', session: reading.session, audio: audio.audio };
    case 'malformed': return { kind: 'malformed-offer', reason: audio.reason };
    default: return audio;
  }
}
