import { createServer, isIPv6 } from 'node:net';
import type { Server, Socket } from 'node:net';
import { AdvertisedAddress } from './local-address.js';
import type { AddressPolicy } from './local-address.js';
import { TransportFault } from './transport-fault.js';
import type { Listener, TransportName } from './transport.js';

/** drachtio-server's default for SO_KEEPALIVE. */
export const KEEPALIVE_MS = 45_000;

export type StreamTransport = Exclude<TransportName, 'udp'>;

/** A listening TCP socket, whatever is spoken on it; what it accepts goes to `onSocket`. */
export class StreamListener implements Listener {
  readonly transport: StreamTransport;
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #advertised: AdvertisedAddress;
  /** Accepted sockets that are still shaking hands, and since when. */
  readonly #shaking = new Map<string, { readonly socket: Socket; readonly since: number }>();

  private constructor(transport: StreamTransport, server: Server, host: string, port: number, policy: AddressPolicy) {
    this.transport = transport;
    this.#server = server;
    this.host = host;
    this.port = port;
    this.#advertised = new AdvertisedAddress(host, port, policy);
  }

  /**
   * @param host IP literal; `::` takes IPv6 only
   * @throws TransportFault `bind-failed` (as rejection)
   */
  static async bind(
    spec: { readonly transport: StreamTransport; readonly host: string; readonly port: number }, policy: AddressPolicy,
    onSocket: (socket: Socket, listener: StreamListener) => void, onError: (error: Error) => void,
  ): Promise<StreamListener> {
    const { transport, host, port } = spec;
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        reject(new TransportFault('bind-failed', `${transport} ${host}:${port}: ${cause.message}; choose another port or stop who holds it`, { cause }));
      });
      server.listen({ host, port, ipv6Only: isIPv6(host), exclusive: true }, resolve);
    });
    server.removeAllListeners('error');
    server.on('error', onError);
    const address = server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    const listener = new StreamListener(transport, server, host, bound, policy);
    server.on('connection', (socket) => {
      onSocket(socket, listener);
    });
    return listener;
  }

  advertised(remote: string): { readonly host: string; readonly port: number } {
    return this.#advertised.towards(remote);
  }

  /** A handshake begins on this socket; `shaken` ends it, also with the stream that wraps the socket. */
  shaking(socket: Socket, nowMs: number): void {
    const key = pairOf(socket);
    this.#shaking.set(key, { socket, since: nowMs });
    socket.once('close', () => {
      if (this.#shaking.get(key)?.socket === socket) this.#shaking.delete(key);
    });
  }

  shaken(socket: Socket): void {
    this.#shaking.delete(pairOf(socket));
  }

  /** Ends handshakes begun before that instant. @returns how many */
  endHandshakes(beforeMs: number): number {
    let ended = 0;
    for (const { socket, since } of this.#shaking.values()) {
      if (since >= beforeMs) continue;
      socket.destroy();
      ended += 1;
    }
    return ended;
  }

  /** Resolves when the last accepted connection is gone as well; those still shaking hands go at once. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => {
      resolve();
    }));
    for (const { socket } of this.#shaking.values()) socket.destroy();
    await closed;
  }
}

/** Both ends of a TCP connection, the same for the socket and for the TLS stream around it. */
function pairOf(socket: Socket): string {
  return `${socket.localAddress ?? ''} ${socket.remoteAddress ?? ''} ${socket.remotePort ?? 0}`;
}
