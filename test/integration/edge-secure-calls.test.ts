/** What an unmodified drachtio-srf application sees of phones on TLS and WebSockets, and what they see of it. */
import { once } from 'node:events';
import t from 'tap';
import { dialogOf, edgeBed, SDP, transactionOf } from '../support/edge-bed.js';
import { received } from '../support/edge-sockets.js';
import { testCertificate, tlsPeer, tlsServer, wsPeer } from '../support/edge-secure.js';

const certificate = await testCertificate('edge', ['localhost'], true);
const tls = { certificate, authorities: certificate.cert };
const listeners = (['udp', 'tls', 'ws', 'wss'] as const).map((transport) => ({ transport, host: '127.0.0.1', port: 0 }));

interface Line {
  readonly send: (text: string) => void;
  /** The next whole message. */
  readonly next: () => Promise<string>;
  readonly port: number;
}

const request = (method: string, token: string, branch: string, extra: readonly string[] = [], body = ''): string => [
  `${method} sip:edge.example SIP/2.0`, `Via: SIP/2.0/${token} abc.invalid;rport;branch=z9hG4bK${branch}`, 'Max-Forwards: 70', 'From: <sip:ann@edge.example>;tag=f',
  'To: <sip:ann@edge.example>', `Call-ID: call-${branch}`, `CSeq: 1 ${method}`, ...extra, `Content-Length: ${body.length}`, '', body,
].join('\r\n');

for (const transport of ['tls', 'ws', 'wss'] as const) {
  t.test(`${transport}: register, a call to that phone over its flow, a call from it`, async (t) => {
    const bed = await edgeBed(t, { listeners, tls, localNetworks: ['127.0.0.0/8'] });
    const port = bed.edge.bound.find((each) => each.transport === transport)?.port ?? 0;
    const line = transport === 'tls' ? await overTls(port) : await overWs(port);
    const token = transport.toUpperCase();
    const app = await bed.app('register', 'invite');
    const greeting = await (await bed.rawApp()).request('authenticate|edge bed secret|');
    t.match(greeting.fields.join('|'), `${transport}/127.0.0.1:${port}`, 'the greeting names the listener');

    line.send(request('REGISTER', token, 'reg', ['Contact: <sip:ann@abc.invalid;transport=ws>;expires=300']));
    const handed = await app.sip('REGISTER');
    t.equal(handed.fields[4], transport === 'tls' ? 'tls' : 'tcp', 'drachtio reports WebSockets as tcp');
    t.match(handed.sip, new RegExp(`Via: SIP/2\\.0/${token} abc\\.invalid;.*rport=${handed.fields[6]}`));
    await app.request(`sip|${transactionOf(handed)}|`, 'SIP/2.0 200 OK\r\nContact: <sip:ann@abc.invalid;transport=ws>;expires=300\r\n\r\n');
    t.match(await line.next(), /^SIP\/2\.0 200 OK/);

    for (const route of ['', `sip:127.0.0.1:${handed.fields[6]};transport=${transport}`]) {
      const sent = await app.request(`sip|||${route}`, `INVITE sip:ann@abc.invalid;transport=ws SIP/2.0\r\nTo: <sip:ann@x>\r\nContent-Type: application/sdp\r\n\r\n${SDP}`);
      t.equal(sent.fields[3], 'OK', sent.fields.join('|'));
      const invite = await line.next();
      t.match(invite, /^INVITE sip:ann@abc\.invalid/);
      t.match(invite, new RegExp(`Contact: <sip:127\\.0\\.0\\.1:${port};transport=${transport}>`, 'i'));
      t.match(invite, new RegExp(`Via: SIP/2\\.0/${token} 127\\.0\\.0\\.1:${port};`));
      const copied = invite.split('\r\n').filter((header) => /^(Via|From|Call-ID|CSeq):/i.test(header)).join('\r\n');
      line.send(`SIP/2.0 486 Busy\r\n${copied}\r\nTo: <sip:ann@x>;tag=t\r\nContent-Length: 0\r\n\r\n`);
      t.match(await line.next(), /^ACK /);
      await app.sip('SIP/2.0 486');
    }

    line.send(request('INVITE', token, 'inv', ['Contact: <sip:ann@abc.invalid;transport=ws>', 'Content-Type: application/sdp'], SDP));
    t.match(await line.next(), /^SIP\/2\.0 100/);
    const incoming = await app.sip('INVITE');
    await app.request(`sip|${transactionOf(incoming)}|`, `SIP/2.0 200 OK\r\nContent-Type: application/sdp\r\n\r\n${SDP}`);
    const ok = await line.next();
    t.match(ok, new RegExp(`Contact: <sip:127\\.0\\.0\\.1:${port};transport=${transport}>`, 'i'));
    line.send(request('ACK', token, 'ack').replace('call-ack', 'call-inv').replace('To: <sip:ann@edge.example>', (/^To: .*$/m.exec(ok)?.[0] ?? '').trim()));
    const ack = await app.sip('ACK');
    app.send(`sip||${dialogOf(ack)}|`, 'BYE sip:placeholder SIP/2.0\r\n\r\n');
    t.match(await line.next(), /^BYE sip:ann@abc\.invalid/, 'in the dialog, over the same connection');

    async function overTls(to: number): Promise<Line> {
      const socket = await tlsPeer(t, to);
      const waiting: string[] = [];
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        for (let cut = whole(text); cut > 0; cut = whole(text)) {
          waiting.push(text.slice(0, cut));
          text = text.slice(cut);
          socket.emit('sip');
        }
      });
      return {
        port: socket.localPort ?? 0,
        send: (message) => void socket.write(message),
        next: async () => {
          while (waiting.length === 0) await once(socket, 'sip');
          return waiting.shift() ?? '';
        },
      };
    }
    async function overWs(to: number): Promise<Line> {
      const peer = await wsPeer(t, `${transport}://127.0.0.1:${to}`);
      return { port: 0, send: (message) => peer.socket.send(message), next: async () => (await peer.inbox.next()).text };
    }
  });
}

/** The length of the first message, 0 when it is not whole yet. */
function whole(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  const length = Number(/^Content-Length:\s*(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
  return end >= 0 && text.length >= end + 4 + length ? end + 4 + length : 0;
}

t.test('a request to a TLS server opens a connection; sips means TLS', async (t) => {
  const bed = await edgeBed(t, { listeners, tls });
  const server = await tlsServer(t, certificate);
  const app = await bed.app();
  const sent = await app.request('sip|||', `OPTIONS sips:localhost:${server.port} SIP/2.0\r\nTo: <sip:x@y>\r\n\r\n`);
  t.equal(sent.fields[3], 'OK');
  const socket = await server.sockets.next();
  t.match(await received(socket, (text) => text.includes('\r\n\r\n')), /^OPTIONS sips:localhost.*\r\nVia: SIP\/2\.0\/TLS /);
});

t.test('a WebSocket client that has gone cannot be reached', async (t) => {
  const bed = await edgeBed(t, { listeners, tls });
  const app = await bed.app();
  await app.request('sip|||sip:127.0.0.1:9;transport=ws', 'OPTIONS sip:a@abc.invalid SIP/2.0\r\nTo: <sip:x@y>\r\n\r\n');
  t.match((await app.sip('SIP/2.0 503')).fields, { 3: '0' }, 'told at once');
});
