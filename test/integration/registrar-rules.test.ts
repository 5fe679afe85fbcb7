import t, { type Test } from 'tap';
import { startOffice, type Office } from '../support/sip-office.js';
import { authorize, type ScriptedPhone } from '../support/scripted-phone.js';
import type { PeerMessage } from '../support/sip-peer.js';
import type { Device } from '../../src/domain/device/device.js';

interface Scene {
  readonly office: Office;
  readonly phone: ScriptedPhone;
  readonly device: Device;
}

/** URI → seconds of every Contact in a 200. */
function contactsOf(message: PeerMessage): Readonly<Record<string, number>> {
  const text = message.headers('Contact').join(', ');
  return Object.fromEntries([...text.matchAll(/<([^>]+)>([^,]*)/g)].map((match) => [match[1] ?? '', Number(/;expires=(\d+)/.exec(match[2] ?? '')?.[1])]));
}

const A = 'sip:a@192.0.2.1';
const B = 'sip:b@192.0.2.2:5070;transport=tcp';

const RULES: Readonly<Record<string, (t: Test, scene: Scene) => Promise<void>>> = {
  'RFC 3261 §22.4: without credentials a challenge, in the realm of the account': async (t, { phone }) => {
    const answer = await phone.registerOnce({});
    t.equal(answer.status, 401);
    t.match(answer.header('WWW-Authenticate'), /^Digest realm="office\.example", nonce="[^"]+", algorithm=MD5, qop="auth"$/);
    t.equal(answer.headers('WWW-Authenticate').length, 1, 'MD5 alone by default');
  },

  'RFC 3261 §10.3 step 8: the 200 names the binding with its expiry, and the time': async (t, { phone }) => {
    const answer = await phone.register({ expires: 600 });
    t.equal(answer.status, 200);
    t.same(contactsOf(answer), { [/<(.*)>/.exec(phone.contact)?.[1] ?? '']: 600 });
    t.match(answer.header('Date'), / GMT$/);
  },

  'no expiry asked: the cap is granted': async (t, { phone }) => {
    t.same(Object.values(contactsOf(await phone.register())), [3600]);
  },

  'a stream contact is granted 300 s at most': async (t, { office, device }) => {
    const phone = await office.phone(device, { transport: 'tcp' });
    t.same(Object.values(contactsOf(await phone.register({ expires: 3600 }))), [300]);
  },

  'RFC 3261 §10.2.1: several contacts, an expiry each, q and other parameters given back': async (t, { phone }) => {
    const answer = await phone.register({ contact: `<${A}>;expires=120;q=0.5;+sip.instance="<urn:uuid:1>", <${B}>;q=0.7`, expires: 240 });
    t.same(contactsOf(answer), { [A]: 120, [B]: 240 });
    t.match(answer.headers('Contact').join(), /q=0\.5;\+sip\.instance="<urn:uuid:1>"/);
  },

  'RFC 3261 §10.2.3: a REGISTER without Contact asks for the bindings': async (t, { phone }) => {
    await phone.register({ contact: `<${A}>` });
    const answer = await phone.register({ contact: null });
    t.same(Object.keys(contactsOf(answer)), [A]);
  },

  'RFC 3261 §10.2.2: expires=0 removes one contact': async (t, { phone }) => {
    await phone.register({ contact: `<${A}>, <${B}>` });
    t.same(Object.keys(contactsOf(await phone.register({ contact: `<${A}>;expires=0` }))), [B]);
  },

  'RFC 3261 §10.2.2: * with Expires 0 removes all': async (t, { phone }) => {
    await phone.register({ contact: `<${A}>, <${B}>` });
    const answer = await phone.register({ contact: '*', expires: 0 });
    t.equal(answer.status, 200);
    t.equal(answer.header('Contact'), undefined);
  },

  'RFC 3261 §10.3 step 6: * beside another contact is no good request': async (t, { phone }) => {
    t.equal((await phone.register({ contact: `*, <${A}>`, expires: 0 })).status, 400);
  },

  'RFC 3261 §10.3 step 7: too brief an interval is 423 with Min-Expires': async (t, { phone }) => {
    const answer = await phone.register({ expires: 30 });
    t.equal(answer.status, 423);
    t.equal(answer.header('Min-Expires'), '60');
  },

  'RFC 3261 §10.3 step 7: an older CSeq of the same Call-ID changes nothing': async (t, { phone }) => {
    await phone.register({ callId: 'order', cseq: 500 });
    const late = await phone.register({ callId: 'order', cseq: 499, expires: 0 });
    t.equal(late.status, 500);
    t.match(late.startLine, /Out Of Order$/);
    t.equal(Object.keys(contactsOf(await phone.register({ contact: null }))).length, 1);
  },

  'a device holds five contacts at most': async (t, { phone }) => {
    const many = Array.from({ length: 6 }, (_, index) => `<sip:c${index}@192.0.2.${index}>`).join(', ');
    const answer = await phone.register({ contact: many });
    t.equal(answer.status, 403);
    t.match(answer.startLine, /At Most 5 Contacts$/);
  },

  'RFC 3261 §10.2.1.1: a malformed Expires counts as an hour': async (t, { phone }) => {
    t.same(Object.values(contactsOf(await phone.register({ headers: [['Expires', 'soon']] }))), [3600]);
  },

  'a Contact that cannot be called is refused': async (t, { phone }) => {
    for (const contact of ['<mailto:a@example.com>', '<tel:+15550100>', '"a" <sip:a@b', '<sip:a@b>;q=7']) {
      t.equal((await phone.register({ contact })).status, 400, contact);
    }
  },

  'RFC 3261 §10.3 step 2: an extension that is not understood': async (t, { phone }) => {
    const answer = await phone.registerOnce({ headers: [['Require', 'path, gruu']] });
    t.equal(answer.status, 420);
    t.equal(answer.header('Unsupported'), 'path, gruu');
  },

  'host and port are normalised to the domain of the account': async (t, { phone, office }) => {
    const to = `<sip:${phone.line.userName}@127.0.0.1:${office.port('udp')}>`;
    t.equal((await phone.register({ uri: `sip:127.0.0.1:${office.port('udp')}`, to })).status, 200);
  },

  'RFC 3261 §10.3 steps 4 and 5: a device changes its own bindings only': async (t, { phone, office }) => {
    const other = office.device(null);
    const answer = await phone.register({ to: `<sip:${other.userName}@office.example>` });
    t.equal(answer.status, 403);
  },

  'known and unknown users are challenged with the same bytes': async (t, { phone, office }) => {
    const nobody = await office.phone(office.device(null), { userName: 'nobody' });
    const shape = (message: PeerMessage): string => message.raw.split('\r\n').map((line) => line.split(':')[0]).join() + (message.header('WWW-Authenticate') ?? '').replace(/nonce="[^"]*"/, '');
    const wrong = await office.phone(office.device(null), { password: 'guess' });
    const answers = await Promise.all([phone.registerOnce({}), nobody.registerOnce({}), nobody.register(), wrong.register()]);
    t.equal(new Set(answers.map(shape)).size, 1);
    t.same(answers.map(({ status }) => status), [401, 401, 401, 401]);
  },

  'RFC 7616 §3.4: one nonce serves several requests, each count once': async (t, { phone }) => {
    const uri = 'sip:office.example';
    const challenge = (await phone.registerOnce({})).header('WWW-Authenticate') ?? '';
    const authorization = (count: number): string => authorize(phone.line, 'REGISTER', uri, challenge, count);
    const third = authorization(3);
    t.equal((await phone.registerOnce({ authorization: authorization(1) })).status, 200);
    t.equal((await phone.registerOnce({ authorization: third })).status, 200, 'counts may jump');
    t.equal((await phone.registerOnce({ authorization: authorization(2) })).status, 200, 'and come late');
    const replayed = await phone.registerOnce({ authorization: third });
    t.equal(replayed.status, 401);
    t.match(replayed.header('WWW-Authenticate'), /stale=true/);
  },

  'RFC 3261 §22.4: a nonce we did not make is challenged, not stale': async (t, { phone }) => {
    const challenge = 'Digest realm="office.example", nonce="forged.by.them", algorithm=MD5, qop="auth"';
    const answer = await phone.registerOnce({ authorization: authorize(phone.line, 'REGISTER', 'sip:office.example', challenge) });
    t.equal(answer.status, 401);
    t.notMatch(answer.header('WWW-Authenticate'), /stale/);
  },

  'RFC 7616 §3.4.6: the digest uri is the Request-URI': async (t, { phone }) => {
    const challenge = (await phone.registerOnce({})).header('WWW-Authenticate') ?? '';
    const answer = await phone.registerOnce({ authorization: authorize(phone.line, 'REGISTER', 'sip:elsewhere.example', challenge) });
    t.equal(answer.status, 400);
  },

  'RFC 8760: a device may use SHA-256, each algorithm on a line of its own': async (t, { office }) => {
    const device = office.device(null, { digestAlgorithms: ['SHA-256', 'MD5'] });
    const phone = await office.phone(device);
    const answer = await phone.registerOnce({});
    t.same(answer.headers('WWW-Authenticate').map((line) => /algorithm=([^,]+)/.exec(line)?.[1]), ['SHA-256', 'MD5']);
  },

  'a deactivated user or a device of nobody registers all the same': async (t, { office }) => {
    const gone = office.device(office.person('905', 'Gone', { status: 'deactivated' }).id);
    for (const device of [gone, office.device(null)]) t.equal((await (await office.phone(device)).register()).status, 200);
  },
};

t.test('the registrar', async (t) => {
  const office = await startOffice(t);
  for (const [rule, run] of Object.entries(RULES)) {
    await t.test(rule, async (t) => {
      const device = office.device(null);
      await run(t, { office, device, phone: await office.phone(device) });
    });
  }
  t.same(office.log.lines.filter(({ level }) => level === 'error' || level === 'warn'), []);
});
