import t from 'tap';
import { startApiOffice } from '../support/api-office.js';

const ADDRESS = { address_line1: '1 Main Street', city: 'New York', country: 'US', state_code: 'NY', zip: '10001' };

t.test('sites with their settings, and settings of the account', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  const get = async (path: string) => (await expect(200, 'GET', path)).json;
  const explain = async (from: object, dialled: string) => (await expect(200, 'POST', '/v2/cordboard/policy/explain', { ...from, dialled })).json;
  const newSite = async (name: string, more: object = {}) => (await expect(201, 'POST', '/v2/phone/sites', {
    name, auto_receptionist_name: 'Reception', default_emergency_address: ADDRESS, ...more,
  })).json.id as string;
  const mainId = (await get('/v2/phone/sites')).sites[0].id as string;
  const site = await newSite('Boston', {
    site_code: 8, short_extension: { length: 4 }, sip_zone: { id: 'east' }, india_city: 'Pune', force_off_net: { enable: true },
  });
  const path = `/v2/phone/sites/${site}`;
  const addUsers = (users: readonly object[]) => expect(201, 'POST', '/v2/phone/users/batch', { users });

  await t.test('a site shows every field of its shape, and keeps what is changed', async (t) => {
    t.match(await get(path), {
      site_code: 8, short_extension: { length: 4, ranges: [] }, sip_zone: { id: 'east', name: '' }, india_city: 'Pune', india_state_code: '',
      caller_id_name: '', city: 'New York', state: 'NY', time_zone: '', main_auto_receptionist: { name: 'Reception', extension_id: '' },
      policy: { force_off_net: { enable: true, modified: true }, voicemail: { enable: false, modified: false, locked: false, locked_by: 'invalid' } },
    });
    await expect(204, 'PATCH', path, {
      caller_id_name: 'Boston Office', india_entity_name: 'Cord', time_zone: 'America/New_York',
      short_extension: { ranges: [{ range_from: '3000', range_to: '3001' }] },
      policy: { call_park: { enable: true, expiration_period: 5 }, sms: { enable: true, locked: true }, show_user_last_transferred_call: true },
    });
    t.match(await get(path), {
      caller_id_name: 'Boston Office', india_city: 'Pune', india_entity_name: 'Cord', time_zone: 'America/New_York',
      short_extension: { length: 4, ranges: [{ range_from: '3000', range_to: '3001' }] },
      policy: {
        call_park: { enable: true, expiration_period: 5, sequence: 0, modified: true, forward_to: { extension_id: '' } },
        sms: { enable: true, locked: true, locked_by: 'site', modified: true }, show_user_last_transferred_call: true,
      },
    });
    await expect(204, 'PATCH', path, { policy: { sms: { reset: true } } });
    t.match((await get(path)).policy.sms, { enable: false, locked: false, modified: false });
  });

  await t.test('what a site refuses names field and remedy', async (t) => {
    for (const [name, status, method, body, field] of [
      ['a source that is not there', 400, 'POST', { name: 'X', auto_receptionist_name: 'R', default_emergency_address: ADDRESS, source_auto_receptionist_id: 'ar' }, 'source_auto_receptionist_id'],
      ['a range backwards', 400, 'PATCH', { short_extension: { ranges: [{ range_from: '300', range_to: '200' }] } }, 'short_extension.ranges[0]'],
      ['a range of other lengths', 400, 'PATCH', { short_extension: { ranges: [{ range_from: '1', range_to: '999999' }] } }, 'short_extension.ranges[0]'],
      ['a code with a leading zero', 400, 'PATCH', { site_code: '01' }, 'site_code'],
      ['seven digits together', 400, 'PATCH', { site_code: 81, short_extension: { length: 5 } }, 'short_extension.length'],
      ['a policy out of bounds', 400, 'PATCH', { policy: { call_park: { expiration_period: 0 } } }, 'policy.call_park.expiration_period'],
      ['a policy of another kind', 400, 'PATCH', { policy: { sms: { enable: 'yes' } } }, 'policy.sms.enable'],
      ['an unknown time zone', 400, 'PATCH', { time_zone: 'Mars/Base' }, 'time_zone'],
    ] as const) {
      t.match((await expect(status, method, method === 'POST' ? '/v2/phone/sites' : path, body)).json, { errors: [{ field }] }, name);
    }
    const viewer = { token: await office.tokenFor('Phone Read Only') };
    await expect(403, 'PATCH', path, { name: 'Y' }, viewer);
    await expect(403, 'PATCH', '/v2/phone/settings', { byoc: { enable: true } }, viewer);
    await expect(403, 'PATCH', '/v2/cordboard/account/settings', {}, viewer);
  });

  await t.test('the next free extension comes from the site\'s ranges', async (t) => {
    await addUsers([{ email: 'b1@example.com', site_code: 8 }, { email: 'b2@example.com', site_code: 8 }]);
    t.equal((await get('/v2/phone/users/b1@example.com')).extension_number, 3000);
    t.equal((await get('/v2/phone/users/b2@example.com')).extension_number, 3001);
    t.match((await expect(409, 'POST', '/v2/phone/users/batch', { users: [{ email: 'b3@example.com', site_code: 8 }] })).json.errors, [{ message: /ranges/ }]);
    await expect(204, 'PATCH', path, { short_extension: { ranges: [] } });
    await addUsers([{ email: 'b3@example.com', site_code: 8 }]);
    t.equal((await get('/v2/phone/users/b3@example.com')).extension_number, 2001, "then by the site's length");
    for (const number of ['0', '']) t.match((await expect(204, 'PATCH', '/v2/phone/users/b3@example.com', { extension_number: number })).status, 204);
    t.match((await expect(400, 'PATCH', '/v2/phone/users/b3@example.com', { extension_number: '091' })).json.errors, [{ field: 'extension_number', message: /begin with 0/ }]);
  });

  await t.test('another site code is checked on every dialable form, and holders are named', async (t) => {
    await addUsers([{ email: 'main@example.com', extension_number: '73000' }, { email: 'nine@example.com', extension_number: '1134', site_code: 8 }]);
    t.match((await expect(409, 'PATCH', path, { site_code: 7 })).json, {
      message: /73000 would reach both (?=.*b1@example\.com)(?=.*main@example\.com)/, errors: [{ field: 'site_code' }],
    });
    t.match((await expect(409, 'PATCH', path, { site_code: 9 })).json, { message: /1134 of nine@example\.com.*911/, errors: [{ field: 'site_code' }] });
    t.equal((await get(path)).site_code, 8, 'nothing changed');
    await expect(204, 'PATCH', path, { site_code: '' });
    t.notOk('site_code' in await get(path));
    await expect(204, 'PATCH', path, { site_code: 6 });
    t.equal((await get(path)).site_code, 6);
  });

  await t.test('a site goes and leaves everything to another one; a clash refuses it by name', async (t) => {
    const chicago = await newSite('Chicago', { site_code: 4, short_extension: { length: 4 } });
    await addUsers([{ email: 'c1@example.com', extension_number: '3000', site_code: 4 }]);
    const { json: area } = await expect(201, 'POST', '/v2/phone/common_areas', { display_name: 'Loop', site_id: chicago, extension_number: 3050 });
    const user = await get('/v2/phone/users/c1@example.com');
    const { id: deviceId } = (await expect(201, 'POST', '/v2/phone/devices', {
      display_name: 'Desk', mac_address: '02bb00000001', type: 'Other', assignee_extension_ids: [user.extension_id],
    })).json;
    const gone = `/v2/phone/sites/${chicago}`;
    t.match((await expect(409, 'DELETE', gone)).json, { message: /transfer_site_id/ });
    t.match((await expect(400, 'DELETE', `${gone}?transfer_site_id=nowhere`)).json.errors, [{ field: 'transfer_site_id' }]);
    t.match((await expect(400, 'DELETE', `${gone}?transfer_site_id=${chicago}`)).json.errors, [{ field: 'transfer_site_id' }]);
    t.match((await expect(409, 'DELETE', `${gone}?transfer_site_id=${site}`)).json, { message: /3000 would reach both (?=.*b1@example\.com)(?=.*c1@example\.com)/ });
    await expect(204, 'PATCH', '/v2/phone/users/c1@example.com', { extension_number: '3007' });
    await expect(204, 'DELETE', `${gone}?transfer_site_id=${site}`);
    await expect(404, 'GET', gone);
    t.match(await get('/v2/phone/users/c1@example.com'), { site_id: site, extension_number: 3007 });
    t.match((await get(`/v2/phone/common_areas/${area.id}`)).site, { id: site });
    t.match((await get(`/v2/phone/devices/${deviceId}`)).site, { id: site });
    t.match((await explain({ device_id: deviceId }, '3050')).dialled, { kind: 'extension' }, 'the call path knows them at the new site');
    t.match(office.deps.directory.phoneUser(user.id)?.siteId, site);
    t.match((await expect(409, 'DELETE', `/v2/phone/sites/${mainId}?transfer_site_id=${site}`)).json.message, /main site/);
  });

  await t.test('a person who moves leaves the desk where it stands', async (t) => {
    const user = await get('/v2/phone/users/c1@example.com');
    await expect(204, 'PATCH', '/v2/phone/users/c1@example.com', { site_id: mainId, extension_number: '3007' });
    const { devices } = await get('/v2/phone/devices?type=assigned');
    t.match(devices.find((one: { assignee: { extension_id: string } }) => one.assignee?.extension_id === user.extension_id)?.site, { id: site });
    await addUsers([{ email: 'c2@example.com', extension_number: '3008', site_code: 6 }]);
    t.match((await expect(409, 'PATCH', '/v2/phone/users/c2@example.com', { site_id: mainId, extension_number: '3007' })).json.message, /c1@example\.com/);
  });

  await t.test('switches of the account: several sites, their codes, BYOC', async (t) => {
    t.match(await get('/v2/phone/settings'), { byoc: { enable: true }, multiple_sites: { enabled: true, site_code: true }, country: { code: 'US' } });
    t.match((await expect(409, 'PATCH', '/v2/phone/settings', { multiple_sites: { enabled: false } })).json.errors, [{ field: 'multiple_sites.enabled', message: /Boston/ }]);
    t.match((await expect(400, 'PATCH', '/v2/phone/settings', { multiple_sites: { site_code: { short_extension_length: 9 } } })).json.errors,
      [{ field: 'multiple_sites.site_code.short_extension_length' }]);
    await expect(204, 'PATCH', '/v2/phone/settings', { byoc: { enable: false }, multiple_sites: { site_code: { enable: false, short_extension_length: 3 } } });
    t.match(await get('/v2/phone/settings'), { byoc: { enable: false }, multiple_sites: { enabled: true, site_code: false } });
    t.notOk('site_code' in await get(path), 'codes are off');
    t.match(await get(path), { short_extension: { length: 3 } });
    t.match((await expect(409, 'PATCH', path, { site_code: 6 })).json.errors, [{ field: 'site_code', message: /Switch them on/ }]);
    await expect(204, 'PATCH', '/v2/phone/settings', { byoc: { enable: true }, multiple_sites: { site_code: { enable: true } } });
    await expect(204, 'PATCH', path, { site_code: 6 });
    t.match((await expect(400, 'PATCH', '/v2/phone/settings', { billing_account: { id: 'b' } })).json.errors, [{ field: 'billing_account.id' }]);
  });

  await t.test('settings of the account and what sites inherit', async (t) => {
    const settings = await get('/v2/phone/account_settings');
    t.equal(Object.keys(settings).length, 42);
    t.match(settings, { outbound_calling: { enable: true, locked: false, locked_by: 'invalid' }, voicemail: { enable: false } });
    t.same(Object.keys(await get('/v2/phone/account_settings?setting_types=voicemail,sms')).sort(), ['sms', 'voicemail']);
    t.match((await expect(400, 'GET', '/v2/phone/account_settings?setting_types=fax')).json.errors, [{ field: 'setting_types' }]);
    await expect(200, 'PATCH', '/v2/cordboard/account/settings', { voicemail: { value: { allow_share: true }, locked: true } });
    t.match((await get('/v2/phone/account_settings')).voicemail, { allow_share: true, allow_delete: false, locked: true, locked_by: 'account' });
    t.match((await get(path)).policy.voicemail, { locked: true, locked_by: 'account', modified: false });
    t.match((await expect(409, 'PATCH', path, { policy: { voicemail: { enable: true } } })).json.errors, [{ field: 'policy.voicemail', message: /account has locked/ }]);
    t.match((await expect(400, 'PATCH', '/v2/cordboard/account/settings', { voicemail: { value: { allow: true } } })).json.errors, [{ field: 'voicemail.value.allow' }]);
    t.match((await expect(400, 'PATCH', '/v2/cordboard/account/settings', { fax: { value: true } })).json.errors, [{ field: 'fax' }]);
    t.match(await get(`/v2/cordboard/sites/${site}/settings`), {
      voicemail: { origin: 'account', locked_by: 'account', set_here: false, effect: 'stored' }, outbound_calling: { effect: 'live', origin: 'default' },
    });
    await expect(200, 'PATCH', '/v2/cordboard/account/settings', { voicemail: { inherit: true } });
  });

  await t.test('calls to numbers obey the switches, at the level that holds', async (t) => {
    await addUsers([{ email: 'caller@example.com', calling_plans: ['200'] }]);
    const { extension_id: extension, extension_number: number } = await get('/v2/phone/users/caller@example.com');
    const { id: deviceId } = (await expect(201, 'POST', '/v2/phone/devices', {
      display_name: 'Caller', mac_address: '02bb00000002', type: 'Other', assignee_extension_ids: [extension],
    })).json;
    const reason = async (dialled = '+12125550123') => (await explain({ device_id: deviceId }, dialled)).reason as string;
    t.equal(await reason(), 'no-trunk', 'nothing but the trunk is missing');
    const own = `/v2/cordboard/extensions/${extension}/settings`;
    await expect(200, 'PATCH', '/v2/cordboard/account/settings', { outbound_calling: { value: { enable: false } } });
    t.match(await explain({ device_id: deviceId }, '+12125550123'), { reason: 'outbound-calling-off', sip_status: 403 }, 'off in the account');
    await expect(200, 'PATCH', own, { outbound_calling: { value: { enable: true } } });
    t.equal(await reason(), 'no-trunk', 'the own switch is nearer');
    await expect(200, 'PATCH', '/v2/cordboard/account/settings', { outbound_calling: { locked: true } });
    t.equal(await reason(), 'outbound-calling-off', 'a lock goes before it');
    t.match((await expect(409, 'PATCH', own, { outbound_calling: { value: { enable: true } } })).json.errors, [{ field: 'outbound_calling.value' }]);
    t.not(await reason('911'), 'outbound-calling-off', 'never an emergency call');
    t.not((await explain({ device_id: deviceId }, String(number))).reason, 'outbound-calling-off', 'nor a call inside');
    await expect(200, 'PATCH', '/v2/cordboard/account/settings', { outbound_calling: { inherit: true } });
    await expect(200, 'PATCH', own, { outbound_calling: { inherit: true } });
    await expect(204, 'PATCH', '/v2/phone/users/caller@example.com', { policy: { international_calling: true } });
    t.not(await reason('+442079460000'), 'international-off');
    await expect(200, 'PATCH', '/v2/cordboard/account/settings', { international_calling: { value: { enable: false }, locked: true } });
    t.equal(await reason('+442079460000'), 'international-off', "locked: it holds instead of the user's own");
    t.match((await expect(409, 'PATCH', '/v2/phone/users/caller@example.com', { policy: { international_calling: true } })).json.errors,
      [{ field: 'policy.international_calling' }]);
    await expect(200, 'PATCH', '/v2/cordboard/account/settings', { international_calling: { value: { enable: true }, locked: false } });
    await addUsers([{ email: 'abroad@example.com' }]);
    t.match((await get('/v2/phone/users/abroad@example.com')).policy.international_calling, true, 'new users begin with what holds');
  });

  await t.test('every type of site settings', async (t) => {
    const of = (type: string) => `${path}/settings/${type}`;
    const { extension_id: operator } = await get('/v2/phone/users/b1@example.com');
    const overflow = { allow_caller_to_reach_operator: true, operator: { extension_id: operator } };
    for (const [type, sent, shown] of [
      ['location_based_routing', { enable: true }, { enable: true, place_receive_pstn_calls: false }],
      ['business_hours', { custom_hour_type: 2, custom_hours: [{ from: '09:00', to: '17:00', type: 2, weekday: 2 }], overflow },
        { custom_hours: [{ from: '09:00', weekday: 2 }], overflow: { operator: { extension_number: 3000, extension_type: 'user' }, allow_caller_to_check_voicemail: false } }],
      ['closed_hours', { overflow }, { overflow: { allow_caller_to_reach_operator: true } }],
      ['outbound_caller_id', { call_queue_numbers: true }, { call_queue_numbers: true, auto_receptionists_numbers: false }],
      ['audio_prompt', { language: 'de-DE', hold_music: { audio_id: '-1' } }, { language: 'de-DE', hold_music: { audio_id: '-1', name: '' }, message_greeting: { closed_hours: { audio_id: '' } } }],
      ['dial_by_name', { status: true, inherit: false }, { status: true, inherit: false }],
      ['desk_phone', { hot_desking_session_timeout: { number: 2 }, general_setting: { setting_type: 'site_setting', web_interface: true } },
        { hot_desking_session_timeout: { number: 2, unit: 'hours' }, general_setting: { setting_type: 'site_setting', web_interface: true } }],
    ] as const) {
      await expect(204, 'PATCH', of(type), { [type]: sent });
      t.match((await get(of(type)))[type], shown, type);
    }
    t.match((await get(of('local_based_routing'))).location_based_routing, { enable: true }, 'the other spelling');
    t.match((await get(of('billing_account'))).billing_account, { id: '', name: '' });
    t.equal(office.deps.directory.sites(office.account.id).find(({ id }) => id === site)?.promptLanguage, 'de', 'phones at the site speak it');
    for (const [type, sent, field] of [
      ['business_hours', { custom_hours: [{ from: '25:00', weekday: 1 }] }, 'business_hours.custom_hours[0].from'],
      ['business_hours', { custom_hours: [{ weekday: 8 }] }, 'business_hours.custom_hours[0].weekday'],
      ['closed_hours', { overflow: { operator: { extension_id: 'nobody' } } }, 'closed_hours.overflow.operator.extension_id'],
      ['audio_prompt', { hold_music: { audio_id: 'song' } }, 'audio_prompt.hold_music.audio_id'],
      ['holiday_hours', { holidays: [{ holiday_id: 'none', name: 'X' }] }, 'holiday_hours.holidays[0].holiday_id'],
      ['billing_account', { id: 'b' }, 'billing_account.id'],
    ] as const) t.match((await expect(400, 'PATCH', of(type), { [type]: sent })).json.errors, [{ field }], `${type}: ${field}`);
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) t.match((await expect(400, method, of('fax'), method === 'GET' || method === 'DELETE' ? undefined : {})).json.errors, [{ field: 'settingType' }]);
    await expect(404, 'PATCH', '/v2/phone/sites/nowhere/settings/closed_hours', {});

    const holiday = { name: 'New Year', from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' };
    const [{ holiday_id: id }] = (await expect(201, 'POST', of('holiday_hours'), { holidays: [holiday] })).json.holidays;
    t.match((await expect(400, 'POST', of('holiday_hours'), { holidays: [{ ...holiday, to: holiday.from }] })).json.errors, [{ field: 'holidays[0].to' }]);
    await expect(204, 'PATCH', of('holiday_hours'), { holiday_hours: { holidays: [{ holiday_id: id, name: 'First' }] } });
    t.match((await get(of('holiday_hours'))).holiday_hours.holidays, [{ holiday_id: id, name: 'First', from: holiday.from }]);
    await expect(204, 'DELETE', `${of('holiday_hours')}?holiday_id=${id}`);
    await expect(404, 'DELETE', `${of('holiday_hours')}?holiday_id=${id}`);
    await expect(201, 'POST', of('security'), { device_type: 'Yealink T54W' });
    await expect(409, 'POST', of('security'), { device_type: 'Yealink T54W' });
    t.same((await get(of('security'))).security, { device_types: ['Yealink T54W'] });
    await expect(204, 'DELETE', `${of('security')}?device_type=Yealink%20T54W`);
    t.same((await get(of('security'))).security, { device_types: [] });
  });
});
