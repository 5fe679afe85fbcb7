import t from 'tap';
import { apiDesks, type ApiPerson } from '../support/api-desks.js';
import { startApiOffice } from '../support/api-office.js';

const office = await startApiOffice(t);
const { call, expect } = office;
const { person, desk } = apiDesks(office);

let idOf: ReadonlyMap<string, string> = new Map();
let ann: ApiPerson;
let ben: ApiPerson;
let plain: ApiPerson;
let annDesk = '';
let benDesk = '';
const explain = async (dialled: string, device = annDesk) => (await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: device, dialled })).json;
const list = async (query: string): Promise<string[]> =>
  (await expect(200, 'GET', `/v2/phone/numbers?${query}`)).json.phone_numbers.map(({ number }: { number: string }) => number);
const reason = (reply: { json: { message: string; errors?: { field: string; message: string }[] } }): string =>
  (reply.json.errors ?? []).map(({ field, message }) => `${field}: ${message}`).join(' ');

t.test('people, phones, and numbers of theirs', async () => {
  const added = (await expect(201, 'POST', '/v2/phone/byoc_numbers', {
    carrier: 'Example Carrier', phone_numbers: ['+1 212-555-0101', '2125550102', '+12125550103', '+12125550104', '+18005550199', '+442079460000'],
  })).json.phone_numbers;
  idOf = new Map(added.map(({ id, number }: { id: string; number: string }) => [number, id]));
  ann = await person('1001', { calling_plans: ['100'] });
  ben = await person('1002', { calling_plans: ['200', '1000'] });
  plain = await person('1003');
  annDesk = await desk(ann);
  benDesk = await desk(ben);
});

t.test('numbers brought along: all or none, each bad row named', async (t) => {
  t.same([...idOf.keys()], ['+12125550101', '+12125550102', '+12125550103', '+12125550104', '+18005550199', '+442079460000'], 'E.164, national forms of the site too');
  const bad = await expect(400, 'POST', '/v2/phone/byoc_numbers', {
    carrier: 'X', phone_numbers: ['+12125550110', 'nonsense', '911', '+12125550111', '(212) 555-0111', '+12125550101'],
  });
  t.same(bad.json.errors.map(({ field }: { field: string }) => field), ['phone_numbers[1]', 'phone_numbers[2]', 'phone_numbers[4]', 'phone_numbers[5]']);
  t.same(await list('keyword=55501'), ['+12125550101', '+12125550102', '+12125550103', '+12125550104', '+18005550199'], 'none of them was added');
  for (const [name, body, status, text] of [
    ['a number of the account', { carrier: 'X', phone_numbers: ['+12125550101'] }, 409, /has \+12125550101 already/],
    ['no carrier', { phone_numbers: ['+12125550120'] }, 400, /carrier/],
    ['no numbers', { carrier: 'X', phone_numbers: [] }, 400, /at least one number/],
    ['another site than there is', { carrier: 'X', phone_numbers: ['+12125550120'], site_id: 'nowhere' }, 400, /site_id: There is no site/],
    ['more than one request may hold', { carrier: 'X', phone_numbers: Array.from({ length: 201 }, (_, index) => `+1212556${1000 + index}`) }, 400, /phone_numbers/],
  ] as const) t.match(reason(await expect(status, 'POST', '/v2/phone/byoc_numbers', body)), text, name);
});

