import t from 'tap';
import type { RegisterCommand } from '../../src/ports/location-service.js';
import { registerCommand, startTestRedis, testAccount, testDevice, type TestContact } from '../support/redis.js';

const A = 'sip:desk@192.0.2.7:5060';
const B = 'sip:desk@192.0.2.8:5060';
const C = 'sip:desk@192.0.2.9:5060';
const AT = 1_760_000_000_000;

type Step = readonly [
  contacts: readonly TestContact[] | 'query' | 'remove-all', change: Partial<RegisterCommand>, expected: string | readonly string[],
];

interface Row {
  readonly rule: string;
  readonly steps: readonly Step[];
}

/** The last member of a step is the result's kind, or the URIs of the bindings answered. */
const ROWS: readonly Row[] = [
  { rule: '§10.3 step 8: the answer lists every binding', steps: [
    [[{ uri: A }], {}, [A]],
    [[{ uri: B }], { cseq: 2 }, [A, B]],
  ] },
  { rule: 'several contacts in one request', steps: [[[{ uri: A }, { uri: B }, { uri: C }], {}, [A, B, C]]] },
  { rule: 'a request without contacts asks, and changes nothing', steps: [
    ['query', {}, []],
    [[{ uri: A }], { cseq: 2 }, [A]],
    ['query', { cseq: 1 }, [A]],
  ] },
  { rule: 'each contact has its own expiry', steps: [
    [[{ uri: A, seconds: 60 }, { uri: B, seconds: 300 }], {}, [A, B]],
    ['query', { at: AT + 60_001 }, [B]],
    ['query', { at: AT + 300_001 }, []],
  ] },
  { rule: 'seconds 0 removes one contact and leaves the others', steps: [
    [[{ uri: A }, { uri: B }], {}, [A, B]],
    [[{ uri: A, seconds: 0 }], { cseq: 2 }, [B]],
  ] },
  { rule: 'removing what is not there is no failure', steps: [[[{ uri: A, seconds: 0 }], {}, []]] },
  { rule: 'a contact may be removed and another added at once', steps: [
    [[{ uri: A }], { maxContacts: 1 }, [A]],
    [[{ uri: A, seconds: 0 }, { uri: B }], { cseq: 2, maxContacts: 1 }, [B]],
  ] },
  { rule: 'step 6: the wildcard removes all', steps: [
    [[{ uri: A }, { uri: B }], {}, [A, B]],
    ['remove-all', { cseq: 2 }, []],
    ['query', { cseq: 3 }, []],
  ] },
  { rule: 'step 6: the wildcard of another Call-ID removes whatever its CSeq', steps: [
    [[{ uri: A }], { cseq: 9 }, [A]],
    ['remove-all', { cseq: 1, callId: 'call-2@phone' }, []],
  ] },
  { rule: 'step 6: a late wildcard changes nothing', steps: [
    [[{ uri: A }], { cseq: 5, callId: 'call-2@phone' }, [A]],
    [[{ uri: B }], { cseq: 6 }, [A, B]],
    ['remove-all', { cseq: 6 }, 'out-of-order'],
    ['query', {}, [A, B]],
  ] },
  { rule: 'step 7: a lower CSeq of the same Call-ID changes nothing', steps: [
    [[{ uri: A }], { cseq: 5 }, [A]],
    [[{ uri: A, seconds: 0 }], { cseq: 4 }, 'out-of-order'],
    ['query', {}, [A]],
  ] },
  { rule: 'step 7: an equal CSeq of the same Call-ID changes nothing', steps: [
    [[{ uri: A }], { cseq: 5 }, [A]],
    [[{ uri: A }], { cseq: 5 }, 'out-of-order'],
  ] },
  { rule: 'step 7: all or nothing: one late contact stops the others', steps: [
    [[{ uri: A }], { cseq: 5 }, [A]],
    [[{ uri: B }, { uri: A }], { cseq: 5 }, 'out-of-order'],
    ['query', {}, [A]],
  ] },
  { rule: 'step 7: another Call-ID updates whatever its CSeq (the phone restarted)', steps: [
    [[{ uri: A }], { cseq: 500 }, [A]],
    [[{ uri: A }], { cseq: 1, callId: 'call-2@phone' }, [A]],
    [[{ uri: A, seconds: 0 }], { cseq: 2, callId: 'call-2@phone' }, []],
  ] },
  { rule: 'a Call-ID that begins like another is another', steps: [
    [[{ uri: A }], { cseq: 5, callId: 'x' }, [A]],
    [[{ uri: A }], { cseq: 1, callId: 'x"y' }, [A]],
    [[{ uri: A }], { cseq: 1, callId: 'x"' }, [A]],
  ] },
  { rule: '§19.1.4: the same contact written otherwise is the same binding', steps: [
    [[{ uri: 'sip:desk@EXAMPLE.com;Transport=UDP' }], {}, ['sip:desk@EXAMPLE.com;Transport=UDP']],
    [[{ uri: 'SIP:%64esk@example.com;transport=udp' }], { cseq: 2 }, ['SIP:%64esk@example.com;transport=udp']],
  ] },
  { rule: 'a contact named twice in one request is one binding', steps: [
    [[{ uri: A, seconds: 60 }, { uri: A, seconds: 300 }], { granted: new Map([[A, 300]]) }, [A]],
  ] },
  { rule: 'the cap refuses all of the request', steps: [
    [[{ uri: A }], { maxContacts: 2 }, [A]],
    [[{ uri: B }, { uri: C }], { cseq: 2, maxContacts: 2 }, 'too-many-contacts'],
    ['query', {}, [A]],
  ] },
  { rule: 'the cap does not count what has expired', steps: [
    [[{ uri: A, seconds: 60 }, { uri: B }], { maxContacts: 2 }, [A, B]],
    [[{ uri: C }], { cseq: 2, maxContacts: 2, at: AT + 61_000 }, [B, C]],
  ] },
  { rule: 'the cap never refuses a refresh, even after it was lowered', steps: [
    [[{ uri: A }, { uri: B }], {}, [A, B]],
    [[{ uri: A }], { cseq: 2, maxContacts: 1 }, [A, B]],
  ] },
  { rule: '§16.6: best q first, then the longest registered', steps: [
    [[{ uri: A, q: 100 }, { uri: B, q: 900 }], {}, [B, A]],
    [[{ uri: C, q: 900 }], { cseq: 2, at: AT + 5 }, [B, C, A]],
  ] },
  { rule: 'RFC 5626: the same instance under another address replaces its old contact', steps: [
    [[{ uri: A, params: ';+sip.instance="<urn:uuid:1>";reg-id=1' }], {}, [A]],
    [[{ uri: B, params: ';+sip.instance="<urn:uuid:1>";reg-id=1' }], { callId: 'call-2', maxContacts: 1 }, [B]],
  ] },
  { rule: 'RFC 5626: another reg-id or instance is another flow', steps: [
    [[{ uri: A, params: ';+sip.instance="<urn:uuid:1>";reg-id=1' }], {}, [A]],
    [[{ uri: B, params: ';+sip.instance="<urn:uuid:1>";reg-id=2' }], { cseq: 2 }, [A, B]],
    [[{ uri: C, params: ';+sip.instance="<urn:uuid:2>";reg-id=1' }], { cseq: 3 }, [A, B, C]],
  ] },
  { rule: 'two contacts of one instance in one request both stay', steps: [
    [[{ uri: A, params: ';+sip.instance="<urn:uuid:1>"' }, { uri: B, params: ';+sip.instance="<urn:uuid:1>"' }], {}, [A, B]],
  ] },
];

