/** How a soak phone is connected: a UDP socket, or one TCP, TLS or WebSocket connection that it opened. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { WebSocket } from 'ws';
import { cutStream, readMessage, uniqueText, type PeerAddress, type PeerMessage } from '../support/sip-peer-message.js';

export const TRANSPORTS = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export interface Link {
  readonly transport: TransportName;
  readonly reliable: boolean;
  /** host[:port] of our Via and Contact. */
  readonly sentBy: string;
  /** The other end ended it. */
  readonly closed: boolean;
  send(text: string): void;
  /** Ends it without a word of SIP. */
  close(): void;
}

const HOST = '127.0.0.1';
const OPEN_MS = 10_000;

/** Opens a new one, so from a new port. Rejects when the edge does not take the connection. */
export function openLink(transport: TransportName, edge: PeerAddress, receive: (message: PeerMessage) => void): Promise<Link> {
  const read = (raw: string): void => {
    if (raw.trim() !== '') receive(readMessage(raw, edge));
  };
  if (transport === 'udp') return udpLink(edge, read);
  if (transport === 'ws' || transport === 'wss') return webSocketLink(transport, edge, read);
  return streamLink(transport, edge, read);
}

async function udpLink(edge: PeerAddress, read: (raw: string) => void): Promise<Link> {
  const socket = createSocket('udp4');
  socket.on('message', (data) => read(data.toString('latin1')));
  socket.bind(0, HOST);
  await once(socket, 'listening');
  let closed = false;
  return {
    transport: 'udp', reliable: false, sentBy: `${HOST}:${socket.address().port}`,
    get closed() { return closed; },
    send: (text) => {
      if (!closed) socket.send(Buffer.from(text, 'latin1'), edge.port, edge.address);
    },
    close: () => {
      if (!closed) socket.close();
      closed = true;
    },
  };
}

async function streamLink(transport: 'tcp' | 'tls', edge: PeerAddress, read: (raw: string) => void): Promise<Link> {
  const to = { host: edge.address, port: edge.port, localAddress: HOST };
  const socket: Socket = transport === 'tcp' ? connect(to) : tlsConnect({ ...to, rejectUnauthorized: false });
  await once(socket, transport === 'tcp' ? 'connect' : 'secureConnect', { signal: AbortSignal.timeout(OPEN_MS) });
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    const cut = cutStream(text + chunk.toString('latin1'));
    text = cut.rest;
    for (const raw of cut.messages) read(raw);
  });
  return {
    transport, reliable: true, sentBy: `${HOST}:${socket.localPort ?? 0}`,
    get closed() { return socket.destroyed || socket.readableEnded; },
    send: (message) => void socket.write(message, 'latin1'),
    close: () => void socket.destroy(),
  };
}

async function webSocketLink(transport: 'ws' | 'wss', edge: PeerAddress, read: (raw: string) => void): Promise<Link> {
  const socket = new WebSocket(`${transport}://${edge.address}:${edge.port}`, 'sip', { rejectUnauthorized: false, handshakeTimeout: OPEN_MS });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    if (Buffer.isBuffer(data)) read(data.toString('latin1'));
  });
  return {
    // RFC 7118 §5.3: a browser knows no address of its own.
    transport, reliable: true, sentBy: `${uniqueText('w')}.invalid`,
    get closed() { return socket.readyState !== WebSocket.OPEN; },
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.terminate(),
  };
}