t.test('assigning: a plan, its limit, nobody else\'s', async (t) => {
  const assign = (status: number, holder: string, numbers: readonly object[]) => expect(status, 'POST', `/v2/phone/${holder}/phone_numbers`, { phone_numbers: numbers });
  t.match(reason(await assign(409, `users/${plain.id}`, [{ number: '+12125550101' }])), /has no calling plan/);
  const given = await assign(201, `users/${ann.email}`, [{ number: '+12125550101' }, { id: idOf.get('+12125550103') }]);
  t.same(given.json.phone_numbers.map(({ number }: { number: string }) => number), ['+12125550101', '+12125550103']);
  await assign(201, `users/${ben.id}`, [{ number: '+1 (212) 555-0102' }]);
  t.match(reason(await assign(409, `users/${ben.id}`, [{ number: '+12125550101' }])), /phone_numbers\[0\]: \+12125550101 is assigned to User 1001 \(extension 1001\)/);
  t.match(reason(await assign(409, `users/${ann.id}`, [{ number: '+12125550101' }])), /assigned here already/);
  for (const [name, numbers, text] of [
    ['unknown', [{ number: '+12125550104' }, { number: '+12125559999' }], /phone_numbers\[1\]: The account has no such number/],
    ['twice', [{ number: '+12125550104' }, { id: idOf.get('+12125550104') }], /named twice/],
    ['neither', [{}], /Give the id or the number/],
    ['disagreeing', [{ id: idOf.get('+12125550104'), number: '+12125550102' }], /disagree/],
  ] as const) t.match(reason(await assign(400, `users/${ann.id}`, numbers)), text, name);
  const many = (await expect(201, 'POST', '/v2/phone/byoc_numbers', { carrier: 'X', phone_numbers: [0, 1, 2, 3].map((n) => `+1212555013${n}`) })).json.phone_numbers;
  t.match(reason(await assign(409, `users/${ann.id}`, many)), /allows 5 numbers; User 1001 has 2/, 'past the limit none is assigned');
  await expect(204, 'DELETE', `/v2/phone/numbers?phone_numbers=${many.map(({ id }: { id: string }) => id).join(',')}`);

  t.match((await expect(200, 'GET', `/v2/phone/users/${ann.id}`)).json.phone_numbers, [{ number: '+12125550101' }, { number: '+12125550103' }]);
  const users = (await expect(200, 'GET', '/v2/phone/users')).json.users;
  t.match(users.find(({ id }: { id: string }) => id === ben.id).phone_numbers, [{ number: '+12125550102' }], 'in the list too');
  t.match((await expect(200, 'GET', `/v2/phone/numbers/${idOf.get('+12125550101')}`)).json, {
    number_type: 'toll', source: 'external', status: 'available', carrier: { name: 'Example Carrier' }, location: 'United States',
    capability: ['incoming', 'outgoing'], is_primary: true, assignee: { id: ann.id, extension_number: 1001, name: 'User 1001', type: 'user' },
  });
  await expect(204, 'PATCH', `/v2/cordboard/users/${ann.id}/primary_number`, { number: '+12125550103' });
  t.match((await expect(200, 'GET', `/v2/phone/users/${ann.id}`)).json.phone_numbers, [{ number: '+12125550103' }, { number: '+12125550101' }]);
  await expect(404, 'PATCH', `/v2/cordboard/users/${ann.id}/primary_number`, { number: '+12125550102' });
  await expect(204, 'PATCH', `/v2/cordboard/users/${ann.id}/primary_number`, { number: idOf.get('+12125550101') });
});

t.test('the list and its filters', async (t) => {
  const rows: readonly (readonly [string, string[]])[] = [
    ['type=assigned', ['+12125550101', '+12125550102', '+12125550103']],
    ['type=unassigned', ['+12125550104', '+18005550199', '+442079460000']],
    ['type=byoc&number_type=tollfree', ['+18005550199']],
    ['number_type=international', []],
    ['extension_type=user&page_size=100', ['+12125550101', '+12125550102', '+12125550103']],
    ['extension_type=callQueue', []], ['extension_type=commonArea', []],
    ['pending_numbers=false&keyword=%2B44', ['+442079460000']],
    ['site_id=nowhere', []],
  ];
  for (const [query, expected] of rows) t.same(await list(query), expected, query);
  for (const query of ['type=mine', 'number_type=none', 'page_size=101', 'pending_numbers=perhaps', 'next_page_token=!']) {
    await expect(400, 'GET', `/v2/phone/numbers?${query}`);
  }
  const first = (await expect(200, 'GET', '/v2/phone/numbers?page_size=4')).json;
  t.match(first, { total_records: 6, page_size: 4 });
  t.same(await list(`page_size=4&next_page_token=${first.next_page_token}`), ['+18005550199', '+442079460000']);
  const plans = (await expect(200, 'GET', '/v2/phone/plans')).json.phone_numbers;
  t.match(plans[0], { name: 'BYOC Number', subscribed: 6, assigned: 3, available: 3 });
  for (const path of ['ported_numbers/orders', 'sip_groups', 'sip_trunk/trunks']) t.equal((await expect(200, 'GET', `/v2/phone/${path}`)).json.total_records, 0, path);
  await expect(404, 'GET', '/v2/phone/ported_numbers/orders/1');
  await expect(404, 'GET', '/v2/phone/numbers/nothing');
});