t.test('RFC 3261 §10.3 on Redis', async (t) => {
  const redis = await startTestRedis(t);
  const { service } = await redis.location();
  for (const [index, { rule, steps }] of ROWS.entries()) {
    await t.test(rule, async (t) => {
      for (const [contacts, change, expected] of steps) {
        const result = await service.register(registerCommand(contacts, { deviceId: testDevice(100 + index), at: AT, ...change }));
        const got = result.kind === 'registered' ? result.bindings.map(({ contactUri }) => contactUri) : result.kind;
        t.same(typeof got === 'string' ? got : ordered(rule, got), typeof expected === 'string' ? expected : ordered(rule, expected));
      }
    });
  }
});

/** Bindings of one instant and one q have no order that a rule gives, beyond being stable. */
function ordered(rule: string, uris: readonly string[]): readonly string[] {
  return rule.startsWith('§16.6') ? uris : [...uris].sort();
}

t.test('a binding comes back as it was registered', async (t) => {
  const redis = await startTestRedis(t);
  const { service } = await redis.location();
  const uri = 'sip:desk@10.0.0.5:5060;line="é\u0001\\"';
  const params = ';+sip.instance="<urn:uuid:1>";x="a\\"],["';
  const command = registerCommand([{ uri, params, q: 300, seconds: 120 }], {
    at: AT, cseq: 2 ** 31 - 1, callId: '"a\\b"],[{}', natted: new Set([uri]), userAgent: 'Ü'.repeat(500),
    flow: { transport: 'tls', address: '2001:db8::1', port: 50_123 },
  });
  const result = await service.register(command);
  const expected = {
    deviceId: testDevice(1), contactUri: uri, contactParams: params, q: 300, expiresAt: AT + 120_000, callId: '"a\\b"],[{}',
    cseq: 2 ** 31 - 1, flow: { transport: 'tls', address: '2001:db8::1', port: 50_123 }, behindNat: true,
    userAgent: 'Ü'.repeat(160), registeredAt: AT,
  };
  t.same(result, { kind: 'registered', bindings: [expected] });
  t.same(await service.register({ ...command, nonce: { ...command.nonce, count: 2 } }), { kind: 'out-of-order' }, 'the odd Call-ID is found again');
  const later = await service.register(registerCommand([{ uri, params }], { at: AT + 1000, callId: 'other' }));
  t.equal(later.kind === 'registered' && later.bindings[0]?.registeredAt, AT, 'a refresh keeps the instant of the first registration');
});

