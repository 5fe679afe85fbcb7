import { createHash } from 'node:crypto';
import t from 'tap';
import type { Test } from 'tap';
import type { Trunk } from '../../src/domain/trunk/trunk.js';
import { createTrunkLeases } from '../../src/storage/redis/trunk-leases.js';
import { loadScripts } from '../../src/storage/redis/scripts.js';
import { createTrunkWatch } from '../../src/usecases/trunks/watch-trunks.js';
import { informEdge } from '../../src/wiring/edge-protection.js';
import { DirectoryIndex } from '../../src/storage/postgres/directory-index.js';
import { edgeAdmin } from '../support/edge-admin.js';
import { anAccount } from '../support/sample-account.js';
import { startTestRedis } from '../support/redis.js';
import { aGateway } from '../support/sample-trunk.js';
import { createSipPeer, isRequest, type PeerMessage, type SipPeer } from '../support/sip-peer.js';
import { gatewayAt, startTrunkBed, type TrunkBed } from '../support/trunk-bed.js';

const PLACE = { address: '127.0.0.1', port: 0 };
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

async function carrier(t: Test, transport: 'udp' | 'tcp' = 'udp'): Promise<SipPeer> {
  const peer = await createSipPeer({ transport });
  t.teardown(() => peer.close());
  return peer;
}

/** Resolves when the state of the peer's gateway is what is wanted. */
function healthOf(bed: TrunkBed, trunk: Trunk, wanted: 'up' | 'down'): Promise<void> {
  const id = trunk.gateways[0]?.id;
  return new Promise((resolve) => {
    if (id !== undefined && bed.health.of(id).state === wanted) return resolve();
    const deaf = bed.health.onChange(({ gateway, health }) => {
      if (gateway.id !== id || health.state !== wanted) return;
      deaf();
      resolve();
    });
  });
}

/** A password challenge, and whether an answer to it is right. */
function challenge(realm = 'carrier', nonce = 'n1', more = ''): readonly [string, string] {
  return ['WWW-Authenticate', `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${more}`];
}
function rightAnswer(message: PeerMessage, user: string, password: string): boolean {
  const header = message.header('Authorization') ?? '';
  const part = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(header)?.[1] ?? '';
  const ha1 = md5(`${user}:${part('realm')}:${password}`);
  const ha2 = md5(`${message.method}:${part('uri')}`);
  return part('username') === user && part('response') === md5(`${ha1}:${part('nonce')}:${part('nc')}:${part('cnonce')}:${part('qop')}:${ha2}`);
}

const registering = (changes: Partial<Trunk>): Partial<Trunk> => ({
  authentication: { kind: 'registration', userName: 'user', realm: 'carrier', aor: 'sip:+12125550100@carrier.example', expiresSeconds: 600 }, probeSeconds: 0, ...changes,
});

t.test('a gateway is asked; what it answers decides', async (t) => {
  const bed = await startTrunkBed(t, { jitter: 0 });
  const peer = await carrier(t);
  const trunk = bed.trunk({ gateways: [gatewayAt(peer)], probeSeconds: 5 });
  const first = await peer.waitFor(isRequest('OPTIONS'), 'OPTIONS');
  t.match(first.uri, `sip:127.0.0.1:${peer.port};transport=udp`);
  t.match(first.header('From'), /<sip:office\.example>/);
  await peer.respond(first, 405, 'Method Not Allowed');
  await healthOf(bed, trunk, 'up');
  const [gateway] = trunk.gateways;
  if (gateway === undefined) throw new Error('no gateway');
  t.match(bed.health.of(gateway.id), { lastSeen: /^Answered 405 after \d+ ms\.$/ });

  const busy = await peer.waitFor(isRequest('OPTIONS'), 'the next one');
  await peer.respond(busy, 503, 'Maintenance');
  const miss = await peer.waitFor(isRequest('OPTIONS'), 'soon after a miss', 4000);
  await peer.respond(miss, 500, 'Down');
  await healthOf(bed, trunk, 'down');
  t.match(bed.health.of(gateway.id).lastSeen, /Answered 500/);

  bed.put({ ...trunk, enabled: false, version: 2 });
  bed.health.forgetOthers();
  t.equal(bed.health.of(gateway.id).state, 'unknown');
});