t.test('calls between numbers of the account stay inside', async (t) => {
  t.match(await explain('+12125550102'), { outcome: 'reject', reason: 'not-registered', dialled: { meaning: '+12125550102' } }, 'Ben, whose phone is away');
  t.match((await explain('2125550102')).chain.find(({ rule }: { rule: string }) => rule === 'inbound').note, /a number of extension 1002/, 'a national form leads there too');
  t.match(await explain('+12125550104'), { outcome: 'reject', reason: 'number-unassigned', sip_status: 404 });
  t.match(await explain('+12125557777'), { outcome: 'reject', reason: 'no-trunk' }, 'any other needs a trunk');
  await expect(204, 'PATCH', `/v2/phone/numbers/${idOf.get('+12125550102')}`, { capability: ['outgoing'] });
  t.match(await explain('+12125550102'), { reason: 'number-outgoing-only', sip_status: 404 });
  await expect(204, 'PATCH', `/v2/phone/numbers/${idOf.get('+12125550102')}`, { capability: ['incoming', 'outgoing'], display_name: 'Ben direct' });
  t.match((await expect(200, 'GET', `/v2/phone/numbers/${idOf.get('+12125550102')}`)).json, { display_name: 'Ben direct', capability: ['incoming', 'outgoing'] });
  await expect(400, 'PATCH', `/v2/phone/numbers/${idOf.get('+12125550102')}`, { capability: ['fax'] });
  await expect(404, 'PATCH', '/v2/phone/numbers/nothing', { display_name: 'x' });
});

