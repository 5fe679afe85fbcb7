import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { isWildcard } from './local-address.js';
import { KEEPALIVE_MS } from './stream-listener.js';
import { TransportFault } from './transport-fault.js';
import type { TransportFaultReason } from './transport-fault.js';
import type { Listener } from './transport.js';

/** Which fault an error of a connecting socket is. */
export function connectFaultOf(error: Error): TransportFaultReason {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}

/**
 * Opens a connection, from the listener's address where it is bound to one.
 * @throws TransportFault `refused`, `unreachable` or `timeout` (as rejection)
 */
export async function openTcp(address: string, port: number, timeoutMs: number, listener: Listener): Promise<Socket> {
  const from = isWildcard(listener.host) ? {} : { localAddress: listener.host };
  const socket = connect({ host: address, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS, ...from });
  return opened(socket, 'connect', `tcp ${address}:${port}`, timeoutMs, connectFaultOf);
}

/**
 * Waits until a connecting socket is usable.
 * @param event what says so
 * @param where for the log
 * @throws TransportFault (as rejection) `timeout`, or what `reasonOf` makes of an error
 */
export async function opened<S extends Socket>(
  socket: S, event: 'connect' | 'secureConnect', where: string, timeoutMs: number, reasonOf: (error: Error) => TransportFaultReason,
): Promise<S> {
  return new Promise<S>((resolve, reject) => {
    const fail = (reason: TransportFaultReason, cause?: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new TransportFault(reason, cause === undefined ? where : `${where}: ${cause.message}`, { cause }));
    };
    const timer = setTimeout(() => {
      fail('timeout');
    }, timeoutMs);
    // stays for good: an error after a timeout must find a listener
    socket.on('error', (error) => {
      fail(reasonOf(error), error);
    });
    socket.once('close', () => {
      fail('unreachable');
    });
    socket.once(event, () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
