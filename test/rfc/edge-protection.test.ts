/** Overload control and abuse protection of the edge, on real sockets: strangers send from 127.0.0.9, phones from 127.0.0.1. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { edgeBed, SDP, transactionOf, type AppFrame, type EdgeBed, type ScriptedApp } from '../support/edge-bed.js';
import { createSipPeer, type PeerAddress, type SipPeer } from '../support/sip-peer.js';

const STRANGER = '127.0.0.9';

/** Answers REGISTER as a registrar does: 401 without credentials, 200 with good ones, 401 with wrong ones. */
async function registrar(bed: EdgeBed): Promise<ScriptedApp> {
  const app = await bed.app('register', 'options', 'message', 'invite');
  let next = 0;
  app.socket.on('data', () => {
    for (; next < app.frames.length; next += 1) {
      const frame = app.frames[next];
      if (frame?.fields[1] === 'sip' && /^(REGISTER|OPTIONS|MESSAGE|INVITE) /.test(frame.sip)) give(app, frame);
    }
  });
  return app;
}

function give(app: ScriptedApp, frame: AppFrame): void {
  const copy = (name: string): string => new RegExp(`^${name}: .*$`, 'm').exec(frame.sip)?.[0] ?? '';
  const taken = !frame.sip.startsWith('REGISTER') || frame.sip.includes('good');
  const contact = frame.sip.startsWith('REGISTER') ? `${copy('Contact')};expires=300` : 'Contact: <sip:app@127.0.0.1:5999>';
  const body = frame.sip.startsWith('INVITE') ? SDP : '';
  const head = [taken ? 'SIP/2.0 200 OK' : 'SIP/2.0 401 Unauthorized', copy('Call-ID'), copy('CSeq'), ...(taken ? [contact] : [])];
  app.send(`sip|${transactionOf(frame)}`, `${head.join('\r\n')}\r\n\r\n${body}`);
}

async function peerAt(t: { teardown(handler: () => Promise<void>): void }, address: string, transport: 'udp' | 'tcp' = 'udp'): Promise<SipPeer> {
  const peer = await createSipPeer({ transport, address });
  t.teardown(() => peer.close());
  return peer;
}

const GOOD = [['Authorization', 'Digest username="x", response="good"']] as const;
const BAD = [['Authorization', 'Digest username="x", response="bad"']] as const;

/** Sends a request of this user and waits for the final status. */
async function ask(
  peer: SipPeer, to: PeerAddress, method: string, user: string,
  more: { headers?: readonly (readonly [string, string])[]; uri?: string } = {},
): Promise<number> {
  const aor = `<sip:${user}@edge.example>`;
  const message = peer.request(method, more.uri ?? 'sip:edge.example', {
    from: aor, to: aor, headers: more.headers ?? [], ...(method === 'INVITE' ? { body: SDP, contentType: 'application/sdp' } : {}),
  });
  const callId = /^Call-ID: (.*)\r$/m.exec(message)?.[1] ?? '';
  await peer.send(message, to);
  const answer = await peer.waitFor((one) => one.header('Call-ID') === callId && one.status >= 200, `answer to ${method} of ${user}`);
  if (method === 'INVITE') await peer.send(peer.ack(message, answer), to);
  return answer.status;
}

