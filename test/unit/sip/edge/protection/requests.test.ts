import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { answerFacts } from '../../../../../sip/edge/protection/answer-facts.js';
import { isEmergencyUri } from '../../../../../sip/edge/protection/emergency.js';
import { composeOverload } from '../../../../../sip/edge/protection/refusal.js';
import { classOf } from '../../../../../sip/edge/protection/request-class.js';
import { defaultSpammers, readSpammerFile, spammerAction } from '../../../../../sip/edge/protection/spammers.js';
import { userOf } from '../../../../../sip/edge/protection/user-of.js';
import type { SipRequest } from '../../../../../sip/edge/syntax/message.js';
import { parseMessage } from '../../../../../sip/edge/syntax/parse.js';

function request(method: string, more: { uri?: string; from?: string; toTag?: string; headers?: readonly string[] } = {}): SipRequest {
  const parsed = parseMessage([
    `${method} ${more.uri ?? 'sip:100@pbx.example'} SIP/2.0`, 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKabc', 'Max-Forwards: 70',
    `From: ${more.from ?? '<sip:101@pbx.example>'};tag=1`, `To: <sip:102@pbx.example>${more.toTag === undefined ? '' : `;tag=${more.toTag}`}`,
    'Call-ID: c1', `CSeq: 1 ${method}`, ...(more.headers ?? []), 'Content-Length: 0', '', '',
  ].join('\r\n'));
  if (parsed.kind !== 'message' || parsed.message.kind !== 'request') throw new Error(`not parsed: ${JSON.stringify(parsed)}`);
  return parsed.message;
}

t.test('emergency by Request-URI', async (t) => {
  const users = new Set(['911', '112', '9911']);
  const rows = [
    ['sip:911@pbx.example', true], ['sips:112@pbx.example;user=phone', true], ['tel:911;phone-context=example.com', true],
    ['urn:service:sos', true], ['urn:service:sos.fire', true], ['URN:SERVICE:SOS', true], ['sip:9-1-1@pbx.example', true],
    ['sip:%39%31%31@pbx.example', true], ['sip:+112@pbx.example', true], ['sip:911;phone-context=x@pbx.example', true],
    ['sip:9110@pbx.example', false], ['sip:0911@pbx.example', false], ['urn:service:sosa', false], ['urn:service:counseling', false],
    ['sip:pbx.example', false], ['sip:alice@911', false],
  ] as const;
  for (const [uri, expected] of rows) t.equal(isEmergencyUri(uri, users), expected, uri);
});

t.test('how precious a request is', async (t) => {
  const facts = { emergencyUsers: new Set(['911']), hasDialog: () => false, isRegistered: () => false };
  const rows = [
    ['an emergency call', classOf(request('INVITE', { uri: 'sip:911@pbx.example' }), facts), 'emergency'],
    ['a new call', classOf(request('INVITE'), facts), 'call'],
    ['a re-INVITE', classOf(request('INVITE', { toTag: 'x' }), facts), 'in-dialog'],
    ['BYE', classOf(request('BYE', { toTag: 'x' }), facts), 'in-dialog'],
    ['CANCEL', classOf(request('CANCEL'), facts), 'in-dialog'],
    ['a first REGISTER', classOf(request('REGISTER'), facts), 'registration'],
    ['a To tag makes a REGISTER no better', classOf(request('REGISTER', { toTag: 'x' }), facts), 'registration'],
    ['REGISTER with credentials', classOf(request('REGISTER', { headers: ['Authorization: Digest x="y"'] }), facts), 'refresh'],
    ['REGISTER of a known binding', classOf(request('REGISTER'), { ...facts, isRegistered: () => true }), 'refresh'],
    ['MESSAGE', classOf(request('MESSAGE'), facts), 'other'],
    ['MESSAGE with an invented To tag', classOf(request('MESSAGE', { toTag: 'x' }), facts), 'other'],
    ['MESSAGE in a dialog', classOf(request('MESSAGE', { toTag: 'x' }), { ...facts, hasDialog: () => true }), 'in-dialog'],
    ['OPTIONS', classOf(request('OPTIONS'), facts), 'other'],
  ] as const;
  for (const [name, found, expected] of rows) t.equal(found, expected, name);
});

t.test('who asks', async (t) => {
  const rows = [
    ['<sip:bob@example.com>', 'bob'], ['sip:bob@example.com;tag=1', 'bob'], ['"sip:eve@x" <sips:bob:pw@example.com>;tag=2', 'bob'],
    ['<tel:+15551234>', '+15551234'], ['', ''], [undefined, ''],
  ] as const;
  for (const [value, user] of rows) t.equal(userOf(value), user, String(value));
});