t.test('caller ID: own, permitted, chosen, withheld', async (t) => {
  const shown = async (device = annDesk) => (await explain('+12125557777', device)).outbound_caller_id;
  const settings = `/v2/phone/users/${ann.id}/settings`;
  const places = ['', `sites/${(await expect(200, 'GET', '/v2/phone/sites')).json.sites[0].id}/`, `users/${ann.id}/`];
  t.match(await shown(), { name: 'User 1001', number: '+12125550101' }, 'the primary number');
  await expect(204, 'PATCH', settings, { outbound_caller_id: '+12125550103' });
  t.match(await shown(), { number: '+12125550103', why: /chosen by the caller/ });
  t.match((await expect(200, 'GET', settings)).json, {
    outbound_caller: { number: '+12125550103' },
    outbound_caller_ids: [{ number: '+12125550101', is_default: false }, { number: '+12125550103', is_default: true }],
  });
  t.match(reason(await expect(400, 'PATCH', settings, { outbound_caller_id: '+18005550199' })), /outbound_caller_id: .*may show \+12125550101/);
  for (const place of places) {
    const path = `/v2/phone/${place}outbound_caller_id/customized_numbers`;
    const numbers = async (query: string): Promise<string[]> =>
      (await expect(200, 'GET', `${path}?${query}`)).json.customize_numbers.map(({ phone_number }: { phone_number: string }) => phone_number);
    t.same(await numbers('selected=true'), [], `${path}: none at first`);
    t.equal((await numbers('selected=false')).length, 6, 'all could be');
    const made = (await expect(201, 'POST', path, { phone_number_ids: [idOf.get('+18005550199')] })).json.customize_numbers;
    t.same(await numbers('selected=true&keyword=800'), ['+18005550199']);
    t.same(await numbers('selected=false&extension_type=user'), ['+12125550101', '+12125550102', '+12125550103']);
    await expect(409, 'POST', path, { phone_number_ids: [idOf.get('+18005550199')] });
    await expect(400, 'POST', path, { phone_number_ids: ['nothing'] });
    await expect(204, 'PATCH', settings, { outbound_caller_id: '+1 800 555 0199' });
    t.match(await shown(), { number: '+18005550199' });
    await expect(400, 'DELETE', `${path}?customize_ids=nothing`);
    await expect(400, 'DELETE', path);
    await expect(204, 'DELETE', `${path}?customize_ids=${made[0].customize_id}`);
    t.match(await shown(), { number: '+12125550101' }, 'permitted no more: the default again');
  }
  await expect(204, 'PATCH', settings, { outbound_caller_id: 'hidden' });
  t.match(await shown(), { name: 'Anonymous', number: '' });
  await expect(204, 'PATCH', settings, { outbound_caller_id: '' });
  t.match(await shown(), { number: '+12125550101' });
  const session = (await expect(201, 'POST', `/v2/cordboard/devices/${benDesk}/hot_desk_sign_in`, { user_id: ann.id })).json;
  t.match(await shown(benDesk), { number: '+12125550101' }, 'a guest shows the own number at any desk');
  await call('POST', `/v2/cordboard/hot_desk_sessions/${session.id}/sign_out`);
  t.match(await shown(benDesk), { number: '+12125550102' }, 'then the owner\'s');
  await expect(404, 'GET', '/v2/phone/sites/nowhere/outbound_caller_id/customized_numbers');
  await expect(404, 'GET', '/v2/phone/users/nobody/outbound_caller_id/customized_numbers');
});

