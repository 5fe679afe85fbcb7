import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import type { EdgeLog } from '../log.js';
import type { ConnectionTable } from './connection-table.js';
import type { TransportCounters } from './counters.js';
import { plainAddress } from './local-address.js';
import { StreamConnection } from './stream-connection.js';
import type { StreamListener, StreamTransport } from './stream-listener.js';
import type { TlsIdentity } from './tls.js';
import type { Connection, ConnectionOptions, SourceAdmission, TransportLimits } from './transport.js';
import { WsConnection } from './ws-connection.js';
import { serveUpgrades } from './ws-upgrade.js';

export interface AcceptorContext {
  readonly limits: TransportLimits;
  readonly counters: TransportCounters;
  readonly identity: () => TlsIdentity;
  readonly wsOrigins: readonly string[] | undefined;
  /** For the log. */
  readonly onRefused: (event: 'tls-handshake-failed' | 'upgrade-refused', address: string, reason: string) => void;
  readonly onClientCertificate: (address: string, trusted: boolean, subject: string) => void;
  /** A handshake is over: `make` builds the connection on that stream. */
  readonly adopt: (stream: Socket, listener: StreamListener, make: (options: ConnectionOptions) => Connection) => void;
}

/** Takes an admitted TCP socket to a connection that carries SIP. */
export type Acceptor = (socket: Socket, listener: StreamListener) => void;

/** Whether an accepted socket may go on; it counts against its source as long as it lives. */
export function admitSocket(
  socket: Socket, connections: ConnectionTable, counters: TransportCounters, log: EdgeLog, sources: SourceAdmission | undefined,
): boolean {
  const address = plainAddress(socket.remoteAddress ?? '');
  socket.on('error', () => undefined);
  // already gone again
  if (address === '' || socket.remotePort === undefined) return false;
  if (sources?.accepts(address) === false) return false;
  const verdict = connections.admit(address);
  if (verdict === 'yes') {
    socket.once('close', () => {
      connections.release(address);
    });
    return true;
  }
  counters.add(verdict === 'too-many' ? 'connections_refused_total' : 'connections_refused_source');
  log.debug('connection-refused', { address, verdict });
  return false;
}

/** For one listener. @throws TransportFault `bad-setting` where there is no certificate for tls and wss */
export function acceptorFor(transport: StreamTransport, context: AcceptorContext): Acceptor {
  const { adopt } = context;
  if (transport === 'tcp') {
    return (socket, listener) => {
      adopt(socket, listener, (options) => new StreamConnection(socket, options));
    };
  }
  return transport === 'tls' ? tlsAcceptor(context) : wsAcceptor(transport, context);
}

/** Servers that listen nowhere get their sockets one by one: so limits and deadlines count from the first byte. */
function tlsAcceptor(context: AcceptorContext): Acceptor {
  const server = context.identity().tlsServer();
  let of: StreamListener | undefined;
  server.on('secureConnection', (stream) => {
    const subject = stream.getPeerCertificate().subject?.CN;
    if (subject !== undefined) context.onClientCertificate(stream.remoteAddress ?? '', stream.authorized, String(subject));
    if (of !== undefined) context.adopt(stream, of, (options) => new StreamConnection(stream, options));
  });
  tellHandshakeFaults(server, context);
  return (socket, listener) => {
    of = listener;
    listener.shaking(socket, Date.now());
    server.emit('connection', socket);
  };
}

function wsAcceptor(transport: 'ws' | 'wss', context: AcceptorContext): Acceptor {
  const secure = transport === 'wss' ? context.identity().httpsServer() : undefined;
  if (secure !== undefined) tellHandshakeFaults(secure, context);
  const server = secure ?? createHttpServer();
  let of: StreamListener | undefined;
  serveUpgrades(server, { origins: context.wsOrigins, maxMessageBytes: context.limits.maxMessageBytes }, (socket, request) => {
    if (of === undefined) return;
    context.adopt(request.socket, of, (options) => new WsConnection(socket, request.socket, options));
  }, (reason, address) => {
    context.counters.add('upgrades_refused');
    context.onRefused('upgrade-refused', address, reason);
  });
  return (socket, listener) => {
    of = listener;
    listener.shaking(socket, Date.now());
    server.emit('connection', socket);
  };
}

function tellHandshakeFaults(server: TlsServer | HttpsServer, context: AcceptorContext): void {
  server.on('tlsClientError', (error, stream) => {
    context.counters.add('handshakes_failed');
    context.onRefused('tls-handshake-failed', stream.remoteAddress ?? '', error.message);
    stream.destroy();
  });
}
