/**
 * A scripted SIP peer on raw sockets. It reads messages with its own few lines on purpose: a fault in the product's
 * parser must not hide itself in the tests.
 *
 *   const phone = await createSipPeer({ transport: 'udp' });
 *   await phone.send(phone.request('OPTIONS', 'sip:edge'), { address: '127.0.0.1', port });
 *   const answer = await phone.waitFor(status(200), 'answer to OPTIONS');
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { cutStream, readMessage, uniqueText, type PeerAddress, type PeerMessage } from './sip-peer-message.js';

export { isRequest, isResponse, readMessage, uniqueText, type PeerAddress, type PeerMessage } from './sip-peer-message.js';

export interface RequestOptions {
  readonly from?: string;
  readonly fromTag?: string;
  readonly to?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly cseqMethod?: string;
  readonly branch?: string;
  readonly contact?: string | null;
  readonly via?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly contentType?: string;
}

export interface ResponseOptions {
  readonly toTag?: string;
  readonly contact?: string | null;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

export interface SipPeer {
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  /** Everything received so far, also what `waitFor` took. */
  readonly seen: readonly PeerMessage[];
  /** Sends raw text; on TCP over the open connection with that address, or a new one. */
  send(text: string | Buffer, to: PeerAddress): Promise<void>;
  /** Composes a request of our own: Via, Max-Forwards, From, To, Call-ID, CSeq, Contact and Content-Length are filled in. */
  request(method: string, uri: string, options?: RequestOptions): string;
  /** The ACK for a final response to an INVITE this peer composed: same branch for failures, a new one for a 2xx. */
  ack(invite: string, response: PeerMessage, options?: { uri?: string; body?: string; routes?: readonly string[] }): string;
  /** The CANCEL that belongs to an INVITE this peer composed. */
  cancel(invite: string): string;
  /** Composes a response to a received request: Via, Record-Route, From, To (+tag), Call-ID and CSeq are copied. */
  response(request: PeerMessage, status: number, reason: string, options?: ResponseOptions): string;
  /** Composes and sends a response to where the request came from. */
  respond(request: PeerMessage, status: number, reason: string, options?: ResponseOptions): Promise<void>;
  /** The first message not yet taken that fulfils the predicate, now or within the deadline. */
  waitFor(predicate: (message: PeerMessage) => boolean, label: string, deadlineMs?: number): Promise<PeerMessage>;
  /** Count of the messages seen that fulfil the predicate. */
  count(predicate: (message: PeerMessage) => boolean): number;
  /** TCP: ends every connection; listening goes on. */
  disconnect(): void;
  close(): Promise<void>;
}

export interface SipPeerOptions {
  readonly transport: 'udp' | 'tcp';
  /** Default 127.0.0.1. */
  readonly address?: string;
  /** With `tcp`: connections of ours are TLS, to servers whose certificate this one (PEM) vouches for. */
  readonly tls?: { readonly ca: string };
}

