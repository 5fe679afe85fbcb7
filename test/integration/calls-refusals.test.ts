import t, { type Test } from 'tap';
import { asId, type EmergencyAddressId } from '../../src/domain/ids.js';
import { startOffice, type Office } from '../support/sip-office.js';
import { SDP, type PhoneCall } from '../support/scripted-phone.js';

type Registered = Awaited<ReturnType<Office['registered']>>;
let next = 410;
const number = (): string => String((next += 1));

/** Waits for the final response with that status and acknowledges it. */
async function refused(call: PhoneCall, status: number): Promise<boolean> {
  const final = await call.response(status);
  await call.ack(final);
  return true;
}

interface Refusal {
  /** What is dialled; the scene is set before. */
  readonly dial: (office: Office) => Promise<string>;
  readonly status: number;
  readonly phrase: string;
  readonly q850: number;
  /** What the caller's phone reads in the Reason header. */
  readonly told?: RegExp;
  readonly record: object;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'nobody has the extension': {
    dial: async () => '999', status: 404, phrase: 'Not Found', q850: 1, record: { reason: 'unknown-number', cause: 'refused', dialled: '999' },
  },
  'no phone of the extension is registered': {
    dial: async (office) => {
      const { id, number: digits } = office.person(number(), 'Absent');
      office.device(id);
      return digits;
    },
    status: 480, phrase: 'Temporarily Unavailable', q850: 20, record: { reason: 'not-registered', callee: { name: 'Absent' } },
  },
  'the extension has no phone': {
    dial: async (office) => office.person(number(), 'Deskless').number,
    status: 480, phrase: 'Temporarily Unavailable', q850: 20, record: { reason: 'no-device' },
  },
  'the called user is deactivated': {
    dial: async (office) => {
      const extension = office.person(number(), 'Gone', { status: 'deactivated' });
      await (await office.phone(office.device(extension.id))).register();
      return extension.number;
    },
    status: 480, phrase: 'Temporarily Unavailable', q850: 20, record: { reason: 'callee-deactivated' },
  },
  'the caller is blocked by the called extension, and is told no more than that nobody is there': {
    dial: async (office) => {
      const extension = office.person(number(), 'Choosy');
      await (await office.phone(office.device(extension.id))).register();
      office.directory.putBlockedNumber({
        id: asId('blocks-401'), accountId: office.account.id, scope: 'extension', scopeId: extension.id, direction: 'inbound', number: '401', match: 'number',
        type: 'block', country: null, comment: '', status: 'active', createdAt: 0,
      });
      return extension.number;
    },
    status: 480, phrase: 'Temporarily Unavailable', q850: 20, told: /text="None of the phones that would ring is registered\."$/, record: { reason: 'caller-blocked', callee: { name: 'Choosy' } },
  },
  'a number without calling plan': {
    dial: async () => '+14155550100', status: 403, phrase: 'Forbidden', q850: 21, record: { reason: 'no-calling-plan', direction: 'outbound', dialled: '+14155550100' },
  },
  'a feature code that is not served yet': {
    dial: async () => '%2A91', status: 501, phrase: 'Not Implemented', q850: 79, record: { reason: 'feature-unavailable', dialled: '*91' },
  },
  'a mistyped code may hide a PIN: it is masked': {
    dial: async () => '%2A9912345678', status: 404, phrase: 'Not Found', q850: 1, record: { reason: 'unknown-number', dialled: /^\*99\d?x+$/ },
  },
};

t.test('refusals by policy', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('401', 'Ann');
  for (const [rule, row] of Object.entries(REFUSALS)) {
    await t.test(rule, async (t) => {
      const call = await ann.dial(await row.dial(office));
      const final = await call.response(row.status);
      await call.ack(final);
      t.equal(final.startLine, `SIP/2.0 ${row.status} ${row.phrase}`);
      t.match(final.header('Reason'), new RegExp(`^Q\\.850;cause=${row.q850};text="[^"]+"$`));
      if (row.told !== undefined) t.match(final.header('Reason'), row.told);
      const callId = call.invite.header('Call-ID');
      const record = await office.calls.record((each) => each.sipCallId === callId && each.endedAt !== null, rule);
      t.match(record, { cause: 'refused', status: row.status, caller: { extensionNumber: '401' }, legs: [], ...row.record });
    });
  }
});

t.test('who may call', async (t) => {
  const office = await startOffice(t);
  const bob = await office.registered('402', 'Bob');

  await t.test('a device of nobody makes emergency calls only', async (t) => {
    const phone = await office.phone(office.device(null));
    t.equal((await phone.register()).status, 200, 'it registers all the same');
    const call = await phone.dial('402');
    const final = await call.response(403);
    await call.ack(final);
    t.match(final.header('Reason'), /assigned to nobody/);
  });

  await t.test('a deactivated user', async (t) => {
    const phone = await office.phone(office.device(office.person(number(), 'Gone', { status: 'deactivated' }).id));
    t.equal((await phone.register()).status, 200);
    const call = await phone.dial('402');
    t.ok(await refused(call, 403));
  });

  await t.test('a phone that is not registered may call with its credentials', async (t) => {
    const phone = await office.phone(office.device(office.person(number(), 'Roaming').id));
    const call = await phone.dial('402');
    const rung = await bob.called();
    await rung.refuse(486, 'Busy Here');
    t.ok(await refused(call, 486));
  });

  await t.test('a wrong password is challenged again, and rings nobody', async (t) => {
    const { device } = bob;
    const thief = await office.phone(device, { password: 'guess' });
    const call = await thief.dial('402');
    t.ok(await refused(call, 401));
    t.equal(bob.peer.count(({ method, uri }) => method === 'INVITE' && uri.includes('thief')), 0);
  });

  await t.test('credentials are good once: a repeated nonce count is challenged as stale', async (t) => {
    const call = await bob.dial('999');
    t.ok(await refused(call, 404));
    const authorization = call.invite.header('Authorization') ?? '';
    const replay = await bob.ask('INVITE', 'sip:999@office.example', { headers: [['Authorization', authorization]], body: SDP('1') });
    t.equal(replay.status, 401);
    t.match(replay.header('WWW-Authenticate'), /stale=true/);
  });
});

