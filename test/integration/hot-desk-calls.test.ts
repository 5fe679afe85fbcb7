import t, { type Test } from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import type { HotDeskSession } from '../../src/domain/hotdesk/session.js';
import type { CallRecord } from '../../src/domain/calls/call-event.js';
import { freeNumber } from '../support/call-scenes.js';
import { guestSession } from '../support/guest-session.js';
import type { PhoneCall } from '../support/scripted-phone.js';
import { startOffice, type Office, type OfficeOptions } from '../support/sip-office.js';

type Registered = Awaited<ReturnType<Office['registered']>>;

interface Scene {
  readonly office: Office;
  /** Whose desk it is, with a second phone of her own. */
  readonly ann: Registered;
  readonly annsOther: Awaited<ReturnType<Office['phone']>>;
  readonly bob: Registered;
  readonly carl: Registered;
  /** Bob sits at Ann's desk. */
  readonly session: HotDeskSession;
}

async function scene(t: Test, options?: OfficeOptions): Promise<Scene> {
  const office = await startOffice(t, options);
  const ann = await office.registered(freeNumber(), 'Ann');
  const annsOther = await office.phone(office.device(ann.extension.id));
  await annsOther.register();
  const bob = await office.registered(freeNumber(), 'Bob');
  const carl = await office.registered(freeNumber(), 'Carl');
  return { office, ann, annsOther, bob, carl, session: seat(office, bob, ann) };
}

function seat(office: Office, who: Registered, at: Registered): HotDeskSession {
  if (who.extension.owner.kind !== 'user') throw new Error('no user');
  const session = guestSession(at.device, { id: who.extension.owner.id, extensionId: who.extension.id });
  office.directory.putHotDeskSession(session);
  return session;
}

const step = (office: Office, session: HotDeskSession, state: 'draining' | 'ended'): void =>
  office.directory.putHotDeskSession({ ...session, state, cause: 'user', drainingSince: 1, endedAt: state === 'ended' ? 1 : null });

async function answered(call: PhoneCall, rung: PhoneCall): Promise<void> {
  const acked = rung.answer();
  await call.ack(await call.response(200));
  await acked;
}

async function hangUp(call: PhoneCall, rung: PhoneCall): Promise<void> {
  const over = rung.hungUp();
  await call.hangUp();
  await over;
}

const recordOf = (office: Office, wanted: (record: CallRecord) => boolean): Promise<CallRecord> =>
  office.calls.record((record) => record.endedAt !== null && wanted(record), 'the call ended');

/** Fails when the phone got an INVITE: asked once the call in question is over, and a request of another kind came after it. */
async function neverRang(t: Test, phone: Pick<Registered, 'peer' | 'line' | 'ask'>, rule: string): Promise<void> {
  t.equal((await phone.ask('OPTIONS', `sip:${phone.line.domain}`)).status, 200);
  t.same(phone.peer.seen.filter(({ method }) => method === 'INVITE'), [], rule);
}

