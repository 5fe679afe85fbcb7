import t from 'tap';
import { deviceHa1 } from '../../../src/domain/auth/digest.js';
import { DirectoryIndex } from '../../../src/storage/postgres/directory-index.js';
import { createAuthenticateRequest, NONCE_LIFETIME_MS, type Authentication } from '../../../src/usecases/authenticate-request.js';
import { createIdentifyCaller } from '../../../src/usecases/identify-caller.js';
import { nodeHash, nodeMac } from '../../support/node-digest-hash.js';
import { aDevice, anAccount, aSite } from '../../support/sample-account.js';
import { authorize } from '../../support/scripted-phone.js';

function scene() {
  const account = anAccount({ sipDomain: 'office.example' });
  const site = aSite(account.id);
  const device = aDevice(site, []);
  const directory = new DirectoryIndex();
  directory.putAccount(account);
  directory.putSite(site);
  directory.putDevice(device, deviceHa1(nodeHash, device.userName, 'office.example', 'secret'));
  const clock = { at: 1_000_000, now: () => clock.at };
  let drawn = 0;
  const hashed: string[] = [];
  const authenticate = createAuthenticateRequest({
    directory, clock, random: { token: () => `random${(drawn += 1)}` }, mac: (text) => nodeMac('key')(text), hostAliases: ['192.0.2.1'],
    hash: (algorithm, text) => {
      hashed.push(text);
      return nodeHash(algorithm, text);
    },
  });
  const uri = 'sip:office.example';
  const ask = (authorization?: string, aorUser = device.userName): Authentication =>
    authenticate({ account, method: 'REGISTER', requestUri: uri, authorization, aorUser });
  const challenge = (answer: Authentication): string => (answer.kind === 'challenge' ? answer.challenges[0] ?? '' : '');
  return { account, device, directory, clock, authenticate, ask, challenge, uri, hashed };
}

t.test('right credentials', (t) => {
  const { ask, challenge, device, uri } = scene();
  const answer = ask(authorize({ userName: device.userName, password: 'secret' }, 'REGISTER', uri, challenge(ask()), 7));
  t.match(answer, { kind: 'authenticated', device: { id: device.id }, nonce: { count: 7, expiresAt: 1_000_000 + NONCE_LIFETIME_MS } });
  t.end();
});

t.test('a nonce past its time is stale only where the password was right', (t) => {
  const { ask, challenge, device, uri, clock } = scene();
  const old = challenge(ask());
  clock.at += NONCE_LIFETIME_MS + 1;
  t.match(challenge(ask(authorize({ userName: device.userName, password: 'secret' }, 'REGISTER', uri, old))), /stale=true/);
  t.notMatch(challenge(ask(authorize({ userName: device.userName, password: 'guess' }, 'REGISTER', uri, old))), /stale/);
  t.end();
});

t.test('unknown users cost the same work as known ones', (t) => {
  const { ask, challenge, device, uri, hashed } = scene();
  const nonce = challenge(ask());
  const work = (userName: string): number => {
    hashed.length = 0;
    ask(authorize({ userName, password: 'guess' }, 'REGISTER', uri, nonce));
    return hashed.length;
  };
  t.equal(work('nobody'), work(device.userName));
  t.ok(work('nobody') > 0);
  t.end();
});

t.test('several credentials: those for our realm count (RFC 3261 §22.2)', (t) => {
  const { ask, challenge, device, uri } = scene();
  const line = { userName: device.userName, password: 'secret' };
  const foreign = authorize(line, 'REGISTER', uri, 'Digest realm="elsewhere", nonce="n"').replace('cnonce="', 'cnonce="x, digest ');
  const ours = authorize(line, 'REGISTER', uri, challenge(ask()));
  t.equal(ask(`${foreign}, ${ours}`).kind, 'authenticated');
  t.equal(ask(foreign).kind, 'challenge');
  t.end();
});

t.test('an algorithm that was not offered does not count', (t) => {
  const { ask, challenge, device, uri, directory } = scene();
  const credentials = authorize({ userName: device.userName, password: 'secret' }, 'REGISTER', uri, challenge(ask()));
  directory.putDevice({ ...device, digestAlgorithms: ['SHA-256'] }, directory.ha1(device.id));
  t.match(challenge(ask(credentials)), /algorithm=SHA-256/);
  t.end();
});

t.test('what is no Digest is told so', (t) => {
  const { ask } = scene();
  t.equal(ask('Basic abc').kind, 'malformed');
  t.equal(ask('Digest username="a"').kind, 'malformed');
  t.end();
});

t.test('an emergency call goes unchallenged on the flow of a live binding only', async (t) => {
  const { account, device, directory, authenticate } = scene();
  const flow = { transport: 'udp', address: '192.0.2.7', port: 5060 };
  const identify = createIdentifyCaller({
    directory, authenticate,
    location: {
      bindings: async ([id]) => new Map(id === device.id ? [[device.id, [{
        deviceId: device.id, contactUri: 'sip:a@b', contactParams: '', q: 1000, expiresAt: 1e13, callId: 'c', cseq: 1, flow, behindNat: false,
        userAgent: '', registeredAt: 0,
      }]]] : []),
    },
  });
  const claim = { account, requestUri: 'sip:911@office.example', authorization: undefined, fromUser: device.userName, flow };
  t.match(await identify(claim), { kind: 'device', nonce: null });
  t.match(await identify({ ...claim, authorization: 'garbage' }), { kind: 'device' }, 'whatever credentials it carries');
  t.match(await identify.afterReplay(claim), { kind: 'device' });
  for (const [rule, change] of Object.entries({
    'another port': { flow: { ...flow, port: 5061 } }, 'another transport': { flow: { ...flow, transport: 'tcp' } },
    'nobody': { fromUser: 'nobody' }, 'no emergency': { requestUri: 'sip:101@office.example' },
  })) t.equal((await identify({ ...claim, ...change })).kind, 'challenge', rule);
});
