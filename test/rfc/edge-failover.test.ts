/** RFC 3263 §4.3 on the wire: the next server is tried when one fails, and the application sees only the end of it. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import t from 'tap';
import { SDP } from '../support/edge-bed.js';
import { ordered } from '../support/proxy-scene.js';
import { serverFarm } from '../support/server-farm.js';
import { isRequest, isResponse, type PeerMessage, type SipPeer } from '../support/sip-peer.js';

const branch = (message: PeerMessage): string => /branch=([^;]+)/.exec(message.header('Via') ?? '')?.[1] ?? '';
const OPTIONS = 'OPTIONS sip:farm.test SIP/2.0\r\n\r\n';
const INVITE = `INVITE sip:bob@farm.test SIP/2.0\r\n\r\n${SDP}`;

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function serves(peer: SipPeer, method: string): Promise<PeerMessage> {
  const request = await peer.waitFor(isRequest(method), `${method} at the server`);
  await peer.respond(request, 200, 'OK', method === 'INVITE' ? { toTag: 'bob', body: SDP } : {});
  return request;
}

t.test('503: the next server, in a transaction of its own', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [first, second] = [await bed.peer(), await bed.peer()];
  serve('udp', first, second);
  app.send('sip||', INVITE);
  const refused = await first.waitFor(isRequest('INVITE'), 'INVITE');
  await first.respond(refused, 503, 'Service Unavailable', { toTag: 'f', headers: [['Retry-After', '60']] });
  const ack = await first.waitFor(isRequest('ACK'), 'the 503 is acknowledged where it came from');
  const taken = await serves(second, 'INVITE');
  t.equal(branch(ack), branch(refused));
  t.not(branch(taken), branch(refused), 'a new branch');
  t.equal(taken.header('Call-ID'), refused.header('Call-ID'), 'and the same request');
  t.equal(taken.header('CSeq'), refused.header('CSeq'));
  await app.sip('SIP/2.0 200');
  t.notOk(app.frames.some((frame) => frame.sip.startsWith('SIP/2.0 503')), 'the application hears of the 200 only');

  const again = app.request('sip||', OPTIONS);
  await serves(second, 'OPTIONS');
  await again;
  t.equal(first.count(isRequest('OPTIONS')), 0, 'what failed a moment ago is tried last');
});

t.test('no answer in time (F): the next server', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [dead, second] = [await bed.peer(), await bed.peer()];
  serve('udp', dead, second);
  app.send('sip||', OPTIONS);
  await serves(second, 'OPTIONS');
  await app.sip('SIP/2.0 200');
  t.ok(dead.count(isRequest('OPTIONS')) > 2, 'the first one had its repetitions');
  t.notOk(app.frames.some((frame) => frame.sip.startsWith('SIP/2.0 408')));
});

t.test('no answer in time (B): the next server gets the INVITE', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [dead, second] = [await bed.peer(), await bed.peer()];
  serve('udp', dead, second);
  app.send('sip||', INVITE);
  await serves(second, 'INVITE');
  await app.sip('SIP/2.0 200');
  t.ok(dead.count(isRequest('INVITE')) > 2);
});

t.test('connection refused: the next server', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const second = await bed.peer('tcp');
  serve('tcp', await closedPort(), second);
  app.send('sip||', OPTIONS);
  const got = await serves(second, 'OPTIONS');
  t.match(got.header('Via'), /^SIP\/2\.0\/TCP /, 'SRV of TCP alone: TCP');
  await app.sip('SIP/2.0 200');
});

t.test('our Contact follows the transport the DNS chose', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const peer = await bed.peer('tcp');
  serve('tcp', peer);
  app.send('sip||', INVITE);
  const got = await serves(peer, 'INVITE');
  t.equal(got.header('Contact'), `<sip:127.0.0.1:${bed.tcp.port};transport=tcp>`);
});

t.test('the connection breaks before any response: the next server', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [first, second] = [await bed.peer('tcp'), await bed.peer('tcp')];
  serve('tcp', first, second);
  app.send('sip||', OPTIONS);
  await first.waitFor(isRequest('OPTIONS'), 'OPTIONS');
  first.disconnect();
  await serves(second, 'OPTIONS');
  await app.sip('SIP/2.0 200');
});

t.test('none is left: the last outcome', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [first, second] = [await bed.peer(), await bed.peer()];
  serve('udp', first, second);
  app.send('sip||', OPTIONS);
  for (const peer of [first, second]) await peer.respond(await peer.waitFor(isRequest('OPTIONS'), 'OPTIONS'), 503, 'Service Unavailable', { toTag: `at${peer.port}` });
  const told = await app.sip('SIP/2.0 503');
  t.match(told.sip, `tag=at${second.port}`);
  t.equal(told.fields[6], String(second.port), 'as it came from the network');
  serve('tcp', await closedPort());
  app.send('sip||', 'OPTIONS sip:farm.test;transport=tcp SIP/2.0\r\n\r\n');
  t.equal((await app.sip('SIP/2.0 503')).fields[3], '0', 'nobody to be reached at all: 503 of the edge');
});

t.test('four servers at most', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const peers = await Promise.all(Array.from({ length: 6 }, () => bed.peer()));
  serve('udp', ...peers);
  app.send('sip||', OPTIONS);
  for (const peer of peers.slice(0, 4)) await peer.respond(await peer.waitFor(isRequest('OPTIONS'), 'OPTIONS'), 503, 'No', { toTag: 'x' });
  await app.sip('SIP/2.0 503');
  t.equal(peers.slice(4).reduce((sum, peer) => sum + peer.count(isRequest('OPTIONS')), 0), 0);
});

t.test('other responses are no failure of the server', async (t) => {
  for (const status of [404, 500, 603]) {
    const { app, bed, serve } = await serverFarm(t);
    const [first, second] = [await bed.peer(), await bed.peer()];
    serve('udp', first, second);
    app.send('sip||', OPTIONS);
    await first.respond(await first.waitFor(isRequest('OPTIONS'), 'OPTIONS'), status, 'No', { toTag: 'x' });
    await app.sip(`SIP/2.0 ${status}`);
    t.equal(second.count(isRequest('OPTIONS')), 0, String(status));
  }
});

t.test('a server that rang is the one', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [first, second] = [await bed.peer(), await bed.peer()];
  serve('udp', first, second);
  app.send('sip||', INVITE);
  const invite = await first.waitFor(isRequest('INVITE'), 'INVITE');
  await first.respond(invite, 180, 'Ringing', { toTag: 'x' });
  await app.sip('SIP/2.0 180');
  await first.respond(invite, 503, 'Service Unavailable', { toTag: 'x' });
  await app.sip('SIP/2.0 503');
  t.equal(second.count(isRequest('INVITE')), 0);
});

t.test('CANCEL goes where the INVITE went last (RFC 3261 §9.1)', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [first, second] = [await bed.peer(), await bed.peer()];
  serve('udp', first, second);
  const reply = await app.request('sip||', INVITE);
  const refused = await first.waitFor(isRequest('INVITE'), 'INVITE');
  await first.respond(refused, 100, 'Trying');
  await first.respond(refused, 503, 'Service Unavailable', { toTag: 'x' });
  const taken = await second.waitFor(isRequest('INVITE'), 'INVITE at the second');
  await app.request(`sip|${reply.fields[10]}|`, 'CANCEL sip:x SIP/2.0\r\n\r\n');
  t.equal(second.count(isRequest('CANCEL')), 0, 'the 100 of the first server does not count');
  await second.respond(taken, 180, 'Ringing', { toTag: 'y' });
  const cancel = await second.waitFor(isRequest('CANCEL'), 'CANCEL');
  t.equal(branch(cancel), branch(taken));
  await second.respond(cancel, 200, 'OK');
  await second.respond(taken, 487, 'Request Terminated', { toTag: 'y' });
  await app.sip('SIP/2.0 487');
  t.equal(first.count(isRequest('CANCEL')), 0);
});

t.test('canceled before the next server is tried: it is not', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [dead, second] = [await bed.peer(), await bed.peer()];
  serve('udp', dead, second);
  const reply = await app.request('sip||', INVITE);
  await dead.waitFor(isRequest('INVITE'), 'INVITE');
  await app.request(`sip|${reply.fields[10]}|`, 'CANCEL sip:x SIP/2.0\r\n\r\n');
  await app.sip('SIP/2.0 487');
  t.equal(second.count(isRequest('INVITE')), 0);
});

t.test('requests inside a dialog find another server behind a name too', async (t) => {
  const { app, bed, serve } = await serverFarm(t);
  const [first, second] = [await bed.peer(), await bed.peer()];
  serve('udp', first, second);
  app.send('sip||', INVITE);
  const invite = await first.waitFor(isRequest('INVITE'), 'INVITE');
  const answer = first.response(invite, 200, 'OK', { toTag: 'bob', body: SDP, headers: [['Record-Route', '<sip:farm.test;lr>']] });
  await first.send(answer, bed.udp);
  const ok = await app.sip('SIP/2.0 200');
  await app.request(`sip||${ok.fields[9]}`, 'ACK sip:bob@x SIP/2.0\r\n\r\n');
  await first.waitFor(isRequest('ACK'), 'ACK by the route set');
  app.send(`sip||${ok.fields[9]}`, 'BYE sip:placeholder SIP/2.0\r\n\r\n');
  await first.respond(await first.waitFor(isRequest('BYE'), 'BYE'), 503, 'Service Unavailable');
  const bye = await serves(second, 'BYE');
  t.equal(bye.header('Route'), '<sip:farm.test;lr>');
  await app.sip('SIP/2.0 200');
});

t.test('a proxied request fails over as well (RFC 3261 §16.6 step 7)', async (t) => {
  const { bed, serve } = await serverFarm(t);
  const [first, second] = [await bed.peer(), await bed.peer()];
  serve('udp', first, second);
  const { caller } = await ordered(bed, ['sip:farm.test']);
  const refused = await first.waitFor(isRequest('INVITE'), 'INVITE');
  await first.respond(refused, 100, 'Trying');
  await first.respond(refused, 503, 'Service Unavailable', { toTag: 'x' });
  await serves(second, 'INVITE');
  await caller.waitFor(isResponse(200), '200 for the caller');
  t.equal(caller.count(isResponse(503)), 0);
});
