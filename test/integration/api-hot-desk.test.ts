import t from 'tap';
import { asId, type DeviceId } from '../../src/domain/ids.js';
import { apiDesks } from '../support/api-desks.js';
import { startApiOffice } from '../support/api-office.js';

const HOUR = 3_600_000;
const SESSIONS = '/v2/cordboard/hot_desk_sessions';

t.test('hot desking by API', async (t) => {
  const office = await startApiOffice(t);
  const { expect, clock, deps } = office;
  const { person, desk } = apiDesks(office);
  const [owner, ann, bob] = [await person('1001'), await person('1002'), await person('1003')];
  const [phone, other, closed] = [await desk(owner), await desk(owner), await desk(owner, 'off')];
  const reader = await office.tokenFor('Phone Read Only');
  const signIn = async (at: string, body: object): Promise<string> => (await expect(201, 'POST', `/v2/cordboard/devices/${at}/hot_desk_sign_in`, body)).json.id;
  const iso = (at: number): string => new Date(at).toISOString();
  const start = clock.now();

  await t.test('a new phone user is told the PIN once', async (t) => {
    t.match(ann.pin, /^\d{6}$/);
    t.match((await expect(201, 'POST', '/v2/users', {
      action: 'create', user_info: { email: 'zoe@example.com', type: 2, feature: { zoom_phone: true } },
    })).json.pin_code, /^\d{6}$/);
    t.notMatch((await expect(200, 'GET', `/v2/phone/users/${ann.email}/settings`)).text, ann.pin);
    t.notMatch((await expect(200, 'GET', '/v2/cordboard/audit_log')).text, ann.pin);
  });

  await t.test('signing in, by user or by extension as typed at the phone', async (t) => {
    const id = await signIn(phone, { user_id: ann.email });
    t.match((await expect(200, 'GET', `${SESSIONS}/${id}`)).json, {
      id, state: 'active', signed_in: true, via: 'api', cause: '', ended_at: '', device: { id: phone, display_name: 'Desk 1' },
      user: { id: ann.id, name: 'User 1002', email: ann.email, extension_number: '1002' }, events: [{ event: 'signed_in', cause: '' }],
    });
    clock.advance(HOUR);
    await signIn(other, { extension: '1003' });
    clock.advance(HOUR);
    const rows: readonly (readonly [number, string, object, string])[] = [
      [409, closed, { user_id: ann.id }, 'device_id'], [409, phone, { user_id: owner.id }, 'user_id'], [400, phone, {}, 'user_id'],
      [400, phone, { user_id: ann.id, extension: '1002' }, 'user_id'], [400, phone, { user_id: 'nobody' }, 'user_id'], [400, phone, { extension: '4444' }, 'extension'],
      [404, 'none', { user_id: ann.id }, 'deviceId'],
    ];
    for (const [status, at, body, field] of rows) {
      t.match((await expect(status, 'POST', `/v2/cordboard/devices/${at}/hot_desk_sign_in`, body)).json.errors, [{ field }], JSON.stringify(body));
    }
    await expect(403, 'POST', `/v2/cordboard/devices/${phone}/hot_desk_sign_in`, { user_id: ann.id }, { token: reader });
  });

  await t.test('who sits where is shown by phones and users', async (t) => {
    t.match((await expect(200, 'GET', '/v2/phone/devices?device_source=hotDesking')).json, {
      total_records: 2, devices: [{ id: phone, assignee: { id: ann.id, extension_number: 1002 }, assignees: [{ id: owner.id }], hot_desk_session: { user_id: ann.id } }, { id: other }],
    });
    t.equal((await expect(200, 'GET', '/v2/phone/devices')).json.total_records, 3);
    await expect(400, 'GET', '/v2/phone/devices?device_source=other');
    const closedView = (await expect(200, 'GET', `/v2/phone/devices/${closed}`)).json;
    t.match(closedView, { assignee: { id: owner.id }, policy: { hot_desking: { status: 'off' } } });
    t.notOk('hot_desk_session' in closedView);
    t.match((await expect(200, 'GET', `/v2/phone/users/${owner.id}/settings`)).json.desk_phone.devices, [{ id: phone, hot_desk_session: { name: 'User 1002' } }, {}, {}]);
    t.match((await expect(200, 'GET', `/v2/cordboard/users/${ann.email}/hot_desk`, undefined, { token: reader })).json,
      { allowed: true, has_pin: true, device_id: phone, session: { user_id: ann.id } });
  });

  await t.test('lists: signed in, at an instant, in a span, of a phone, a user, a site; page by page', async (t) => {
    const ids = async (query: string): Promise<readonly string[]> => (await expect(200, 'GET', `${SESSIONS}?${query}`, undefined, { token: reader })).json
      .sessions.map((session: { readonly user: { readonly extension_number: string } }) => session.user.extension_number);
    const site = (await expect(200, 'GET', '/v2/phone/sites')).json.sites[0].id;
    const [bobs] = (await expect(200, 'GET', `${SESSIONS}?user_id=${bob.email}`)).json.sessions;
    t.match((await expect(200, 'POST', `${SESSIONS}/${bobs.id}/sign_out`)).json, { state: 'ended', cause: 'admin', signed_in: false, user: { id: bob.id } });
    const rows: readonly (readonly [string, readonly string[]])[] = [
      ['', ['1003', '1002']], ['signed_in=true', ['1002']], ['signed_in=false', ['1003']], [`device_id=${phone}`, ['1002']], [`user_id=${bob.id}`, ['1003']],
      [`site_id=${site}`, ['1003', '1002']], ['site_id=none', []], [`at=${iso(start + HOUR / 2)}`, ['1002']], [`at=${iso(start + HOUR * 1.5)}`, ['1003', '1002']],
      [`at=${iso(start - 1)}`, []], [`from=${iso(start - HOUR)}&to=${iso(start + HOUR / 2)}`, ['1002']], [`to=${iso(start - HOUR)}`, []],
      [`from=${iso(start + HOUR * 2)}`, ['1003', '1002']], [`device_id=${other}&at=${iso(start + HOUR * 1.5)}`, ['1003']],
    ];
    for (const [query, expected] of rows) t.strictSame(await ids(query), expected, query);
    const first = (await expect(200, 'GET', `${SESSIONS}?page_size=1`)).json;
    t.match(first, { total_records: 2, page_size: 1, sessions: [{ user: { id: bob.id } }] });
    t.match((await expect(200, 'GET', `${SESSIONS}?page_size=1&next_page_token=${first.next_page_token}`)).json, { next_page_token: '', sessions: [{ user: { id: ann.id } }] });
    await expect(400, 'GET', `${SESSIONS}?signed_in=perhaps`);
    await expect(400, 'GET', `${SESSIONS}?at=yesterday`);
    await expect(400, 'GET', `${SESSIONS}?unknown=1`);
    await expect(404, 'GET', `${SESSIONS}/none`);
  });

  await t.test('signing out: by administrators, or in the name of guest or owner', async (t) => {
    const end = async (status: number, id: string, body?: object) => (await expect(status, 'POST', `${SESSIONS}/${id}/sign_out`, body)).json;
    const [annSession] = (await expect(200, 'GET', `${SESSIONS}?signed_in=true`)).json.sessions;
    t.match((await end(409, annSession.id, { acting_user_id: bob.id })).errors, [{ field: 'acting_user_id' }]);
    t.match((await end(400, annSession.id, { acting_user_id: 'nobody@example.com' })).errors, [{ field: 'acting_user_id' }]);
    t.match(await end(200, annSession.id, { acting_user_id: ann.email }), { cause: 'user', ended_by: `client:${office.clientId}` });
    t.match((await end(409, annSession.id)).message, /ended/);
    t.match(await end(200, await signIn(phone, { user_id: ann.id }), { acting_user_id: owner.id }), { cause: 'owner' });
    await end(404, 'none', { acting_user_id: owner.id });
    await expect(403, 'POST', `${SESSIONS}/${annSession.id}/sign_out`, undefined, { token: reader });
  });

  await t.test('forbidden to use phones of others', async (t) => {
    await signIn(phone, { user_id: ann.id });
    await expect(204, 'PATCH', `/v2/cordboard/users/${ann.id}/hot_desk`, { allowed: false });
    t.match((await expect(200, 'GET', `${SESSIONS}?user_id=${ann.id}`)).json.sessions[0], { state: 'ended', cause: 'user-disabled' });
    t.match((await expect(409, 'POST', `/v2/cordboard/devices/${phone}/hot_desk_sign_in`, { user_id: ann.id })).json.errors, [{ field: 'user_id' }]);
    await expect(204, 'PATCH', `/v2/cordboard/users/${ann.id}/hot_desk`, { allowed: true });
    await expect(404, 'GET', '/v2/cordboard/users/none/hot_desk');
  });

  await t.test('the device lock', async (t) => {
    const lock = `/v2/cordboard/devices/${phone}/lock`;
    t.same((await expect(200, 'GET', lock, undefined, { token: reader })).json, { device_id: phone, locked: false });
    t.same((await expect(200, 'POST', lock)).json, { device_id: phone, locked: true });
    t.match((await expect(409, 'POST', `/v2/cordboard/devices/${phone}/hot_desk_sign_in`, { user_id: ann.id })).json.errors, [{ field: 'device_id', message: /locked/ }]);
    t.same((await expect(200, 'POST', `/v2/cordboard/devices/${phone}/unlock`, {})).json, { device_id: phone, locked: false });
    await expect(404, 'POST', '/v2/cordboard/devices/none/lock');
    await expect(403, 'POST', lock, undefined, { token: reader });
  });

  await t.test('asking a phone to read its configuration again', async (t) => {
    const path = `/v2/cordboard/devices/${phone}/resync`;
    t.match((await expect(200, 'GET', path, undefined, { token: reader })).json, { device_id: phone, family: 'yealink', contacts: 0, state: '', attempts: 0, last_status: null });
    t.match((await expect(200, 'POST', path)).json, { state: 'pending', attempts: 0 });
    t.equal((await expect(200, 'GET', path)).json.state, 'pending');
    await expect(403, 'POST', path, undefined, { token: reader });
    await expect(404, 'POST', '/v2/cordboard/devices/none/resync');
    const unknown = (await expect(201, 'POST', '/v2/phone/devices', { display_name: 'Box', mac_address: '02000000aaaa', type: 'Other' })).json.id;
    t.match((await expect(409, 'POST', `/v2/cordboard/devices/${unknown}/resync`)).json.errors, [{ field: 'deviceId' }]);
  });

  await t.test('locks after wrong PINs, and lifting them', async (t) => {
    const wrong = (digits: string) => deps.hotDesk.signIn.byPin({ deviceId: asId<DeviceId>(phone), digits, pin: '9', at: clock.now() });
    for (let tries = 0; tries < 5; tries += 1) await wrong(ann.number);
    t.match((await expect(200, 'GET', '/v2/cordboard/sign_in_locks', undefined, { token: reader })).json,
      { total_records: 1, locks: [{ scope: 'pair', device_id: phone, extension_number: '1002', level: 1 }] });
    await expect(400, 'DELETE', '/v2/cordboard/sign_in_locks');
    await expect(403, 'DELETE', `/v2/cordboard/sign_in_locks?device_id=${phone}`, undefined, { token: reader });
    t.same((await expect(200, 'DELETE', `/v2/cordboard/sign_in_locks?device_id=${phone}&extension_id=${ann.extensionId}`)).json, { unlocked: 1 });
    for (let tries = 0; tries < 10; tries += 1) await wrong(tries % 2 === 0 ? ann.number : '7777');
    t.match((await expect(200, 'GET', '/v2/cordboard/sign_in_locks')).json.locks.map((lock: { readonly scope: string }) => lock.scope).sort(), ['device', 'pair', 'pair']);
    t.equal((await expect(200, 'DELETE', `/v2/cordboard/sign_in_locks?extension_id=${ann.extensionId}`)).json.unlocked, 1);
    t.equal((await expect(200, 'DELETE', `/v2/cordboard/sign_in_locks?device_id=${phone}`)).json.unlocked, 2);
    t.match((await expect(200, 'GET', '/v2/cordboard/sign_in_locks')).json, { total_records: 0 });
    t.match(await deps.hotDesk.signIn.byPin({ deviceId: asId<DeviceId>(phone), digits: ann.number, pin: ann.pin, at: clock.now() }), { kind: 'signed-in' });
  });
});
