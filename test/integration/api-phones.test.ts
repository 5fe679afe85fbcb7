import t from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { startPhoneOffice } from '../support/phone-office.js';
import { registerCommand } from '../support/redis.js';

t.test('desk phones by API', async (t) => {
  const office = await startPhoneOffice(t);
  const { expect, deps, ada, grace, desk, soft, readOnly, add, provisioning, raises } = office;

  await t.test('makers and models: kept by their names, refused with the list', async (t) => {
    t.match((await expect(200, 'GET', `/v2/phone/devices/${soft}`)).json, {
      device_type: 'Softphone baresip', provisioning_status: 'manual', status: 'offline', private_ip: '', policy: { call_control: { status: 'unsupported' } },
    });
    const controlled = { desk_phone: { devices: [{ id: desk, policy: { call_control: { status: 'on' } } }] } };
    await expect(204, 'PATCH', '/v2/phone/users/ada@example.com/settings/desk_phone', controlled);
    t.match((await expect(200, 'GET', `/v2/phone/devices/${desk}`)).json, { policy: { call_control: { status: 'on' }, hot_desking: { status: 'off' } } });
    const body = { display_name: 'X', mac_address: '02ffffffff01', type: 'Yealink', model: 'T999' };
    t.match((await expect(400, 'POST', '/v2/phone/devices', body)).json.errors, [{ field: 'model', message: /T54W/ }]);
    t.match((await expect(400, 'POST', '/v2/phone/devices', { ...body, type: 'Acme' })).json.errors, [{ field: 'type', message: /Other takes/ }]);
    t.match((await expect(400, 'POST', '/v2/phone/devices', { ...body, model: '', provision_template_id: 'none' })).json.errors, [{ field: 'provision_template_id' }]);
    const polycom = await add({ type: 'Polycom', model: 'vvx-450' });
    t.equal((await expect(200, 'GET', `/v2/phone/devices/${polycom}`)).json.device_type, 'Poly VVX 450');
    const listed = async (query: string) => (await expect(200, 'GET', `/v2/phone/devices?${query}`)).json.total_records as number;
    t.same(await Promise.all(['device_type=Poly', 'device_type=yealink%20t54w', 'provisioning_status=manual', 'provisioning_status=pending', 'provisioning_status=current'].map(listed)),
      [1, 1, 1, 2, 0]);
    await expect(400, 'GET', '/v2/phone/devices?provisioning_status=odd');
    t.match((await expect(200, 'GET', '/v2/phone/smartphones')).json, { smartphones: [], total_records: 0 });
    await expect(204, 'DELETE', `/v2/phone/devices/${polycom}`);
  });

  await t.test('provision templates: versions, use, removal', async (t) => {
    const { json: made } = await expect(201, 'POST', '/v2/phone/provision_templates', { name: 'Lobby', content: 'phone_setting.x = 1' });
    const path = `/v2/phone/provision_templates/${made.id}`;
    for (const [body, field] of [
      [{}, 'name'], [{ name: 'LOBBY' }, 'name'], [{ name: 'a'.repeat(129) }, 'name'], [{ name: 'b', content: 'x\u0007' }, 'content'], [{ name: 'b', content: 7 }, 'content'],
      [{ name: 'b', families: ['nobody'] }, 'families[0]'],
    ] as const) t.match((await office.call('POST', '/v2/phone/provision_templates', body)).json.errors, [{ field }], JSON.stringify(body).slice(0, 60));
    await expect(204, 'PATCH', path, { families: ['yealink'] });
    t.ok(await raises('PUT', `/v2/phone/devices/${desk}/provision_templates`, { provision_template_id: made.id }), 'assigned');
    t.match((await expect(200, 'GET', path)).json, { name: 'Lobby', content: 'phone_setting.x = 1', families: ['yealink'], bound_device_count: 1 });
    t.ok(await raises('PATCH', path, { content: 'phone_setting.x = 2' }), 'another content');
    t.notOk(await raises('PATCH', path, { description: 'For lobbies' }), 'another description');
    t.match((await provisioning(desk)).provision_template, { id: made.id, version: 2, origin: 'device' });
    t.match((await expect(200, 'GET', `/v2/cordboard/provision_templates/${made.id}/versions`)).json.versions.map((one: { content: string }) => one.content),
      ['phone_setting.x = 2', 'phone_setting.x = 1']);
    t.match((await expect(409, 'DELETE', path)).json.message, /1 devices/);
    await expect(204, 'PUT', `/v2/phone/devices/${desk}/provision_templates`, { provision_template_id: '' });
    t.ok(await raises('PATCH', '/v2/cordboard/account/desk_phone_settings', { provision_template_id: { value: 'lobby' } }, 200), 'for the whole account');
    t.match((await provisioning(desk)).provision_template, { id: made.id, origin: 'account' });
    t.ok(await raises('PATCH', path, { content: 'phone_setting.x = 3' }), 'of the account');
    t.match((await expect(409, 'DELETE', path)).json.message, /settings of account/);
    await expect(200, 'PATCH', '/v2/cordboard/account/desk_phone_settings', { provision_template_id: { inherit: true } });
    await expect(204, 'DELETE', path);
    await expect(404, 'GET', path);
    t.match((await expect(200, 'GET', '/v2/phone/provision_templates')).json, { total_records: 0, provision_templates: [] });
  });

  await t.test('line keys of an extension and of a phone', async (t) => {
    const path = `/v2/phone/extension/${ada.extension_id}/line_keys`;
    t.match((await expect(200, 'GET', path)).json.line_keys, [{ line_key_id: ada.extension_id, index: 1, type: 'line', key_assignment: { extension_number: '801' } }]);
    t.ok(await raises('PATCH', path, {
      line_keys: [
        { type: 'blf', key_assignment: { extension_id: grace.extension_id }, alias: 'Grace' },
        { type: 'speed_dial', index: 27, key_assignment: { speed_dial_number: '+1 212 555 0100' } },
        { line_key_id: ada.extension_id, outbound_caller_id: 'withheld' },
      ],
    }));
    const { json: { line_keys: keys } } = await expect(200, 'GET', path);
    t.match(keys, [
      { type: 'line', outbound_caller_id: 'withheld' },
      { index: 2, type: 'blf', alias: 'Grace', key_assignment: { extension_number: '802', speed_dial_number: '' } },
      { index: 27, key_assignment: { speed_dial_number: '+12125550100' } },
    ]);
    for (const [key, field] of [
      [{ type: 'blf', key_assignment: { extension_id: 'nobody' } }, 'line_keys[0].key_assignment.extension_id'],
      [{ type: 'blf' }, 'line_keys[0].key_assignment.extension_id'],
      [{ type: 'speed_dial', index: 28, key_assignment: { speed_dial_number: '5' } }, 'line_keys[0].index'],
      [{ type: 'speed_dial', index: 2, key_assignment: { speed_dial_number: '5' } }, 'line_keys[0].index'],
      [{ type: 'shared_line' }, 'line_keys[0].type'],
      [{ line_key_id: 'none', alias: 'x' }, 'line_keys[0].line_key_id'],
    ] as const) t.match((await expect(400, 'PATCH', path, { line_keys: [key] })).json.errors, [{ field }], field);
    t.same((await expect(200, 'GET', path)).json.line_keys, keys, 'nothing of a refused page is kept');
    t.ok(await raises('PATCH', '/v2/phone/users/grace@example.com', { extension_number: '810' }), 'whom a key shows has another number');
    await expect(409, 'DELETE', `${path}/${ada.extension_id}`);
    await expect(404, 'DELETE', `${path}/none`);
    await expect(204, 'DELETE', `${path}/${keys[2].line_key_id}`);
    await expect(404, 'GET', '/v2/phone/extension/none/line_keys');
    await expect(403, 'PATCH', path, { line_keys: [] }, readOnly);

    const lines = `/v2/phone/devices/${desk}/line_keys`;
    t.match((await expect(200, 'GET', lines)).json, {
      device_id: desk, positions: [{ index: 1, extension_id: ada.extension_id, owner_extension_number: 801, outbound_caller_ids: [{ phone_number: 'withheld' }] }],
    });
    t.ok(await raises('PATCH', lines, { positions: [{ extension_id: ada.extension_id, index: 3 }, { extension_id: ada.extension_id, index: 4 }] }));
    t.same((await expect(200, 'GET', lines)).json.positions.map((one: { index: number }) => one.index), [3, 4]);
    for (const [position, field] of [
      [{ extension_id: grace.extension_id, index: 1 }, 'positions[0].extension_id'], [{ extension_id: ada.extension_id, index: 28 }, 'positions[0].index'],
      [{ extension_id: ada.extension_id, index: 301 }, 'positions[0].index'],
    ] as const) t.match((await expect(400, 'PATCH', lines, { positions: [position] })).json.errors, [{ field }], field);
    await expect(204, 'PATCH', lines, { positions: [] });
    await expect(404, 'GET', '/v2/phone/devices/none/line_keys');

    const area = (await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Door' })).json;
    await expect(204, 'PATCH', path, { line_keys: [{ type: 'blf', index: 9, key_assignment: { extension_id: area.id } }] });
    t.ok(await raises('DELETE', `/v2/phone/common_areas/${area.id}`, {}), 'whom a key shows goes');
    t.notOk((await expect(200, 'GET', path)).json.line_keys.some((one: { index: number }) => one.index === 9), 'and the key with it');
  });

  await t.test('settings of desk phones: inherited, locked, sealed', async (t) => {
    const [account, device] = ['/v2/cordboard/account/desk_phone_settings', `/v2/cordboard/devices/${desk}/desk_phone_settings`];
    t.match((await expect(200, 'GET', account)).json, {
      web_interface: { value: false, origin: 'default' }, admin_password: { value: 'Factory Setting', origin: 'default', locked_by: '' }, time_format: { value: '12h' },
    });
    t.ok(await raises('PATCH', account, {
      web_interface: { value: true, locked: true }, admin_password: { value: 'S3cret-pass' }, time_format: { value: '24h' }, ntp_primary: { value: 'pool.ntp.org' },
      ntp_secondary: { value: '192.0.2.7' }, background_image: { value: 'https://img.example.com/a.png' },
    }, 200));
    const shown = (await expect(200, 'GET', device)).json;
    t.match(shown, {
      web_interface: { value: true, origin: 'account', locked_by: 'account' }, admin_password: { value: '********', origin: 'account' }, ntp_secondary: { value: '192.0.2.7' },
    });
    t.notOk(JSON.stringify(shown).includes('S3cret'));
    for (const [path, body, status, field] of [
      [device, { web_interface: { value: false } }, 409, 'web_interface'],
      [account, { admin_password: { value: 'short' } }, 400, 'admin_password'],
      [account, { background_image: { value: 'http://img.example.com/a.png' } }, 400, 'background_image'],
      [account, { ntp_primary: { value: 'a b' } }, 400, 'ntp_primary'],
      [account, { time_format: { value: '13h' } }, 400, 'time_format'],
      [account, { sip_transport: { value: 'quic' } }, 400, 'sip_transport'],
      [account, { srtp: { value: true } }, 400, 'srtp.value'],
      [account, { srtp: { value: 'sometimes' } }, 400, 'srtp'],
      [account, { codecs: { value: ['g722'] } }, 400, 'codecs'],
      [account, { codecs: { value: ['pcmu', 'pcmu'] } }, 400, 'codecs'],
      [account, { codecs: { value: ['mp3', 'pcmu'] } }, 400, 'codecs[0]'],
      [account, { dtmf: { value: 'loud' } }, 400, 'dtmf'],
      [account, { provision_template_id: { value: 'none' } }, 400, 'provision_template_id'],
      [device, { provision_template_id: { value: '' } }, 400, 'provision_template_id'],
    ] as const) {
      const { json } = await expect(status, 'PATCH', path, body);
      t.match(json.errors, [{ field }], field);
      t.notOk(JSON.stringify(json).includes('short"'), 'a password is not sent back');
    }
    t.match(shown, { sip_transport: { value: 'auto' }, srtp: { value: 'off' }, codecs: { value: ['g722', 'pcmu', 'pcma'] }, dtmf: { value: 'rfc4733' } });
    t.ok(await raises('PATCH', device, { sip_transport: { value: 'tcp' }, srtp: { value: 'required' } }, 200));
    t.match((await provisioning(desk)).reasons.find(({ code }: { code: string }) => code === 'srtp-prompts'), { text: /RTPENGINE_URL/ }, 'prompts nobody would hear');
    t.ok(await raises('PATCH', device, { sip_transport: { inherit: true }, srtp: { inherit: true } }, 200));
    t.ok(await raises('PATCH', device, { time_format: { value: '12h' } }, 200));
    t.match((await expect(200, 'GET', device)).json.time_format, { value: '12h', origin: 'device' });
    const kept = await deps.stores.settings.read(office.account.id, ['desk-phone-admin-password'], [{ scope: 'account', scopeId: office.account.id }]);
    t.notOk(JSON.stringify(kept).includes('S3cret'), 'sealed at rest');
    t.equal(deps.secretBox.open(String(kept[0]?.value), `${office.account.id} desk-phone-admin-password`), 'S3cret-pass');
    const audit = await deps.stores.audit.page(office.account.id, 0, office.clock.now() + 1, { size: 100, after: null });
    const noted = audit.items.filter(({ action }) => action === 'set-desk-phone-settings');
    t.ok(noted.some(({ after }) => after?.['desk-phone-admin-password'] === '***'), 'masked in the audit log');
    t.notOk(JSON.stringify(noted).includes('S3cret'));
    await expect(403, 'PATCH', account, { time_format: { value: '12h' } }, readOnly);
    await expect(404, 'GET', '/v2/cordboard/sites/none/desk_phone_settings');
    await expect(200, 'PATCH', account, { admin_password: { value: null }, web_interface: { inherit: true } });
    t.match((await expect(200, 'GET', device)).json, { admin_password: { value: 'Factory Setting' }, web_interface: { value: false, origin: 'default' } });
  });

  await t.test('star codes: changed by API, checked, known to phones', async (t) => {
    const path = '/v2/cordboard/account/feature_codes';
    t.match((await expect(200, 'GET', path)).json, { hot_desk_sign_in: '*91', hot_desk_sign_out: '*92', device_lock: '' });
    t.ok(await raises('PATCH', path, { hot_desk_sign_in: '*81' }, 200));
    t.match((await expect(200, 'GET', path)).json, { hot_desk_sign_in: '*81', hot_desk_sign_out: '*92' });
    const explained = await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: desk, dialled: '*81' });
    t.match(explained.json, { outcome: 'run-feature', text: 'Runs hot-desk-sign-in.' });
    for (const [body, field] of [[{ hot_desk_sign_in: '*92' }, 'hot_desk_sign_in'], [{ hot_desk_sign_out: '801' }, 'hot_desk_sign_out'], [{ hot_desk_sign_out: '911' }, 'hot_desk_sign_out']] as const) {
      const { json } = await expect(400, 'PATCH', path, body);
      t.ok(json.errors.some((one: { field: string }) => one.field === field || field === 'hot_desk_sign_in'), JSON.stringify(json.errors));
    }
    await expect(403, 'PATCH', path, { hot_desk_sign_in: '*91' }, readOnly);
    await expect(200, 'PATCH', path, { hot_desk_sign_in: '*91' });
  });

  await t.test('firmware: rules of account and site, and what phones run', async (t) => {
    const path = '/v2/phone/firmware_update_rules';
    const rule = { version: '96.86.0.70', device_type: 'yealink', device_model: 't54w', restart_type: 2 };
    const { json: made } = await expect(201, 'POST', path, rule);
    t.match((await expect(200, 'GET', `${path}/${made.rule_Id}`)).json, { device_type: 'Yealink', device_model: 'T54W', version: '96.86.0.70', update_log: '' });
    t.match(await provisioning(desk), { provisioning_status: 'pending', firmware_wanted: '96.86.0.70', firmware_rule_id: made.rule_Id });
    for (const [body, status, field] of [
      [rule, 409, 'device_model'], [{ ...rule, version: 'newest' }, 400, 'version'], [{ ...rule, device_model: 'T999' }, 400, 'device_model'],
      [{ ...rule, device_type: 'Softphone' }, 400, 'device_type'], [{ ...rule, device_model: 'other' }, 400, 'device_model'],
      [{ ...rule, site_id: 'none' }, 400, 'site_id'], [{ ...rule, restart_type: 3 }, 400, 'restart_type'],
    ] as const) t.match((await expect(status, 'POST', path, body)).json.errors, [{ field }], field);
    const main = (await expect(200, 'GET', '/v2/phone/sites')).json.sites[0].id;
    const ofSite = (await expect(201, 'POST', path, { ...rule, site_id: main, version: '96.86.0.71' })).json.rule_Id;
    t.match(await provisioning(desk), { firmware_wanted: '96.86.0.71' }, "the site's rule counts");
    t.match((await expect(200, 'GET', `${path}?site_id=${main}`)).json, { total_records: 1, rules: [{ rule_id: ofSite }] });
    t.match((await expect(200, 'GET', path)).json, { total_records: 1, rules: [{ rule_id: made.rule_Id }] });
    await deps.locations.register(registerCommand([{ uri: 'sip:ada@192.168.7.9:5060', seconds: 600 }], {
      deviceId: desk as DeviceId, accountId: office.account.id, at: office.clock.now(), userAgent: 'Yealink SIP-T54W 96.86.0.65',
    }));
    t.match((await expect(200, 'GET', `/v2/phone/devices/${desk}`)).json, { status: 'online', private_ip: '192.168.7.9' });
    t.match((await expect(200, 'GET', '/v2/phone/firmwares?is_update=false')).json.firmwares, [{
      device_type: 'Yealink', device_model: 'T54W', versions: [{ version: '96.86.0.71', status: 2, phones: 0 }, { version: '96.86.0.70' }, { version: '96.86.0.65', status: 1, phones: 1 }],
    }]);
    t.same((await expect(200, 'GET', '/v2/phone/firmwares')).json.firmwares[0].versions.map((one: { version: string }) => one.version), ['96.86.0.71', '96.86.0.70']);
    await expect(204, 'PATCH', `${path}/${made.rule_Id}`, { ...rule, version: '96.86.0.90' });
    await expect(204, 'DELETE', `${path}/${ofSite}`);
    t.match(await provisioning(desk), { firmware_wanted: '96.86.0.90' });
    await expect(404, 'DELETE', `${path}/${ofSite}`);
    await expect(403, 'POST', path, rule, readOnly);
  });

  await t.test('sync of all, of a site, and restart of one', async (t) => {
    const resync = async (id: string) => (await expect(200, 'GET', `/v2/cordboard/devices/${id}/resync`)).json.state as string;
    t.equal(await resync(desk), 'pending', 'since a rule for its model went');
    for (const body of [{ level: 3 }, {}, { level: 2 }, { level: 2, site_id: 'none' }]) await expect(400, 'POST', '/v2/phone/devices/sync', body);
    await expect(403, 'POST', '/v2/phone/devices/sync', { level: 1 }, readOnly);
    await expect(204, 'POST', '/v2/phone/devices/sync', { level: 1 });
    t.same([await resync(desk), await resync(soft)], ['pending', ''], 'phones set up by hand are left alone');
    await expect(202, 'POST', `/v2/phone/devices/${desk}/reboot`);
    t.match(await deps.stores.deviceResyncs.get(desk as DeviceId), { restart: true, byPerson: true, state: 'pending' });
    t.match((await expect(409, 'POST', `/v2/phone/devices/${soft}/reboot`)).json.message, /not registered/);
    await expect(404, 'POST', '/v2/phone/devices/none/reboot');
    await expect(403, 'POST', `/v2/phone/devices/${desk}/reboot`, undefined, readOnly);
  });

  await t.test('common areas: fields, status, activation codes', async (t) => {
    const area = (await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Lobby', extension_number: 890 })).json;
    const path = `/v2/phone/common_areas/${area.id}`;
    await expect(204, 'PATCH', path, { department: 'Front', cost_center: '7', policy: { international_calling: { enable: true } } });
    t.match((await expect(200, 'GET', path)).json, {
      department: 'Front', cost_center: '7', timezone: '', policy: { international_calling: { enable: true, locked: false, locked_by: '', modified: true }, outbound_calling: { enable: true } },
      country: { code: 'US', country_code: 'US' }, outbound_caller_ids: [],
    });
    await expect(204, 'PATCH', path, { policy: { international_calling: { reset: true } } });
    t.match((await expect(200, 'GET', path)).json.policy.international_calling, { enable: false, modified: false });
    const phone = await add({ assignee_extension_ids: [area.extension_id] });
    const dial = async () => (await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: phone, dialled: '801' })).json;
    t.match(await dial(), { targets: [{ device_id: desk }] });
    await expect(204, 'PATCH', path, { status: 'deactivate' });
    t.match(await dial(), { outcome: 'reject', reason: 'user-deactivated' });
    t.equal((await expect(200, 'GET', path)).json.status, 'inactive');
    await expect(204, 'PATCH', path, { status: 'activate' });

    const issue = async () => (await expect(201, 'POST', '/v2/phone/common_areas/activation_code', { common_area_ids: [area.id] })).json.common_areas_activation_codes[0];
    const [first, second] = [await issue(), await issue()];
    t.match(first, { common_area_id: area.id, display_name: 'Lobby', extension_number: 890, activation_code: /^\d{3}-\d{3}-\d{4}$/ });
    const activate = (code: string, mac: string) => office.call('POST', '/v2/cordboard/common_areas/activate', { activation_code: code, display_name: 'Tablet', mac_address: mac });
    t.equal((await activate(first.activation_code, '02eeeeeeee01')).status, 400, 'an earlier code is good for nothing');
    const made = await activate(second.activation_code.replaceAll('-', ' '), '02eeeeeeee01');
    t.match(made, { status: 201, json: { common_area_id: area.id, sip_account: { password: /^.{28}$/ } } });
    t.match((await expect(200, 'GET', `/v2/phone/devices/${made.json.device_id}`)).json, { assignee: { id: area.id }, device_type: 'Softphone' });
    t.equal((await activate(second.activation_code, '02eeeeeeee02')).status, 400, 'good for one phone');
    const states = async () => (await expect(200, 'GET', '/v2/phone/common_areas/activation_codes')).json.common_areas_activation_codes;
    t.match(await states(), [{ status: 'used', activation_code: '', site: { name: 'Main Site' } }]);
    const third = await issue();
    office.clock.advance(8 * 86_400_000);
    t.match(await states(), [{ status: 'expired' }]);
    t.equal((await activate(third.activation_code, '02eeeeeeee03')).status, 400, 'not after its time');
    t.match((await expect(400, 'POST', '/v2/phone/common_areas/activation_code', { common_area_ids: ['none'] })).json.errors, [{ field: 'common_area_ids[0]' }]);
    const ofUser = `/v2/cordboard/users/${office.ada.id}/activation_code`;
    const { json: own } = await expect(201, 'POST', ofUser);
    t.match(own, { user_id: office.ada.id, extension_number: 801, activation_code: /^\d{3}-\d{3}-\d{4}$/, dial: '*93' });
    t.equal((await activate(own.activation_code, '02eeeeeeee05')).status, 400, 'of a user, it makes no common area phone');
    t.equal((await states()).length, 1);
    await expect(404, 'POST', '/v2/cordboard/users/nobody@example.com/activation_code');
    await expect(403, 'POST', ofUser, undefined, readOnly);
    const codes = '/v2/cordboard/account/feature_codes';
    t.match((await expect(200, 'PATCH', codes, { phone_activation: '' })).json, { phone_activation: '' });
    t.match((await expect(400, 'PATCH', codes, { phone_activation: '*91' })).json.errors, [{ field: 'hot_desk_sign_in' }, { field: 'phone_activation' }]);
    await expect(200, 'PATCH', codes, { phone_activation: '*93' });
    const spare = await add();
    const explain = async (dialled: string) => (await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: spare, dialled })).json;
    t.match(await explain('*93'), { outcome: 'run-feature' });
    t.match(JSON.stringify(await explain('*93')), /an activation code gives it one/);
    t.match(await explain('801'), { outcome: 'reject', reason: 'device-unassigned' });
    await expect(403, 'POST', '/v2/phone/common_areas/activation_code', { common_area_ids: [area.id] }, readOnly);
    await expect(403, 'POST', '/v2/cordboard/common_areas/activate', { activation_code: 'x', display_name: 'x', mac_address: '02eeeeeeee04' }, readOnly);
  });
});
