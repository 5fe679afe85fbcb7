import t from 'tap';
import { startApiOffice } from '../support/api-office.js';

t.test('setting templates', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  const get = async (path: string) => (await expect(200, 'GET', path)).json;
  const mainId = (await get('/v2/phone/sites')).sites[0].id as string;
  const { json: { id: site } } = await expect(201, 'POST', '/v2/phone/sites', {
    name: 'Boston', site_code: 8, auto_receptionist_name: 'Reception',
    default_emergency_address: { address_line1: '1 Main Street', city: 'New York', country: 'US', state_code: 'NY', zip: '10001' },
  });
  const addUsers = (users: readonly object[]) => expect(201, 'POST', '/v2/phone/users/batch', { users });
  const make = async (body: object) => (await expect(201, 'POST', '/v2/phone/setting_templates', body)).json.id as string;
  const staff = await make({ name: 'Staff', type: 'user', description: 'All of us' });
  const lobby = await make({ name: 'Lobby', type: 'common_area', site_id: mainId });

  await t.test('setting templates are copied onto users and common areas', async (t) => {
    t.match(await get('/v2/phone/setting_templates'), { total_records: 2, templates: [{ id: staff, name: 'Staff', type: 'user' }, { type: 'common_area' }] });
    t.match(await get(`/v2/phone/setting_templates?site_id=${site}`), { total_records: 1, templates: [{ name: 'Staff' }] });
    t.match((await expect(409, 'POST', '/v2/phone/setting_templates', { name: 'staff', type: 'user' })).json.errors, [{ field: 'name' }]);
    for (const [body, field] of [
      [{ name: 'X', type: 'group' }, 'type'], [{ name: '', type: 'user' }, 'name'], [{ name: 'X', type: 'user', site_id: 'nowhere' }, 'site_id'],
    ] as const) t.match((await expect(400, 'POST', '/v2/phone/setting_templates', body)).json.errors, [{ field }]);
    await expect(403, 'POST', '/v2/phone/setting_templates', { name: 'X', type: 'user' }, { token: await office.tokenFor('Phone Read Only') });
    const template = `/v2/phone/setting_templates/${staff}`;
    await expect(204, 'PATCH', template, {
      policy: { voicemail: { enable: true, allow_transcription: true }, call_forwarding: { enable: true, call_forwarding_type: 2 } },
      profile: { area_code: '617' },
      user_settings: { block_calls_without_caller_id: true, hold_music: '0', desk_phone: { pin_code: '483920' }, call_handling: { close_hours: { max_wait_time: '45' } } },
    });
    for (const [body, field] of [
      [{ user_settings: { desk_phone: { pin_code: 'abc' } } }, 'user_settings.desk_phone.pin_code'],
      [{ policy: { call_overflow: { call_overflow_type: 9 } } }, 'policy.call_overflow.call_overflow_type'],
      [{ user_settings: { call_handling: { business_hours: { ringing_duration: 'x' } } } }, 'user_settings.call_handling.business_hours.ringing_duration'],
      [{ profile: { area_code: 'x' } }, 'profile.area_code'],
    ] as const) t.match((await expect(400, 'PATCH', template, body)).json.errors, [{ field }], field);
    t.match(await get(template), {
      policy: { voicemail: { enable: true, allow_transcription: true }, call_forwarding: { enable: true, call_forwarding_type: 2 }, sms: { enable: false } },
      profile: { area_code: '617', country: '' },
      user_settings: { block_calls_without_caller_id: true, hold_music: '0', desk_phone: { pin_code: '******' }, call_handling: { close_hours: { max_wait_time: '45' } } },
    });
    t.same(Object.keys(await get(`${template}?custom_query_fields=profile`)).sort(), ['description', 'id', 'name', 'profile', 'type']);
    await expect(404, 'GET', '/v2/phone/setting_templates/nowhere');
    await expect(404, 'PATCH', '/v2/phone/setting_templates/nowhere', { name: 'X' });

    await addUsers([{ email: 'staff@example.com' }]);
    const { id: userId, extension_id: extension } = await get('/v2/phone/users/staff@example.com');
    const settings = async () => get(`/v2/cordboard/extensions/${extension}/settings`);
    await expect(200, 'PATCH', '/v2/cordboard/account/settings', { block_calls_without_caller_id: { locked: true } });
    for (const id of ['nowhere', lobby]) t.match((await expect(400, 'PATCH', '/v2/phone/users/staff@example.com', { template_id: id })).json.errors, [{ field: 'template_id' }]);
    const hash = await office.deps.stores.pins.get({ kind: 'user', id: userId });
    await expect(204, 'PATCH', '/v2/phone/users/staff@example.com', { template_id: staff });
    t.match(await settings(), {
      voicemail: { value: { enable: true }, origin: 'extension' }, voicemail_transcription: { value: { enable: true } },
      call_handling: { value: { close_hours: { max_wait_time: '45' } }, origin: 'extension' },
      block_calls_without_caller_id: { value: { enable: false }, origin: 'account' },
    }, 'what is locked further out stays as it is');
    t.equal((await get('/v2/phone/users/staff@example.com')).area_code, '617');
    const given = await office.deps.stores.pins.get({ kind: 'user', id: userId });
    t.not(given?.hash, hash?.hash);
    t.ok(given && await office.deps.pinHasher.verify(office.account.id, '483920', given.hash), 'the PIN is the template\'s');
    await expect(204, 'PATCH', template, { policy: { voicemail: { enable: false } } });
    t.match((await settings()).voicemail, { value: { enable: true } }, 'a copy: later changes change nobody');
    t.notMatch(JSON.stringify(await get('/v2/cordboard/audit_log')), /483920/);

    await expect(204, 'PATCH', `/v2/phone/setting_templates/${lobby}`, { profile: { country: 'gb', area_code: '020' } });
    t.match((await expect(409, 'POST', '/v2/phone/common_areas', { display_name: 'Bay', site_id: site, template_id: lobby })).json.errors, [{ field: 'template_id' }]);
    const area = (await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Bay', template_id: lobby })).json;
    t.match(await get(`/v2/phone/common_areas/${area.id}`), { area_code: '020', country: { code: 'GB' } });
  });

  await t.test('a template goes onto many common areas at once, all or none', async (t) => {
    const { json: hall } = await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Hall' });
    const apply = `/v2/phone/common_areas/template_id/${lobby}`;
    for (const [path, ids, status, fields] of [
      ['/v2/phone/common_areas/template_id/nowhere', [hall.id], 404, ['templateId']],
      [`/v2/phone/common_areas/template_id/${staff}`, [hall.id], 404, ['templateId']],
      [apply, [hall.id, 'nobody', 'nothing'], 400, ['common_area_ids[1]', 'common_area_ids[2]']],
      [apply, [], 400, ['common_area_ids']],
    ] as const) {
      const { json } = await expect(status, 'POST', path, { common_area_ids: ids });
      t.same(json.errors.map((error: { field: string }) => error.field), fields, `${path} ${ids.join()}`);
    }
    t.equal((await get(`/v2/phone/common_areas/${hall.id}`)).area_code, '', 'all or none');
    await expect(403, 'POST', apply, { common_area_ids: [hall.id] }, { token: await office.tokenFor('Phone Read Only') });
    const { json: bay } = await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Second bay' });
    await expect(201, 'POST', apply, { common_area_ids: [hall.id, bay.id, hall.id] });
    for (const { id } of [hall, bay]) t.match(await get(`/v2/phone/common_areas/${id}`), { area_code: '020', country: { code: 'GB' } });
  });

  await t.test('a batch names the templates of its rows', async (t) => {
    const many = await expect(400, 'POST', '/v2/phone/users/batch', {
      users: [{ email: 'new1@example.com', template_name: 'Nothing' }, { email: 'new2@example.com', template_name: 'Staff' }, { email: 'new3@example.com', template_name: 'Lobby' }],
    });
    t.same(many.json.errors.map((error: { field: string }) => error.field), ['users[0].template_name', 'users[2].template_name']);
    t.match((await expect(200, 'GET', '/v2/users/email?email=new2@example.com')).json, { existed_email: false });
    const { json: [row] } = await expect(201, 'POST', '/v2/phone/users/batch', {
      users: [{ email: 'new2@example.com', template_name: 'STAFF', sms: true }],
    });
    t.equal(row.pin_code, '483920', 'the PIN is the template\'s, and told as such');
    const pin = await office.deps.stores.pins.get({ kind: 'user', id: row.id });
    t.ok(pin && await office.deps.pinHasher.verify(office.account.id, row.pin_code, pin.hash));
    t.match(await get('/v2/phone/users/new2@example.com'), { area_code: '617', policy: { sms: { enable: true } } }, 'what the row says stands over the template');
  });
});
