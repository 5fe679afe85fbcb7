/** RFC 3261 §18.1.1: what does not fit a datagram goes by TCP, where nobody has named UDP. */
import { createServer } from 'node:net';
import t from 'tap';
import { edgeBed, SDP, type EdgeBed } from '../support/edge-bed.js';
import { isRequest, readMessage, type PeerMessage, type SipPeer } from '../support/sip-peer.js';

const LARGE = `a=${'x'.repeat(1_500)}\r\n`;
const invite = (uri: string, body = `${SDP}${LARGE}`, headers = ''): string => `INVITE ${uri} SIP/2.0\r\n${headers}\r\n${body}`;
const uriOf = (peer: SipPeer): string => `sip:bob@127.0.0.1:${peer.port}`;

interface TcpBeside { readonly peer: SipPeer; readonly first: Promise<PeerMessage>; readonly connections: () => number }

/** A UDP peer and a TCP server on its port; the first message that one gets. */
async function peerWithTcp(t: { teardown(end: () => void): void }, bed: EdgeBed): Promise<TcpBeside> {
  let connections = 0;
  const server = createServer();
  const first = new Promise<PeerMessage>((resolve) => {
    server.on('connection', (socket) => {
      connections += 1;
      let text = '';
      t.teardown(() => socket.destroy());
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (text.includes('\r\n\r\n')) resolve(readMessage(text, { address: '127.0.0.1', port: socket.remotePort ?? 0 }));
      });
    });
  });
  // The port the kernel gave for UDP may be taken for TCP, by a connection of another test for one: then the next.
  for (;;) {
    const peer = await bed.peer();
    const taken = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(true)).listen(peer.port, '127.0.0.1', () => resolve(false));
    });
    if (taken) continue;
    t.teardown(() => {
      server.close();
    });
    return { peer, first, connections: () => connections };
  }
}

t.test('a large request goes by TCP', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app();
  const { peer, ...tcp } = await peerWithTcp(t, bed);
  app.send('sip||', invite(uriOf(peer)));
  const got = await tcp.first;
  t.match(got.header('Via'), new RegExp(`^SIP/2\\.0/TCP 127\\.0\\.0\\.1:${bed.tcp.port};`), 'and its Via says so');
  t.equal(got.uri, uriOf(peer), 'the Request-URI stays');
  t.equal(peer.seen.length, 0);
});

t.test('1300 bytes fit, 1301 do not', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app();
  const { peer, ...tcp } = await peerWithTcp(t, bed);
  const fixed = 'from: <sip:a@x>;tag=1\r\ncall-id: 1\r\ncseq: 1 OPTIONS\r\ncontent-type: text/plain\r\n';
  const options = (length: number): string => `OPTIONS ${uriOf(peer)} SIP/2.0\r\n${fixed}\r\n${'x'.repeat(length)}`;
  app.send('sip||', options(500));
  const small = (await peer.waitFor(isRequest('OPTIONS'), 'the small one')).raw.length;
  // The body's length gets a fourth digit.
  const whole = (bytes: number): string => options(500 + bytes - small - 1);
  app.send('sip||', whole(1_300));
  t.equal((await peer.waitFor((message) => message.raw.length > small, 'by UDP')).raw.length, 1_300);
  app.send('sip||', whole(1_301));
  t.match((await tcp.first).header('Via'), /TCP/);
  t.equal(peer.count((message) => message.raw.length > 1_300), 0);
});

t.test('no TCP there: UDP after all, and TCP is not tried again soon', async (t) => {
  const bed = await edgeBed(t);
  const [app, peer] = [await bed.app(), await bed.peer()];
  for (const round of [1, 2]) {
    app.send('sip||', invite(uriOf(peer), undefined, `call-id: ${round}\r\n`));
    const got = await peer.waitFor((message) => message.method === 'INVITE' && message.header('Call-ID') === String(round), 'INVITE by UDP');
    t.match(got.header('Via'), new RegExp(`^SIP/2\\.0/UDP 127\\.0\\.0\\.1:${bed.udp.port};`), 'the Via is UDP again');
  }
  t.equal(bed.edge.metrics()['transport-connect_failures'], 1);
});

t.test('who names UDP gets UDP, however large', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app();
  const { peer, ...tcp } = await peerWithTcp(t, bed);
  const rows = [
    ['by the route url, as for a phone behind NAT', `sip|||${uriOf(peer)};transport=udp`, 'sip:bob@10.9.8.7'],
    ['by the Request-URI', 'sip||', `${uriOf(peer)};transport=udp`],
  ] as const;
  for (const [rule, leader, uri] of rows) {
    app.send(leader, invite(uri, undefined, `subject: ${rule}\r\n`));
    t.match((await peer.waitFor((message) => message.header('Subject') === rule, rule)).header('Via'), /UDP/, rule);
  }
  t.equal(tcp.connections(), 0);
});

t.test('a dialog that speaks UDP goes on with it', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app();
  const { peer, ...tcp } = await peerWithTcp(t, bed);
  app.send('sip||', invite(uriOf(peer), SDP));
  await peer.respond(await peer.waitFor(isRequest('INVITE'), 'INVITE'), 200, 'OK', { toTag: 'bob', body: SDP });
  const ok = await app.sip('SIP/2.0 200');
  await app.request(`sip||${ok.fields[9]}`, 'ACK sip:x SIP/2.0\r\n\r\n');
  app.send(`sip||${ok.fields[9]}`, invite('sip:placeholder'));
  const again = await peer.waitFor((message) => message.method === 'INVITE' && message.raw.includes(LARGE), 're-INVITE');
  t.match(again.header('Via'), /UDP/);
  t.equal(tcp.connections(), 0);
});
