import t, { type Test } from 'tap';
import { startOffice, type Office } from '../support/sip-office.js';
import { SDP, type PhoneCall } from '../support/scripted-phone.js';

let next = 300;
const number = (): string => String((next += 1));
const UPDATE_ALLOWED: readonly (readonly [string, string])[] = [['Allow', 'INVITE, ACK, BYE, CANCEL, UPDATE, INFO']];

interface Standing {
  readonly office: Office;
  /** The two sides of a call that is up. */
  readonly ann: PhoneCall;
  readonly bob: PhoneCall;
  /** Ends the call, so that it is seen to have stayed whole, and gives its record. */
  hangUp(): Promise<unknown>;
}

async function standingCall(office: Office): Promise<Standing> {
  const annsPhone = await office.registered(number(), 'Ann');
  const bobsPhone = await office.registered(number(), 'Bob');
  const ann = await annsPhone.dial(bobsPhone.extension.number, { headers: UPDATE_ALLOWED });
  const bob = await bobsPhone.called();
  const acked = bob.answer(SDP('2'), UPDATE_ALLOWED);
  await ann.ack(await ann.response(200));
  await acked;
  return {
    office, ann, bob,
    async hangUp() {
      const bye = bob.hungUp();
      const answer = await ann.hangUp();
      if (answer.status !== 200) throw new Error(`the call did not stand: ${answer.startLine}`);
      await bye;
      return office.calls.record((record) => record.endedAt !== null && record.dialled === bobsPhone.extension.number, 'ended');
    },
  };
}

