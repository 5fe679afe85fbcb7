import { createSocket } from 'node:dgram';
import type { Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Test } from 'tap';
import { silentLog } from '../../sip/edge/log.js';
import { createTransportLayer } from '../../sip/edge/transport/layer.js';
import { defaultTransportLimits } from '../../sip/edge/transport/transport.js';
import type { Flow, TransportLayer, TransportLayerOptions, TransportLimits } from '../../sip/edge/transport/transport.js';

/** Things that happened, to be awaited one after another. */
export class Inbox<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  push(item: T): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#items.push(item);
    else waiter(item);
  }

  get size(): number {
    return this.#items.length;
  }

  async next(): Promise<T> {
    const item = this.#items.shift();
    return item !== undefined ? item : new Promise<T>((resolve) => this.#waiting.push(resolve));
  }
}

export interface LayerUnderTest {
  readonly layer: TransportLayer;
  readonly messages: Inbox<{ readonly raw: string; readonly flow: Flow }>;
  readonly closed: Inbox<Flow>;
}

/** A transport layer on loopback, stopped at the end of the test. */
export async function startLayer(
  t: Test, limits: Partial<TransportLimits> = {}, options: Partial<TransportLayerOptions> = {},
): Promise<LayerUnderTest> {
  const layer = await createTransportLayer({
    listeners: [{ transport: 'udp', host: '127.0.0.1', port: 0 }, { transport: 'tcp', host: '127.0.0.1', port: 0 }],
    localNetworks: ['127.0.0.0/8'],
    log: silentLog,
    ...options,
    limits: { ...defaultTransportLimits, ...limits },
  });
  const messages = new Inbox<{ readonly raw: string; readonly flow: Flow }>();
  const closed = new Inbox<Flow>();
  layer.onMessage = (raw, flow) => {
    messages.push({ raw, flow });
  };
  layer.onFlowClosed = (flow) => {
    closed.push(flow);
  };
  t.teardown(() => layer.stop());
  return { layer, messages, closed };
}

/** The port of the listener of this transport. */
export function portOf(layer: TransportLayer, transport: string): number {
  const listener = layer.listeners.find((candidate) => candidate.transport === transport);
  if (listener === undefined) throw new Error(`no ${transport} listener`);
  return listener.port;
}

/** A bare UDP peer with what it received. */
export async function udpPeer(t: Test, host = '127.0.0.1'): Promise<{ readonly socket: DatagramSocket; readonly port: number; readonly inbox: Inbox<string> }> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const inbox = new Inbox<string>();
  socket.on('message', (bytes) => {
    inbox.push(bytes.toString('latin1'));
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  t.teardown(() => {
    socket.close();
  });
  return { socket, port: socket.address().port, inbox };
}

/** A bare TCP client, connected. */
export async function tcpPeer(t: Test, port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  socket.on('error', () => undefined);
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** A bare TCP server with the connections it took. */
export async function tcpServer(t: Test, host = '127.0.0.1'): Promise<{ readonly server: Server; readonly port: number; readonly sockets: Inbox<Socket> }> {
  const sockets = new Inbox<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    t.teardown(() => socket.destroy());
    sockets.push(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0, sockets };
}

/** Resolves when the text received so far on this socket satisfies the condition. */
export async function received(socket: Socket, enough: (text: string) => boolean): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (enough(text)) resolve(text);
    });
    socket.once('close', () => {
      reject(new Error(`closed after: ${text}`));
    });
  });
}
