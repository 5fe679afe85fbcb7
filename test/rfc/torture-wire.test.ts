import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import Srf from 'drachtio-srf';
import t from 'tap';
import type { Test } from 'tap';
import { startEdge } from '../../sip/edge/edge.js';
import type { Edge } from '../../sip/edge/edge.js';
import { silentLog } from '../../sip/edge/log.js';
import { Inbox, tcpPeer, udpPeer } from '../support/edge-sockets.js';
import { wsPeer } from '../support/edge-secure.js';
import { withTortureMessages } from '../support/torture-corpus.js';
import type { TortureMessage } from '../support/torture-corpus.js';

const ANSWER_MS = 5_000;
const METHODS = ['invite', 'register', 'options', 'message', 'info', 'notify', 'subscribe', 'publish'] as const;

/** An edge on loopback with an application that challenges everything but our pings. */
async function startChallenger(t: Test): Promise<Edge> {
  const edge = await startEdge({
    listeners: (['udp', 'tcp', 'ws'] as const).map((transport) => ({ transport, host: '127.0.0.1', port: 0 })),
    admin: { host: '127.0.0.1', port: 0, secret: 'torture' },
    localNetworks: ['127.0.0.0/8'],
    timers: { t1: 100 },
    log: silentLog,
  });
  const srf = new Srf();
  for (const method of METHODS) {
    srf[method]((req, res) => {
      const headers: Record<string, string> = { 'WWW-Authenticate': 'Digest realm="torture", nonce="n"' };
      if (req.uri.startsWith('sip:ping@')) res.send(200, undefined, {});
      else res.send(401, undefined, { headers });
    });
  }
  t.teardown(async () => {
    srf.disconnect();
    await edge.stop();
  });
  srf.on('error', () => undefined);
  const connected = once(srf, 'connect');
  srf.connect({ host: edge.admin.host, port: edge.admin.port, secret: 'torture' });
  await connected;
  return edge;
}

function portOf(edge: Edge, transport: 'udp' | 'tcp' | 'ws'): number {
  return edge.bound.find((listener) => listener.transport === transport)?.port ?? 0;
}

/** Resolves with the next item, or undefined when none comes in time. */
async function within<T>(inbox: Inbox<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, ANSWER_MS);
  });
  const item = await Promise.race([inbox.next(), late]);
  clearTimeout(timer);
  return item;
}

let pings = 0;

/** An OPTIONS through edge and application and back: whatever came before has been dealt with. */
async function ping(t: Test, edge: Edge): Promise<string> {
  const peer = await udpPeer(t);
  pings += 1;
  peer.socket.send([
    'OPTIONS sip:ping@127.0.0.1 SIP/2.0', `Via: SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bKping${pings}`, 'From: <sip:p@127.0.0.1>;tag=p',
    'To: <sip:ping@127.0.0.1>', `Call-ID: ping${pings}`, 'CSeq: 1 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0', '', '',
  ].join('\r\n'), portOf(edge, 'udp'), '127.0.0.1');
  return statusOf((await within(peer.inbox)) ?? '');
}

function statusOf(text: string): string {
  return /^SIP\/2\.0 (\d{3}) /.exec(text)?.[1] ?? 'drop';
}

let runs = 0;

/** The message with its top Via naming the transport it is sent on, and a transaction of its own in each run. */
function onTransport(message: TortureMessage, transport: 'UDP' | 'TCP' | 'WS'): string {
  runs += 1;
  return (transport === 'TCP' ? message.streamText : message.text)
    .replace(/\/(UDP|TCP|TLS)(?=\s)/, `/${transport}`)
    .replace(/z9hG4bK(?=[^\s;,])/g, `z9hG4bK${runs}.`)
    .replace(/^(Call-ID|i)([ \t]*:[ \t]*)/im, (_all, name: string, colon: string) => `${name}${colon}${runs}.`);
}

