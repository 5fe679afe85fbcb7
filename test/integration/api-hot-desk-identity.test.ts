import t from 'tap';
import { asId, type CallRecordId, type DeviceId, type UserId } from '../../src/domain/ids.js';
import type { CallEvent } from '../../src/domain/calls/call-event.js';
import type { HotDeskSession } from '../../src/domain/hotdesk/session.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import { ensureDemo } from '../../src/usecases/admin/ensure-demo.js';
import { startApiOffice } from '../support/api-office.js';
import { guestSession } from '../support/guest-session.js';
import { registerCommand } from '../support/redis.js';
import { aParty } from '../support/sample-account.js';

t.test('the API shows who acts on a phone', async (t) => {
  const office = await startApiOffice(t);
  const { expect, deps, account } = office;
  const [ada, alan, grace] = await ensureDemo(deps);
  if (!ada || !alan || !grace) throw new Error('the demo has no phones');
  const idOf = async (name: string): Promise<UserId> => asId<UserId>((await expect(200, 'GET', `/v2/phone/users/${name}@demo.example`)).json.id);
  const deviceOf = (id: string) => {
    const device = deps.directory.device(asId<DeviceId>(id));
    if (device === undefined) throw new Error('no device');
    return device;
  };
  for (const phone of [ada, alan, grace]) {
    await deps.locations.register(registerCommand([{ uri: `sip:${phone.userName}@192.0.2.9:5060` }], { accountId: account.id, deviceId: deviceOf(phone.deviceId).id, at: office.clock.now() }));
  }
  /** Writes a session as a sign-in does. */
  const seat = async (who: string, deviceId: string): Promise<HotDeskSession> => {
    const user = deps.directory.phoneUser(await idOf(who));
    if (user === undefined) throw new Error('no user');
    return deps.uow.run(async (stores) => {
      const id = asId<HotDeskSession['id']>(deps.ids.next());
      const at = deps.clock.now();
      const session = guestSession(deviceOf(deviceId), user, { id, startedAt: at, fence: await stores.hotDeskSessions.nextFence() });
      await stores.hotDeskSessions.insert(session, {
        id: asId(deps.ids.next()), accountId: account.id, sequence: session.fence, sessionId: id, deviceId: session.deviceId, userId: user.id,
        kind: 'signed_in', cause: null, at, actor: session.startedBy,
      });
      await stores.emit({ id: asId(deps.ids.next()), accountId: account.id, aggregate: 'hot_desk_session', aggregateId: id, change: 'created', at });
      return { end: 'commit', value: session };
    });
  };
  const explain = async (body: object) => (await expect(200, 'POST', '/v2/cordboard/policy/explain', body)).json;

  t.match(await explain({ device_id: ada.deviceId, dialled: '1003' }), { acting: { kind: 'user', name: 'Ada Lovelace', hot_desk_session_id: '' }, caller_id: { number: '1001' } });
  const session = await seat('alan', ada.deviceId);

  await t.test('policy explain', async (t) => {
    const fromDesk = await explain({ device_id: ada.deviceId, dialled: '1003' });
    t.match(fromDesk, {
      acting: { kind: 'guest', name: 'Alan Turing', extension_number: '1002', user_id: session.userId, hot_desk_session_id: session.id },
      outcome: 'ring', caller_id: { name: 'Alan Turing', number: '1002' }, targets: [{ device_id: grace.deviceId, hot_desk_session_id: '' }],
    });
    t.match(fromDesk.chain.find(({ rule }: { rule: string }) => rule === 'acting-party').note, /^Guest Alan Turing \(extension 1002\) acts on this device\./);
    t.same((await explain({ device_id: grace.deviceId, dialled: '1002' })).targets.map((target: { device_id: string; hot_desk_session_id: string }) =>
      [target.device_id, target.hot_desk_session_id]).sort(), [[ada.deviceId, session.id], [alan.deviceId, '']].sort(), 'the guest rings at the desk and at home');
    const toOwner = await explain({ device_id: grace.deviceId, dialled: '1001' });
    t.match(toOwner, { outcome: 'reject', reason: 'phone-lent', sip_status: 480 });
    t.match(toOwner.chain.at(-1).note, /is used by a guest/);
    t.match(await explain({ caller: { user_id: 'alan@demo.example' }, dialled: '1003' }), { device_id: ada.deviceId, acting: { kind: 'guest' } }, 'a guest calls from the desk');
    const refusal = await office.call('POST', '/v2/cordboard/policy/explain', { caller: { extension: '1001' }, dialled: '1003' });
    t.match(refusal, { status: 400, json: { errors: [{ field: 'caller', message: /Guests use the phones/ }] } }, 'whose phones are all lent must name one');
    t.match(await explain({ device_id: ada.deviceId, dialled: '*91' }), { outcome: 'run-feature' });
  });

  await t.test('history and live calls', async (t) => {
    const id = asId<CallRecordId>(deps.ids.next());
    const at = office.clock.now() - 60_000;
    const base = { callId: id, accountId: account.id };
    const caller = aParty({
      extensionNumber: '1002', userId: session.userId, deviceId: session.deviceId, siteId: deviceOf(ada.deviceId).siteId, name: 'Alan Turing', hotDeskSessionId: session.id,
    });
    const callee = aParty({ extensionNumber: '1003', userId: await idOf('grace'), name: 'Grace Hopper' });
    const legHotDeskSessionId = asId<HotDeskSession['id']>('session-of-grace');
    const events: readonly CallEvent[] = [
      { ...base, kind: 'attempted', at, nodeId: 'n', sipCallId: 'x@phone', direction: 'internal', dialled: '1003', caller, callee, emergency: false },
      { ...base, kind: 'answered', at: at + 1000, legDeviceId: deviceOf(grace.deviceId).id, legHotDeskSessionId },
      { ...base, kind: 'ended', at: at + 3000, cause: 'caller-hangup', reason: null, status: 200, legs: [], holdMs: 0 },
    ];
    await createCallRecordSink(office.database).fold(events.map((event, index) => ({ streamId: `1-${index}`, event })));
    const shown = {
      id, caller_user_id: session.userId, caller_device_id: ada.deviceId, caller_hot_desk_session_id: session.id,
      callee_user_id: callee.userId, callee_device_id: grace.deviceId, callee_hot_desk_session_id: legHotDeskSessionId,
    };
    t.match((await expect(200, 'GET', '/v2/phone/call_history')).json, { call_logs: [shown] });
    t.match((await expect(200, 'GET', `/v2/phone/call_history/${id}`)).json, shown);
    t.match((await expect(200, 'GET', '/v2/phone/users/alan@demo.example/call_history')).json, { total_records: 1 }, 'it is the guest\'s call');
    t.match((await expect(200, 'GET', '/v2/phone/users/ada@demo.example/call_history')).json, { total_records: 0 }, 'not the owner\'s');
    office.calls.push({ id, accountId: account.id, state: 'answered', caller, callee, dialled: '1003', startedAt: at, answeredAt: at, emergency: false });
    t.match((await expect(200, 'GET', '/v2/cordboard/calls')).json, { calls: [{ caller: { hot_desk_session_id: session.id, device_id: ada.deviceId }, callee: { hot_desk_session_id: '' } }] });
  });
});
