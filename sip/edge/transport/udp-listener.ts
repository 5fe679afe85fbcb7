import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { EdgeLog } from '../log.js';
import type { TransportCounters } from './counters.js';
import { AdvertisedAddress, isWildcard } from './local-address.js';
import type { AddressPolicy } from './local-address.js';
import { TransportFault } from './transport-fault.js';
import type { Endpoint, Flow, Listener, SourceAdmission, TransportLimits } from './transport.js';

/** Flows kept, so that one peer keeps one; the oldest goes first and is simply made anew when it speaks again. */
const MAX_FLOWS = 16_384;

/** A UDP "connection": our socket and a peer's address. */
export class UdpFlow implements Flow {
  readonly transport = 'udp';
  readonly reliable = false;
  readonly id: number;
  readonly listener: UdpListener;
  readonly local: Endpoint;
  readonly remote: Endpoint;

  constructor(id: number, listener: UdpListener, remote: Endpoint) {
    this.id = id;
    this.listener = listener;
    this.local = { address: listener.host, port: listener.port };
    this.remote = remote;
  }

  get closed(): boolean {
    return this.listener.closed;
  }
}

export interface UdpContext {
  readonly policy: AddressPolicy;
  readonly limits: TransportLimits;
  readonly log: EdgeLog;
  readonly counters: TransportCounters;
  readonly sources: SourceAdmission | undefined;
  readonly nextFlowId: () => number;
  readonly onMessage: (raw: string, flow: Flow) => void;
}

/** One datagram socket (RFC 3261 §18). */
export class UdpListener implements Listener {
  readonly transport = 'udp';
  readonly host: string;
  readonly port: number;
  readonly #socket: Socket;
  readonly #context: UdpContext;
  readonly #advertised: AdvertisedAddress;
  readonly #flows = new Map<string, UdpFlow>();
  #closed = false;

  private constructor(socket: Socket, host: string, context: UdpContext) {
    this.#socket = socket;
    this.#context = context;
    this.host = host;
    this.port = socket.address().port;
    this.#advertised = new AdvertisedAddress(host, this.port, context.policy);
    socket.on('message', (bytes, from) => {
      this.#receive(bytes, from);
    });
    socket.on('error', (error) => {
      context.counters.add('udp_send_errors');
      context.log.warn('udp-socket-error', { host, port: this.port, error: error.message });
    });
  }

  /**
   * @param host IP literal; `::` takes IPv6 only, so that `0.0.0.0` can stand beside it
   * @throws TransportFault `bind-failed` (as rejection)
   */
  static async bind(host: string, port: number, context: UdpContext): Promise<UdpListener> {
    const v6 = isIPv6(host);
    const socket = createSocket({
      type: v6 ? 'udp6' : 'udp4',
      ipv6Only: v6,
      // we only ever send to IP literals: no resolver, no extra turn of the event loop for each datagram
      lookup: (address, options, done) => {
        done(null, address, typeof options === 'object' ? options.family as number : v6 ? 6 : 4);
      },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (cause) => {
        reject(new TransportFault('bind-failed', `udp ${host}:${port}: ${cause.message}; choose another port or stop who holds it`, { cause }));
      });
      socket.bind({ address: host, port, exclusive: true }, resolve);
    });
    socket.removeAllListeners('error');
    try {
      socket.setRecvBufferSize(context.limits.udpReceiveBufferBytes);
    } catch (error) {
      context.log.debug('udp-receive-buffer-refused', { wished: context.limits.udpReceiveBufferBytes, error });
    }
    return new UdpListener(socket, host, context);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get isWildcard(): boolean {
    return isWildcard(this.host);
  }

  advertised(remote: string): { readonly host: string; readonly port: number } {
    return this.#advertised.towards(remote);
  }

  /** The flow to a peer: the same object while it is remembered. */
  flow(address: string, port: number): UdpFlow {
    const key = `${address} ${port}`;
    let flow = this.#flows.get(key);
    if (flow === undefined) {
      if (this.#flows.size >= MAX_FLOWS) {
        const oldest = this.#flows.keys().next();
        if (oldest.done !== true) this.#flows.delete(oldest.value);
      }
      flow = new UdpFlow(this.#context.nextFlowId(), this, { address, port });
      this.#flows.set(key, flow);
    }
    return flow;
  }

  send(flow: Flow, bytes: string | Buffer): 'sent' | 'closed' {
    if (this.#closed) return 'closed';
    const datagram = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    const { address, port } = flow.remote;
    try {
      this.#socket.send(datagram, port, address, (error) => {
        if (error !== null) this.#sendFailed(flow, error);
      });
    } catch (error) {
      // port 0, an address of the other family: nothing the network sent may throw here
      this.#sendFailed(flow, error);
    }
    return 'sent';
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#flows.clear();
    await new Promise<void>((resolve) => this.#socket.close(() => {
      resolve();
    }));
  }

  #receive(bytes: Buffer, from: RemoteInfo): void {
    const { counters, limits, sources } = this.#context;
    if (sources !== undefined && !sources.admits(from.address)) return;
    if (isKeepalive(bytes)) {
      counters.add('datagrams_keepalive');
      return;
    }
    if (bytes.length > limits.maxMessageBytes) {
      counters.add('datagrams_oversize');
      return;
    }
    this.#context.onMessage(bytes.toString('latin1'), this.flow(from.address, from.port));
  }

  #sendFailed(flow: Flow, error: unknown): void {
    this.#context.counters.add('udp_send_errors');
    this.#context.log.debug('udp-send-failed', { address: flow.remote.address, port: flow.remote.port, error });
  }
}

/** NAT keep-alives: CRLFs, blanks or NULs only, or nothing at all; no answer on UDP (RFC 5626 §4.4.1 is for streams). */
function isKeepalive(bytes: Buffer): boolean {
  const first = bytes[0];
  if (first !== undefined && first > 0x20) return false;
  for (const byte of bytes) {
    if (byte !== 13 && byte !== 10 && byte !== 0 && byte !== 0x20) return false;
  }
  return true;
}
