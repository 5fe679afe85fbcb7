import t from 'tap';
import { apiDesks } from '../support/api-desks.js';
import { startApiOffice } from '../support/api-office.js';

t.test('calls that are sent on, as they are set', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  const { person } = apiDesks(office);
  const reader = { token: await office.tokenFor('Phone Read Only') };
  const ann = await person('1001', { calling_plans: ['100'] });
  const ben = await person('1002');
  const lobby = (await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Lobby', extension_number: '1050', calling_plans: [] })).json;
  const lobbyExtension = (await expect(200, 'GET', `/v2/phone/common_areas/${lobby.id}`)).json.extension_id ?? lobby.extension_id;
  const [number] = (await expect(201, 'POST', '/v2/phone/byoc_numbers', { carrier: 'C', phone_numbers: ['+12125550101'] })).json.phone_numbers;
  const path = `/v2/phone/extension/${ann.extensionId}/call_handling/settings`;
  const plan = `/v2/cordboard/extensions/${ann.extensionId}/ring_plan`;
  const forward = `/v2/cordboard/phone_numbers/${number.id}/external_forward`;
  const parts = async (period = 'business_hours') => {
    const { json } = await expect(200, 'GET', path);
    return Object.fromEntries(json[period].map(({ sub_setting_type: type, settings }: { sub_setting_type: string; settings: object }) => [type, settings]));
  };

  await t.test('without rules of its own an extension rings its phones', async (t) => {
    t.match(await parts(), {
      call_forwarding: { call_forwarding_settings: [{ id: 'phones', enable: true, phone_number: '' }] }, custom_hours: { type: 1, custom_hours_settings: [] },
      call_handling: { ring_mode: 'simultaneous', call_not_answer_action: 11, routing: { action: 11 }, busy_routing: { action: 21 } },
    });
    await expect(404, 'GET', '/v2/phone/extension/nobody/call_handling/settings');
  });

  await t.test('numbers that ring', async (t) => {
    const add = (phone_number: string, period = 'business_hours', status = 201) => expect(status, 'POST', `${path}/${period}`, {
      sub_setting_type: 'call_forwarding', settings: { phone_number, description: 'Mobile' },
    });
    const { call_forwarding_id: id } = (await add('(212) 555-0199')).json;
    t.match((await parts()).call_forwarding.call_forwarding_settings[1], { id, phone_number: '+12125550199', description: 'Mobile', enable: true });
    for (const [rule, text, status, field] of [
      ['twice', '+12125550199', 409, 'settings.phone_number'], ['an emergency number', '911', 400, 'settings.phone_number'], ['no number', 'mobile', 400, 'settings.phone_number'],
    ] as const) t.equal((await add(text, 'business_hours', status)).json.errors[0].field, field, rule);
    await add('+12125550198', 'holiday_hours', 400);
    await expect(204, 'PATCH', `${path}/business_hours`, {
      sub_setting_type: 'call_forwarding', settings: { call_forwarding_settings: [{ id: 'phones', enable: false }, { id, phone_number: '+442079460000', enable: true }] },
    });
    t.match((await parts()).call_forwarding.call_forwarding_settings, [{ enable: false }, { phone_number: '+442079460000', description: 'Mobile' }]);
    t.match((await parts('closed_hours')).call_forwarding.call_forwarding_settings, [{ enable: true }], 'each period has its own');
    for (const [rule, body] of [
      ['no such id', { call_forwarding_settings: [{ id: 'x', enable: true }] }], ['press 1', { require_press_1_before_connecting: true }], ['holidays', { holiday_id: 'x' }],
    ] as const) t.ok((await expect(400, 'PATCH', `${path}/business_hours`, { sub_setting_type: 'call_forwarding', settings: body })).json.errors[0].field, rule);

    await expect(204, 'PATCH', plan, { rings: [{ id: 'phones', delay_seconds: 5 }, { id, delay_seconds: 10, ring_seconds: 20 }] });
    t.match((await expect(200, 'GET', plan)).json.rings, [{ id: 'phones', delay_seconds: 5, ring_seconds: null }, { id, phone_number: '+442079460000', delay_seconds: 10, ring_seconds: 20 }]);
    for (const body of [{ rings: [{ id: 'x', delay_seconds: 1 }] }, { rings: [{ id, delay_seconds: 1000 }] }, { rings: [], other: 1 }]) await expect(400, 'PATCH', plan, body);

    await expect(404, 'DELETE', `${path}/closed_hours?call_forwarding_id=${id}`);
    await expect(204, 'DELETE', `${path}/business_hours?call_forwarding_id=${id}`);
    t.equal((await parts()).call_forwarding.call_forwarding_settings.length, 1);
  });

  await t.test('what becomes of calls that nobody takes', async (t) => {
    const patch = (settings: object, status = 204, period = 'business_hours', options = {}) => (
      expect(status, 'PATCH', `${path}/${period}`, { sub_setting_type: 'call_handling', settings }, options));
    await patch({ ring_mode: 'sequential', max_wait_time: 25, call_not_answer_action: 2, forward_to_extension_id: ben.extensionId, busy_on_another_call_action: 10,
      busy_phone_number: '2125550177', busy_description: 'Agency' });
    t.match((await parts()).call_handling, {
      ring_mode: 'sequential', max_wait_time: 25, call_not_answer_action: 2, routing: { action: 2, forward_to: { extension_id: ben.extensionId, extension_number: 1002, extension_type: 'user' } },
      busy_routing: { action: 10, forward_to: { phone_number: '+12125550177', description: 'Agency' } },
    });
    await patch({ call_not_answer_action: 4, forward_to_extension_id: lobbyExtension, busy_on_another_call_action: 21 }, 204, 'closed_hours');
    for (const [rule, settings, field] of [
      ['voicemail', { call_not_answer_action: 1 }, 'settings.call_not_answer_action'], ['nobody named', { call_not_answer_action: 2 }, 'settings.forward_to_extension_id'],
      ['to itself', { call_not_answer_action: 2, forward_to_extension_id: ann.extensionId }, 'settings.forward_to_extension_id'],
      ['another kind', { call_not_answer_action: 4, forward_to_extension_id: ben.extensionId }, 'settings.forward_to_extension_id'],
      ['help', { busy_on_another_call_action: 10, busy_phone_number: '911' }, 'settings.busy_phone_number'], ['too long', { max_wait_time: 500 }, 'settings.max_wait_time'],
      ['a busy signal', { busy_on_another_call_action: 22 }, 'settings.busy_on_another_call_action'], ['another mode', { ring_mode: 'rotating' }, 'settings.ring_mode'],
    ] as const) t.equal((await patch(settings, 400)).json.errors[0].field, field, rule);
    t.equal((await patch({ ring_mode: 'sequential', music_on_hold_id: 'x' })).headers.get('x-ignored-fields'), 'settings.music_on_hold_id');
    await patch({ ring_mode: 'sequential' }, 403, 'business_hours', reader);
    await expect(404, 'PATCH', '/v2/phone/extension/nobody/call_handling/settings/business_hours', { sub_setting_type: 'call_handling', settings: {} });
    const { json } = await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=5');
    t.equal(json.entries[0].action, 'set-call-handling');
    await expect(204, 'DELETE', `/v2/phone/common_areas/${lobby.id}`);
    t.equal((await parts('closed_hours')).call_handling.call_not_answer_action, 11, 'whom it led to is gone');
  });

  await t.test('business hours', async (t) => {
    const hours = (settings: object, status = 204, period = 'business_hours') => expect(status, 'PATCH', `${path}/${period}`, { sub_setting_type: 'custom_hours', settings });
    await hours({ type: 2, custom_hours_settings: [{ weekday: 2, type: 2, from: '09:00', to: '17:30' }, { weekday: 3, type: 1 }, { weekday: 1, type: 0 }] });
    t.same((await parts()).custom_hours.custom_hours_settings.slice(0, 3), [
      { from: '', to: '', type: 0, weekday: 1 }, { from: '09:00', to: '17:30', type: 2, weekday: 2 }, { from: '00:00', to: '24:00', type: 1, weekday: 3 },
    ]);
    t.same(office.deps.directory.forwards.handling((await office.deps.stores.extensions.byNumber(office.account.id, '1001'))[0]!.id)?.hours, {
      kind: 'custom', days: [{ weekday: 'mon', from: '09:00', to: '17:30' }, { weekday: 'tue', from: '00:00', to: '24:00' }],
    }, 'as calls see them, Monday the second day of a week');
    await hours({ type: 1 });
    t.equal((await parts()).custom_hours.type, 1);
    await hours({ type: 2, custom_hours_settings: [{ weekday: 8, type: 1 }] }, 400);
    await hours({ type: 2, custom_hours_settings: [{ weekday: 1, type: 2, from: '25:00' }] }, 400);
    await hours({ type: 1 }, 400, 'closed_hours');
  });

  await t.test('a number that leads straight outside', async (t) => {
    await expect(404, 'GET', forward);
    await expect(409, 'PUT', forward, { phone_number: '+442079460000' });
    await expect(201, 'POST', `/v2/phone/users/${ann.id}/phone_numbers`, { phone_numbers: [{ id: number.id, number: number.number }] });
    t.match((await expect(200, 'PUT', forward, { phone_number: '+44 20 7946 0000', description: 'Agency' })).json, { phone_number: '+442079460000', extension_id: ann.extensionId });
    for (const phone_number of ['911', 'x', '+12125550101']) await expect(400, 'PUT', forward, { phone_number });
    await expect(403, 'PUT', forward, { phone_number: '+442079460001' }, reader);
    t.match((await expect(200, 'GET', forward, undefined, reader)).json, { description: 'Agency', phone_number_id: number.id });
    await expect(404, 'PUT', '/v2/cordboard/phone_numbers/none/external_forward', { phone_number: '+442079460001' });
    await expect(204, 'DELETE', forward);
    await expect(404, 'DELETE', forward);
  });

  await t.test('numbers that a carrier makes over', async (t) => {
    const path = '/v2/phone/peering/numbers';
    await expect(201, 'POST', '/v2/cordboard/trunks', { name: 'Acme', country: 'US', gateways: [{ host: '192.0.2.9' }], routes: [] });
    const row = (phone_number: string, more: object = {}) => ({ phone_number, sip_trunk_name: 'Acme', status: 1, ...more });
    const added = await expect(201, 'POST', path, {
      phone_numbers: [row('+13125550101', { billing_reference_id: 'B1', service_info: 'voice' }), row('312-555-0102', { status: 0 }), row('+12125550101'), row('x'), row('+13125550103', { sip_trunk_name: 'None' })],
    });
    t.same(added.json.unprocessed_numbers.map((each: { phone_number: string }) => each.phone_number), ['+12125550101', 'x', '+13125550103'], 'each with its reason');
    const { json } = await expect(200, 'GET', path, undefined, reader);
    t.match(json, {
      total_records: 2,
      numbers: [{ phone_number: '+13125550101', assigned: 0, billing_reference_id: 'B1', service_info: 'voice', sip_trunk_name: 'Acme', status: 1 }, { phone_number: '+13125550102', status: 0 }],
    });
    t.match((await expect(200, 'GET', '/v2/phone/carrier_peering/numbers?phone_number=%2B13125550102')).json, {
      total_records: 1, numbers: [{ customer_account_number: office.account.id, phone_number: '+13125550102' }],
    });
    const pool = (await expect(200, 'GET', '/v2/phone/numbers?keyword=312555')).json.phone_numbers;
    t.match(pool, [{ number: '+13125550101', carrier: { name: 'Acme' }, capability: ['incoming', 'outgoing'] }, { status: 'pending', capability: [] }], 'they are numbers of the pool');
    await expect(201, 'POST', `/v2/phone/users/${ann.id}/phone_numbers`, { phone_numbers: [{ id: pool[0].id, number: pool[0].number }] });
    const changed = await expect(200, 'PATCH', path, { phone_numbers: [{ phone_number: '+13125550102', status: 1, service_info: 'fax' }, { phone_number: '+12125550101', status: 0 }] });
    t.match(changed.json.unprocessed_numbers, [{ phone_number: '+12125550101' }], 'a number that no carrier made over');
    t.match((await expect(200, 'GET', `${path}?page_size=1&phone_number=%2B13125550102`)).json.numbers, [{ status: 1, service_info: 'fax', billing_reference_id: '' }]);
    for (const [rule, body] of [['a code', { carrier_code: 7, phone_numbers: [row('+13125550109')] }], ['none', { phone_numbers: [] }], ['another status', { phone_numbers: [row('+13125550109', { status: 5 })] }]] as const) {
      t.ok((await expect(400, 'POST', path, body)).json.errors[0].field, rule);
    }
    await expect(403, 'POST', path, { phone_numbers: [row('+13125550109')] }, reader);
    t.match((await expect(200, 'DELETE', `${path}?phone_numbers=%2B13125550101&phone_numbers=%2B13125550102`)).json.unprocessed_numbers, [{ phone_number: '+13125550101' }], 'somebody has it');
    t.equal((await expect(200, 'GET', path)).json.total_records, 1);
  });

  await t.test('what calls for help would suffer from', async (t) => {
    const kinds = async () => (await expect(200, 'GET', '/v2/cordboard/warnings', undefined, reader)).json.warnings.map(({ kind }: { kind: string }) => kind);
    t.same(await kinds(), ['no-emergency-trunk', 'no-emergency-address'], 'the site has numbers');
    const [{ id }] = (await expect(200, 'GET', '/v2/cordboard/trunks')).json.trunks;
    await expect(200, 'PATCH', `/v2/cordboard/trunks/${id}`, { routes: [{ emergency: true }] });
    t.same(await kinds(), ['no-emergency-address']);
    await expect(201, 'POST', '/v2/phone/sites', { name: 'Branch', auto_receptionist_name: 'B', default_emergency_address: {
      address_line1: '1 Main St', city: 'Chicago', state_code: 'IL', zip: '60601', country: 'US' } });
    t.ok((await kinds()).includes('no-call-back-number'), 'a site without any number');
  });
});
