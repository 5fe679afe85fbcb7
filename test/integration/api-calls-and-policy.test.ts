import t from 'tap';
import { asId, type CallRecordId } from '../../src/domain/ids.js';
import type { CallEvent, CallParty } from '../../src/domain/calls/call-event.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import { ensureDemo } from '../../src/usecases/admin/ensure-demo.js';
import { startApiOffice } from '../support/api-office.js';
import { registerCommand } from '../support/redis.js';

const NOBODY: CallParty = { extensionId: null, extensionNumber: '', userId: null, deviceId: null, siteId: null, name: '', number: '', hotDeskSessionId: null };

t.test('calls, policy and lists around them', async (t) => {
  const office = await startApiOffice(t);
  const { expect, deps } = office;

  const phones = await ensureDemo(deps);
  const [ada, alan] = phones;
  if (!ada || !alan) throw new Error('the demo has no phones');

  await t.test('the demo is idempotent and ready to type in', async (t) => {
    t.same(phones.map(({ name, extension }) => [name, extension]), [
      ['Ada Lovelace', '1001'], ['Alan Turing', '1002'], ['Grace Hopper', '1003'], ['Demo Lobby', '1010'],
    ]);
    t.same(await ensureDemo(deps), phones);
    const [ada, alan, , lobby] = phones;
    t.match(ada?.pin, /^\d{6}$/);
    t.equal(lobby?.pin, '');
    await office.expect(200, 'POST', '/v2/cordboard/users/ada@demo.example/reset_pin_code');
    t.same(await ensureDemo(deps), phones, 'a PIN that was changed is set back to the one shown');
    if (ada === undefined || alan === undefined) throw new Error('no demo');
    const attempt = { deviceId: alan.deviceId, digits: ada.extension, pin: ada.pin, at: office.clock.now() };
    t.match(await deps.hotDesk.signIn.byPin(attempt), { kind: 'signed-in', name: 'Ada Lovelace' }, 'it works at once');
    t.match(await deps.hotDesk.signOut.byPhone(alan.deviceId), { kind: 'signed-out' });
    const { json } = await expect(200, 'GET', `/v2/phone/devices/${ada.deviceId}`);
    t.match(json, { policy: { hot_desking: { status: 'on' } }, provision: { sip_accounts: [{ user_name: ada.userName, password: ada.password }] } });
  });

  const partyOf = async (email: string, name: string): Promise<CallParty> => {
    const { json } = await expect(200, 'GET', `/v2/phone/users/${email}`);
    return {
      extensionId: json.extension_id, extensionNumber: String(json.extension_number), userId: json.id, deviceId: null, siteId: json.site_id, name, number: '', hotDeskSessionId: null,
    };
  };

  await t.test('policy explain is the live decision, with its chain', async (t) => {
    const explain = (body: object) => office.call('POST', '/v2/cordboard/policy/explain', body);
    t.match(await explain({ device_id: ada.deviceId, dialled: '1002' }), {
      status: 200, json: { outcome: 'reject', reason: 'not-registered', sip_status: 480, dialled: { kind: 'extension' } },
    });
    await deps.locations.register(registerCommand([{ uri: 'sip:alan@192.0.2.9:5060' }], { accountId: office.account.id, deviceId: alan.deviceId, at: office.clock.now() }));
    const ring = await explain({ caller: { extension: '1001' }, dialled: '1002' });
    t.match(ring, { status: 200, json: { outcome: 'ring', reason: '', targets: [{ device_id: alan.deviceId, contacts: ['sip:alan@192.0.2.9:5060'] }], caller_id: { number: '1001' } } });
    t.equal(ring.json.chain.at(-1).verdict, 'decided');
    t.match(await explain({ caller: { user_id: 'ada@demo.example' }, dialled: '+442071838750' }), { json: { outcome: 'reject', reason: 'no-calling-plan' } });
    t.match(await explain({ device_id: ada.deviceId, dialled: '911' }), { json: { dialled: { kind: 'emergency' }, reason: 'emergency-no-route' } });
    t.match(await explain({ device_id: ada.deviceId, dialled: '9999999' }), { json: { outcome: 'reject' } });
    for (const [body, field] of [
      [{ dialled: '1002' }, 'device_id'], [{ device_id: 'x', dialled: '1002' }, 'device_id'], [{ device_id: ada.deviceId }, 'dialled'],
      [{ device_id: ada.deviceId, dialled: '' }, 'dialled'], [{ caller: { extension: '4444' }, dialled: '1' }, 'caller.extension'],
      [{ caller: { user_id: 'x@y.example' }, dialled: '1' }, 'caller.user_id'], [{ device_id: ada.deviceId, dialled: '1', loud: true }, 'loud'],
    ] as const) t.match(await explain(body), { status: 400, json: { errors: [{ field }] } }, field);
  });

  await t.test('blocked numbers are kept as E.164, and act on calls', async (t) => {
    const add = (body: object) => office.call('POST', '/v2/phone/blocked_list', body);
    const { json: made } = await add({ block_type: 'outbound', match_type: 'prefix', phone_number: '1900', comment: 'costly' });
    const path = `/v2/phone/blocked_list/${made.id}`;
    t.match((await expect(200, 'GET', path)).json, { phone_number: '+1900', block_type: 'outbound', match_type: 'prefix', comment: 'costly', status: 'active' });
    for (const [phone_number, country, kept] of [
      ['+44 20 7183 8750', undefined, '+442071838750'], ['(212) 555-0123', 'us', '+12125550123'], ['030 123456', 'DE', '+4930123456'], ['442071838751', undefined, '+442071838751'],
    ] as const) {
      const reply = await add({ phone_number, block_type: 'outbound', ...(country === undefined ? {} : { country }) });
      t.equal(reply.status, 201, phone_number);
      t.equal((await expect(200, 'GET', `/v2/phone/blocked_list/${reply.json.id}`)).json.phone_number, kept);
    }
    t.match(await add({ phone_number: 'abc' }), { status: 400, json: { errors: [{ field: 'phone_number' }] } });
    t.match(await add({ phone_number: '0', match_type: 'prefix' }), { status: 400 });
    t.match(await add({ block_type: 'outbound', match_type: 'prefix', phone_number: '+1900' }), { status: 409, json: { errors: [{ field: 'phone_number' }] } });
    await expect(201, 'POST', '/v2/phone/users/ada@demo.example/calling_plans', { calling_plans: [{ type: 200 }] });
    const dialled = { device_id: ada.deviceId, dialled: '+19005550123' };
    t.match((await expect(200, 'POST', '/v2/cordboard/policy/explain', dialled)).json, { reason: 'outbound-blocked' });
    await expect(204, 'PATCH', path, { status: 'inactive' });
    t.notMatch((await expect(200, 'POST', '/v2/cordboard/policy/explain', dialled)).json, { reason: 'outbound-blocked' });
    await expect(204, 'DELETE', path);
    await expect(404, 'GET', path);
    t.match((await expect(200, 'GET', '/v2/phone/blocked_list?page_size=2')).json, { total_records: 4, page_size: 2 });
  });

  await t.test('live calls are listed and hung up; an emergency call is not', async (t) => {
    const live = { accountId: office.account.id, state: 'answered', caller: NOBODY, callee: NOBODY, dialled: '1002', startedAt: office.clock.now() - 5000, answeredAt: office.clock.now() - 3000 } as const;
    office.calls.push(
      { ...live, id: asId<CallRecordId>('01call'), emergency: false }, { ...live, id: asId<CallRecordId>('02call'), emergency: true },
      { ...live, id: asId<CallRecordId>('03call'), emergency: false, accountId: asId('other') },
    );
    t.match((await expect(200, 'GET', '/v2/cordboard/calls')).json, { total_records: 2, calls: [{ id: '01call', state: 'answered', duration: 3 }, {}] });
    await expect(204, 'DELETE', '/v2/cordboard/calls/01call');
    await expect(404, 'DELETE', '/v2/cordboard/calls/01call');
    await expect(409, 'DELETE', '/v2/cordboard/calls/02call');
    await expect(404, 'DELETE', '/v2/cordboard/calls/03call');
  });

  await t.test('call history lists, filters, and shows each leg', async (t) => {
    const caller = { ...await partyOf('ada@demo.example', 'Ada Lovelace'), deviceId: ada.deviceId };
    const callee = { ...await partyOf('alan@demo.example', 'Alan Turing'), deviceId: alan.deviceId };
    const at = office.clock.now() - 60_000;
    const events = (id: CallRecordId, startedAt: number): readonly CallEvent[] => [
      { kind: 'attempted', callId: id, accountId: office.account.id, at: startedAt, nodeId: 'n', sipCallId: `${id}@phone`, direction: 'internal', dialled: '1002', caller, callee, emergency: false },
      { kind: 'answered', callId: id, accountId: office.account.id, at: startedAt + 2000, legDeviceId: alan.deviceId },
      {
        kind: 'ended', callId: id, accountId: office.account.id, at: startedAt + 12_000, cause: 'caller-hangup', reason: null, status: 200, holdMs: 0,
        legs: [{ deviceId: alan.deviceId, contactUri: 'sip:alan@192.0.2.9', startedAt, ringingAt: startedAt + 200, answeredAt: startedAt + 2000, endedAt: startedAt + 12_000, status: 200, result: 'answered' }],
      },
    ];
    const first = asId<CallRecordId>(deps.ids.next());
    const second = asId<CallRecordId>(deps.ids.next());
    await createCallRecordSink(office.database).fold([...events(first, at), ...events(second, at + 1000)].map((event, index) => ({ streamId: `1-${index}`, event })));
    const { json } = await expect(200, 'GET', '/v2/phone/call_history');
    t.match(json, {
      total_records: 2,
      call_logs: [{
        id: second, direction: 'outbound', connect_type: 'internal', call_result: 'answered', duration: 10, caller_ext_number: '1001', caller_email: 'ada@demo.example',
        callee_ext_number: '1002', site_name: 'Main Site', caller_device_type: 'Softphone',
      }, { id: first }],
    });
    t.match((await expect(200, 'GET', '/v2/phone/users/alan@demo.example/call_history')).json.call_logs, [{ direction: 'inbound' }, {}]);
    t.match((await expect(200, 'GET', '/v2/phone/users/grace@demo.example/call_history')).json, { total_records: 0 });
    t.match((await expect(200, 'GET', '/v2/phone/call_history?connect_types=internal&page_size=1')).json, { total_records: 2, page_count: 2 });
    t.match((await expect(200, 'GET', '/v2/phone/call_history?directions=inbound')).json, { total_records: 0 });
    t.match((await expect(200, 'GET', '/v2/phone/call_history?from=2020-01-01&to=2020-01-02')).json, { total_records: 0, from: '2020-01-01', to: '2020-01-02' });
    for (const bad of ['from=yesterday', 'from=2026-13-01', 'from=2026-02-01&to=2026-01-01', 'page_size=301', 'page_size=0', 'page_size=1e2', 'directions=up', 'page_size=']) {
      await expect(400, 'GET', `/v2/phone/call_history?${bad}`);
    }
    t.match((await expect(200, 'GET', `/v2/phone/call_history/${first}`)).json, {
      id: first, call_id: `${first}@phone`, call_path: [{ result: 'answered', device_id: alan.deviceId, device_name: 'Alan Turing\'s phone', waiting_time: 2, sip_status: 200 }],
    });
    await expect(404, 'GET', '/v2/phone/call_history/nothing');
  });

  await t.test('the SIP policy of account and phone', async (t) => {
    const path = '/v2/cordboard/account/policy';
    t.match((await expect(200, 'GET', path)).json, { digest_algorithms: ['MD5'], ring_seconds: 60 });
    await expect(204, 'PATCH', path, { digest_algorithms: ['SHA-256', 'MD5'], ring_seconds: 20 });
    t.match((await expect(200, 'GET', path)).json, { digest_algorithms: ['SHA-256', 'MD5'], ring_seconds: 20, max_call_seconds: 14_400 });
    t.same(deps.directory.defaultAccount().policy.digestAlgorithms, ['SHA-256', 'MD5'], 'the call path sees it');
    t.same(deps.directory.defaultAccount().policy.featureCodes, { hotDeskSignIn: '*91', hotDeskSignOut: '*92', deviceLock: '', phoneActivation: '*93' }, 'the rest is kept');
    for (const [body, field] of [
      [{ digest_algorithms: [] }, 'digest_algorithms'], [{ digest_algorithms: ['MD5', 'MD5'] }, 'digest_algorithms'],
      [{ digest_algorithms: ['SHA-1'] }, 'digest_algorithms[0]'], [{ ring_seconds: 1 }, 'ring_seconds'],
      [{ registration_min_seconds: 7200 }, 'registration_max_seconds'], [{ session_expires_seconds: 30 }, 'session_expires_seconds'],
      [{ feature_codes: { hot_desk_sign_in: '91' } }, 'feature_codes.hot_desk_sign_in'],
    ] as const) {
      t.match(await office.call('PATCH', path, body), { status: 400, json: { errors: [{ field }] } }, field);
    }
    await expect(204, 'PATCH', `/v2/cordboard/devices/${ada.deviceId}`, { digest_algorithms: ['SHA-256'] });
    t.same(deps.directory.device(ada.deviceId)?.digestAlgorithms, ['SHA-256']);
    await expect(204, 'PATCH', `/v2/cordboard/devices/${ada.deviceId}`, { digest_algorithms: null });
    t.equal(deps.directory.device(ada.deviceId)?.digestAlgorithms, null);
    t.match(await office.call('PATCH', '/v2/cordboard/devices/nobody', { digest_algorithms: null }), { status: 404 });
  });

  await t.test('settings are read', async (t) => {
    t.match((await expect(200, 'GET', '/v2/phone/settings')).json, { country: { code: 'US' }, multiple_sites: { enabled: true, site_code: true } });
    t.same((await expect(200, 'GET', '/v2/phone/account_settings?setting_types=outbound_calling')).json, { outbound_calling: { enable: true, locked: false, locked_by: 'invalid' } });
  });
});
