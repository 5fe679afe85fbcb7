import { connect, createServer, isIPv6 } from 'node:net';
import type { Server, Socket } from 'node:net';
import { AdvertisedAddress, isWildcard } from './local-address.js';
import type { AddressPolicy } from './local-address.js';
import { TransportFault } from './transport-fault.js';
import type { TransportFaultReason } from './transport-fault.js';
import type { Listener } from './transport.js';

/** drachtio-server's default for SO_KEEPALIVE. */
const KEEPALIVE_MS = 45_000;

/** A listening TCP socket; what it accepts goes to `onSocket`. */
export class TcpListener implements Listener {
  readonly transport = 'tcp';
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #advertised: AdvertisedAddress;

  private constructor(server: Server, host: string, port: number, policy: AddressPolicy) {
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
    host: string, port: number, policy: AddressPolicy, onSocket: (socket: Socket, listener: TcpListener) => void,
    onError: (error: Error) => void,
  ): Promise<TcpListener> {
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        reject(new TransportFault('bind-failed', `tcp ${host}:${port}: ${cause.message}; choose another port or stop who holds it`, { cause }));
      });
      server.listen({ host, port, ipv6Only: isIPv6(host), exclusive: true }, resolve);
    });
    server.removeAllListeners('error');
    server.on('error', onError);
    const address = server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    const listener = new TcpListener(server, host, bound, policy);
    server.on('connection', (socket) => {
      onSocket(socket, listener);
    });
    return listener;
  }

  advertised(remote: string): { readonly host: string; readonly port: number } {
    return this.#advertised.towards(remote);
  }

  /** Resolves when the last accepted connection is gone as well. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => {
      resolve();
    }));
  }
}

function reasonOf(error: Error): TransportFaultReason {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}

/**
 * Opens a connection, from the listener's address where it is bound to one.
 * @throws TransportFault `refused`, `unreachable` or `timeout` (as rejection)
 */
export async function openTcp(address: string, port: number, timeoutMs: number, listener: TcpListener): Promise<Socket> {
  return new Promise<Socket>((resolve, reject) => {
    const from = isWildcard(listener.host) ? {} : { localAddress: listener.host };
    const socket = connect({ host: address, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS, ...from });
    const fail = (reason: TransportFaultReason, cause?: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new TransportFault(reason, `tcp ${address}:${port}`, { cause }));
    };
    const timer = setTimeout(() => {
      fail('timeout');
    }, timeoutMs);
    // stays for good: an error after a timeout must find a listener
    socket.on('error', (error) => {
      fail(reasonOf(error), error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
