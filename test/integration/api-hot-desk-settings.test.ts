import t from 'tap';
import { asId, type DeviceId } from '../../src/domain/ids.js';
import { apiDesks } from '../support/api-desks.js';
import { startApiOffice } from '../support/api-office.js';

const POLICY = '/v2/cordboard/account/policy';
const ADDRESS = { address_line1: '1 Main Street', city: 'New York', country: 'US', state_code: 'NY', zip: '10001' };

t.test('settings of hot desking by API', async (t) => {
  const office = await startApiOffice(t);
  const { expect, clock, deps } = office;
  const { person, desk } = apiDesks(office);
  const [owner, ann] = [await person('1001'), await person('1002')];
  const phone = await desk(owner);
  const mainSite = (await expect(200, 'GET', '/v2/phone/sites')).json.sites[0].id;
  const byPin = (pin: string, digits = ann.number) => deps.hotDesk.signIn.byPin({ deviceId: asId<DeviceId>(phone), digits, pin, at: clock.now() });
  const session = async () => (await expect(200, 'GET', '/v2/cordboard/hot_desk_sessions?signed_in=true')).json.sessions[0];
  const inMinutes = (minutes: number): string => new Date(clock.now() + minutes * 60_000).toISOString().replace(/\.\d{3}Z$/, 'Z');

  await t.test('the account policy', async (t) => {
    t.match((await expect(200, 'GET', POLICY)).json, {
      hot_desk_conflict: 'displace', hot_desk_reach: 'desk-and-own', refuse_weak_pins: true, pin_min_length: 4, prompt_language: 'en',
      feature_codes: { hot_desk_sign_in: '*91', hot_desk_sign_out: '*92', device_lock: '' },
    });
    await expect(204, 'PATCH', POLICY, { hot_desk_conflict: 'refuse', hot_desk_reach: 'desk-only', pin_min_length: 5, prompt_language: 'de' });
    await expect(204, 'PATCH', POLICY, { feature_codes: { hot_desk_sign_in: '#81', device_lock: '*94' } });
    t.match((await expect(200, 'GET', POLICY)).json, {
      hot_desk_conflict: 'refuse', hot_desk_reach: 'desk-only', pin_min_length: 5, prompt_language: 'de',
      feature_codes: { hot_desk_sign_in: '#81', hot_desk_sign_out: '*92', device_lock: '*94' },
    });
    const dialled = (await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: phone, dialled: '#81' })).json;
    t.match(dialled, { outcome: 'run-feature', dialled: { kind: 'feature-code', meaning: 'hot-desk-sign-in' } }, 'the next call knows');
    const rows: readonly (readonly [object, string])[] = [
      [{ hot_desk_sign_in: '*92' }, 'feature_codes.hot_desk_sign_in'], [{ hot_desk_sign_in: '91' }, 'feature_codes.hot_desk_sign_in'],
      [{ hot_desk_sign_out: '*911' }, 'feature_codes.hot_desk_sign_out'], [{ device_lock: '*1001' }, 'feature_codes.device_lock'],
      [{ device_lock: '*9' }, 'feature_codes.device_lock'], [{ hot_desk_sign_out: '' }, 'feature_codes.hot_desk_sign_out'],
    ];
    for (const [codes, field] of rows) {
      const { errors } = (await expect(400, 'PATCH', POLICY, { feature_codes: codes })).json;
      t.ok(errors.some((error: { readonly field: string }) => error.field === field), JSON.stringify(codes));
    }
    await expect(400, 'PATCH', POLICY, { pin_min_length: 7 });
    await expect(400, 'PATCH', POLICY, { feature_codes: { voicemail: '*98' } });
    await expect(204, 'PATCH', POLICY, { hot_desk_conflict: 'displace', hot_desk_reach: 'desk-and-own', pin_min_length: 4 });
  });

  await t.test("a user's PIN", async (t) => {
    const path = `/v2/phone/users/${ann.email}/settings/desk_phone`;
    const set = (status: number, pin: unknown, more: object = {}) => expect(status, 'PATCH', path, { desk_phone: { pin_code: pin, ...more } });
    for (const pin of ['000000', '1234', '4321', '7777', '1002', '12', '1234567', '12a4', '']) {
      const refused = await set(400, pin);
      t.match(refused.json.errors, [{ field: 'desk_phone.pin_code' }], `not ${pin}`);
      t.notOk(JSON.stringify(refused.json.errors[0]).includes(`"${pin}"`) && pin !== '', 'digits do not come back');
    }
    await set(204, '58203');
    t.match(await byPin('58203'), { kind: 'signed-in' });
    t.match(await byPin(ann.pin), { kind: 'refused', reason: 'pin-wrong' });
    const ignored = await set(204, '58203', { phone_screen_colour: 'red' });
    t.equal(ignored.headers.get('x-ignored-fields'), 'desk_phone.phone_screen_colour');
    await set(400, '90817', { devices: [{ id: phone, policy: { hot_desking: { status: 'on' } } }] });
    t.match(await byPin('90817'), { kind: 'refused' }, "with another's phone in it nothing was changed");
    const fresh = (await expect(200, 'POST', `/v2/cordboard/users/${ann.id}/reset_pin_code`)).json.pin_code;
    t.match(await byPin(fresh), { kind: 'signed-in' });
    t.notMatch((await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=300')).text, new RegExp(`"(58203|${fresh})"`));
    await expect(404, 'POST', '/v2/cordboard/users/none/reset_pin_code');
    await expect(403, 'POST', `/v2/cordboard/users/${ann.id}/reset_pin_code`, undefined, { token: await office.tokenFor('Phone Read Only') });
    await expect(204, 'PATCH', POLICY, { refuse_weak_pins: false });
    await set(204, '1234');
    await expect(204, 'PATCH', POLICY, { refuse_weak_pins: true });
    t.match(await byPin('1234'), { kind: 'refused', reason: 'pin-weak' });
    await set(204, '58203');
  });

  await t.test("a common area's PIN", async (t) => {
    const area = (await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Lobby', extension_number: 1010 })).json;
    const path = `/v2/phone/common_areas/${area.id}/pin_code`;
    await expect(204, 'PATCH', path, { pin_code: '60413' });
    t.match((await expect(400, 'PATCH', path, { pin_code: '1010' })).json.errors, [{ field: 'pin_code' }]);
    await expect(400, 'PATCH', path, {});
    await expect(404, 'PATCH', '/v2/phone/common_areas/none/pin_code', { pin_code: '60413' });
    t.match((await expect(200, 'POST', `/v2/cordboard/common_areas/${area.id}/reset_pin_code`)).json.pin_code, /^\d{6}$/);
  });

  await t.test("a site's time-out in Zoom's shape", async (t) => {
    await byPin('58203');
    const path = `/v2/phone/sites/${mainSite}/settings/desk_phone`;
    const wanted = (number: number, unit?: string) => ({ desk_phone: { hot_desking_session_timeout: { number, ...(unit === undefined ? {} : { unit }) } } });
    t.match((await expect(200, 'GET', path)).json, wanted(0, 'hours'));
    const rows: readonly (readonly [number, string | undefined, number])[] = [[30, 'minutes', 30], [1, undefined, 60], [24, 'hours', 1440], [2, 'hours', 120]];
    for (const [number, unit, minutes] of rows) {
      await expect(204, 'PATCH', path, wanted(number, unit));
      t.match((await expect(200, 'GET', path)).json, wanted(number, unit ?? 'hours'));
      t.match(await session(), { ends_at: inMinutes(minutes), ends_by: 'timeout' }, 'the session that runs follows');
    }
    for (const [number, unit] of [[31, 'minutes'], [25, 'hours'], [-1, 'hours'], [1.5, 'hours'], [1, 'days']] as const) {
      t.match((await expect(400, 'PATCH', path, wanted(number, unit))).json.errors[0].field, /^desk_phone\.hot_desking_session_timeout/);
    }
    await expect(400, 'GET', `/v2/phone/sites/${mainSite}/settings/no_such_type`);
    await expect(404, 'GET', '/v2/phone/sites/none/settings/desk_phone');
  });

  await t.test('levels: account, site, device; the nearest wins, a locked one stays', async (t) => {
    const [account, site, device] = ['account', `sites/${mainSite}`, `devices/${phone}`].map((place) => `/v2/cordboard/${place}/hot_desk_settings`);
    const set = async (status: number, path: string | undefined, body: object) => (await expect(status, 'PATCH', path ?? '', body)).json;
    t.match((await expect(200, 'GET', device ?? '')).json, {
      session_timeout_minutes: { value: 120, origin: 'site', locked_by: '' }, idle_timeout_minutes: { value: null, origin: 'default' }, daily_end: { value: null },
    });
    t.match(await set(200, device, { session_timeout_minutes: { value: 60 }, idle_timeout_minutes: { value: 15 } }),
      { session_timeout_minutes: { value: 60, origin: 'device' }, idle_timeout_minutes: { value: 15, origin: 'device' } });
    t.match(await session(), { ends_at: inMinutes(60), idle_ends_at: inMinutes(15) });
    await set(200, account, { session_timeout_minutes: { value: 30, locked: true } });
    t.match((await expect(200, 'GET', device ?? '')).json.session_timeout_minutes, { value: 30, origin: 'account', locked_by: 'account' });
    t.match(await session(), { ends_at: inMinutes(30) });
    t.match((await set(409, device, { session_timeout_minutes: { value: 180 } })).errors, [{ field: 'session_timeout_minutes', message: /account/ }]);
    t.match((await set(400, site, { idle_timeout_minutes: { value: 0 }, daily_end: { value: '25:00' } })).errors, [{ field: 'idle_timeout_minutes' }, { field: 'daily_end' }]);
    await set(400, site, { session_timeout: { value: 60 } });
    await set(200, account, { session_timeout_minutes: { value: 'inherit' } });
    await set(200, device, { session_timeout_minutes: { value: null }, idle_timeout_minutes: { value: 'inherit' } });
    t.match((await expect(200, 'GET', device ?? '')).json, { session_timeout_minutes: { value: null, origin: 'device' }, idle_timeout_minutes: { origin: 'default' } });
    t.match(await session(), { ends_at: '', ends_by: '', idle_ends_at: '' });
    await expect(404, 'GET', '/v2/cordboard/devices/none/hot_desk_settings');
    await expect(403, 'PATCH', device ?? '', {}, { token: await office.tokenFor('Phone Read Only') });
  });

  await t.test("the daily end follows the clocks of the phone's site", async (t) => {
    const path = `/v2/cordboard/sites/${mainSite}`;
    t.same((await expect(200, 'GET', path)).json, { time_zone: '', prompt_language: '' });
    await expect(200, 'PATCH', `${path}/hot_desk_settings`, { daily_end: { value: '18:00' } });
    t.match(await session(), { ends_at: /T18:00:00Z$/, ends_by: 'schedule' });
    await expect(204, 'PATCH', path, { time_zone: 'Asia/Tokyo', prompt_language: 'es' });
    t.match(await session(), { ends_at: /T09:00:00Z$/ });
    t.same((await expect(200, 'GET', path)).json, { time_zone: 'Asia/Tokyo', prompt_language: 'es' });
    t.equal((await deps.hotDesk.signIn.begin(asId<DeviceId>(phone))).language, 'es');
    await expect(400, 'PATCH', path, { time_zone: 'Mars/Base' });
    await expect(400, 'PATCH', path, { prompt_language: 'xx' });
    await expect(204, 'PATCH', path, { time_zone: '', prompt_language: '' });
    t.match(await session(), { ends_at: /T18:00:00Z$/ });
    await expect(404, 'PATCH', '/v2/cordboard/sites/none', { time_zone: 'Asia/Tokyo' });
    await expect(204, 'PATCH', `/v2/phone/sites/${mainSite}`, { name: 'Head office', default_emergency_address: ADDRESS });
  });
});