t.test('a flood of 5,000/s from one address is banned within what 2 s bring; phones elsewhere register and call all the while', async (t) => {
  const bed = await edgeBed(t);
  await registrar(bed);
  const phone = await peerAt(t, '127.0.0.1');
  const stranger = createSocket('udp4');
  stranger.bind(0, STRANGER);
  await once(stranger, 'listening');
  const noise = Buffer.from('OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.9;branch=z9hG4bKx\r\n\r\n');
  // 5,000 a second, in portions of 10 ms.
  let portions = 0;
  const flood = setInterval(() => {
    portions += 1;
    for (let sent = 0; sent < 50; sent += 1) stranger.send(noise, bed.udp.port, bed.udp.address);
  }, 10);
  t.teardown(() => {
    clearInterval(flood);
    stranger.close();
  });
  t.equal(await ask(phone, bed.udp, 'REGISTER', 'ann', { headers: GOOD }), 200);
  while (bed.edge.protection.banned().length === 0 && portions < 500) {
    t.equal(await ask(phone, bed.udp, 'INVITE', 'ann', { uri: 'sip:bob@edge.example' }), 200);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  t.match(bed.edge.protection.banned(), [{ address: STRANGER, reason: 'flood', times: 1 }]);
  // Counted, not timed: a busy machine floods more slowly.
  t.ok(portions < 200, `banned after ${portions * 50} messages`);
  t.equal(await ask(phone, bed.udp, 'REGISTER', 'ann', { headers: GOOD }), 200, 'the phone is served');
  const refused = connect({ host: bed.tcp.address, port: bed.tcp.port, localAddress: STRANGER });
  refused.on('error', () => undefined);
  await t.resolves(once(refused, 'close'), 'a connection from the banned address is closed at once');
  t.ok((bed.edge.metrics()['dropped-messages banned'] ?? 0) > 0);
  t.equal(bed.edge.metrics()['closed-connections banned'], 1);
  clearInterval(flood);
  t.ok(bed.edge.protection.lift(STRANGER), 'lifted');
  const better = await peerAt(t, STRANGER);
  t.equal(await ask(better, bed.udp, 'OPTIONS', 'x'), 200, 'and served again');
});

t.test('many unknown users ban an address; a live binding protects it', async (t) => {
  const bed = await edgeBed(t, { protection: { limits: { unknownUsers: 5 } } });
  await registrar(bed);
  const scanner = await peerAt(t, STRANGER);
  for (let user = 0; user < 4; user += 1) t.equal(await ask(scanner, bed.udp, 'REGISTER', `1${user}`, { headers: BAD }), 401);
  t.equal(await ask(scanner, bed.udp, 'REGISTER', '10', { headers: BAD }), 401, 'the same user again counts no more');
  t.strictSame(bed.edge.protection.banned(), []);
  t.equal(await ask(scanner, bed.udp, 'REGISTER', '14', { headers: BAD }), 401);
  t.match(bed.edge.protection.banned(), [{ address: STRANGER, reason: 'unknown-users' }]);

  const office = await peerAt(t, '127.0.0.8');
  t.equal(await ask(office, bed.udp, 'REGISTER', 'ann', { headers: GOOD }), 200);
  for (let user = 0; user < 20; user += 1) await ask(office, bed.udp, 'REGISTER', `1${user}`, { headers: BAD });
  t.equal(bed.edge.protection.banned().length, 1, 'the office behind one address is not banned');
  t.equal(await ask(office, bed.udp, 'REGISTER', 'bob', { headers: GOOD }), 200);
});

t.test('bans by hand: live bindings are respected, and an emergency call passes even where they are not', async (t) => {
  const bed = await edgeBed(t, { protection: { emergencyUsers: ['911'], trustedSources: ['127.0.0.7'] } });
  await registrar(bed);
  const { protection } = bed.edge;
  const office = await peerAt(t, '127.0.0.8');
  t.equal(await ask(office, bed.udp, 'REGISTER', 'ann', { headers: GOOD }), 200);
  t.equal(protection.ban('127.0.0.8', 60, false), 'live');
  t.equal(protection.ban('127.0.0.7', 60, true), 'trusted');
  t.equal(protection.ban('127.0.0.8', 60, true), 'done');
  t.equal(await ask(office, bed.udp, 'INVITE', 'ann', { uri: 'sip:911@edge.example' }), 200, 'the emergency call');
  const before = bed.edge.metrics()['banned-requests'] ?? 0;
  const other = office.request('OPTIONS', 'sip:edge.example');
  await office.send(other, bed.udp);
  t.equal(await ask(office, bed.udp, 'INVITE', 'ann', { uri: 'urn:service:sos' }), 200);
  t.equal((bed.edge.metrics()['banned-requests'] ?? 0) - before, 1, 'anything else is dropped');

  const stranger = await peerAt(t, STRANGER);
  protection.ban(STRANGER, 60, false);
  await stranger.send(stranger.request('INVITE', 'sip:911@edge.example'), bed.udp);
  t.equal(await ask(office, bed.udp, 'INVITE', 'ann', { uri: 'sip:911@edge.example' }), 200);
  t.equal(stranger.seen.length, 0, 'without a live binding a ban is whole');
});

t.test('a connection that floods is closed, and its address banned', async (t) => {
  const bed = await edgeBed(t, { protection: { limits: { sourceMessagesPerSecond: 50 } } });
  const socket = connect({ host: bed.tcp.address, port: bed.tcp.port, localAddress: STRANGER });
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  const noise = 'OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.9;branch=z9hG4bKx\r\nContent-Length: 0\r\n\r\n'.repeat(50);
  const flood = setInterval(() => socket.write(noise), 20);
  t.teardown(() => clearInterval(flood));
  await closed;
  clearInterval(flood);
  t.ok((bed.edge.metrics()['dropped-messages flood'] ?? 0) >= 1);
});

t.test('one user name has its own limit', async (t) => {
  const bed = await edgeBed(t, { protection: { limits: { userRequestsPerSecond: 2 } } });
  await registrar(bed);
  const office = await peerAt(t, '127.0.0.8');
  t.equal(await ask(office, bed.udp, 'REGISTER', 'ann', { headers: GOOD }), 200);
  const statuses: number[] = [];
  for (let sent = 0; sent < 12; sent += 1) statuses.push(await ask(office, bed.udp, 'OPTIONS', 'eve'));
  t.ok(statuses.includes(503), 'eve is held back');
  t.equal(await ask(office, bed.udp, 'OPTIONS', 'ann'), 200, 'ann is not');
});

t.test('a blocked event loop: who is served and who is not', async (t) => {
  const bed = await edgeBed(t, { protection: { emergencyUsers: ['911'], limits: { loopDelayMs: 15 } } });
  await registrar(bed);
  const phone = await peerAt(t, '127.0.0.1');
  t.equal(await ask(phone, bed.udp, 'REGISTER', 'ann', { headers: GOOD }), 200);
  const call = phone.request('INVITE', 'sip:bob@edge.example', { from: '<sip:ann@edge.example>', body: SDP, contentType: 'application/sdp' });
  await phone.send(call, bed.udp);
  const answered = await phone.waitFor((one) => one.method === '' && one.status === 200 && one.raw.includes('INVITE'), 'call up');
  await phone.send(phone.ack(call, answered), bed.udp);

  const lock = new Int32Array(new SharedArrayBuffer(4));
  const blocking = setInterval(() => Atomics.wait(lock, 0, 0, 80), 100);
  t.teardown(() => clearInterval(blocking));
  const began = performance.now();
  while (bed.edge.protection.report().level !== 'refreshes-only' && performance.now() - began < 15_000) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.equal(bed.edge.protection.report().level, 'refreshes-only');
  const rows: readonly (readonly [string, string, string, object, number])[] = [
    ['an emergency call of anybody', 'INVITE', 'zoe', { uri: 'sip:911@edge.example' }, 200],
    ['the refresh of a live binding, without credentials yet', 'REGISTER', 'ann', {}, 401],
    ['a REGISTER with credentials', 'REGISTER', 'bob', { headers: GOOD }, 200],
    ['a first REGISTER', 'REGISTER', 'carl', {}, 503],
    ['a new call', 'INVITE', 'ann', { uri: 'sip:bob@edge.example' }, 503],
    ['OPTIONS', 'OPTIONS', 'ann', {}, 503],
    ['MESSAGE', 'MESSAGE', 'ann', {}, 503],
  ];
  for (const [name, method, user, more, status] of rows) t.equal(await ask(phone, bed.udp, method, user, more), status, name);
  const toTag = /^To: .*;tag=([^;\r]+)/m.exec(answered.raw)?.[1] ?? '';
  const header = (name: string): string => new RegExp(`^${name}: (.*)\r$`, 'm').exec(call)?.[1] ?? '';
  const bye = phone.request('BYE', 'sip:bob@edge.example', {
    from: '<sip:ann@edge.example>', fromTag: /;tag=([^;\r]+)/.exec(header('From'))?.[1] ?? '', toTag, callId: header('Call-ID'), cseq: 2,
  });
  await phone.send(bye, bed.udp);
  await phone.waitFor((one) => one.method === '' && /^CSeq: 2 BYE/m.test(one.raw), 'answer to BYE');
  const { counters } = bed.edge.protection.report();
  t.match(counters, { 'shed registration': 1, 'shed call': 1, 'shed other': 2 });
  clearInterval(blocking);
  while (bed.edge.protection.report().level !== 'normal' && performance.now() - began < 30_000) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  t.equal(bed.edge.protection.report().level, 'normal', 'and all is well again');
  t.equal(await ask(phone, bed.udp, 'OPTIONS', 'ann'), 200);
});

t.test('scanners are declined or ignored, and banned for many names', async (t) => {
  const discard = { userAgents: ['scan'], fromUsers: [], toUsers: [], anywhere: [], action: 'discard', tcpAction: 'reject' } as const;
  const bed = await edgeBed(t, { spammers: discard, protection: { limits: { unknownUsers: 3 } } });
  await registrar(bed);
  const agent = [['User-Agent', 'my scan 1']] as const;
  const overTcp = await peerAt(t, '127.0.0.8', 'tcp');
  t.equal(await ask(overTcp, bed.tcp, 'OPTIONS', 'x', { headers: agent }), 603);
  const scanner = await peerAt(t, STRANGER);
  for (let user = 0; user < 3; user += 1) {
    await scanner.send(scanner.request('OPTIONS', 'sip:edge.example', { from: `<sip:${user}@edge.example>`, headers: agent }), bed.udp);
  }
  const phone = await peerAt(t, '127.0.0.1');
  t.equal(await ask(phone, bed.udp, 'OPTIONS', 'ann'), 200);
  t.equal(scanner.seen.length, 0, 'not a word');
  t.match(bed.edge.protection.banned(), [{ address: STRANGER, reason: 'unknown-users' }]);
  t.match(bed.edge.metrics(), { 'spammers discard': 3, 'spammers reject': 1 });
});
