import t from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { startApiOffice } from '../support/api-office.js';
import { registerCommand } from '../support/redis.js';

const ADDRESS = { address_line1: '1 Main Street', city: 'New York', country: 'US', state_code: 'NY', zip: '10001' };

t.test('sites, common areas and devices', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  let siteId = '';

  await t.test('sites: the main one is there; others take code, country and length', async (t) => {
    const { json: first } = await expect(200, 'GET', '/v2/phone/sites');
    t.match(first, { total_records: 1, sites: [{ name: 'Main Site', level: 'main', country: { code: 'US', name: 'United States' } }] });
    t.notOk('site_code' in first.sites[0]);
    const site = { name: 'Berlin', auto_receptionist_name: 'Empfang', default_emergency_address: { ...ADDRESS, country: 'de' }, site_code: 8 };
    siteId = (await expect(201, 'POST', '/v2/phone/sites', site)).json.id;
    t.match((await expect(200, 'GET', `/v2/phone/sites/${siteId}`)).json, {
      site_code: 8, country: { code: 'DE', name: 'Germany' }, short_extension: { length: 3 }, level: 'other',
      default_emergency_address: { city: 'New York', country: 'DE' },
    });
    t.match((await expect(409, 'POST', '/v2/phone/sites', site)).json.errors, [{ field: 'name' }]);
    t.match((await expect(409, 'POST', '/v2/phone/sites', { ...site, name: 'Hamburg' })).json.errors, [{ field: 'site_code', message: /Berlin/ }]);
    t.match((await expect(400, 'POST', '/v2/phone/sites', { ...site, name: 'Hamburg', site_code: 123 })).json.errors, [{ field: 'site_code' }]);
    t.match((await expect(400, 'POST', '/v2/phone/sites', { ...site, name: 'H', site_code: 12, short_extension: { length: 5 } })).json.errors, [{ field: 'short_extension.length' }]);
    t.match((await expect(400, 'POST', '/v2/phone/sites', { name: 'x' })).json.errors, [{ field: 'auto_receptionist_name' }, { field: 'default_emergency_address' }]);
    await expect(204, 'PATCH', `/v2/phone/sites/${siteId}`, { name: 'Berlin Mitte' });
    await expect(400, 'PATCH', `/v2/phone/sites/${siteId}`, { default_emergency_address: ADDRESS });
    await expect(404, 'GET', '/v2/phone/sites/nowhere');
    await expect(409, 'DELETE', `/v2/phone/sites/${first.sites[0].id}`);
    const spare = (await expect(201, 'POST', '/v2/phone/sites', { ...site, name: 'Spare', site_code: '9' })).json.id;
    await expect(204, 'DELETE', `/v2/phone/sites/${spare}`);
  });

  await t.test('the same short number lives at two sites, but no dialable form twice', async (t) => {
    await expect(201, 'POST', '/v2/phone/users/batch', {
      users: [
        { email: 'main@example.com', extension_number: '8201' },
        { email: 'berlin@example.com', extension_number: '202', site_code: 8 },
        { email: 'next@example.com', site_name: 'Berlin Mitte' },
      ],
    });
    t.match((await expect(200, 'GET', '/v2/phone/users/next@example.com')).json, { extension_number: 203, site_id: siteId },
      '201 is passed over: 8 + 201 is dialled already');
    t.match((await expect(409, 'PATCH', '/v2/phone/users/berlin@example.com', { extension_number: '201' })).json.message, /main@example\.com/);
    t.match((await expect(400, 'PATCH', '/v2/phone/users/berlin@example.com', { extension_number: '112' })).json.errors, [{ field: 'extension_number' }]);
    t.match((await expect(200, 'GET', `/v2/phone/users?site_id=${siteId}`)).json, { total_records: 2 });
    await expect(409, 'DELETE', `/v2/phone/sites/${siteId}`);
  });

  await t.test('common areas: create, read, change, plans, remove', async (t) => {
    const { json: made } = await expect(201, 'POST', '/v2/phone/common_areas', {
      display_name: 'Lobby', extension_number: 1010, calling_plans: [{ type: 200 }], timezone: 'America/New_York',
    });
    const path = `/v2/phone/common_areas/${made.id}`;
    t.match((await expect(200, 'GET', path)).json, {
      display_name: 'Lobby', extension_number: 1010, status: 'active', calling_plans: [{ type: 200 }], desk_phones: [],
      policy: { international_calling: { enable: false } }, country: { code: 'US' },
    });
    await expect(204, 'PATCH', path, { display_name: 'Lobby West', extension_number: '1011', area_code: '212', policy: { international_calling: { enable: true } } });
    t.match((await expect(200, 'GET', path)).json, { display_name: 'Lobby West', extension_number: 1011, area_code: '212', policy: { international_calling: { enable: true } } });
    t.match((await expect(201, 'POST', `${path}/calling_plans`, { calling_plans: [{ type: 3040 }] })).json.calling_plans, [{ type: 200 }, { type: 3040 }]);
    await expect(204, 'DELETE', `${path}/calling_plans/200`);
    t.match((await expect(200, 'GET', '/v2/phone/common_areas')).json, { total_records: 1, common_areas: [{ calling_plans: [{ type: 3040 }] }] });
    await expect(409, 'POST', '/v2/phone/common_areas', { display_name: 'Other', extension_number: 1011 });
    await expect(400, 'POST', '/v2/phone/common_areas', { display_name: 'Other', timezone: 'Mars/Base' });
    await expect(400, 'POST', '/v2/phone/common_areas', { display_name: 'Other', site_id: 'nowhere' });
    await expect(204, 'DELETE', path);
    await expect(404, 'GET', path);
  });

  await t.test('devices carry SIP credentials of their own', async (t) => {
    const { json: user } = await expect(200, 'GET', '/v2/phone/users/berlin@example.com');
    const { json: made } = await expect(201, 'POST', '/v2/phone/devices', {
      display_name: 'Desk 1', mac_address: '00-15-65-AA-BB-01', type: 'Yealink', model: 'T54W', assignee_extension_ids: [user.extension_id],
    });
    const { json: device } = await expect(200, 'GET', `/v2/phone/devices/${made.id}`);
    t.match(device, {
      mac_address: '001565aabb01', device_type: 'Yealink T54W', status: 'offline', site: { id: siteId, name: 'Berlin Mitte' },
      assignee: { id: user.id, extension_id: user.extension_id, extension_number: 202, extension_type: 'user' },
      policy: { hot_desking: { status: 'off' } },
    });
    const [sip] = device.provision.sip_accounts;
    t.match(sip, { sip_domain: 'pbx.example.com:5060', outbound_proxy: '192.0.2.1:5060', user_name: /^\w{16}$/, password: /^\w{24,}$/ });
    t.equal(sip.user_name, sip.authorization_id);
    t.notMatch(sip.user_name, /202/, 'never an extension');
    const viewer = await office.tokenFor('Phone Read Only');
    const { json: seen } = await expect(200, 'GET', `/v2/phone/devices/${made.id}`, undefined, { token: viewer });
    t.notOk('password' in seen.provision.sip_accounts[0], 'a role without the right sees no password');
    const ha1 = office.deps.directory.ha1(made.id as DeviceId);
    t.equal(ha1?.MD5.length, 32, 'the call path knows the device at once');
  });

  await t.test('a device takes one assignee, by extension, common area, user id or e-mail', async (t) => {
    const { json: berlin } = await expect(200, 'GET', '/v2/phone/users/berlin@example.com');
    const { json: next } = await expect(200, 'GET', '/v2/phone/users/next@example.com');
    const add = (mac: string, more: object) => office.call('POST', '/v2/phone/devices', { display_name: 'Phone', mac_address: mac, type: 'Other', ...more });
    t.match(await add('02aa00000001', { assignee_extension_ids: [berlin.extension_id, next.extension_id] }), {
      status: 400, json: { errors: [{ field: 'assignee_extension_ids', message: /shared lines/ }] },
    });
    t.match(await add('02aa00000001', { assignee_extension_ids: ['nobody'] }), { status: 400, json: { errors: [{ field: 'assignee_extension_ids[0]', field_value: 'nobody' }] } });
    t.match(await add('00:15:65:aa:bb:01', {}), { status: 409, json: { errors: [{ field: 'mac_address', message: /Desk 1/ }] } });
    for (const bad of ['00:15:65:aa:bb', 'zz1565aabb01', '00:15:65:aa:bb:01:02', '']) {
      t.match(await add(bad, {}), { status: 400, json: { errors: [{ field: 'mac_address' }] } }, `MAC address ${bad}`);
    }
    const area = (await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Hall', extension_number: 1020 })).json;
    for (const [mac, more] of [
      ['02aa00000002', { assignee_extension_ids: [area.id] }], ['02aa00000003', { assigned_to: 'next@example.com' }],
      ['02aa00000004', { assigned_to: next.id }], ['02aa00000005', { assignee_extension_ids: [area.extension_id] }],
    ] as const) t.equal((await add(mac, more)).status, 201, mac);
    t.match((await expect(200, 'GET', '/v2/phone/devices?assignee_type=commonArea')).json, { total_records: 2 });
    t.match((await expect(200, 'GET', `/v2/phone/common_areas/${area.id}`)).json.desk_phones, [{ display_name: 'Phone' }, { display_name: 'Phone' }]);
    await expect(204, 'DELETE', `/v2/phone/common_areas/${area.id}`);
    t.match((await expect(200, 'GET', '/v2/phone/devices?type=unassigned')).json, { total_records: 2 });
  });

  await t.test('an unassigned device is assigned, unassigned and handed on', async (t) => {
    const { json: berlin } = await expect(200, 'GET', '/v2/phone/users/berlin@example.com');
    const { json: main } = await expect(200, 'GET', '/v2/phone/users/main@example.com');
    const { id } = (await expect(201, 'POST', '/v2/phone/devices', { display_name: 'Spare', mac_address: '02bb00000001', type: 'Softphone', assignee_extension_ids: [] })).json;
    const path = `/v2/phone/devices/${id}`;
    const before = (await expect(200, 'GET', path)).json;
    t.notOk('assignee' in before);
    t.match(before, { assignees: [], site: { name: 'Main Site' } });
    t.match((await expect(201, 'POST', `${path}/extensions`, { assignee_extension_ids: [berlin.extension_id] })).json, { site: { id: siteId } });
    t.match((await expect(400, 'POST', `${path}/extensions`, { assignee_extension_ids: [main.extension_id] })).json.errors, [{ field: 'assignee_extension_ids' }]);
    await expect(400, 'POST', `${path}/extensions`, { assignee_extension_ids: [] });
    await expect(404, 'DELETE', `${path}/extensions/${main.extension_id}`);
    await expect(204, 'PATCH', path, { assigned_to: 'main@example.com', display_name: 'Handed on' });
    const after = (await expect(200, 'GET', path)).json;
    t.match(after, { display_name: 'Handed on', assignee: { extension_number: 8201 }, site: { id: siteId } }, 'the desk stays where it stands');
    t.same(after.provision, before.provision, 'credentials stay');
    t.match((await expect(400, 'PATCH', path, { assigned_to: 'nobody@example.com' })).json.errors, [{ field: 'assigned_to' }]);
    await expect(204, 'DELETE', `${path}/extensions/${main.extension_id}`);
    t.match((await expect(200, 'GET', path)).json.assignees, []);
    t.match((await expect(409, 'PATCH', path, { mac_address: '001565aabb01' })).json.errors, [{ field: 'mac_address' }]);
  });

  await t.test('hot desking is switched on a user’s own phones only', async (t) => {
    const { json: settings } = await expect(200, 'GET', '/v2/phone/users/berlin@example.com/settings');
    const [device] = settings.desk_phone.devices;
    const path = '/v2/phone/users/berlin@example.com/settings/desk_phone';
    const body = (id: string, status: string) => ({ desk_phone: { devices: [{ id, policy: { hot_desking: { status } } }] } });
    await expect(204, 'PATCH', path, body(device.id, 'on'));
    t.match((await expect(200, 'GET', `/v2/phone/devices/${device.id}`)).json.policy, { hot_desking: { status: 'on' } });
    t.match((await expect(400, 'PATCH', '/v2/phone/users/main@example.com/settings/desk_phone', body(device.id, 'off'))).json.errors, [{ field: 'desk_phone.devices[0].id' }]);
    await expect(400, 'PATCH', path, body(device.id, 'maybe'));
    await expect(400, 'PATCH', '/v2/phone/users/berlin@example.com/settings/voice_mail', {});
  });

  await t.test('a common area’s phones are assigned, switched and unassigned through its settings', async (t) => {
    const area = (await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Kitchen', extension_number: 1030 })).json;
    const { id } = (await expect(201, 'POST', '/v2/phone/devices', { display_name: 'Kitchen phone', mac_address: '02cc00000001', type: 'Snom' })).json;
    const path = `/v2/phone/common_areas/${area.id}/settings`;
    t.match((await expect(201, 'POST', `${path}/desk_phone`, { device_id: id })).json, { desk_phones: [{ id, display_name: 'Kitchen phone' }] });
    await expect(204, 'PATCH', `${path}/desk_phone`, { desk_phones: [{ id, hot_desking: { status: 'on' } }] });
    t.match((await expect(200, 'GET', path)).json, { desk_phones: [{ id, status: 'offline', mac_address: '02cc00000001', hot_desking: { status: 'on' } }] });
    t.match((await expect(400, 'PATCH', `${path}/desk_phone`, { desk_phones: [{ id: 'x', hot_desking: { status: 'on' } }] })).json.errors, [{ field: 'desk_phones[0].id' }]);
    await expect(400, 'PATCH', `${path}/other`, { desk_phones: [] });
    await expect(404, 'POST', '/v2/phone/common_areas/nowhere/settings/desk_phone', { device_id: id });
    await expect(204, 'DELETE', `${path}/desk_phone?device_id=${id}`);
    await expect(404, 'DELETE', `${path}/desk_phone?device_id=${id}`);
    t.same((await expect(200, 'GET', path)).json, { desk_phones: [] });
  });

  await t.test('people move to a site together or not at all', async (t) => {
    const people = ['berlin@example.com', 'next@example.com', 'main@example.com'];
    const { json: sites } = await expect(200, 'GET', '/v2/phone/sites');
    const mainId = sites.sites[0].id;
    t.match((await expect(400, 'PUT', '/v2/phone/users/batch', { user_ids: ['berlin@example.com', 'nobody'], site_id: mainId })).json.errors, [{ field: 'user_ids[1]' }]);
    t.match((await expect(400, 'PUT', '/v2/phone/users/batch', { user_ids: people, site_id: 'nowhere' })).json.errors, [{}, {}, {}]);
    await expect(201, 'POST', '/v2/phone/users/batch', { users: [{ email: 'long@example.com', extension_number: '555555' }] });
    t.match((await expect(400, 'PUT', '/v2/phone/users/batch', { user_ids: ['main@example.com', 'long@example.com'], site_id: siteId })).json.errors,
      [{ field: 'user_ids[1]', message: /site code 8/ }]);
    t.match((await expect(200, 'GET', '/v2/phone/users/main@example.com')).json, { site_id: mainId }, 'all or none');
    await expect(204, 'DELETE', '/v2/users/long@example.com');
    await expect(204, 'PUT', '/v2/phone/users/batch', { user_ids: people.slice(0, 2), site_id: mainId });
    t.match((await expect(200, 'GET', `/v2/phone/users?site_id=${siteId}`)).json, { total_records: 0 });
    await expect(204, 'PUT', '/v2/phone/users/batch', { user_ids: people.slice(0, 2), site_id: siteId });
  });

  await t.test('registrations are listed and dropped, all or one; removing a device drops them', async (t) => {
    const { json: list } = await expect(200, 'GET', '/v2/phone/devices?keyword=desk');
    const id: DeviceId = list.devices[0].id;
    const register = (...uris: readonly string[]) => office.deps.locations.register(registerCommand(
      uris.map((uri) => ({ uri })), { accountId: office.account.id, deviceId: id, at: office.clock.now(), callId: `call-${uris.join()}` }));
    await register('sip:one@192.0.2.7:5060', 'sip:two@192.0.2.7:5060;transport=udp');
    const { json } = await expect(200, 'GET', '/v2/cordboard/registrations');
    t.match(json, { total_records: 2, registrations: [{ device_id: id, device_name: 'Desk 1', extension_number: '202', transport: 'udp', address: '192.0.2.7', port: 5060 }, {}] });
    t.match((await expect(200, 'GET', `/v2/phone/devices/${id}`)).json, { status: 'online', public_ip: '192.0.2.7' });
    t.match((await expect(200, 'GET', `/v2/cordboard/registrations?device_id=${id}`)).json, { total_records: 2 });
    await expect(400, 'GET', '/v2/cordboard/registrations?device_id=nobody');
    await expect(400, 'GET', '/v2/cordboard/registrations?device=x');
    const one = json.registrations.find((item: { contact: string }) => item.contact.startsWith('sip:one'));
    await expect(204, 'DELETE', `/v2/cordboard/registrations/${id}/contacts/${one.contact_id}`);
    await expect(404, 'DELETE', `/v2/cordboard/registrations/${id}/contacts/${one.contact_id}`);
    t.match((await expect(200, 'GET', '/v2/cordboard/registrations')).json, { total_records: 1 });
    await expect(204, 'DELETE', `/v2/cordboard/registrations/${id}`);
    await expect(404, 'DELETE', `/v2/cordboard/registrations/${id}`);
    await register('sip:three@192.0.2.7:5060');
    await expect(204, 'DELETE', `/v2/phone/devices/${id}`);
    t.match((await expect(200, 'GET', '/v2/cordboard/registrations')).json, { total_records: 0 });
    await expect(404, 'GET', `/v2/phone/devices/${id}`);
  });
});