t.test('the very next INVITE is the guest\'s', async (t) => {
  const { office, ann, bob, carl, session } = await scene(t);
  const call = await ann.dial(carl.extension.number);
  const rung = await carl.called();
  t.match(rung.invite.header('From'), new RegExp(`^"?Bob"? ?<sip:${bob.extension.number}@`), 'the called phone shows the guest');
  t.same(office.app.deviceCalls.inCall([ann.device.id, bob.device.id, carl.device.id]), new Set([ann.device.id, carl.device.id]));
  await answered(call, rung);
  await hangUp(call, rung);
  t.match(await recordOf(office, ({ dialled }) => dialled === carl.extension.number), {
    caller: { name: 'Bob', userId: session.userId, deviceId: ann.device.id, hotDeskSessionId: session.id },
    callee: { name: 'Carl', deviceId: carl.device.id, hotDeskSessionId: null },
  });

  step(office, session, 'ended');
  const after = await ann.dial(carl.extension.number);
  const again = await carl.called();
  t.match(again.invite.header('From'), /^"?Ann/, 'and the owner\'s again once the session is over');
  await again.refuse(486, 'Busy Here');
  await after.ack(await after.response(486));
});

t.test('a call to the guest rings the desk, one to the owner does not', async (t) => {
  const { office, ann, annsOther, bob, carl, session } = await scene(t);
  const toOwner = await carl.dial(ann.extension.number);
  const rung = await annsOther.called();
  await answered(toOwner, rung);
  await hangUp(toOwner, rung);
  await neverRang(t, ann, 'the borrowed phone stays silent');
  t.match(await recordOf(office, ({ dialled }) => dialled === ann.extension.number), { callee: { name: 'Ann', hotDeskSessionId: null } });

  const toGuest = await carl.dial(bob.extension.number);
  const [atDesk, atOwn] = await Promise.all([ann.called(), bob.called()]);
  await atOwn.ring();
  await toGuest.response(180);
  t.same(office.app.deviceCalls.inCall([ann.device.id, bob.device.id]), new Set([ann.device.id, bob.device.id]), 'both ring');
  const over = new Promise<DeviceId>((resolve) => office.app.deviceCalls.onCallsOver(resolve));
  const cancelled = atOwn.incoming('CANCEL');
  await answered(toGuest, atDesk);
  await cancelled;
  t.equal(await over, bob.device.id, 'the phone that lost is free');
  t.same(office.app.deviceCalls.inCall([ann.device.id, bob.device.id]), new Set([ann.device.id]));
  t.match(office.app.callControl.list(office.account.id), [{ callee: { name: 'Bob', deviceId: ann.device.id, hotDeskSessionId: session.id } }], 'the live call shows it');
  await hangUp(toGuest, atDesk);
  t.match(await recordOf(office, ({ dialled }) => dialled === bob.extension.number), {
    answeredBy: ann.device.id, callee: { name: 'Bob', userId: session.userId, deviceId: ann.device.id, hotDeskSessionId: session.id }, caller: { hotDeskSessionId: null },
  });
});

t.test('an owner whose only phone is lent is not there', async (t) => {
  const { office, carl, bob, session } = await scene(t);
  const diana = await office.registered(freeNumber(), 'Diana');
  step(office, session, 'ended');
  seat(office, bob, diana);
  const call = await carl.dial(diana.extension.number);
  const refusal = await call.response(480);
  await call.ack(refusal);
  t.match(refusal.header('Reason'), /^Q\.850;cause=20;text="Guests use the phones of the called extension\."/);
  t.match(await recordOf(office, ({ dialled }) => dialled === diana.extension.number), { reason: 'phone-lent', cause: 'refused', legs: [] });
  await neverRang(t, diana, 'the lent phone stays silent');
});

t.test('desk-only rings the desk alone', async (t) => {
  const { ann, bob, carl } = await scene(t, { policy: { hotDeskReach: 'desk-only' } });
  const call = await carl.dial(bob.extension.number);
  const atDesk = await ann.called();
  await answered(call, atDesk);
  await hangUp(call, atDesk);
  await neverRang(t, bob, 'the guest\'s own phone stays silent');
});

t.test('a draining session keeps its call and gets no new one', async (t) => {
  const { office, ann, bob, carl, session } = await scene(t);
  const call = await ann.dial(carl.extension.number);
  const rung = await carl.called();
  await answered(call, rung);
  step(office, session, 'draining');

  const toGuest = await carl.dial(bob.extension.number);
  const atOwn = await bob.called();
  await answered(toGuest, atOwn);
  await hangUp(toGuest, atOwn);
  t.equal(ann.peer.seen.filter(({ method }) => method === 'INVITE').length, 0, 'the desk does not ring for the guest');

  const toOwner = await bob.dial(ann.extension.number);
  const atDesk = await ann.called();
  await atDesk.refuse(486, 'Busy Here');
  t.ok(atDesk, 'it rings for its owner again');
  await toOwner.cancel();
  await toOwner.ack(await toOwner.response(487));

  const again = await ann.dial(bob.extension.number);
  const shown = await bob.called();
  t.match(shown.invite.header('From'), /^"?Ann/, 'new calls out carry the current identity');
  await shown.refuse(486, 'Busy Here');
  await again.ack(await again.response(486));

  t.same(office.app.deviceCalls.inCall([ann.device.id]), new Set([ann.device.id]), 'the call of before is up');
  const info = call.request('INFO', { body: 'x', contentType: 'text/plain' });
  await rung.reply(await rung.incoming('INFO'), 200, 'OK');
  t.equal((await info).status, 200, 'and works');
  const over = new Promise<DeviceId>((resolve) => office.app.deviceCalls.onCallsOver((id) => id === ann.device.id && resolve(id)));
  await hangUp(call, rung);
  t.equal(await over, ann.device.id, 'the end of its last call is told');
  t.same(office.app.deviceCalls.inCall([ann.device.id, carl.device.id, bob.device.id]), new Set());
  t.match(await recordOf(office, ({ caller }) => caller.hotDeskSessionId === session.id), { caller: { name: 'Bob' }, cause: 'caller-hangup' });
});

t.test('a locked phone neither calls nor rings', async (t) => {
  const { office, ann, bob, carl, session } = await scene(t);
  step(office, session, 'ended');
  const hash = office.directory.ha1(bob.device.id);
  office.directory.putDevice({ ...bob.device, locked: true }, hash);
  const call = await bob.dial(carl.extension.number);
  await call.ack(await call.response(403));
  t.match(await recordOf(office, ({ caller }) => caller.deviceId === bob.device.id), { reason: 'device-locked', cause: 'refused' });
  const sos = await bob.dial('911', { withoutCredentials: true });
  await sos.ack(await sos.response(503));
  t.match(await recordOf(office, ({ emergency }) => emergency), { reason: 'emergency-no-route' }, 'an emergency call gets past the lock, unchallenged');
  const toBob = await ann.dial(bob.extension.number);
  await toBob.ack(await toBob.response(480));
  t.match(await recordOf(office, ({ dialled }) => dialled === bob.extension.number), { reason: 'callee-locked' });
  await neverRang(t, bob, 'a locked phone stays silent');
});

t.test('calls to feature codes are no calls of a phone', async (t) => {
  const { office, ann } = await scene(t);
  const over: DeviceId[] = [];
  office.app.deviceCalls.onCallsOver((id) => over.push(id));
  const code = await ann.dial('%2A92');
  await code.ack(await code.response(501));
  const other = await ann.dial('999');
  await other.ack(await other.response(404));
  await recordOf(office, ({ dialled }) => dialled === '999');
  t.same(over, [ann.device.id], 'told of the refused call alone');
});