/** The first final status, or a 100 where the manifest counts it as an answer. */
async function decisiveStatus(replies: Inbox<string>, accepts: readonly string[], mayBeSilent: boolean): Promise<string> {
  for (;;) {
    const status = replies.size === 0 && mayBeSilent ? 'drop' : statusOf((await within(replies)) ?? '');
    if (status !== '100' || accepts.includes(status)) return status;
  }
}

for (const corpus of ['rfc4475', 'rfc5118'] as const) {
  let messages: readonly TortureMessage[] = [];
  t.test(`${corpus}: the corpus`, (t) => {
    withTortureMessages(t, corpus, (found) => {
      messages = found;
      t.ok(found.length > 0);
    });
  });

  t.test(`${corpus}: as datagrams`, async (t) => {
    const edge = await startChallenger(t);
    for (const message of messages) {
      const peer = await udpPeer(t);
      peer.socket.send(Buffer.from(onTransport(message, 'UDP'), 'latin1'), portOf(edge, 'udp'), '127.0.0.1');
      t.equal(await ping(t, edge), '200', `${message.name}: the edge still answers`);
      const status = await decisiveStatus(peer.inbox, message.accepts, message.accepts.includes('drop'));
      t.ok(message.accepts.includes(status), `§${message.section} ${message.name}: ${status}`, { allowed: message.accepts });
    }
    t.equal(edge.metrics()['faults'] ?? 0, 0, 'no fault inside');
  });

  for (const [mode, portion, copies] of [['whole', 65_536, 1], ['one byte a write', 1, 1], ['twice back to back', 65_536, 2]] as const) {
    t.test(`${corpus}: over TCP, ${mode}`, async (t) => {
      const edge = await startChallenger(t);
      for (const message of messages) {
        const socket = await tcpPeer(t, portOf(edge, 'tcp'));
        socket.setNoDelay(true);
        const replies = new Inbox<string>();
        socket.on('data', (chunk: Buffer) => {
          for (const part of chunk.toString('latin1').split(/(?=SIP\/2\.0 \d{3} )/)) replies.push(part);
        });
        const bytes = Buffer.from(onTransport(message, 'TCP').repeat(copies), 'latin1');
        for (let at = 0; at < bytes.length; at += portion) socket.write(bytes.subarray(at, at + portion));
        t.equal(await ping(t, edge), '200', `${message.name}: the edge still answers`);
        // RFC 4475 §3.1.2.2: on a stream the rest of the body is waited for, until the deadline closes it
        const mayWait = message.name === 'clerr' || message.accepts.includes('drop');
        const status = await decisiveStatus(replies, message.accepts, mayWait);
        t.ok(message.accepts.includes(status) || (status === 'drop' && mayWait), `§${message.section} ${message.name}: ${status}`, { allowed: message.accepts });
        socket.destroy();
      }
      t.equal(edge.metrics()['faults'] ?? 0, 0, 'no fault inside');
    });
  }

  for (const mode of ['text', 'binary'] as const) {
    t.test(`${corpus}: over WebSocket, ${mode} frames`, async (t) => {
      const edge = await startChallenger(t);
      for (const message of messages) {
        const bytes = Buffer.from(onTransport(message, 'WS'), 'latin1');
        // RFC 6455 §5.6: such text frames end the connection before anybody reads SIP
        if (mode === 'text' && !isUtf8(bytes)) continue;
        const peer = await wsPeer(t, `ws://127.0.0.1:${portOf(edge, 'ws')}`);
        const replies = new Inbox<string>();
        peer.socket.on('message', (data) => {
          if (Buffer.isBuffer(data)) replies.push(data.toString('latin1'));
        });
        peer.socket.send(bytes, { binary: mode === 'binary' });
        t.equal(await ping(t, edge), '200', `${message.name}: the edge still answers`);
        const status = await decisiveStatus(replies, message.accepts, message.accepts.includes('drop'));
        t.ok(message.accepts.includes(status), `§${message.section} ${message.name}: ${status}`, { allowed: message.accepts });
        peer.socket.terminate();
      }
      t.equal(edge.metrics()['faults'] ?? 0, 0, 'no fault inside');
    });
  }
}