const SCENES: Readonly<Record<string, (t: Test, call: Standing) => Promise<void>>> = {
  'hold and resume are relayed, and the time is kept': async (t, call) => {
    const held = call.ann.request('INVITE', { body: SDP('1', 'sendonly') });
    const reinvite = await call.bob.incoming('INVITE');
    t.equal(reinvite.body, SDP('1', 'sendonly'));
    const acked = call.bob.incoming('ACK');
    await call.bob.reply(reinvite, 200, 'OK', SDP('2', 'recvonly'));
    const ok = await held;
    t.equal(ok.status, 200);
    t.equal(ok.body, SDP('2', 'recvonly'));
    await call.ann.ack(ok);
    await acked;
    t.match(call.office.app.callControl.list(call.office.account.id), [{ state: 'held' }]);

    const resumed = call.ann.request('INVITE', { body: SDP('1') });
    const again = await call.bob.incoming('INVITE');
    const ackedAgain = call.bob.incoming('ACK');
    await call.bob.reply(again, 200, 'OK', SDP('2'));
    await call.ann.ack(await resumed);
    await ackedAgain;
    t.match(call.office.app.callControl.list(call.office.account.id), [{ state: 'answered' }]);
    const record = await call.hangUp();
    t.match(record, { cause: 'caller-hangup', holdMs: Number });
    t.ok((record as { holdMs: number }).holdMs > 0);
  },

  'the callee may change the session too': async (t, call) => {
    const changed = call.bob.request('INVITE', { body: SDP('2', 'inactive') });
    const reinvite = await call.ann.incoming('INVITE');
    t.equal(reinvite.body, SDP('2', 'inactive'));
    const acked = call.ann.incoming('ACK');
    await call.ann.reply(reinvite, 200, 'OK', SDP('1', 'inactive'));
    await call.bob.ack(await changed);
    await acked;
    await call.hangUp();
  },

  'a refused change leaves the call as it was': async (t, call) => {
    const changed = call.ann.request('INVITE', { body: SDP('1', 'sendonly') });
    const reinvite = await call.bob.incoming('INVITE');
    const acked = call.bob.incoming('ACK');
    await call.bob.reply(reinvite, 488, 'Not Acceptable Here');
    const refused = await changed;
    t.equal(refused.status, 488);
    await call.ann.ack(refused);
    await acked;
    t.match(call.office.app.callControl.list(call.office.account.id), [{ state: 'answered' }]);

    const next = call.ann.request('INVITE', { body: SDP('1') });
    const second = await call.bob.incoming('INVITE');
    const ackedSecond = call.bob.incoming('ACK');
    await call.bob.reply(second, 200, 'OK', SDP('2'));
    await call.ann.ack(await next);
    await ackedSecond;
    t.match(await call.hangUp(), { holdMs: 0 });
  },

  'glare: an offer against an open one is answered 491': async (t, call) => {
    const anns = call.ann.request('INVITE', { body: SDP('1', 'sendonly') });
    const reinvite = await call.bob.incoming('INVITE');
    const bobs = await call.bob.request('INVITE', { body: SDP('2', 'sendonly') });
    t.equal(bobs.status, 491);
    await call.bob.ack(bobs);
    const acked = call.bob.incoming('ACK');
    await call.bob.reply(reinvite, 491, 'Request Pending');
    const refused = await anns;
    t.equal(refused.status, 491);
    await call.ann.ack(refused);
    await acked;
    await call.hangUp();
  },

  'a change without offer: the offer comes back, the answer goes with the ACK': async (t, call) => {
    const asked = call.ann.request('INVITE');
    const reinvite = await call.bob.incoming('INVITE');
    t.equal(reinvite.body, '');
    await call.bob.reply(reinvite, 200, 'OK', SDP('5'));
    const ok = await asked;
    t.equal(ok.body, SDP('5'));
    const acked = call.bob.incoming('ACK');
    await call.ann.ack(ok, SDP('6'));
    t.equal((await acked).body, SDP('6'));
    await call.hangUp();
  },

  'a change may be cancelled': async (t, call) => {
    const changed = call.ann.request('INVITE', { body: SDP('1', 'sendonly') });
    const reinvite = await call.bob.incoming('INVITE');
    await call.bob.reply(reinvite, 180, 'Ringing');
    await call.ann.cancel();
    const cancel = await call.bob.incoming('CANCEL');
    await call.bob.reply(cancel, 200, 'OK');
    const acked = call.bob.incoming('ACK');
    await call.bob.reply(reinvite, 487, 'Request Terminated');
    const refused = await changed;
    t.equal(refused.status, 487);
    await call.ann.ack(refused);
    await acked;
    await call.hangUp();
  },

  'INFO goes across with its type, and so does the answer': async (t, call) => {
    const sent = call.ann.request('INFO', { body: 'Signal=5\r\nDuration=160\r\n', contentType: 'application/dtmf-relay', headers: [['Info-Package', 'dtmf']] });
    const info = await call.bob.incoming('INFO');
    t.equal(info.header('Content-Type'), 'application/dtmf-relay');
    t.equal(info.header('Info-Package'), 'dtmf');
    t.equal(info.body, 'Signal=5\r\nDuration=160\r\n');
    await call.bob.reply(info, 415, 'Unsupported Media Type');
    t.equal((await sent).status, 415);
    await call.hangUp();
  },

  'UPDATE with an offer goes across': async (t, call) => {
    const sent = call.bob.request('UPDATE', { body: SDP('2', 'sendonly') });
    const update = await call.ann.incoming('UPDATE');
    t.equal(update.body, SDP('2', 'sendonly'));
    await call.ann.reply(update, 200, 'OK', SDP('1', 'recvonly'));
    const ok = await sent;
    t.equal(ok.status, 200);
    t.equal(ok.body, SDP('1', 'recvonly'));
    t.match(call.office.app.callControl.list(call.office.account.id), [{ state: 'held' }]);
    await call.hangUp();
  },

  'UPDATE without an offer is answered here': async (t, call) => {
    const ok = await call.ann.request('UPDATE', { headers: [['Supported', 'timer'], ['Session-Expires', '600;refresher=uac']] });
    t.equal(ok.status, 200);
    t.equal(ok.header('Session-Expires'), '600;refresher=uac');
    await call.hangUp();
  },

  'REFER is not served, and the call stays': async (t, call) => {
    const answer = await call.ann.request('REFER', { headers: [['Refer-To', '<sip:103@office.example>']] });
    t.equal(answer.status, 501);
    await call.hangUp();
  },

  'requests that mean nothing in a call': async (t, call) => {
    const options = await call.ann.request('OPTIONS');
    t.equal(options.status, 200);
    t.match(options.header('Allow'), /INFO/);
    t.match(options.header('Accept'), /application\/sdp/);
    t.equal((await call.ann.request('MESSAGE', { body: 'hello', contentType: 'text/plain' })).status, 405);
    const subscribe = await call.ann.request('SUBSCRIBE', { headers: [['Event', 'presence'], ['Expires', '600']] });
    t.equal(subscribe.status, 489);
    t.ok(subscribe.header('Allow-Events'));
    t.equal((await call.ann.request('NOTIFY', { headers: [['Event', 'presence'], ['Subscription-State', 'active']] })).status, 481);
    await call.hangUp();
  },

  'a BYE from both sides at once': async (t, call) => {
    const [a, b] = await Promise.all([call.ann.hangUp(), call.bob.hangUp()]);
    t.equal(a.status, 200);
    t.equal(b.status, 200);
  },
};

t.test('inside a call', async (t) => {
  const office = await startOffice(t);
  for (const [rule, run] of Object.entries(SCENES)) {
    await t.test(rule, async (t) => run(t, await standingCall(office)));
  }
  t.same(office.log.lines.filter(({ level }) => level === 'error'), [], 'no error in the log');
});
