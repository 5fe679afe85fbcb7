import { sql } from 'kysely';
import pg from 'pg';
import t from 'tap';
import { asId, type ExtensionId } from '../../src/domain/ids.js';
import { apiDesks } from '../support/api-desks.js';
import { startApiOffice } from '../support/api-office.js';

t.test('policies and settings of a person', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  const desks = apiDesks(office);
  const [ada, bob, cid] = [await desks.person('2001', { calling_plans: ['200'] }), await desks.person('2002'), await desks.person('2003')];
  const desk = await desks.desk(ada, 'on');
  const user = `/v2/phone/users/${ada.id}`;
  const policy = async () => (await expect(200, 'GET', user)).json.policy;
  const settings = async () => (await expect(200, 'GET', `${user}/settings`)).json;
  const fieldOf = async (status: number, method: string, path: string, body?: unknown): Promise<string> => (
    (await expect(status, method, path, body)).json.errors[0].field);

  await t.test('policies: defaults, own values, and back again', async (t) => {
    t.match(await policy(), {
      voicemail: { enable: false, locked: false, locked_by: 'invalid', modified: false, allow_transcription: false }, sms: { enable: false, international_sms_countries: [] },
      delegation: false, international_calling: false, voicemail_access_members: [], forwarding_to_external_numbers: false, emergency_calls_to_psap: true,
    });
    await expect(204, 'PATCH', user, {
      area_code: '415',
      policy: {
        sms: { enable: true, international_sms_countries: ['GB'] }, voicemail: { allow_download: true, allow_transcription: true }, delegation: true,
        auto_call_recording: { recording_calls: 'inbound', play_recording_beep_tone: { play_beep_volume: 20 } }, forwarding_to_external_numbers: true,
        call_park: { enable: true, expiration_period: 9, forward_to_extension_id: bob.extensionId }, international_calling: true,
        voicemail_access_members: [{ access_user_id: bob.id, allow_download: true }],
      },
    });
    t.match((await expect(200, 'GET', user)).json, { area_code: '415' });
    t.match(await policy(), {
      sms: { enable: true, modified: true, international_sms: false, international_sms_countries: ['GB'] },
      voicemail: { allow_download: true, allow_delete: false, allow_transcription: true }, voicemail_transcription: { enable: true, modified: true },
      delegation: true, forwarding_to_external_numbers: true, international_calling: true,
      auto_call_recording: { recording_calls: 'inbound', play_recording_beep_tone: { play_beep_volume: 20, play_beep_member: 'allMember' } },
      call_park: { enable: true, expiration_period: 9, forward_to: { extension_number: 2002, display_name: 'User 2002', id: bob.id } },
      voicemail_access_members: [{ access_user_id: bob.id, allow_download: true, allow_delete: false, allow_sharing: false }],
    });
    await expect(204, 'PATCH', user, { policy: { sms: { reset: true } } });
    t.match((await policy()).sms, { enable: false, modified: false, international_sms_countries: [] });
    const bad: readonly (readonly [string, object])[] = [
      ['policy.call_park.expiration_period', { call_park: { expiration_period: 61 } }], ['policy.sms.enable', { sms: { enable: 'yes' } }],
      ['policy.auto_call_recording.recording_calls', { auto_call_recording: { recording_calls: 'all' } }],
      ['policy.voicemail_access_members[0].access_user_id', { voicemail_access_members: [{ access_user_id: 'nobody' }] }],
      ['policy.voicemail_access_members[0].access_user_id', { voicemail_access_members: [{ access_user_id: ada.id }] }],
    ];
    for (const [field, changes] of bad) t.equal(await fieldOf(400, 'PATCH', user, { policy: { delegation: false, ...changes } }), field);
    t.equal((await policy()).delegation, true, 'what is refused changes nothing');
  });

  await t.test('what the account locks, a person cannot change; what it says, a person inherits', async (t) => {
    const { deps, account } = office;
    const { siteId } = deps.directory.extension(asId<ExtensionId>(ada.extensionId)) ?? {};
    await deps.uow.run(async (stores) => {
      await stores.settings.set(account.id, { scope: 'site', scopeId: siteId ?? '', key: 'call_transferring', value: { enable: true, call_transferring_type: 2 }, locked: false });
      await stores.settings.set(account.id, { scope: 'account', scopeId: account.id, key: 'hand_off_to_room', value: { enable: true }, locked: true });
      return { end: 'commit', value: null };
    });
    t.match(await policy(), {
      call_transferring: { enable: true, call_transferring_type: 2, modified: false }, hand_off_to_room: { enable: true, locked: true, locked_by: 'account', modified: false },
    });
    t.equal(await fieldOf(409, 'PATCH', user, { policy: { hand_off_to_room: { enable: false } } }), 'policy.hand_off_to_room');
    await expect(204, 'PATCH', user, { policy: { call_transferring: { enable: false } } });
    t.match(await policy(), { call_transferring: { enable: false, call_transferring_type: 2, modified: true } });

    const own = `/v2/cordboard/users/${ada.id}/settings`;
    const byKey = async (key: string) => (await expect(200, 'GET', own)).json.settings.find((one: { key: string }) => one.key === key);
    t.match(await byKey('hand_off_to_room'), { value: { enable: true }, origin: 'account', locked_by: 'account', set_here: false, effect: 'stored' });
    t.match(await byKey('call_transferring'), { origin: 'extension', set_here: true });
    t.match(await byKey('outbound_calling'), { value: { enable: true }, origin: 'default', effect: 'live' });
    await expect(204, 'PATCH', own, { settings: [{ key: 'call_transferring', inherit: true }, { key: 'audio_intercom', value: { enable: true } }] });
    t.match(await byKey('call_transferring'), { origin: 'site', value: { call_transferring_type: 2 }, set_here: false });
    for (const [status, field, setting] of [
      [400, 'settings[0].key', { key: 'nonsense', value: 1 }], [400, 'settings[0].value', { key: 'sms' }], [400, 'settings[0].value.enable', { key: 'sms', value: { enable: 1 } }],
      [409, 'settings[0].value', { key: 'hand_off_to_room', value: { enable: false } }],
    ] as const) t.equal(await fieldOf(status, 'PATCH', own, { settings: [setting] }), field);
  });

  await t.test('calls to numbers switched off for a person are refused, and on again are not', async (t) => {
    const decide = async () => (await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: desk, dialled: '+12125550123' })).json;
    const before = await decide();
    await expect(204, 'PATCH', user, { policy: { outbound_calling: { enable: false } } });
    t.match((await policy()).outbound_calling, { enable: false, modified: true });
    t.not(JSON.stringify(await decide()), JSON.stringify(before));
    await expect(204, 'PATCH', user, { policy: { outbound_calling: { reset: true } } });
    t.same(await decide(), before);
  });

  await t.test('settings: language, country, music, and what is there before anybody sets anything', async (t) => {
    t.match(await settings(), {
      audio_prompt_language: 'en', country: { code: 'US', country_code: 'US', name: 'United States' }, music_on_hold_id: '', voice_mail: [{ access_user_id: bob.id }],
      intercom: { audio_intercoms: [], device: { id: '', name: '' } }, delegation: { assistants: [], privacy: false, privileges: [], locked: false },
      desk_phone: { pin_code: '******', phone_screen_lock: false, devices: [{ id: desk, policy: { call_control: { status: 'unsupported' }, hot_desking: { status: 'on' } } }] },
    });
    await expect(204, 'PATCH', `${user}/settings`, { audio_prompt_language: 'de-DE', country_iso_code: 'de', music_on_hold_id: '-1', area_code: '212' });
    t.match(await settings(), { audio_prompt_language: 'de', country: { code: 'DE', name: 'Germany' }, music_on_hold_id: '-1', area_code: '212' });
    await expect(204, 'PATCH', `${user}/settings`, { audio_prompt_language: '', country_iso_code: '' });
    t.match(await settings(), { audio_prompt_language: 'en', country: { code: 'US' } });
    for (const [field, value] of [['audio_prompt_language', 'xx'], ['country_iso_code', 'ZZ'], ['music_on_hold_id', 'song'], ['area_code', 'abc']] as const) {
      t.equal(await fieldOf(400, 'PATCH', `${user}/settings`, { [field]: value }), field);
    }
  });

  await t.test('delegation: assistants come and go', async (t) => {
    const path = `${user}/settings/delegation`;
    t.match((await expect(201, 'POST', path, { delegation_assistant_extension_id: bob.extensionId })).json, {
      delegation: { assistants: [{ extension_id: bob.extensionId, extension_number: 2002, extension_type: 'user', id: bob.id }], privacy: false },
    });
    t.equal(await fieldOf(409, 'POST', path, { delegation_assistant_extension_id: bob.extensionId }), 'delegation_assistant_extension_id');
    t.equal(await fieldOf(400, 'POST', path, { delegation_assistant_extension_id: ada.extensionId }), 'delegation_assistant_extension_id');
    t.equal(await fieldOf(400, 'POST', path, {}), 'delegation_assistant_extension_id');
    await expect(204, 'PATCH', path, { delegation: { privacy: true, privileges: [1, 2] } });
    t.match((await settings()).delegation, { assistants: [{ id: bob.id }], privacy: true, privileges: [1, 2] });
    await expect(404, 'DELETE', `${path}?assistant_extension_id=${cid.extensionId}`);
    await expect(204, 'DELETE', `${path}?assistant_extension_id=${bob.extensionId}`);
    t.same((await settings()).delegation.assistants, []);
  });

  await t.test('who may open voicemail and recordings', async (t) => {
    const rows = ['voicemail_access_members', 'auto_call_recording_access_members', 'ad_hoc_call_recording_access_members'] as const;
    for (const type of rows) {
      const path = `${user}/settings/${type}`;
      const [made] = (await expect(201, 'POST', path, { [type]: [{ access_user_id: cid.id, allow_delete: true }] })).json[type];
      t.match(made, { access_user_id: cid.id, allow_delete: true, allow_download: false });
      await expect(204, 'PATCH', path, { [type]: [{ shared_id: made.shared_id, allow_download: true }] });
      t.match((await policy())[type].find((one: { shared_id: string }) => one.shared_id === made.shared_id), { allow_delete: true, allow_download: true });
      t.equal(await fieldOf(400, 'PATCH', path, { [type]: [{ shared_id: 'x', allow_download: true }] }), `${type}[0].access_user_id`);
      t.equal(await fieldOf(400, 'POST', path, {}), type);
      await expect(204, 'DELETE', `${path}?shared_id=${made.shared_id}`);
      await expect(404, 'DELETE', `${path}?shared_id=${made.shared_id}`);
    }
    t.match((await expect(201, 'POST', `${user}/settings/voiceMail`, { voice_mail: { access_user_id: cid.email, delete: true } })).json, {
      voice_mail: { access_user_id: cid.id, delete: true, download: false },
    });
    await expect(204, 'PATCH', `/v2/users/${cid.id}`, { feature: { zoom_phone: false } });
    t.same((await settings()).voice_mail.map((one: { access_user_id: string }) => one.access_user_id), [bob.id], 'entries go with whom they name');
    await expect(204, 'PATCH', `/v2/users/${cid.id}`, { feature: { zoom_phone: true } });
  });

  await t.test('desk phones and the intercom', async (t) => {
    const spare = await desks.desk(bob, 'off');
    await expect(409, 'POST', `${user}/settings/desk_phone`, { device_id: spare });
    await expect(404, 'DELETE', `${user}/settings/desk_phone?device_id=${spare}`);
    await expect(204, 'DELETE', `/v2/phone/users/${bob.id}/settings/desk_phone?device_id=${spare}`);
    await expect(201, 'POST', `${user}/settings/desk_phone`, { device_id: spare });
    await expect(204, 'PATCH', `${user}/settings/desk_phone`, {
      desk_phone: { phone_screen_lock: true, pin_code: '739105', devices: [{ id: spare, policy: { call_control: { status: 'on' }, hot_desking: { status: 'on' } } }] },
    });
    const { desk_phone: desk_phone } = await settings();
    t.match(desk_phone, { phone_screen_lock: true, pin_code: '******' });
    t.match(desk_phone.devices.find((one: { id: string }) => one.id === spare).policy, { call_control: { status: 'on' }, hot_desking: { status: 'on' } });
    t.equal(await fieldOf(400, 'PATCH', `${user}/settings/desk_phone`, { desk_phone: { phone_screen_lock: false, devices: [{ id: 'x', policy: { call_control: { status: 'on' } } }] } }), 'desk_phone.devices[0].id');
    t.equal((await settings()).desk_phone.phone_screen_lock, true, 'all or nothing');

    const path = `${user}/settings/intercom`;
    await expect(204, 'PATCH', path, { intercom: { extension_id: bob.extensionId, device_id: desk } });
    await expect(204, 'PATCH', path, { intercom: { device_id: spare } });
    t.match((await settings()).intercom, {
      audio_intercoms: [{ extension_id: bob.extensionId, extension_number: '2002', device_id: desk, device_status: 'offline' }], device: { id: spare },
    });
    t.equal(await fieldOf(400, 'PATCH', path, { intercom: { device_id: 'nothing' } }), 'intercom.device_id');
    t.equal(await fieldOf(400, 'PATCH', path, {}), 'intercom.device_id');
    await expect(204, 'DELETE', `${path}?intercom_extension_id=${bob.extensionId}`);
    await expect(204, 'DELETE', `${path}?device_id=${spare}`);
    t.match((await settings()).intercom, { audio_intercoms: [], device: { id: '', name: '' } });
  });

  await t.test('a batch sets switches, and 10,000 people cost a page no more statements than ten', async (t) => {
    await expect(201, 'POST', '/v2/phone/users/batch', { users: [{ email: 'sms@example.com', sms: true, select_outbound_caller_id: false }] });
    t.match((await expect(200, 'GET', '/v2/phone/users/sms@example.com')).json.policy, { sms: { enable: true }, select_outbound_caller_id: { enable: false } });
    const lists = ['/v2/phone/users?page_size=100&keyword=user', '/v2/phone/users?page_size=100&calling_type=200', '/v2/phone/users?page_size=100&department=Bulk', '/v2/users?page_size=100'];
    const cost = async (path: string): Promise<number> => {
      const statements = t.capture(pg.Client.prototype, 'query', pg.Client.prototype.query);
      await expect(200, 'GET', path);
      const count = statements().length;
      statements.restore();
      return count;
    };
    const before: number[] = [];
    for (const path of lists) before.push(await cost(path));
    const { queries } = office.database;
    const { account } = office;
    const site = office.deps.directory.extension(asId<ExtensionId>(ada.extensionId))?.siteId ?? '';
    await sql`insert into users (id, account_id, email, first_name, last_name, display_name, type, status, department, cost_center, job_title, location, time_zone, language, search, created_at)
      select 'z' || n, ${account.id}, 'bulk' || n || '@example.com', 'Bulk', n::text, '', 1, 'active', 'Bulk', '', '', '', '', '', 'bulk user ' || n, now() from generate_series(10000, 19999) n`.execute(queries);
    await sql`with e as (insert into extensions (id, account_id, site_id, number, owner_kind, owner_id)
        select 'x' || n, ${account.id}, ${site}, n::text, 'user', 'z' || n from generate_series(10000, 19999) n returning id)
      insert into phone_users (id, account_id, site_id, extension_id, status, international_calling, area_code, created_at)
      select 'z' || n, ${account.id}, ${site}, 'x' || n, 'active', false, '', now() from generate_series(10000, 19999) n`.execute(queries);
    const after: number[] = [];
    for (const path of lists) after.push(await cost(path));
    t.ok(after.every((count, index) => count > 0 && count <= (before[index] ?? 0) + 4), 'a constant number', { before, after });
    t.match((await expect(200, 'GET', '/v2/phone/users?department=Bulk&keyword=user%2019999')).json, { total_records: 1, users: [{ extension_number: 19999 }] });
    t.equal((await expect(200, 'GET', '/v2/users?page_size=2000&page_number=6')).json.users.length, 4);

    const statements = t.capture(pg.Client.prototype, 'query', pg.Client.prototype.query);
    const rows = ['0', '20000', '', '0'].map((number, index) => ({ email: `late${index}@example.com`, extension_number: number }));
    await expect(201, 'POST', '/v2/phone/users/batch', { users: rows });
    const readings = statements().filter(({ args }) => /select "number" from "extensions"/.test(JSON.stringify(args).replaceAll('\\"', '"')));
    statements.restore();
    t.equal(readings.length, 1, 'a batch reads the numbers in use once');
    const late = (await expect(200, 'GET', '/v2/phone/users?keyword=late')).json.users.map((one: { extension_number: number }) => one.extension_number);
    t.equal(new Set(late).size, 4, 'and gives none twice');
    t.equal(late[1], 20000);
  });

  await t.test('unknown types, unknown people, and who may only look', async (t) => {
    for (const [method, body] of [['POST', {}], ['PATCH', {}], ['DELETE', undefined]] as const) t.equal(await fieldOf(400, method, `${user}/settings/nonsense`, body), 'settingType');
    await expect(404, 'POST', '/v2/phone/users/nobody/settings/delegation', { delegation_assistant_extension_id: bob.extensionId });
    await expect(404, 'GET', '/v2/cordboard/users/nobody/settings');
    const token = await office.tokenFor('Phone Read Only');
    for (const [method, path, body] of [
      ['PATCH', user, { policy: {} }], ['PATCH', `${user}/settings`, {}], ['POST', `${user}/settings/delegation`, {}], ['DELETE', `${user}/settings/delegation`, undefined],
      ['PATCH', `${user}/settings/delegation`, {}], ['PATCH', `/v2/cordboard/users/${ada.id}/settings`, { settings: [{ key: 'sms', inherit: true }] }],
    ] as const) await expect(403, method, path, body, { token });
    await expect(200, 'GET', `/v2/cordboard/users/${ada.id}/settings`, undefined, { token });
  });
});
