import t from 'tap';
import { asId, type ApiClientId } from '../../src/domain/ids.js';
import { ensureAdminClient } from '../../src/usecases/admin/ensure-admin-client.js';
import { DEFAULT_ROLES, PERMISSIONS } from '../../src/usecases/admin/roles.js';
import { startApiOffice } from '../support/api-office.js';

t.test('roles, API clients and their tokens', async (t) => {
  const office = await startApiOffice(t);
  const { call, expect } = office;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const basic = (id: string, secret: string) => ({ ...form, authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });
  const tokenOf = (id: string, secret: string) => call('POST', '/oauth/token', undefined, { token: null, headers: basic(id, secret), raw: 'grant_type=client_credentials' });
  for (const name of ['ada', 'alan', 'grace']) {
    await expect(201, 'POST', '/v2/users', { action: 'create', user_info: { email: `${name}@example.com`, first_name: name, type: 1 } });
  }
  await expect(201, 'POST', '/v2/phone/users/batch', { users: [{ email: 'ada@example.com', extension_number: '801', calling_plans: [] }] });
  const idOf = async (name: string) => (await expect(200, 'GET', `/v2/users/${name}@example.com`)).json.id;

  await t.test('default roles stand as the permission table has them', async (t) => {
    const { json } = await expect(200, 'GET', '/v2/phone/roles');
    t.same(json.roles.map((role: { name: string }) => role.name), [
      'Phone Super Admin', 'Phone Site Admin', 'Call Queue Admin', 'Auto Receptionist Admin', 'Recording Admin', 'Compliance Admin', 'Phone Read Only',
    ]);
    t.ok(json.roles.every((role: { is_default: boolean; total_members: number }) => role.is_default && role.total_members === 0));
    const writes = (name: string) => [...DEFAULT_ROLES.find((role) => role.name === name)?.permissions ?? []].filter((one) => !one.endsWith(':read'));
    t.same(writes('Phone Read Only'), []);
    t.same(writes('Compliance Admin'), ['call_history:write']);
    t.equal(DEFAULT_ROLES[0]?.permissions.size, PERMISSIONS.length);
    for (const role of DEFAULT_ROLES.slice(1)) t.notOk(role.permissions.has('api_client:read') || role.permissions.has('device_secret:read'), role.name);
    for (const [method, body] of [['PATCH', { name: 'x' }], ['DELETE', undefined]] as const) {
      t.match(await call(method, '/v2/phone/roles/phone-read-only', body), { status: 400, json: { errors: [{ field: 'roleId', message: /Copy it/ }] } });
    }
    await expect(404, 'GET', '/v2/phone/roles/nothing');
  });

  await t.test('a copy has its own name and the permissions of its original', async (t) => {
    const { json: made } = await expect(201, 'POST', '/v2/phone/roles', { role_id: 'phone-read-only', name: 'Night watch', description: 'Looks.' });
    t.match((await expect(200, 'GET', `/v2/phone/roles/${made.id}`)).json, { name: 'Night watch', description: 'Looks.', is_default: false, total_members: 0 });
    const { json: second } = await expect(201, 'POST', '/v2/phone/roles', { role_id: made.id });
    t.equal(second.name, 'Copy of Night watch');
    for (const [body, status, field] of [
      [{ role_id: 'x' }, 400, 'role_id'], [{}, 400, 'role_id'], [{ role_id: made.id, name: 'phone READ only' }, 409, 'name'], [{ role_id: made.id, name: '' }, 400, 'name'],
      [{ role_id: made.id, name: 'NIGHT watch' }, 409, 'name'], [{ role_id: made.id, name: 'a\u0001' }, 400, 'name'],
    ] as const) t.match(await call('POST', '/v2/phone/roles', body), { status, json: { errors: [{ field }] } }, JSON.stringify(body));
    await expect(204, 'PATCH', `/v2/phone/roles/${second.id}`, { name: 'Day watch' });
    t.equal((await call('PATCH', `/v2/phone/roles/${second.id}`, { name: 'Night watch' })).status, 409);
    const { json: client } = await expect(201, 'POST', '/v2/cordboard/api_clients', { name: 'Watcher', role: second.id });
    const { json: { access_token: token, scope } } = await tokenOf(client.client_id, client.client_secret);
    t.match(scope, /site:read/);
    t.equal((await call('GET', '/v2/phone/sites', undefined, { token })).status, 200);
    t.equal((await call('GET', '/v2/cordboard/api_clients', undefined, { token })).status, 403);
    t.equal((await call('POST', '/v2/phone/roles', { role_id: made.id }, { token })).status, 403);
    t.match(await call('DELETE', `/v2/phone/roles/${second.id}`), { status: 409, json: { message: /Watcher/ } });
    await expect(204, 'DELETE', `/v2/cordboard/api_clients/${client.client_id}`);
    await expect(204, 'DELETE', `/v2/phone/roles/${second.id}`);
    await expect(404, 'DELETE', `/v2/phone/roles/${second.id}`);
  });

  await t.test('members: in, out, copied, gone with the user', async (t) => {
    const role = '/v2/phone/roles/compliance-admin/members';
    const names = async (path: string) => (await expect(200, 'GET', path)).json.members.map((one: { email: string }) => one.email.split('@')[0]);
    t.same(await names(role), ['ada', 'alan', 'grace'], 'by itself: who has it not');
    await expect(201, 'POST', role, { user_ids: ['ada@example.com', await idOf('alan')] });
    await expect(201, 'POST', role, { user_ids: ['ada@example.com'] });
    t.same(await names(`${role}?in_role=true`), ['ada', 'alan']);
    t.match((await expect(200, 'GET', `${role}?in_role=true`)).json.members, [{ display_name: 'ada', extension_number: 801, site: { name: 'Main Site' } }, { extension_number: 0, site: { id: '' } }]);
    t.same(await names(`${role}?in_role=false`), ['grace']);
    t.equal((await expect(200, 'GET', '/v2/phone/roles/compliance-admin')).json.total_members, 2);
    t.match(await call('POST', role, { user_ids: ['ada@example.com', 'nobody'] }), { status: 400, json: { errors: [{ field: 'user_ids[1]' }] } });
    const { json: copy } = await expect(201, 'POST', '/v2/phone/roles', { role_id: 'compliance-admin', name: 'Auditors' });
    office.clock.advance(1000);
    await expect(201, 'POST', `/v2/phone/roles/${copy.id}/members`, { role_id: 'compliance-admin', copy_all_members: true });
    t.same(await names(`/v2/phone/roles/${copy.id}/members?in_role=true`), ['ada', 'alan']);
    const users = async (query: string) => (await expect(200, 'GET', `/v2/users${query}`)).json.users
      .map((one: { email: string; role_id: string }) => [one.email.split('@')[0], one.role_id]);
    t.same(await users(''), [['ada', 'compliance-admin'], ['alan', 'compliance-admin'], ['grace', '']], 'the role given first is shown with the person');
    t.same(await users(`?role_id=${copy.id}`), [['ada', copy.id], ['alan', copy.id]]);
    t.same(await users('?role_id=phone-read-only'), []);
    t.match((await expect(200, 'GET', '/v2/users/ada@example.com')).json, { role_id: 'compliance-admin', role_name: 'Compliance Admin' });
    t.match((await expect(400, 'GET', '/v2/users?role_id=nothing')).json, { errors: [{ field: 'role_id' }] });
    await expect(204, 'DELETE', `${role}?user_ids=${await idOf('alan')},grace@example.com`);
    t.same(await names(`${role}?in_role=true`), ['ada']);
    t.match((await expect(200, 'GET', '/v2/users/alan@example.com')).json, { role_id: copy.id, role_name: 'Auditors' });
    t.equal((await call('DELETE', role)).status, 400, 'whom?');
    await expect(204, 'DELETE', '/v2/users/ada@example.com');
    t.same(await names(`${role}?in_role=true`), []);
    await expect(204, 'DELETE', `/v2/phone/roles/${copy.id}`);
  });

  await t.test('a client’s secret is shown once, rotates with an overlap, and its tokens end on demand', async (t) => {
    const { json: made } = await expect(201, 'POST', '/v2/cordboard/api_clients', { name: 'CI', role: 'Phone Read Only' });
    const path = `/v2/cordboard/api_clients/${made.client_id}`;
    t.match(made, { client_secret: /^[\w-]{32}$/, role: 'Phone Read Only', disabled: false, last_used_at: '' });
    t.notMatch((await expect(200, 'GET', path)).text, made.client_secret);
    const { json: { access_token: token } } = await tokenOf(made.client_id, made.client_secret);
    const get = (token: string) => call('GET', '/v2/phone/sites', undefined, { token });
    t.equal((await get(token)).status, 200);
    await t.resolves((async () => {
      while ((await expect(200, 'GET', path)).json.last_used_at === '');
    })(), 'its use is noted');
    const { json: rotated } = await expect(200, 'POST', `${path}/rotate_secret`, { overlap_seconds: 600 });
    t.not(rotated.client_secret, made.client_secret);
    t.match(rotated, { earlier_secret_until: /Z$/ });
    for (const secret of [made.client_secret, rotated.client_secret]) t.equal((await tokenOf(made.client_id, secret)).status, 200, 'both count');
    office.clock.advance(601_000);
    t.equal((await tokenOf(made.client_id, made.client_secret)).status, 401, 'the overlap is over');
    t.equal((await expect(200, 'GET', path)).json.earlier_secret_until, '');
    const { json: at } = await expect(200, 'POST', `${path}/rotate_secret`, { overlap_seconds: 0 });
    t.equal((await tokenOf(made.client_id, rotated.client_secret)).status, 401, 'no overlap');
    t.equal((await get(token)).status, 200, 'tokens stay');
    await expect(204, 'POST', `${path}/revoke_tokens`);
    t.equal((await get(token)).status, 401);
    const { json: fresh } = await tokenOf(made.client_id, at.client_secret);
    const { json: other } = await tokenOf(made.client_id, at.client_secret);
    const revoke = (token: string, secret = at.client_secret) => call('POST', '/oauth/revoke', undefined, { token: null, headers: basic(made.client_id, secret), raw: `token=${token}` });
    t.equal((await revoke(fresh.access_token, 'wrong')).status, 401);
    t.equal((await get(fresh.access_token)).status, 200);
    t.equal((await revoke(fresh.access_token)).status, 200);
    t.equal((await revoke(fresh.access_token)).status, 200, 'again is no error');
    t.equal((await revoke('nonsense')).status, 200, 'RFC 7009 §2.2: nor is a token that is none');
    t.equal((await get(fresh.access_token)).status, 401);
    t.equal((await get(other.access_token)).status, 200, 'one token, not all');
    const foreign = await office.tokenFor('Phone Read Only');
    await revoke(foreign);
    t.equal((await get(foreign)).status, 200, 'not one of another client');
    await expect(204, 'PATCH', path, { disabled: true });
    t.equal((await get(other.access_token)).status, 401);
    t.equal((await tokenOf(made.client_id, at.client_secret)).status, 401);
    await expect(204, 'PATCH', path, { disabled: false, role: 'compliance-admin', name: 'CI 2' });
    t.match((await expect(200, 'GET', path)).json, { role: 'Compliance Admin', name: 'CI 2' });
    t.equal((await get(other.access_token)).status, 403, 'a changed role counts for tokens, too');
    const audit = JSON.stringify((await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=300')).json);
    for (const secret of [made.client_secret, rotated.client_secret, at.client_secret, 'scrypt']) t.notOk(audit.includes(secret), 'no secret in the audit log');
    await expect(204, 'DELETE', path);
    await expect(404, 'GET', path);
  });

  await t.test('bad input, and the last super admin', async (t) => {
    for (const [body, field] of [
      [{}, 'name'], [{ name: 'x' }, 'role'], [{ name: 'x', role: 'God' }, 'role'], [{ name: '', role: 'Phone Read Only' }, 'name'],
      [{ name: 'x', role: 'Phone Read Only', secret: 'mine' }, 'secret'], [{ name: 'x', role: 'Phone Read Only', generation: 9 }, 'generation'],
    ] as const) t.match(await call('POST', '/v2/cordboard/api_clients', body), { status: 400, json: { errors: [{ field }] } }, field);
    const own = `/v2/cordboard/api_clients/${office.clientId}`;
    for (const [method, body] of [['DELETE', undefined], ['PATCH', { disabled: true }], ['PATCH', { role: 'Phone Read Only' }]] as const) {
      t.match(await call(method, own, body), { status: 409, json: { message: /last API client/ } }, `${method} ${JSON.stringify(body)}`);
    }
    for (const seconds of [-1, 604_801, '1']) t.equal((await call('POST', `${own}/rotate_secret`, { overlap_seconds: seconds })).status, 400);
    for (const path of ['nothing', '__proto__', '%27']) await expect(404, 'DELETE', `/v2/cordboard/api_clients/${path}`);
    for (const body of ['', 'token=', 'x=1']) {
      t.equal((await call('POST', '/oauth/revoke', undefined, { token: null, headers: basic(office.clientId, office.clientSecret), raw: body })).status, 400, body);
    }
  });

  await t.test('a start brings back neither a rotated secret nor a removed first client', async (t) => {
    const remembered = { clientId: office.clientId, clientSecret: office.clientSecret, remembered: true };
    const { json } = await expect(200, 'POST', `/v2/cordboard/api_clients/${office.clientId}/rotate_secret`, { overlap_seconds: 0 });
    await ensureAdminClient(office.deps, remembered);
    t.equal((await tokenOf(office.clientId, office.clientSecret)).status, 401);
    t.equal((await tokenOf(office.clientId, json.client_secret)).status, 200);
    const { json: second } = await expect(201, 'POST', '/v2/cordboard/api_clients', { name: 'Second', role: 'Phone Super Admin' });
    await expect(204, 'DELETE', `/v2/cordboard/api_clients/${office.clientId}`);
    t.match(await ensureAdminClient(office.deps, remembered), { created: false, clientId: second.client_id });
    t.equal(await office.deps.stores.apiClients.get(asId<ApiClientId>(office.clientId)), null);
  });
});
