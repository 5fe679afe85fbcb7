/** Certificates, TLS peers and WebSocket peers for tests of the edge's transports. */
import { once } from 'node:events';
import { connect as tlsConnect, createServer } from 'node:tls';
import type { ConnectionOptions, Server, TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import type { Test } from 'tap';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import { Inbox } from './edge-sockets.js';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A self-signed certificate for these DNS names and 127.0.0.1 (where wished); elliptic, because that is quick to make. */
export async function testCertificate(commonName: string, names: readonly string[] = [], withLoopback = false): Promise<TestCertificate> {
  const altNames = [...names.map((value) => ({ type: 2 as const, value })), ...(withLoopback ? [{ type: 7 as const, ip: '127.0.0.1' }] : [])];
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec', algorithm: 'sha256',
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }, ...(altNames.length > 0 ? [{ name: 'subjectAltName' as const, altNames }] : [])],
  });
  return { cert: made.cert, key: made.private };
}

/** A TLS client whose handshake is over; it trusts everybody unless told otherwise. */
export async function tlsPeer(t: Test, port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  t.teardown(() => socket.destroy());
  await once(socket, 'secureConnect');
  socket.on('error', () => undefined);
  return socket;
}

/** A TLS server with the connections it took. */
export async function tlsServer(t: Test, certificate: TestCertificate): Promise<{ readonly server: Server; readonly port: number; readonly sockets: Inbox<TLSSocket> }> {
  const sockets = new Inbox<TLSSocket>();
  const server = createServer({ ...certificate, requestCert: true, rejectUnauthorized: false }, (socket) => {
    socket.on('error', () => undefined);
    t.teardown(() => socket.destroy());
    sockets.push(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0, sockets };
}

export interface WsPeer {
  readonly socket: WebSocket;
  /** Frames received, as latin1 text. */
  readonly inbox: Inbox<{ readonly text: string; readonly binary: boolean }>;
  /** Status of the WebSocket's end. */
  readonly closed: Promise<number>;
}

/** A WebSocket client that is open. Rejects when the upgrade is refused. */
export async function wsPeer(t: Test, url: string, options: ClientOptions = {}, protocol: string | null = 'sip'): Promise<WsPeer> {
  const given = { rejectUnauthorized: false, ...options };
  const socket = protocol === null ? new WebSocket(url, given) : new WebSocket(url, protocol, given);
  const inbox = new Inbox<{ readonly text: string; readonly binary: boolean }>();
  socket.on('message', (data, binary) => {
    if (Buffer.isBuffer(data)) inbox.push({ text: data.toString('latin1'), binary });
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  t.teardown(() => socket.terminate());
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return { socket, inbox, closed };
}