/** Opens a peer on a free port of the loopback. */
export async function createSipPeer(options: SipPeerOptions): Promise<SipPeer> {
  const address = options.address ?? '127.0.0.1';
  const seen: PeerMessage[] = [];
  const untaken: PeerMessage[] = [];
  const waiting = new Set<(message: PeerMessage) => boolean>();
  const connections = new Map<string, Socket>();
  let udp: UdpSocket | undefined;
  let server: Server | undefined;
  let port = 0;

  const received = (raw: string, from: PeerAddress): void => {
    const message = readMessage(raw, from);
    seen.push(message);
    for (const take of waiting) if (take(message)) return;
    untaken.push(message);
  };
  const adopt = (socket: Socket): void => {
    const from = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const key = `${from.address}:${from.port}`;
    let text = '';
    connections.set(key, socket);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      const cut = cutStream(text + chunk.toString('latin1'));
      text = cut.rest;
      for (const raw of cut.messages) received(raw, from);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => connections.delete(key));
  };

  if (options.transport === 'udp') {
    udp = createSocket('udp4');
    udp.on('message', (data, info) => {
      const raw = data.toString('latin1');
      if (raw.trim() !== '') received(raw, { address: info.address, port: info.port });
    });
    udp.bind(0, address);
    await once(udp, 'listening');
    port = udp.address().port;
  } else {
    server = createServer(adopt);
    server.listen(0, address);
    await once(server, 'listening');
    const bound = server.address();
    port = bound !== null && typeof bound === 'object' ? bound.port : 0;
  }

  const send = async (text: string | Buffer, to: PeerAddress): Promise<void> => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
    if (udp !== undefined) {
      const socket = udp;
      await new Promise<void>((resolve, reject) =>
        socket.send(bytes, to.port, to.address, (error) => (error === null ? resolve() : reject(error))));
      return;
    }
    let socket = connections.get(`${to.address}:${to.port}`);
    if (socket === undefined) {
      socket = options.tls === undefined ? connect({ host: to.address, port: to.port, localAddress: address })
        : tlsConnect({ host: to.address, port: to.port, ...(options.tls.ca === '' ? {} : { ca: options.tls.ca }) });
      await once(socket, options.tls === undefined ? 'connect' : 'secureConnect');
      adopt(socket);
    }
    socket.write(bytes);
  };

  const token = options.tls === undefined ? options.transport.toUpperCase() : 'TLS';
  const contactParam = options.transport === 'udp' ? '' : `;transport=${token.toLowerCase()}`;
  const lines = (start: string, fields: readonly (readonly [string, string])[], body: string): string =>
    `${[start, ...fields.map(([name, value]) => `${name}: ${value}`), `Content-Length: ${Buffer.byteLength(body, 'latin1')}`]
      .join('\r\n')}\r\n\r\n${body}`;

  const request = (method: string, uri: string, given: RequestOptions = {}): string => {
    const contact = given.contact === undefined ? `<sip:peer@${address}:${port}${contactParam}>`
      : given.contact;
    const toTag = given.toTag === undefined ? '' : `;tag=${given.toTag}`;
    return lines(`${method} ${uri} SIP/2.0`, [
      ['Via', given.via ?? `SIP/2.0/${token} ${address}:${port};branch=${given.branch ?? uniqueText('z9hG4bK')};rport`],
      ['Max-Forwards', '70'],
      ['From', `${given.from ?? `<sip:peer@${address}>`};tag=${given.fromTag ?? uniqueText('f')}`],
      ['To', `${given.to ?? `<${uri}>`}${toTag}`],
      ['Call-ID', given.callId ?? uniqueText('call')],
      ['CSeq', `${given.cseq ?? 1} ${given.cseqMethod ?? method}`],
      ...(contact === null ? [] : [['Contact', contact] as const]),
      ...(given.headers ?? []),
      ...(given.body === undefined ? [] : [['Content-Type', given.contentType ?? 'application/sdp'] as const]),
    ], given.body ?? '');
  };

  const response = (to: PeerMessage, status: number, reason: string, given: ResponseOptions = {}): string => {
    const contact = given.contact === undefined ? `<sip:peer@${address}:${port}${contactParam}>`
      : given.contact;
    const toTag = given.toTag === undefined || to.tag('To') !== '' ? '' : `;tag=${given.toTag}`;
    return lines(`SIP/2.0 ${status} ${reason}`, [
      ...to.headers('Via').map((via) => ['Via', via] as const),
      ...to.headers('Record-Route').map((route) => ['Record-Route', route] as const),
      ['From', to.header('From') ?? ''],
      ['To', `${to.header('To') ?? ''}${toTag}`],
      ['Call-ID', to.header('Call-ID') ?? ''],
      ['CSeq', to.header('CSeq') ?? ''],
      ...(contact === null ? [] : [['Contact', contact] as const]),
      ...(given.headers ?? []),
      ...(given.body === undefined ? [] : [['Content-Type', 'application/sdp'] as const]),
    ], given.body ?? '');
  };

  const derived = (invite: string, method: string, fields: { uri?: string; to?: string; branch?: string; body?: string; routes?: readonly string[] }): string => {
    const original = readMessage(invite, { address, port });
    const via = original.header('Via') ?? '';
    return lines(`${method} ${fields.uri ?? original.uri} SIP/2.0`, [
      ['Via', fields.branch === undefined ? via : via.replace(/branch=[^;]+/, `branch=${fields.branch}`)],
      ['Max-Forwards', '70'],
      ['From', original.header('From') ?? ''],
      ['To', fields.to ?? original.header('To') ?? ''],
      ['Call-ID', original.header('Call-ID') ?? ''],
      ['CSeq', `${original.cseq} ${method}`],
      ...(fields.routes ?? original.headers('Route')).map((route) => ['Route', route] as const),
      ...(fields.body === undefined ? [] : [['Content-Type', 'application/sdp'] as const]),
    ], fields.body ?? '');
  };

  return {
    transport: options.transport, address, port, seen, send, request, response,
    ack: (invite, final, given = {}) => derived(invite, 'ACK', {
      to: final.header('To') ?? '',
      ...(final.status < 300 ? { branch: uniqueText('z9hG4bK') } : {}),
      ...(given.uri === undefined ? {} : { uri: given.uri }),
      ...(given.body === undefined ? {} : { body: given.body }),
      ...(given.routes === undefined ? {} : { routes: given.routes }),
    }),
    cancel: (invite) => derived(invite, 'CANCEL', {}),
    respond: (to, status, reason, given) => send(response(to, status, reason, given), to.from),
    waitFor: (predicate, label, deadlineMs = 5_000) => {
      const index = untaken.findIndex(predicate);
      const [found] = index < 0 ? [] : untaken.splice(index, 1);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const deadline = setTimeout(() => {
          waiting.delete(take);
          const got = untaken.map((message) => message.startLine).join(' | ');
          reject(new Error(`${label}: not received within ${deadlineMs} ms; untaken: ${got === '' ? 'nothing' : got}`));
        }, deadlineMs);
        const take = (message: PeerMessage): boolean => {
          if (!predicate(message)) return false;
          clearTimeout(deadline);
          waiting.delete(take);
          resolve(message);
          return true;
        };
        waiting.add(take);
      });
    },
    count: (predicate) => seen.filter(predicate).length,
    disconnect: () => {
      for (const socket of connections.values()) socket.destroy();
    },
    close: async () => {
      for (const socket of connections.values()) socket.destroy();
      if (udp !== undefined) await new Promise<void>((resolve) => udp.close(() => resolve()));
      if (server !== undefined) {
        const listening = server;
        await new Promise<void>((resolve) => listening.close(() => resolve()));
      }
    },
  };
}
