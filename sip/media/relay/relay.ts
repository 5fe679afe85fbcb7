import type { RemoteInfo } from 'node:dgram';
import type { StreamOptions } from '../endpoint/endpoint.js';
import type { PartyQuality } from '../gateway/gateway.js';
import { Latch, type Target } from '../rtp/latch.js';
import type { PortPair } from '../rtp/port-pair.js';
import { isRtcp } from '../rtp/rtp-packet.js';
import { readReports } from '../rtp/rtcp-reading.js';
import type { StreamPlace } from '../sdp/relayed-description.js';
import type { Format, StreamFormats } from './formats.js';
import { ReportWatch, type HeardFigures } from './report-watch.js';
import { StreamMeter } from './stream-meter.js';

export type RelayLeg = 'a' | 'b';

const OTHER: Readonly<Record<RelayLeg, RelayLeg>> = { a: 'b', b: 'a' };

/** One leg of one stream: its ports, and where its party is. */
interface Side {
  readonly ports: PortPair;
  readonly rtp: Latch;
  readonly rtcp: Latch;
  readonly meter: StreamMeter;
  readonly reports: ReportWatch;
}

interface Stream extends Readonly<Record<RelayLeg, Side>> {
  /** Null until a description told what it is. */
  formats: StreamFormats | null;
}

export interface RelayFigures {
  readonly packets: number;
  readonly dropped: number;
}

/** Hands RTP and RTCP of one call from leg to leg, unchanged; of sound that is counted on its way, only headers and plain reports are read. */
export class Relay {
  readonly #streams: readonly Stream[];
  readonly #now: () => number;
  #packets = 0;
  #dropped = 0;
  #packetsAtLastLook = 0;
  #silentMs = 0;
  #toldInactive = false;

  /**
   * @param pairs for each stream the ports of both legs
   * @param options of each leg
   * @param now any monotonic clock, milliseconds
   */
  constructor(
    pairs: readonly Readonly<Record<RelayLeg, PortPair>>[], options: Readonly<Record<RelayLeg, Pick<StreamOptions, 'peer' | 'latch'>>>, now: () => number,
  ) {
    this.#now = now;
    const side = (leg: RelayLeg, ports: PortPair): Side => {
      const { peer, latch } = options[leg];
      const allowed = (address: string, told: Target | null): boolean => latch === 'first-valid' || address === told?.address || address === peer;
      const rtp = new Latch(allowed);
      return {
        ports, rtp, rtcp: new Latch((address) => (rtp.latched ? address === rtp.target?.address : true)), meter: new StreamMeter(), reports: new ReportWatch(),
      };
    };
    this.#streams = pairs.map((pair) => ({ a: side('a', pair.a), b: side('b', pair.b), formats: null }));
    for (const stream of this.#streams) {
      for (const leg of ['a', 'b'] as const) this.#connect(stream, stream[leg], stream[OTHER[leg]]);
    }
  }

  /** Ports of one leg, in the order of the media lines. */
  ports(leg: RelayLeg): readonly number[] {
    return this.#streams.map((stream) => stream[leg].ports.port);
  }

  /** The party of this leg said where it is. */
  expect(leg: RelayLeg, places: readonly StreamPlace[]): void {
    for (const [at, place] of places.entries()) {
      const side = this.#streams[at]?.[leg];
      side?.rtp.expect(place.rtp);
      side?.rtcp.expect(place.rtcp);
    }
    this.#silentMs = 0;
    this.#toldInactive = false;
  }

  /** What the streams carry, as one of the parties told it: payload types of both are known. */
  describe(streams: readonly StreamFormats[]): void {
    for (const [at, told] of streams.entries()) {
      const stream = this.#streams[at];
      if (stream !== undefined) stream.formats = { ...told, formats: new Map([...stream.formats?.formats ?? [], ...told.formats]) };
    }
  }

  /** How the sound of the first audio stream was; null where there was none. */
  get quality(): Readonly<Record<RelayLeg, PartyQuality>> | null {
    const stream = this.#streams.find(({ formats, a, b }) => formats?.audio === true && a.meter.figures.packets + b.meter.figures.packets > 0);
    return stream === undefined ? null : { a: qualityOf(stream.a, stream.b), b: qualityOf(stream.b, stream.a) };
  }

  /** So much time has passed; true once when nothing came for `limitMs` (0 = never). */
  becameInactive(passedMs: number, limitMs: number): boolean {
    const silent = this.#packets === this.#packetsAtLastLook;
    this.#packetsAtLastLook = this.#packets;
    this.#silentMs = silent ? this.#silentMs + passedMs : 0;
    if (!silent) this.#toldInactive = false;
    if (limitMs === 0 || this.#toldInactive || this.#silentMs < limitMs) return false;
    this.#toldInactive = true;
    return true;
  }

  get figures(): RelayFigures {
    return { packets: this.#packets, dropped: this.#dropped };
  }

  close(): void {
    for (const stream of this.#streams) {
      stream.a.ports.close();
      stream.b.ports.close();
    }
  }

  #connect(stream: Stream, from: Side, to: Side): void {
    const formatOf = (payloadType: number): Format | null => stream.formats?.formats.get(payloadType) ?? null;
    const pass = (source: Latch, target: Latch, count: (packet: Buffer) => void, send: (packet: Buffer, at: Target) => void) => (
      packet: Buffer, { address, port }: RemoteInfo,
    ): void => {
      // Version 2 for RTP and RTCP alike; STUN and whatever else comes is left out.
      if (packet.length < 8 || (packet[0] ?? 0) >> 6 !== 2 || !source.accepts(address, port)) {
        this.#dropped += 1;
        return;
      }
      this.#packets += 1;
      if (target.target !== null) send(packet, target.target);
      if (stream.formats?.audio === true) count(packet);
    };
    const countReports = (packet: Buffer): void => {
      if (stream.formats?.secure !== false) return;
      const reports = readReports(packet);
      from.reports.ofParty(reports, this.#now());
      to.reports.toParty(reports, this.#now());
    };
    const countSound = (packet: Buffer): void => {
      // RFC 5761: both on one port.
      if (isRtcp(packet)) countReports(packet);
      else from.meter.packet(packet, formatOf, this.#now());
    };
    from.ports.receive(
      pass(from.rtp, to.rtp, countSound, (packet, at) => to.ports.sendRtp(packet, at)),
      pass(from.rtcp, to.rtcp, countReports, (packet, at) => to.ports.sendRtcp(packet, at)),
    );
  }
}

/** RFC 3551 §4.5: the clock of nearly every telephone codec. */
const USUAL_CLOCK = 8000;

function qualityOf(side: Side, other: Side): PartyQuality {
  const sent = side.meter.figures;
  const heard = heardBy(side, other);
  const toParty = heard?.roundTripMs ?? null;
  const toOther = heardBy(other, side)?.roundTripMs ?? null;
  return {
    sent: sent.packets === 0 ? null : { ...sent, roundTripMs: toParty, mos: null },
    heard: heard === null ? null : {
      ...heard, codec: other.meter.figures.codec, packets: null, bitrateKbps: null,
      // What is heard came all the way; where one half is not known the other has to do.
      roundTripMs: toParty === null && toOther === null ? null : (toParty ?? 0) + (toOther ?? 0),
    },
  };
}

function heardBy(side: Side, other: Side): HeardFigures | null {
  return side.reports.figures(other.meter.format?.clockRate ?? USUAL_CLOCK);
}
