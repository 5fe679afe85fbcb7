/** Emergency addresses and locations, external contacts: over HTTP, and what a call makes of them. */
import t from 'tap';
import { asId, type DeviceId } from '../../src/domain/ids.js';
import { startApiOffice } from '../support/api-office.js';

const MAIN = { address_line1: '1 Main Street', city: 'New York', country: 'US', state_code: 'NY', zip: '10001' };
const SIDE = { ...MAIN, address_line1: '2 Side Street', zip: '10002' };
const HOME = { ...MAIN, address_line1: '3 Home Lane', zip: '10003' };
const BERLIN = { address_line1: 'Am Ring 4', city: 'Berlin', country: 'DE', state_code: '', zip: '10115' };
const ADDRESSES = '/v2/phone/emergency_addresses';
const LOCATIONS = '/v2/phone/locations';
const CONTACTS = '/v2/phone/external_contacts';

t.test('safety', async (t) => {
  const office = await startApiOffice(t);
  const { expect, call } = office;
  const site = await office.deps.stores.sites.main(office.account.id);
  if (site === null) throw new Error('no main site');
  await expect(201, 'POST', '/v2/phone/users/batch', {
    users: ['ann', 'bob'].map((name, index) => ({ email: `${name}@example.com`, first_name: name, calling_plans: [], extension_number: String(1001 + index) })),
  });
  const { json: ann } = await expect(200, 'GET', '/v2/phone/users/ann@example.com');
  const { json: desk } = await expect(201, 'POST', '/v2/phone/devices', {
    display_name: 'Desk 1', mac_address: '00:15:65:00:00:01', type: 'Yealink', model: 'T54W', assigned_to: 'ann@example.com',
  });
  const explain = async (dialled = '911', device = desk.id) => (await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: device, dialled })).json;
  let mainAddress = '';
  let sideAddress = '';

  await t.test('a desk without any address says so', async (t) => {
    t.match(await explain(), { reason: 'emergency-no-route', emergency: { origin: 'none', text: '', elin: '' } });
    t.match((await expect(200, 'GET', '/v2/phone/users/ann@example.com')).json.emergency_address, { id: '', address_line1: '' });
  });

  await t.test('the first address of a site is its default', async (t) => {
    const { json: first } = await expect(201, 'POST', ADDRESSES, MAIN);
    t.match(first, { is_default: true, level: 0, status: 2, site: { name: 'Main Site' }, owner: undefined, address_line2: '' });
    mainAddress = first.id;
    const { json: second } = await expect(201, 'POST', ADDRESSES, { ...SIDE, site_id: site.id });
    t.match(second, { is_default: false, zip: '10002' });
    sideAddress = second.id;
    t.match(await explain(), { emergency: { origin: 'site', text: '1 Main Street, New York, NY 10001, US' } });
    t.match((await expect(200, 'GET', `/v2/phone/sites/${site.id}`)).json.default_emergency_address, { address_line1: '1 Main Street' });
    t.match((await expect(200, 'PATCH', `${ADDRESSES}/${sideAddress}`, { is_default: true, address_line2: 'Door 2' })).json, { is_default: true, address_line2: 'Door 2' });
    t.match((await expect(200, 'GET', `${ADDRESSES}/${mainAddress}`)).json, { is_default: false });
    t.match((await expect(200, 'GET', `/v2/phone/sites/${site.id}`)).json.default_emergency_address, { address_line1: '2 Side Street' });
    await expect(204, 'PATCH', `/v2/phone/sites/${site.id}`, { default_emergency_address: { ...SIDE, address_line1: '22 Side Street' } });
    t.match((await expect(200, 'GET', `${ADDRESSES}/${sideAddress}`)).json, { address_line1: '22 Side Street', is_default: true });
    await expect(200, 'PATCH', `${ADDRESSES}/${mainAddress}`, { is_default: true });
  });

  await t.test('what is wrong with an address is named', async (t) => {
    const rows: readonly (readonly [string, object, string])[] = [
      ['no street', { address_line1: ' ' }, 'address_line1'], ['a state in words', { state_code: 'New York' }, 'state_code'], ['a short zip', { zip: '1001' }, 'zip'],
      ['another country', { country: 'DE', zip: '10115' }, 'country'], ['no country', { country: 'XX' }, 'country'], ['a site nobody knows', { site_id: 'x' }, 'site_id'],
      ['a person nobody knows', { user_id: 'x@example.com' }, 'user_id'], ['site and person', { site_id: site.id, user_id: ann.id }, 'user_id'],
      ['a line break', { city: 'New\nYork' }, 'city'],
    ];
    for (const [label, change, field] of rows) {
      const answer = await call('POST', ADDRESSES, { ...MAIN, ...change });
      t.same([answer.status, answer.json.errors?.[0]?.field], [400, field], label);
    }
    t.match((await expect(400, 'PATCH', `${ADDRESSES}/${mainAddress}`, { is_default: false })).json.errors, [{ field: 'is_default' }]);
    t.match((await expect(400, 'PATCH', `${ADDRESSES}/${mainAddress}`, { zip: 'no' })).json.errors, [{ field: 'zip' }]);
    t.match((await expect(409, 'DELETE', `${ADDRESSES}/${mainAddress}`)).json.message, /default/);
    for (const [method, body] of [['GET', undefined], ['PATCH', {}], ['DELETE', undefined]] as const) await expect(404, method, `${ADDRESSES}/nowhere`, body);
    const berlin = await call('POST', '/v2/phone/sites', { name: 'Berlin', auto_receptionist_name: 'E', default_emergency_address: { ...BERLIN, zip: '1' } });
    t.match([berlin.status, berlin.json.errors], [400, [{ field: 'default_emergency_address.zip' }]]);
  });

  await t.test('owner, phone and site: the nearest counts, and a guest changes nothing', async (t) => {
    await expect(400, 'PATCH', '/v2/phone/users/ann@example.com', { emergency_address_id: 'nowhere' });
    await expect(204, 'PATCH', '/v2/phone/users/ann@example.com', { emergency_address_id: sideAddress });
    t.match(await explain(), { emergency: { origin: 'user', emergency_address: { id: sideAddress } } });
    t.match((await expect(200, 'GET', '/v2/phone/users/ann@example.com')).json.emergency_address, { id: sideAddress });
    t.match((await expect(409, 'DELETE', `${ADDRESSES}/${sideAddress}`)).json.message, /^1 users, common areas or devices/);
    const { json: third } = await expect(201, 'POST', ADDRESSES, { ...MAIN, address_line1: '9 Room Row' });
    await expect(204, 'PATCH', `/v2/cordboard/devices/${desk.id}/emergency_address`, { emergency_address_id: third.id });
    t.match(await explain(), { emergency: { origin: 'device', emergency_address: { id: third.id } } });
    t.match((await expect(200, 'GET', `/v2/phone/devices/${desk.id}`)).json.emergency_address, { origin: 'device', emergency_address: { id: third.id } });
    await expect(204, 'PATCH', `/v2/phone/users/ann@example.com/settings/desk_phone`, {
      desk_phone: { devices: [{ id: desk.id, policy: { hot_desking: { status: 'on' } } }] },
    });
    await expect(201, 'POST', `/v2/cordboard/devices/${desk.id}/hot_desk_sign_in`, { user_id: 'bob@example.com' });
    await expect(204, 'PATCH', '/v2/phone/users/bob@example.com', { emergency_address_id: sideAddress });
    await expect(204, 'PATCH', `/v2/cordboard/devices/${desk.id}/emergency_address`, { emergency_address_id: '' });
    await expect(204, 'PATCH', '/v2/phone/users/ann@example.com', { emergency_address_id: '' });
    t.match(await explain(), { acting: { kind: 'guest' }, emergency: { origin: 'site', emergency_address: { id: mainAddress } } }, "never the guest's");
    await expect(204, 'DELETE', `${ADDRESSES}/${third.id}`);
    await expect(204, 'PATCH', '/v2/phone/users/bob@example.com', { emergency_address_id: '' });
  });

  await t.test('people manage their own address where they may', async (t) => {
    const own = '/v2/cordboard/users/ann@example.com/emergency_address';
    t.match((await expect(200, 'GET', own)).json, { origin: 'site', may_manage: false });
    t.match((await expect(409, 'PATCH', own, { address: HOME, acting_user_id: 'ann@example.com' })).json.message, /emergency_address_management/);
    await expect(204, 'PATCH', '/v2/phone/users/ann@example.com', { policy: { emergency_address_management: { enable: true } } });
    await expect(204, 'PATCH', own, { address: HOME, acting_user_id: 'ann@example.com' });
    t.match((await expect(200, 'GET', own)).json, { origin: 'user', text: /^3 Home Lane/, may_manage: true });
    t.match((await expect(409, 'PATCH', own, { emergency_address_id: '', acting_user_id: 'bob@example.com' })).json.errors, [{ field: 'acting_user_id' }]);
    t.match((await expect(400, 'PATCH', own, { acting_user_id: 'nobody@example.com', emergency_address_id: '' })).json.errors, [{ field: 'acting_user_id' }]);
    await expect(400, 'PATCH', own, {});
    const { json: list } = await expect(200, 'GET', `${ADDRESSES}?user_id=ann@example.com`);
    t.match(list, { total_records: 1, emergency_addresses: [{ level: 1, is_default: true, owner: { id: ann.id, extension_number: 1001, name: /ann/i } }] });
    const bobs = await call('PATCH', '/v2/phone/users/bob@example.com', { emergency_address_id: list.emergency_addresses[0].id });
    t.match([bobs.status, bobs.json.errors], [400, [{ field: 'emergency_address_id', message: /another person/ }]]);
    t.match((await expect(200, 'PATCH', `${ADDRESSES}/${list.emergency_addresses[0].id}`, { is_default: false })).json, { is_default: false });
    t.match((await explain()).emergency, { origin: 'site' });
    await expect(204, 'DELETE', `${ADDRESSES}/${list.emergency_addresses[0].id}`);
  });

  await t.test('lists are filtered and paged', async (t) => {
    const total = async (query: string) => (await expect(200, 'GET', `${ADDRESSES}?${query}`)).json.total_records;
    for (const [query, wanted] of [
      ['', 2], [`site_id=${site.id}`, 2], ['site_id=x', 0], ['level=0', 2], ['level=1', 0], ['level=2', 0], ['status=2', 2], ['status=4', 0],
      ['address_keyword=SIDE', 1], ['address_keyword=10001', 1], ['address_keyword=%25', 0], ['user_id=nobody', 0],
    ] as const) t.equal(await total(query), wanted, query);
    const { json: page } = await expect(200, 'GET', `${ADDRESSES}?page_size=1`);
    t.match((await expect(200, 'GET', `${ADDRESSES}?page_size=1&next_page_token=${page.next_page_token}`)).json, { next_page_token: '', emergency_addresses: [{ id: sideAddress }] });
    await expect(400, 'GET', `${ADDRESSES}?level=7`);
  });

  await t.test('locations: a batch all or none, each row named', async (t) => {
    const rows = [
      { display_name: 'Floor', identifier: 'f1', parent_identifier: 'house', company_address: MAIN, private_ip: '10.1.0.0/16', elin: '+12125550101' },
      { display_name: 'House', identifier: 'house', company_address: MAIN, public_ip: '198.51.100.7', elin: '(212) 555-0100', bssid: '00:11:22:33:44:55' },
      { display_name: 'Annex', identifier: 'annex', company_address: { ...MAIN, address_line1: '5 Annex Road' }, private_ip: '10.9.0.0/16', minimum_match_criteria: true },
    ];
    const bad = await call('POST', '/v2/phone/batch_locations', {
      locations: [
        { ...rows[0], private_ip: '10.1.0.1/16' }, rows[1], { ...rows[2], identifier: 'house' }, { ...rows[2], identifier: 'x', private_ip: '', parent_identifier: 'nowhere' },
        { ...rows[2], identifier: 'y', elin: 'none', company_address: { ...MAIN, zip: '' } }, { ...rows[2], identifier: 'z', private_ip: '', bssid: 'qq' },
      ],
    });
    t.equal(bad.status, 400);
    t.same([...new Set(bad.json.errors.map((error: { field: string }) => error.field))], [
      'locations[0].private_ip', 'locations[2].identifier', 'locations[3].parent_identifier', 'locations[4].company_address.zip', 'locations[5].bssid', 'locations[5].public_ip',
    ]);
    t.equal((await expect(200, 'GET', LOCATIONS)).json.total_records, 0, 'nothing was added');
    const { json: made } = await expect(201, 'POST', '/v2/phone/batch_locations', { locations: rows });
    t.same(made.locations.map((each: { display_name: string }) => each.display_name), ['Floor', 'House', 'Annex']);
    t.equal((await expect(200, 'GET', ADDRESSES)).json.total_records, 3, 'an address that is there is not made twice');
    const { json: list } = await expect(200, 'GET', LOCATIONS);
    const [house, floor] = ['house', 'f1'].map((name) => list.locations.find((each: { identifier: string }) => each.identifier === name));
    t.match(house, { bssid: '001122334455', elin: { phone_number: '+12125550100' }, public_ip: '198.51.100.7', parent_location_id: '', emergency_address: { id: mainAddress } });
    t.match(floor, { parent_location_id: house.id, elin: { phone_number: '+12125550101' }, site: { id: site.id } });
    t.match((await expect(409, 'POST', '/v2/phone/batch_locations', { locations: [rows[1]] })).json.errors, [{ field: 'locations[0].identifier' }]);
    t.match((await expect(409, 'DELETE', `${LOCATIONS}/${house.id}`)).json.message, /^1 locations lie/);
    t.match((await expect(409, 'DELETE', `${ADDRESSES}/${list.locations.find((each: { name: string }) => each.name === 'Annex').emergency_address.id}`)).json.message, /1 locations/);
  });

  await t.test('a phone is in the location that its network tells', async (t) => {
    const register = async (address: string, contactHost: string) => office.deps.locations.register({
      accountId: office.account.id, deviceId: asId<DeviceId>(desk.id), callId: `reg-${address}`, cseq: 1, userAgent: '', at: office.clock.now(), maxContacts: 5, natted: new Set<string>(),
      flow: { transport: 'udp', address, port: 5060 }, granted: new Map([[`sip:desk@${contactHost}`, 600]]), nonce: { nonce: `n-${address}`, count: 1, expiresAt: office.clock.now() + 60_000 },
      contacts: { kind: 'contacts', contacts: [{ uri: `sip:desk@${contactHost}`, params: '', q: 1000, seconds: 600 }] },
    });
    await register('198.51.100.7', '10.1.2.3');
    t.match(await explain(), { emergency: { origin: 'location', location: { name: 'Floor' }, elin: '+12125550101', emergency_address: { id: mainAddress } } });
    t.match((await explain()).chain[0].note, /location Floor.*called back at \+12125550101/);
    t.match((await expect(200, 'GET', `/v2/cordboard/devices/${desk.id}/emergency_address`)).json, { origin: 'location', location: { name: 'Floor' } });
    const { json: list } = await expect(200, 'GET', LOCATIONS);
    const floor = list.locations.find((each: { identifier: string }) => each.identifier === 'f1');
    await expect(204, 'PATCH', `${LOCATIONS}/${floor.id}`, { elin_phone_number_id: '', name: 'Floor 3' });
    t.match((await explain()).emergency, { elin: '+12125550100', location: { name: 'Floor 3' } }, 'the number of the house');
    await expect(204, 'PATCH', `${LOCATIONS}/${floor.id}`, { private_ip: '10.2.0.0/16', network_switches: [{ mac_address: '00-11-22-33-44-66', port: '7' }] });
    t.match((await explain()).emergency, { location: { name: 'House' } });
    t.match((await expect(200, 'GET', `${LOCATIONS}/${floor.id}`)).json, { network_switches: [{ mac_address: '001122334466', port: '7', port_prefix: '' }], identifier: undefined });
    t.match((await expect(400, 'PATCH', `${LOCATIONS}/${floor.id}`, { emergency_address_id: 'x', public_ip: 'everywhere' })).json.errors.map((error: { field: string }) => error.field), [
      'emergency_address_id', 'public_ip',
    ]);
    await expect(204, 'DELETE', `${LOCATIONS}/${floor.id}`);
    const { json: room } = await expect(201, 'POST', LOCATIONS, { name: 'Room', emergency_address_id: sideAddress, parent_location_id: list.locations.find((each: { identifier: string }) => each.identifier === 'house').id, private_ip: '10.1.2.0/24' });
    t.match((await explain()).emergency, { location: { id: room.id }, emergency_address: { id: sideAddress } });
    for (const body of [{ name: 'x', emergency_address_id: sideAddress }, { name: 'x', emergency_address_id: sideAddress, parent_location_id: 'x' }]) await expect(400, 'POST', LOCATIONS, body);
    for (const [method, body] of [['GET', undefined], ['PATCH', {}], ['DELETE', undefined]] as const) await expect(404, method, `${LOCATIONS}/nowhere`, body);
  });

  await t.test('external contacts: added, found, changed, shown by name', async (t) => {
    const { json: made } = await expect(201, 'POST', CONTACTS, {
      name: 'Fire & Rescue Ltd', id: 'crm-1', phone_numbers: ['(212) 555-0199', '+442079460018'], extension_number: '7001', description: 'Alarm company', email: 'ops@example.org', routing_path: 'trunk-a',
    });
    const path = `${CONTACTS}/${made.external_contact_id}`;
    t.match((await expect(200, 'GET', path)).json, { phone_numbers: ['+12125550199', '+442079460018'], routing_path: 'trunk-a', auto_call_recorded: false, id: 'crm-1' });
    for (const [label, body, status, field] of [
      ['no name', { name: '' }, 400, 'name'], ['no number', { name: 'x', phone_numbers: ['12'] }, 400, 'phone_numbers'], ['a number that is taken', { name: 'x', phone_numbers: ['+12125550199'] }, 409, 'phone_numbers'],
      ['an id that is taken', { name: 'x', id: 'crm-1' }, 409, 'id'], ['a contact\'s extension', { name: 'x', extension_number: '7001' }, 409, 'extension_number'],
      ['a user\'s extension', { name: 'x', extension_number: '1001' }, 409, 'extension_number'], ['letters', { name: 'x', extension_number: '7a' }, 400, 'extension_number'], ['an address', { name: 'x', email: 'x' }, 400, 'email'],
    ] as const) {
      const answer = await call('POST', CONTACTS, body);
      t.same([answer.status, answer.json.errors?.[0]?.field], [status, field], label);
    }
    t.match(await explain('+12125550199'), { external_contact: 'Fire & Rescue Ltd' });
    t.match(await explain('7001'), { external_contact: 'Fire & Rescue Ltd', reason: 'unknown-number' });
    t.equal((await explain('+12125550100')).external_contact, undefined);
    await expect(204, 'PATCH', path, { name: 'Fire Ltd', phone_numbers: ['+442079460018'] });
    t.match(await explain('+442079460018'), { external_contact: 'Fire Ltd' });
    t.equal((await explain('+12125550199')).external_contact, undefined, 'a number taken off');
    const total = async (keyword: string) => (await expect(200, 'GET', `${CONTACTS}?keyword=${keyword}`)).json.total_records;
    t.same([await total('fire'), await total('7001'), await total('0018'), await total('0199'), await total('alarm')], [1, 1, 1, 0, 1]);
    await expect(201, 'POST', CONTACTS, { name: 'Second' });
    const { json: page } = await expect(200, 'GET', `${CONTACTS}?page_size=1`);
    t.match(page, { total_records: 2, external_contacts: [{ name: 'Fire Ltd' }] });
    t.match((await expect(200, 'GET', `${CONTACTS}?page_size=1&next_page_token=${page.next_page_token}`)).json, { next_page_token: '', external_contacts: [{ name: 'Second', id: '', phone_numbers: [] }] });
    await expect(204, 'DELETE', path);
    t.equal((await explain('+442079460018')).external_contact, undefined);
    for (const [method, body] of [['GET', undefined], ['PATCH', {}], ['DELETE', undefined]] as const) await expect(404, method, path, body);
  });

  await t.test('who may only read writes nothing', async (t) => {
    const token = await office.tokenFor('Phone Read Only');
    for (const path of [ADDRESSES, LOCATIONS, CONTACTS]) {
      t.equal((await call('GET', path, undefined, { token })).status, 200, path);
      t.equal((await call('POST', path, { name: 'x', ...MAIN, emergency_address_id: 'x' }, { token })).status, 403, path);
    }
    t.equal((await call('PATCH', `/v2/cordboard/devices/${desk.id}/emergency_address`, { emergency_address_id: '' }, { token })).status, 403);
    t.equal((await call('PATCH', `/v2/cordboard/users/${ann.id}/emergency_address`, { emergency_address_id: '' }, { token })).status, 403);
  });

  await t.test('who goes takes the own address along; the directory read anew knows the same', async (t) => {
    const { json: home } = await expect(201, 'POST', ADDRESSES, { ...HOME, user_id: 'bob@example.com' });
    await expect(204, 'DELETE', '/v2/users/bob@example.com?action=delete');
    await expect(404, 'GET', `${ADDRESSES}/${home.id}`);
    const before = await explain();
    const { directory } = office.deps;
    t.equal(directory.safety.address(asId(home.id)), undefined);
    const { json: berlin } = await expect(201, 'POST', '/v2/phone/sites', { name: 'Berlin', auto_receptionist_name: 'E', default_emergency_address: BERLIN });
    t.match((await expect(200, 'GET', `${ADDRESSES}?site_id=${berlin.id}`)).json.emergency_addresses, [{ is_default: true, city: 'Berlin' }]);
    await expect(204, 'DELETE', `/v2/phone/sites/${berlin.id}`);
    t.equal(directory.safety.siteDefault(asId(berlin.id)), undefined);
    t.same(await explain(), before);
  });
});