t.test('a gateway that is not there', async (t) => {
  const bed = await startTrunkBed(t, { jitter: 0 });
  const gone = await createSipPeer({ transport: 'tcp' });
  const gateway = gatewayAt(gone);
  await gone.close();
  const trunk = bed.trunk({ gateways: [gateway], probeSeconds: 30 });
  await healthOf(bed, trunk, 'down');
  t.match(bed.health.of(gateway.id).lastSeen, /cannot be reached/);
});

t.test('we register, and stay registered', async (t) => {
  const bed = await startTrunkBed(t, { jitter: 0 });
  const peer = await carrier(t);
  const trunk = bed.trunk(registering({ gateways: [gatewayAt(peer)] }));
  const plain = await peer.waitFor(isRequest('REGISTER'), 'REGISTER');
  t.equal(plain.uri, 'sip:carrier.example', 'the domain, without user (RFC 3261 §10.2)');
  t.match(plain.header('To'), '<sip:+12125550100@carrier.example>');
  t.match(plain.header('Contact'), new RegExp(`<sip:\\+12125550100@127\\.0\\.0\\.1:${bed.edge.bound[0]?.port ?? PLACE.port}>;expires=600`));
  t.equal(bed.side.registration(trunk)?.state, 'trying');
  await peer.respond(plain, 401, 'Unauthorized', { headers: [challenge()] });
  const signed = await peer.waitFor(isRequest('REGISTER'), 'with credentials');
  t.ok(rightAnswer(signed, 'user', 'secret'));
  t.same([signed.header('Call-ID'), signed.cseq], [plain.header('Call-ID'), plain.cseq + 1]);
  await peer.respond(signed, 423, 'Interval Too Brief', { headers: [['Min-Expires', '900']] });
  const longer = await peer.waitFor(isRequest('REGISTER'), 'for longer');
  t.match(longer.header('Contact'), /expires=900/);
  await peer.respond(longer, 200, 'OK', { headers: [['Contact', `${longer.header('Contact')?.replace(/;expires=.*/, '')};expires=1`], ['Contact', '<sip:other@192.0.2.1>;expires=3000']] });
  const refresh = await peer.waitFor(isRequest('REGISTER'), 'the refresh');
  t.match(bed.side.registration(trunk), { gatewayId: trunk.gateways[0]?.id, lastSeen: /for 1 s/ });
  t.equal(refresh.header('Call-ID'), plain.header('Call-ID'));
  await peer.respond(refresh, 401, 'Unauthorized', { headers: [challenge('carrier', 'n2', ', stale=true')] });
  const renewed = await peer.waitFor(isRequest('REGISTER'), 'with the new nonce');
  t.ok(rightAnswer(renewed, 'user', 'secret'));
  await peer.respond(renewed, 200, 'OK', { headers: [['Expires', '600']] });
  await healthOf(bed, trunk, 'up');

  bed.put({ ...trunk, enabled: false, version: 2 });
  const removal = await peer.waitFor(isRequest('REGISTER'), 'taken back');
  t.match([removal.header('Contact'), removal.header('Expires')], [/;expires=0$/, '0']);
  await peer.respond(removal, 200, 'OK');
  t.equal(bed.side.registration({ ...trunk, enabled: false })?.state, 'off');
});

