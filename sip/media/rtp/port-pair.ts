import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Target } from './latch.js';

/** First and last UDP port for RTP and RTCP. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** An even port for RTP and the next one for RTCP (RFC 3550 §11). */
export interface PortPair {
  readonly port: number;
  /** A packet that cannot be sent is lost, like any other: nothing is thrown and nothing told. */
  sendRtp(packet: Uint8Array, to: Target): void;
  sendRtcp(packet: Uint8Array, to: Target): void;
  receive(rtp: (packet: Buffer, from: RemoteInfo) => void, rtcp: (packet: Buffer, from: RemoteInfo) => void): void;
  close(): void;
}

/** So many pairs that other programs hold are passed over before we give up. */
const MAX_TRIES = 200;

/** Hands out the port pairs of a range, each again only after all others, starting anywhere. */
export class PortPairs {
  readonly #first: number;
  readonly #pairs: number;
  readonly #held = new Set<number>();
  #cursor: number;

  /** A range without room for one pair hands out nothing. */
  constructor({ min, max }: PortRange) {
    this.#first = min + (min % 2);
    this.#pairs = Math.max(0, Math.floor((max - this.#first + 1) / 2));
    this.#cursor = Math.floor(Math.random() * this.#pairs);
  }

  get held(): number {
    return this.#held.size;
  }

  /** Binds the next free pair at this address; null when none is left, or the address is not this machine's. */
  async open(host: string): Promise<PortPair | null> {
    for (let tries = 0; tries < Math.min(this.#pairs, MAX_TRIES + this.#held.size); tries += 1) {
      const port = this.#first + 2 * this.#cursor;
      this.#cursor = (this.#cursor + 1) % this.#pairs;
      if (this.#held.has(port)) continue;
      this.#held.add(port);
      const pair = await bindPair(host, port, () => this.#held.delete(port));
      if (pair !== null) return pair;
      this.#held.delete(port);
    }
    return null;
  }
}

async function bindPair(host: string, port: number, released: () => void): Promise<PortPair | null> {
  const rtp = await bind(host, port);
  if (rtp === null) return null;
  const rtcp = await bind(host, port + 1);
  if (rtcp === null) {
    rtp.close();
    return null;
  }
  let open = true;
  const send = (socket: Socket) => (packet: Uint8Array, { address, port: to }: Target): void => {
    if (!open) return;
    try {
      socket.send(packet, 0, packet.length, to, address);
    } catch {
      // A port or an address nothing can be sent to: lost, like any other packet.
    }
  };
  return {
    port,
    sendRtp: send(rtp),
    sendRtcp: send(rtcp),
    receive(onRtp, onRtcp) {
      rtp.on('message', onRtp);
      rtcp.on('message', onRtcp);
    },
    close() {
      if (!open) return;
      open = false;
      let left = 2;
      const closed = (): void => {
        left -= 1;
        if (left === 0) released();
      };
      rtp.close(closed);
      rtcp.close(closed);
    },
  };
}

function bind(host: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket({
      type: host.includes(':') ? 'udp6' : 'udp4',
      ipv6Only: host.includes(':'),
      // Addresses only: no packet waits for a name server.
      lookup: (name, _options, done) => done(null, name, name.includes(':') ? 6 : 4),
    });
    socket.once('error', () => {
      socket.close();
      resolve(null);
    });
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.removeAllListeners('error');
      // What the network says about a packet of ours (nobody there, no route) must not end anything.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