t.test('common areas have numbers and a caller ID too', async (t) => {
  const area = (await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Lobby', extension_number: 1100, calling_plans: [{ type: 100 }] })).json;
  await expect(201, 'POST', `/v2/phone/common_areas/${area.id}/phone_numbers`, { phone_numbers: [{ number: '+12125550104' }] });
  await expect(204, 'PATCH', `/v2/phone/common_areas/${area.id}`, { outbound_caller_id: '+12125550104' });
  t.match((await expect(200, 'GET', `/v2/phone/common_areas/${area.id}`)).json, {
    phone_numbers: [{ number: '+12125550104', source: 'external' }], outbound_caller_ids: [{ number: '+12125550104', is_default: true }],
  });
  t.same(await list('extension_type=commonArea'), ['+12125550104']);
  t.match(await explain('+12125550104'), { reason: 'no-device' });
  await expect(204, 'DELETE', `/v2/phone/common_areas/${area.id}/phone_numbers/${idOf.get('+12125550104')}`);
  await expect(404, 'DELETE', `/v2/phone/common_areas/${area.id}/phone_numbers/${idOf.get('+12125550104')}`);
  await expect(201, 'POST', `/v2/phone/common_areas/${area.id}/phone_numbers`, { phone_numbers: [{ number: '+12125550104' }] });
  await expect(204, 'DELETE', `/v2/phone/common_areas/${area.id}`);
  t.match(await explain('+12125550104'), { reason: 'number-unassigned' }, 'free again with the common area');
});

t.test('numbers go with the last plan, and with the phone', async (t) => {
  await expect(204, 'DELETE', `/v2/phone/users/${ben.id}/calling_plans/200`);
  t.match(await explain('+12125550102'), { reason: 'not-registered' }, 'one plan is left');
  await expect(204, 'DELETE', `/v2/phone/users/${ben.id}/calling_plans/1000`);
  t.match(await explain('+12125550102'), { reason: 'number-unassigned' });
  t.same((await expect(200, 'GET', `/v2/phone/users/${ben.id}`)).json.phone_numbers, []);
  const eve = await person('1004', { calling_plans: ['200'], phone_numbers: ['+12125550102'], outbound_caller_id: 'hidden' });
  t.match((await expect(200, 'GET', `/v2/phone/users/${eve.id}`)).json.phone_numbers, [{ number: '+12125550102' }], 'a new user brings them along');
  t.match(reason(await expect(409, 'POST', '/v2/phone/users/batch', {
    users: [{ email: 'no@example.com', extension_number: '1005', phone_numbers: ['+12125550104'] }],
  })), /users\[0\]\.phone_numbers: .*no calling plan/);
  await expect(204, 'DELETE', `/v2/users/${eve.id}`);
  t.match(await explain('+12125550102'), { reason: 'number-unassigned' });
  await expect(204, 'DELETE', `/v2/phone/users/${ann.id}/phone_numbers/${idOf.get('+12125550103')}`);
  t.same(await list('type=assigned'), ['+12125550101']);
});

t.test('moving and removing what nobody has', async (t) => {
  const branch = (await expect(201, 'POST', '/v2/phone/sites', {
    name: 'Branch', auto_receptionist_name: 'Branch', default_emergency_address: { address_line1: 'a', city: 'b', country: 'US', state_code: 'NY', zip: '10001' },
  })).json.id;
  await expect(204, 'PATCH', `/v2/phone/numbers/sites/${branch}`, { phone_numbers: ['+12125550104', idOf.get('+18005550199')] });
  t.same(await list(`site_id=${branch}`), ['+12125550104', '+18005550199']);
  t.match(reason(await expect(409, 'PATCH', `/v2/phone/numbers/sites/${branch}`, { phone_numbers: ['+12125550101'] })), /assigned to User 1001/);
  await expect(404, 'PATCH', '/v2/phone/numbers/sites/nowhere', { phone_numbers: ['+12125550104'] });
  await expect(204, 'PATCH', `/v2/phone/users/${ann.id}`, { site_id: branch });
  t.same(await list(`site_id=${branch}&type=assigned`), ['+12125550101'], 'a direct number moves with its holder');
  t.equal((await call('DELETE', `/v2/phone/sites/${branch}`)).status, 409, 'a site that has numbers stays');
  const main = (await expect(200, 'GET', '/v2/phone/sites')).json.sites[0].id;
  await expect(204, 'DELETE', `/v2/phone/sites/${branch}?transfer_site_id=${main}`);
  t.same((await list(`site_id=${main}`)).length, 6, 'its numbers are handed over');
  t.match(reason(await expect(409, 'DELETE', `/v2/phone/numbers?phone_numbers=%2B12125550104,${idOf.get('+12125550101')}`)), /phone_numbers\[1\]: .*assigned to User 1001/);
  await expect(204, 'DELETE', '/v2/phone/numbers?phone_numbers=+12125550104,%2B442079460000');
  await expect(400, 'DELETE', '/v2/phone/numbers?phone_numbers=%2B12125550104');
  t.match(await explain('+12125550104'), { reason: 'no-trunk' }, 'no number of the account any more');
});

t.test('who only reads changes nothing', async () => {
  const token = await office.tokenFor('Phone Read Only');
  await expect(200, 'GET', '/v2/phone/numbers', undefined, { token });
  for (const [method, path, body] of [
    ['POST', '/v2/phone/byoc_numbers', { carrier: 'X', phone_numbers: ['+12125550150'] }],
    ['DELETE', '/v2/phone/numbers?phone_numbers=%2B12125550101', undefined],
    ['PATCH', `/v2/phone/numbers/${idOf.get('+12125550101')}`, { display_name: 'x' }],
    ['POST', `/v2/phone/users/${ann.id}/phone_numbers`, { phone_numbers: [{ number: '+12125550102' }] }],
    ['POST', '/v2/phone/outbound_caller_id/customized_numbers', { phone_number_ids: [idOf.get('+12125550101')] }],
  ] as const) await expect(403, method, path, body, { token });
});