t.test('other gateways, wrong realms and refusals', async (t) => {
  const bed = await startTrunkBed(t, { jitter: 0 });
  const [first, second] = [await carrier(t), await carrier(t)];
  const trunk = bed.trunk(registering({ gateways: [gatewayAt(second, { priority: 2 }), gatewayAt(first)] }));
  await first.respond(await first.waitFor(isRequest('REGISTER'), 'at the first'), 503, 'Busy', { headers: [['Retry-After', '30 (later)']] });
  const other = await second.waitFor(isRequest('REGISTER'), 'at the second');
  await second.respond(other, 401, 'Unauthorized', { headers: [challenge('elsewhere')] });
  t.match(await bed.registration(trunk, 'failed'), { state: 'failed', lastSeen: /realm "elsewhere", not "carrier"/ });
  t.equal(second.count(isRequest('REGISTER')), 1, 'our secret answers no other realm');
  t.ok(bed.health.of(trunk.gateways[1]?.id ?? aGateway().id).restsUntil !== null, 'Retry-After is known to calls, too');
  t.match(bed.log.lines.filter(({ event }) => event === 'trunk-not-registered').length, 1);
});

t.test('what was refused is not said again', async (t) => {
  const bed = await startTrunkBed(t, { jitter: 0, password: 'wrong' });
  const peer = await carrier(t);
  const trunk = bed.trunk(registering({ gateways: [gatewayAt(peer)] }));
  for (let sends = 0; sends < 2; sends += 1) await peer.respond(await peer.waitFor(isRequest('REGISTER'), 'REGISTER'), 401, 'Unauthorized', { headers: [challenge('carrier', `n${sends}`)] });
  const view = await bed.registration(trunk, 'failed');
  t.match(view.lastSeen, /refuses user name or password/);
  t.ok((view.nextAt ?? 0) - Date.now() > 25_000, 'and not tried again soon');
  t.equal(peer.count(isRequest('REGISTER')), 2);
  t.notMatch(JSON.stringify(bed.log.lines), /wrong/);
});

t.test('one node at a time registers; the program that stops takes it back, and another goes on', async (t) => {
  const redis = await startTestRedis(t);
  const leases = createTrunkLeases({ client: await redis.client(), scripts: loadScripts() });
  const [one, two] = [await startTrunkBed(t, { leases, nodeId: 'one' }), await startTrunkBed(t, { leases, nodeId: 'two' })];
  const peer = await carrier(t);
  const trunk = one.trunk(registering({ gateways: [gatewayAt(peer)] }));
  await peer.respond(await peer.waitFor(isRequest('REGISTER'), 'of the first node'), 200, 'OK');
  two.put(trunk);
  await two.registration(trunk, 'elsewhere');
  t.equal(peer.count(isRequest('REGISTER')), 1);
  const stopping = one.side.stop();
  const removal = await peer.waitFor(isRequest('REGISTER'), 'taken back');
  t.equal(removal.header('Expires'), '0');
  await peer.respond(removal, 200, 'OK');
  await stopping;
  two.side.sync();
  const next = await peer.waitFor(isRequest('REGISTER'), 'of the second node');
  t.match(next.header('Contact'), new RegExp(`:${two.edge.bound[0]?.port ?? 0}>`));
  await peer.respond(next, 200, 'OK');
  t.equal(await leases.hold(trunk.id, 'one', 1000), false);
  await leases.release(trunk.id, 'one');
  t.equal(await leases.hold(trunk.id, 'two', 1000), true, 'nobody gives up what another holds');
});