t.test('events, index and NAT set follow every change', async (t) => {
  const redis = await startTestRedis(t);
  const { service } = await redis.location();
  const other = await redis.location({ nodeId: 'node-b' });
  const heard: string[] = [];
  const done = new Promise<void>((resolve) => other.service.subscribe(({ kind, end, binding }) => {
    heard.push(`${kind} ${String(end)} ${binding.contactUri}`);
    if (end === 'dropped') resolve();
  }));
  const now = Date.now();
  await service.register(registerCommand([{ uri: A }, { uri: B }], { at: now, natted: new Set([A]) }));
  await service.register(registerCommand([{ uri: A }], { at: now, cseq: 2, natted: new Set([A]) }));
  t.equal(await service.count(testAccount), 2);
  t.same((await service.nattedBindings()).map(({ contactUri }) => contactUri), [A]);
  t.same(await other.service.nattedBindings(), [], 'the flow belongs to the node that holds it');
  await service.register(registerCommand([{ uri: B, seconds: 0 }], { at: now, cseq: 3 }));
  t.equal(await service.drop(testDevice(1), B, 'dropped'), 0, 'what is gone is not dropped again');
  t.equal(await service.drop(testDevice(1), '', 'dropped'), 0, 'no contact is not every contact');
  t.equal(await service.drop(testDevice(1), null, 'dropped'), 1);
  await done;
  t.same(heard, [`added null ${A}`, `added null ${B}`, `refreshed null ${A}`, `ended unregistered ${B}`, `ended dropped ${A}`]);
  t.equal(await service.count(testAccount), 0);
  t.same(await service.bindings([testDevice(1)]), new Map());
});