t.test('emergency calls', async (t) => {
  const office = await startOffice(t, { country: 'US' });
  const address = {
    id: asId<EmergencyAddressId>('main-address'), accountId: office.account.id, siteId: office.site.id, userId: null, addressLine1: '1 Main Street', addressLine2: '', city: 'New York',
    stateCode: 'NY', zip: '10001', country: 'US', vatNumber: '', isDefault: true, createdAt: 0,
  };
  office.directory.safety.putAddress(address);
  const ann = await office.registered('401', 'Ann');
  const stranger = await office.phone(office.device(null));

  for (const dialled of ['sip:911@office.example', 'urn:service:sos', 'sip:911@office.example;user=phone']) {
    await t.test(`${dialled} on a live binding's flow is never challenged, and fails loudly without a trunk`, async (t) => {
      const call = await ann.dial('911', { uri: dialled, withoutCredentials: true });
      const final = await call.response(503);
      await call.ack(final);
      t.equal(final.startLine, 'SIP/2.0 503 No Emergency Route');
      const callId = call.invite.header('Call-ID');
      t.match(await office.calls.record((each) => each.sipCallId === callId && each.endedAt !== null, 'emergency'), {
        emergency: true, reason: 'emergency-no-route', direction: 'outbound',
        emergencyDesk: { addressId: address.id, address: '1 Main Street, New York, NY 10001, US', origin: 'site', elin: '' },
      });
      t.ok(office.log.lines.some(({ level, event }) => level === 'error' && event === 'emergency call refused'));
    });
  }

  await t.test('from elsewhere it needs the credentials of a device, not a registration', async (t) => {
    const call = await stranger.dial('911');
    t.ok(await refused(call, 503));
  });

  await t.test("a phone's name alone is not enough", async (t) => {
    const liar = await office.phone(ann.device, { password: 'guess' });
    const call = await liar.dial('911', { withoutCredentials: true });
    t.ok(await refused(call, 401));
  });

  await t.test('another number on the same flow is challenged', async (t) => {
    const call = await ann.dial('402', { withoutCredentials: true });
    t.ok(await refused(call, 401));
  });
});

interface Malformed {
  readonly headers?: readonly (readonly [string, string])[];
  readonly toTag?: string;
  readonly contact?: null;
  readonly contentType?: string;
  readonly status: number;
  readonly carries?: readonly [string, RegExp];
}

const MALFORMED: Readonly<Record<string, Malformed>> = {
  'RFC 3261 §12.2.2: a To-tag without a dialog': { toTag: 'nobody', status: 481 },
  'RFC 3261 §8.2.2.3: an extension that is not understood': { headers: [['Require', 'timer, replaces, foo']], status: 420, carries: ['Unsupported', /^replaces, foo$/] },
  'RFC 3261 §8.1.1.8: no Contact': { contact: null, status: 400 },
  'RFC 3261 §8.2.3: a body that is no session description': { contentType: 'text/plain', status: 415, carries: ['Accept', /^application\/sdp$/] },
  'RFC 4028 §9: a session interval below 90 s': { headers: [['Supported', 'timer'], ['Session-Expires', '60']], status: 422, carries: ['Min-SE', /^90$/] },
  'RFC 7616 §3.4: credentials that are none': { headers: [['Authorization', 'Digest x']], status: 400 },
};

t.test('what is wrong with the request itself', async (t: Test) => {
  const office = await startOffice(t);
  const ann: Registered = await office.registered('401', 'Ann');
  for (const [rule, row] of Object.entries(MALFORMED)) {
    await t.test(rule, async (t) => {
      const answer = await ann.ask('INVITE', 'sip:402@office.example', {
        body: SDP('1'), headers: row.headers ?? [], ...(row.toTag === undefined ? {} : { toTag: row.toTag }),
        ...(row.contact === undefined ? {} : { contact: row.contact }), ...(row.contentType === undefined ? {} : { contentType: row.contentType }),
      });
      t.equal(answer.status, row.status);
      if (row.carries !== undefined) t.match(answer.header(row.carries[0]), row.carries[1]);
    });
  }
  t.same(office.calls.events, [], 'nobody was identified, so there is no record');
});

t.test('requests outside a call', async (t) => {
  const office = await startOffice(t);
  const stranger = await office.phone(office.device(null));
  const rows: readonly (readonly [string, number, string | null])[] = [
    ['OPTIONS', 200, 'Allow'], ['MESSAGE', 405, 'Allow'], ['REFER', 405, 'Allow'], ['SUBSCRIBE', 489, 'Allow-Events'],
    ['PUBLISH', 489, 'Allow-Events'], ['NOTIFY', 481, null], ['INFO', 481, null],
  ];
  for (const [method, status, header] of rows) {
    const answer = await stranger.ask(method, 'sip:401@office.example', { headers: method === 'REFER' ? [['Refer-To', '<sip:1@x>']] : [['Event', 'presence']] });
    t.equal(answer.status, status, method);
    if (header !== null) t.ok(answer.header(header), `${method} names ${header}`);
  }
});