t.test('a trunk is tested', async (t) => {
  const bed = await startTrunkBed(t, { jitter: 0 });
  const peer = await carrier(t);
  const trunk = bed.trunk({
    gateways: [gatewayAt(peer)], probeSeconds: 0, authentication: { kind: 'digest', userName: 'user', realm: '' }, border: { ...bed.trunk({}).border, numberOut: { kind: 'e164' } },
  });
  const watch = createTrunkWatch({
    health: bed.health, addresses: { located: () => null }, sip: bed.side,
    locator: { locate: async ({ host, port }) => (host === '127.0.0.1' ? { kind: 'found', servers: [{ address: host, port }] } : { kind: 'unknown', why: 'no such name' }) },
  });
  const steps = async (number: string | null) => {
    const found = await watch.test(trunk, number);
    return found === 'busy' ? [] : found;
  };
  const answerOptions = async (): Promise<void> => peer.respond(await peer.waitFor(isRequest('OPTIONS'), 'OPTIONS'), 200, 'OK');

  const first = steps('+12125550100');
  t.equal(await watch.test(trunk, null), 'busy');
  await answerOptions();
  const plain = await peer.waitFor(isRequest('INVITE'), 'INVITE');
  t.match(plain.uri, `sip:12125550100@127.0.0.1:${peer.port}`);
  await peer.respond(plain, 407, 'Proxy Authentication Required', { headers: [['Proxy-Authenticate', 'Digest realm="any", nonce="x", qop="auth"']] });
  const signed = await peer.waitFor((message) => message.method === 'INVITE' && message.header('Proxy-Authorization') !== undefined, 'with credentials');
  await peer.respond(signed, 180, 'Ringing', { toTag: 'a' });
  const cancel = await peer.waitFor(isRequest('CANCEL'), 'cancelled when it rings');
  await peer.respond(cancel, 200, 'OK');
  await peer.respond(signed, 487, 'Request Terminated', { toTag: 'a' });
  t.match(await first, [{ step: 'lookup', passed: true }, { step: 'options', passed: true, status: 200 }, { step: 'call', passed: true, status: 180, advice: '' }]);
  t.match(trunk.gateways.map(({ id }) => bed.health.of(id)), [{ state: 'up', lastSeen: /^Answered 200/ }], 'what a test sees counts');

  const second = steps('+12125550100');
  await answerOptions();
  await peer.respond(await peer.waitFor(isRequest('INVITE'), 'INVITE'), 403, 'Caller unknown', { toTag: 'b' });
  t.match((await second).at(-1), { step: 'call', passed: false, status: 403, seen: /Caller unknown/, advice: /address/ });

  const third = steps('+12125550100');
  await answerOptions();
  const eager = await peer.waitFor(isRequest('INVITE'), 'INVITE');
  await peer.respond(eager, 200, 'OK', { toTag: 'c', contact: `<sip:127.0.0.1:${peer.port}>`, body: 'v=0\r\no=- 2 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40002 RTP/AVP 0\r\n' });
  await peer.respond(await peer.waitFor(isRequest('BYE'), 'hung up at once'), 200, 'OK');
  t.match((await third).at(-1), { passed: true, status: 200 });

  const lost = { ...trunk, gateways: [aGateway({ host: 'gone.example' })] };
  t.match(await watch.test(lost, null), [{ step: 'lookup', passed: false, seen: 'no such name' }]);
});

t.test('a carrier is no stranger to the edge, whatever its callers dial', async (t) => {
  const bed = await startTrunkBed(t, { jitter: 0 });
  const redis = await startTestRedis(t);
  const directory = new DirectoryIndex();
  directory.putAccount(anAccount());
  const { service: locations } = await redis.location();
  const admin = edgeAdmin(bed.edge);
  const informer = informEdge(admin, { directory, locations, trunkAddresses: () => ['127.0.0.1'], clock: { now: () => Date.now() }, log: bed.log });
  t.teardown(() => informer.stop());
  for (const begun = Date.now(); Date.now() - begun < 5_000;) {
    const report = await admin.protection();
    if (report !== 'unsupported' && report.liveSources === 1) break;
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  const peer = await carrier(t);
  const edge = { address: '127.0.0.1', port: bed.edge.bound[0]?.port ?? 0 };
  for (let caller = 0; caller < 40; caller += 1) {
    const invite = peer.request('INVITE', 'sip:+12125550199@office.example', { from: `<sip:+1212555${1000 + caller}@carrier.example>` });
    await peer.send(invite, edge);
    const answer = await peer.waitFor(({ status, cseqMethod }) => status >= 300 && cseqMethod === 'INVITE', `answer ${caller}`);
    await peer.send(peer.ack(invite, answer), edge);
  }
  t.same(await admin.banned(), []);
});