t.test('what answers tell', async (t) => {
  const none = { contact: undefined, expires: undefined, wwwAuthenticate: undefined };
  const credentials = ['Authorization: Digest username="101"'];
  const contact = (value: string): readonly string[] => [...credentials, `Contact: ${value}`];
  const rows = [
    ['bound', request('REGISTER', { headers: contact('<sip:101@10.0.0.1>') }), 200, { ...none, contact: '<sip:101@10.0.0.1>;expires=60, <sip:101@10.0.0.2>;expires=90' }, { kind: 'bound', seconds: 90 }],
    ['bound by Expires', request('REGISTER', { headers: contact('<sip:101@10.0.0.1>') }), 200, { ...none, contact: '<sip:101@10.0.0.1>', expires: '120' }, { kind: 'bound', seconds: 120 }],
    ['the last one removed', request('REGISTER', { headers: contact('*') }), 200, none, { kind: 'unbound' }],
    ['one of two removed', request('REGISTER', { headers: contact('<sip:101@10.0.0.1>;expires=0') }), 200, { ...none, contact: '<sip:101@10.0.0.2>;expires=90' }, { kind: 'taken' }],
    ['a question for bindings', request('REGISTER', { headers: credentials }), 200, none, { kind: 'taken' }],
    ['challenged', request('REGISTER'), 401, none, { kind: 'challenged' }],
    ['a wrong password', request('REGISTER', { headers: credentials }), 401, none, { kind: 'failed' }],
    ['a stale nonce is no failure', request('REGISTER', { headers: credentials }), 401, { ...none, wwwAuthenticate: 'Digest realm="x", stale=true' }, { kind: 'nothing' }],
    ['no such user', request('INVITE'), 404, none, { kind: 'failed' }],
    ['a wrong number dialled by a user', request('INVITE', { headers: credentials }), 404, none, { kind: 'nothing' }],
    ['busy', request('INVITE'), 486, none, { kind: 'nothing' }],
    ['OPTIONS is answered for everybody', request('OPTIONS'), 200, none, { kind: 'nothing' }],
  ] as const;
  for (const [name, asked, status, headers, expected] of rows) t.strictSame(answerFacts(asked, status, () => headers), expected, name);
});

t.test('a refusal keeps nothing and asks for patience at random', async (t) => {
  const invite = request('INVITE');
  const answers = Array.from({ length: 40 }, () => composeOverload(invite));
  const patience = answers.map((text) => Number(/^Retry-After: (\d+)\r$/m.exec(text)?.[1]));
  t.ok(patience.every((seconds) => seconds >= 5 && seconds <= 30));
  t.ok(new Set(patience).size > 3, 'not all the same');
  t.equal(new Set(answers.map((text) => /^To: .*;tag=(\w+)\r$/m.exec(text)?.[1])).size, 1, 'RFC 3261 §8.2.7: one To tag for copies of one request');
  t.match(answers[0], /^SIP\/2\.0 503 /);
});

t.test('marks of scanners', async (t) => {
  const rules = { ...defaultSpammers, fromUsers: ['hacker'], toUsers: ['10'], action: 'discard', tcpAction: 'reject' } as const;
  const agent = request('OPTIONS', { headers: ['User-Agent: friendly-scanner'] });
  t.equal(spammerAction(agent, false, rules), 'discard');
  t.equal(spammerAction(agent, true, rules), 'reject', 'streams have an action of their own');
  t.equal(spammerAction(request('OPTIONS', { from: '"sipvicious" <sip:1@x>' }), false, defaultSpammers), 'reject');
  t.equal(spammerAction(request('OPTIONS', { from: '<sip:hacker1@x>' }), false, rules), 'discard');
  t.equal(spammerAction(request('OPTIONS'), false, rules), 'discard', 'the user of To');
  t.equal(spammerAction(request('OPTIONS'), false, defaultSpammers), undefined);
});

t.test('the file of marks', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'spammers-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    const path = join(folder, 'rules.json');
    writeFileSync(path, text);
    return () => readSpammerFile(path);
  };
  t.match(read('{"action":"discard","user_agents":["x"]}')(), { action: 'discard', tcpAction: 'discard', userAgents: ['x'], anywhere: [] });
  t.throws(read('{"action":"drop"}'), /rules\.json: "action" must be "reject" or "discard"/);
  t.throws(read('{"agents":[]}'), /knows no "agents"/);
  t.throws(read('{"anywhere":[""]}'), /none of them empty/);
  t.throws(read('[]'), /no JSON object/);
  t.throws(() => readSpammerFile(join(folder, 'none.json')), /ENOENT/);
});
