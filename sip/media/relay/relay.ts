import type { RemoteInfo } from 'node:dgram';
import type { StreamOptions } from '../endpoint/endpoint.js';
import { Latch, type Target } from '../rtp/latch.js';
import type { PortPair } from '../rtp/port-pair.js';
import type { StreamPlace } from '../sdp/relayed-description.js';

export type RelayLeg = 'a' | 'b';

const OTHER: Readonly<Record<RelayLeg, RelayLeg>> = { a: 'b', b: 'a' };

/** One leg of one stream: its ports, and where its party is. */
interface Side {
  readonly ports: PortPair;
  readonly rtp: Latch;
  readonly rtcp: Latch;
}

export interface RelayFigures {
  readonly packets: number;
  readonly dropped: number;
}

/** Hands RTP and RTCP of one call from leg to leg, unread. */
export class Relay {
  readonly #streams: readonly Readonly<Record<RelayLeg, Side>>[];
  #packets = 0;
  #dropped = 0;
  #packetsAtLastLook = 0;
  #silentMs = 0;
  #toldInactive = false;

  /**
   * @param pairs for each stream the ports of both legs
   * @param options of each leg
   */
  constructor(pairs: readonly Readonly<Record<RelayLeg, PortPair>>[], options: Readonly<Record<RelayLeg, Pick<StreamOptions, 'peer' | 'latch'>>>) {
    const side = (leg: RelayLeg, ports: PortPair): Side => {
      const { peer, latch } = options[leg];
      const allowed = (address: string, told: Target | null): boolean => latch === 'first-valid' || address === told?.address || address === peer;
      const rtp = new Latch(allowed);
      return { ports, rtp, rtcp: new Latch((address) => (rtp.latched ? address === rtp.target?.address : true)) };
    };
    this.#streams = pairs.map((pair) => ({ a: side('a', pair.a), b: side('b', pair.b) }));
    for (const stream of this.#streams) {
      for (const leg of ['a', 'b'] as const) this.#connect(stream[leg], stream[OTHER[leg]]);
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

  #connect(from: Side, to: Side): void {
    const pass = (source: Latch, target: Latch, send: (packet: Buffer, at: Target) => void) => (packet: Buffer, { address, port }: RemoteInfo): void => {
      // Version 2 for RTP and RTCP alike; STUN and whatever else comes is left out.
      if (packet.length < 8 || (packet[0] ?? 0) >> 6 !== 2 || !source.accepts(address, port)) {
        this.#dropped += 1;
        return;
      }
      this.#packets += 1;
      if (target.target !== null) send(packet, target.target);
    };
    from.ports.receive(
      pass(from.rtp, to.rtp, (packet, at) => to.ports.sendRtp(packet, at)),
      pass(from.rtcp, to.rtcp, (packet, at) => to.ports.sendRtcp(packet, at)),
    );
  }
}
