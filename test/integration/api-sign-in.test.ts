import t from 'tap';
import { asId, type UserId } from '../../src/domain/ids.js';
import { startUserSession } from '../../src/usecases/access/user-sessions.js';
import { startTwoSites } from '../support/two-sites.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

t.test('people who sign in', async (t) => {
  const { office, north, south } = await startTwoSites(t);
  const { call, expect } = office;
  office.mail.enabled = true;
  const of = (name: string, at = north) => at.ids.get(name) ?? '';
  const userId = asId<UserId>(of('userId'));
  const anon = { token: null };
  const askCode = (email: string) => call('POST', '/v2/cordboard/sign-in/code', { email }, anon);
  const signIn = (email: string, code: string) => call('POST', '/v2/cordboard/sign-in', { email, code }, anon);
  /** The code of the last mail to this address, as the person reads it. */
  const mailed = async (email: string): Promise<string | null> => {
    const row = await office.database.queries.selectFrom('mails').select(['id', 'sealed_content']).where('recipient', '=', email).where('template', '=', 'sign-in-code')
      .orderBy('id', 'desc').limit(1).executeTakeFirst();
    return row?.sealed_content ? JSON.parse(office.deps.mail.box.open(row.sealed_content, row.id)).code : null;
  };
  const session = async (id: UserId = userId) => {
    const started = await startUserSession(office.deps, office.account.id, id, 'saml', { address: '192.0.2.9', requestId: 'r' });
    if (started.kind === 'refused') throw new Error('not signed in');
    return started.value;
  };
  const as = (token: string) => (method: string, path: string, body?: unknown) => call(method, path, body, { token });
  const refresh = (token: string) => call('POST', '/oauth/token', undefined, { ...anon, headers: FORM, raw: `grant_type=refresh_token&refresh_token=${token}` });

  await t.test('a code by mail: once, for ten minutes, and the same answer to everybody', async (t) => {
    const known = await askCode(north.email);
    const unknown = await askCode('nobody@example.com');
    t.same([known.status, known.text], [unknown.status, unknown.text]);
    t.equal(known.status, 202);
    const code = await mailed(north.email) ?? '';
    t.match(code, /^\d{8}$/);
    t.equal(await mailed('nobody@example.com'), null);
    const wrong = code === '00000000' ? '00000001' : '00000000';
    t.match(await signIn(north.email, wrong), { status: 403, json: { message: /does not count/ } });
    t.equal((await signIn(south.email, code)).status, 403, 'nobody else’s');
    const { status, json } = await signIn(north.email, `${code.slice(0, 4)} ${code.slice(4)}`);
    t.equal(status, 200, 'as people type it');
    t.match((await as(json.access_token)('GET', '/v2/cordboard/me')).json, { id: userId, email: north.email, phone: { site: { name: 'north site' } }, roles: [] });
    t.equal((await signIn(north.email, code)).status, 403, 'once');
    await askCode(north.email);
    const late = await mailed(north.email) ?? '';
    office.clock.advance(600_001);
    t.equal((await signIn(north.email, late)).status, 403, 'too late');
    await askCode(north.email);
    const guessed = await mailed(north.email) ?? '';
    for (let tries = 0; tries < 5; tries += 1) await signIn(north.email, guessed === '11111111' ? '22222222' : '11111111');
    t.equal((await signIn(north.email, guessed)).status, 403, 'five wrong ones end it');
    await askCode(north.email);
    await askCode(north.email);
    const third = await mailed(north.email);
    t.equal((await askCode(north.email)).status, 202);
    t.equal(await mailed(north.email), third, 'no fourth within ten minutes');
    t.equal((await call('POST', '/v2/cordboard/sign-in/code', { email: '' }, anon)).status, 400);
    office.clock.advance(700_000);
    await expect(200, 'PUT', `/v2/users/${south.email}/status`, { action: 'deactivate' });
    await askCode(south.email);
    t.equal(await mailed(south.email), null, 'nobody who is not active');
    await expect(200, 'PUT', `/v2/users/${south.email}/status`, { action: 'activate' });
    const audit = (await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=300')).text;
    for (const secret of [code, late, guessed]) t.notOk(audit.includes(secret));
  });

  await t.test('tokens are short, refreshed once each, and end with the sign-in', async (t) => {
    const first = await session();
    const { json: second } = await refresh(first.refreshToken);
    t.match(second, { token_type: 'bearer', expires_in: 900, refresh_token: /\./ });
    t.equal((await as(second.access_token)('GET', '/v2/cordboard/me')).status, 200);
    t.equal((await refresh(first.refreshToken)).status, 400, 'a second time');
    t.equal((await as(second.access_token)('GET', '/v2/cordboard/me')).status, 401, 'and the sign-in ends, since somebody stole it');
    t.equal((await refresh(second.refresh_token)).status, 400);
    for (const bad of ['', 'x', 'x.y', '.']) t.equal((await refresh(bad)).status, 400, bad);
    const short = await session();
    office.clock.advance(901_000);
    t.equal((await as(short.accessToken)('GET', '/v2/cordboard/me')).status, 401, 'a quarter of an hour');
    const { json: again } = await refresh(short.refreshToken);
    t.equal((await call('POST', '/oauth/revoke', undefined, { ...anon, headers: FORM, raw: `token=${again.access_token}` })).status, 200);
    t.equal((await as(again.access_token)('GET', '/v2/cordboard/me')).status, 401, 'signed out');
    const [one, two] = [await session(), await session()];
    await expect(204, 'POST', `/v2/cordboard/users/${userId}/sign_out_everywhere`);
    for (const { accessToken } of [one, two]) t.equal((await as(accessToken)('GET', '/v2/cordboard/me')).status, 401);
    const gone = await session();
    await expect(200, 'PUT', `/v2/users/${north.email}/status`, { action: 'deactivate' });
    t.equal((await as(gone.accessToken)('GET', '/v2/cordboard/me')).status, 401, 'deactivated');
    await expect(200, 'PUT', `/v2/users/${north.email}/status`, { action: 'activate' });
    t.equal((await as(gone.accessToken)('GET', '/v2/cordboard/me')).status, 401, 'and does not come back');
    t.equal((await refresh(gone.refreshToken)).status, 400);
    const whole = await session();
    office.clock.advance(12 * 3_600_000 + 1);
    t.equal((await refresh(whole.refreshToken)).status, 400, 'twelve hours at most');
    const program = await office.tokenFor('Phone Super Admin');
    t.match(await call('GET', '/v2/cordboard/me', undefined, { token: program }), { status: 403, json: { message: /people/ } }, 'programs are no people');
  });

  await t.test('everybody has what is their own, and nothing else', async (t) => {
    const me = as((await session()).accessToken);
    const own = [
      '/v2/users/me', '/v2/phone/users/me', '/v2/phone/users/me/settings', '/v2/cordboard/users/me/settings', '/v2/cordboard/users/me/hot_desk',
      '/v2/phone/users/me/call_history', '/v2/phone/users/me/call_logs', `/v2/phone/users/${userId}`, `/v2/phone/devices/${of('deviceId')}`,
      `/v2/phone/call_history/${of('callLogId')}`, '/v2/cordboard/me/devices', '/v2/cordboard/me/hot_desk_sessions',
    ];
    for (const path of own) t.equal((await me('GET', path)).status, 200, path);
    t.match((await me('GET', '/v2/phone/users/me/call_history')).json, { total_records: 1 });
    t.match((await me('GET', '/v2/cordboard/me/devices')).json, { devices: [{ id: of('deviceId'), hot_desking: 'on' }] });
    t.notMatch((await me('GET', `/v2/phone/devices/${of('deviceId')}`)).text, /"password":"[^"*]+"/);
    for (const path of [
      '/v2/phone/users', '/v2/phone/devices', '/v2/phone/sites', '/v2/phone/call_history', '/v2/cordboard/audit_log', `/v2/phone/users/${of('userId', south)}`,
      `/v2/phone/devices/${of('deviceId', south)}`, `/v2/phone/call_history/${of('callLogId', south)}`, `/v2/cordboard/hot_desk_sessions/${of('sessionId', south)}`,
      `/v2/users/${south.email}`,
    ]) t.equal((await me('GET', path)).status, 403, path);
    for (const [method, path, body] of [
      ['PATCH', '/v2/phone/users/me', { extension_number: 1 }], ['PATCH', '/v2/users/me', { dept: 'x' }], ['DELETE', '/v2/users/me', undefined],
      ['PUT', `/v2/cordboard/me/devices/${of('deviceId', south)}/hot_desking`, { allowed: true }],
      ['POST', `/v2/cordboard/me/hot_desk_sessions/${of('sessionId', south)}/sign_out`, {}], ['POST', `/v2/cordboard/devices/${of('deviceId', south)}/lock`, {}],
      ['POST', `/v2/cordboard/hot_desk_sessions/${of('sessionId', south)}/sign_out`, { acting_user_id: of('userId', south) }],
      ['POST', '/v2/phone/roles/phone-super-admin/members', { user_ids: [userId] }], ['POST', `/v2/cordboard/users/${of('userId', south)}/sign_out_everywhere`, {}],
    ] as const) t.equal((await me(method, path, body)).status, 403, `${method} ${path}`);
    t.match(await me('POST', `/v2/cordboard/hot_desk_sessions/${of('sessionId')}/sign_out`, { acting_user_id: of('userId', south) }), {
      status: 400, json: { errors: [{ field: 'acting_user_id' }] },
    }, 'who somebody acts for is not believed of a person');
  });

  await t.test('own phone, guests, caller ID, language, PIN', async (t) => {
    const me = as((await session()).accessToken);
    t.match(await me('POST', `/v2/cordboard/me/hot_desk_sessions/${of('sessionId')}/sign_out`, {}), { status: 200, json: { state: 'ended', cause: 'owner', ended_by: `user:${userId}` } });
    t.equal((await me('PUT', `/v2/cordboard/me/devices/${of('deviceId')}/hot_desking`, { allowed: false })).status, 204);
    t.match((await me('GET', '/v2/cordboard/me/devices')).json, { devices: [{ hot_desking: 'off' }] });
    t.equal((await me('PUT', `/v2/cordboard/me/devices/${of('deviceId')}/hot_desking`, { allowed: true })).status, 204);
    await expect(201, 'POST', `/v2/cordboard/devices/${of('deviceId', south)}/hot_desk_sign_in`, { user_id: north.email });
    const [elsewhere] = (await me('GET', '/v2/cordboard/me/hot_desk_sessions')).json.sessions;
    t.match(await me('POST', `/v2/cordboard/hot_desk_sessions/${elsewhere.id}/sign_out`, {}), { status: 200, json: { cause: 'user', device: { id: of('deviceId', south) } } });
    t.equal((await me('POST', `/v2/cordboard/devices/${of('deviceId')}/lock`, {})).status, 200);
    t.equal((await me('POST', `/v2/cordboard/devices/${of('deviceId')}/unlock`, {})).status, 200);
    t.equal((await me('PATCH', '/v2/cordboard/me', { language: 'de-DE', time_zone: 'Europe/Berlin' })).status, 204);
    t.match((await me('GET', '/v2/cordboard/me')).json, { language: 'de-DE', time_zone: 'Europe/Berlin' });
    t.equal((await me('PUT', '/v2/cordboard/me/caller_id', { number: 'hidden' })).status, 204);
    t.match(await me('PUT', '/v2/cordboard/me/caller_id', { number: '+12025550201' }), { status: 400 }, 'only what is permitted');
    t.equal((await me('PUT', '/v2/cordboard/me/pin_code', { pin_code: '739154' })).status, 204, 'just signed in');
    office.clock.advance(600_001);
    t.match(await me('PUT', '/v2/cordboard/me/pin_code', { pin_code: '739155' }), { status: 403, json: { message: /current_pin_code/ } });
    t.equal((await me('PUT', '/v2/cordboard/me/pin_code', { pin_code: '739155', current_pin_code: '739154' })).status, 204);
    t.equal((await me('PUT', '/v2/cordboard/me/pin_code', { pin_code: '739156', current_pin_code: '739154' })).status, 403);
    t.equal((await me('GET', '/v2/cordboard/me')).status, 401, 'a wrong one signs out');
    const log = (await expect(200, 'GET', `/v2/cordboard/audit_log?actor=user:${userId}&page_size=300`)).text;
    for (const digits of ['739154', '739155', '739156']) t.notOk(log.includes(digits));
    t.match(log, /change-pin/);
  });

  await t.test('members of roles may what the role says, at its targets', async (t) => {
    const members = '/v2/phone/roles/phone-site-admin/members';
    await expect(201, 'POST', members, { user_ids: [north.email] });
    const me = as((await session()).accessToken);
    t.match(await me('GET', '/v2/phone/users'), { status: 200, json: { total_records: 0 } }, 'no target, nothing in reach');
    const targets = '/v2/phone/roles/phone-site-admin/targets';
    t.match(await call('POST', targets, { user_ids: [south.email], target_ids: [south.siteId] }), { status: 400, json: { errors: [{ field: 'user_ids[0]' }] } }, 'a member');
    t.match(await call('POST', targets, { user_ids: [north.email], target_ids: ['x'] }), { status: 400, json: { errors: [{ field: 'target_ids[0]' }] } });
    await expect(201, 'POST', targets, { user_ids: [north.email], target_ids: [south.siteId] });
    t.match((await expect(200, 'GET', `${targets}?user_id=${north.email}`)).json, { targets: [{ user_id: userId, target_id: south.siteId, name: 'south site' }] });
    t.match((await me('GET', '/v2/phone/users')).json, { total_records: 2 }, 'at once');
    t.equal((await me('GET', `/v2/phone/users/${south.email}`)).status, 200);
    t.equal((await me('PATCH', `/v2/phone/users/${of('userId', south)}`, { extension_number: 8209 })).status, 204);
    t.match((await expect(200, 'GET', `/v2/cordboard/audit_log?actor=user:${userId}`)).text, /8209/, 'the audit log names the person');
    t.equal((await me('GET', '/v2/phone/users/me')).status, 200, 'and the own, though it is at no target');
    t.equal((await me('PATCH', `/v2/phone/users/${userId}`, { extension_number: 8109 })).status, 403, 'which no role lets them change');
    await expect(204, 'DELETE', `${targets}?user_ids=${userId}&target_ids=${south.siteId}`);
    t.match((await me('GET', '/v2/phone/users')).json, { total_records: 0 }, 'the last target gone is nothing, not everything');
    const { json: copy } = await expect(201, 'POST', '/v2/phone/roles', { role_id: 'phone-site-admin', name: 'Looks', permissions: ['phone_user:read'] });
    t.match((await expect(200, 'GET', `/v2/phone/roles/${copy.id}`)).json, { permissions: ['phone_user:read'], needs_targets: true });
    await expect(201, 'POST', targets, { user_ids: [north.email], target_ids: [south.siteId] });
    await expect(201, 'POST', `/v2/phone/roles/${copy.id}/members`, { role_id: 'phone-site-admin', copy_all_members: true, copy_targets: true });
    await expect(204, 'DELETE', `${members}?user_ids=${userId}`);
    t.match((await me('GET', '/v2/phone/users')).json, { total_records: 2 }, 'copied with its targets');
    t.equal((await me('PATCH', `/v2/phone/users/${of('userId', south)}`, { extension_number: 8208 })).status, 403, 'chosen permissions alone');
    await expect(204, 'PATCH', `/v2/phone/roles/${copy.id}`, { permissions: ['phone_user:read', 'phone_user:write'] });
    t.equal((await me('PATCH', `/v2/phone/users/${of('userId', south)}`, { extension_number: 8208 })).status, 204);
    await expect(204, 'DELETE', `/v2/phone/roles/${copy.id}`);
    t.equal((await me('GET', '/v2/phone/users')).status, 403);
  });

  await t.test('nobody gives what they do not have', async (t) => {
    const { json: giver } = await expect(201, 'POST', '/v2/phone/roles', { role_id: 'phone-read-only', name: 'Gives', permissions: ['role:read', 'role:write', 'api_client:read', 'api_client:write'] });
    const token = await office.tokenFor(giver.id);
    const give = as(token);
    for (const [method, path, body] of [
      ['POST', '/v2/phone/roles/phone-super-admin/members', { user_ids: [userId] }], ['POST', '/v2/phone/roles', { role_id: 'phone-super-admin', name: 'Mine' }],
      ['PATCH', `/v2/phone/roles/${giver.id}`, { permissions: ['device_secret:read'] }], ['POST', '/v2/cordboard/api_clients', { name: 'x', role: 'Phone Super Admin' }],
      ['POST', `/v2/cordboard/api_clients/${office.clientId}/rotate_secret`, {}],
    ] as const) t.match(await give(method, path, body), { status: 403, json: { message: /cannot give/ } }, `${method} ${path}`);
    t.equal((await give('POST', '/v2/cordboard/api_clients', { name: 'x', role: giver.id })).status, 201, 'what they have');
    t.equal((await give('PATCH', `/v2/phone/roles/${giver.id}`, { permissions: ['role:read', 'role:write'] })).status, 204);
  });
});
