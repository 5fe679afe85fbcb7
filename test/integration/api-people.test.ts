import t from 'tap';
import { startApiOffice } from '../support/api-office.js';

t.test('people, extensions and plans', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;

  await t.test('a token by HTTP Basic opens the API', async (t) => {
    const basic = `Basic ${Buffer.from(`${office.clientId}:${office.clientSecret}`).toString('base64')}`;
    const form = (body: Record<string, string>, headers: Record<string, string> = { authorization: basic }) => office.call(
      'POST', '/oauth/token', undefined,
      { token: null, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, raw: new URLSearchParams(body).toString() },
    );
    const granted = await form({ grant_type: 'account_credentials', account_id: office.account.id });
    t.equal(granted.status, 200);
    t.match(granted.json, { token_type: 'bearer', expires_in: 3600, api_url: office.url });
    t.equal(granted.headers.get('cache-control'), 'no-store');
    t.equal((await office.call('GET', '/v2/users', undefined, { token: granted.json.access_token })).status, 200);

    const byQuery = await office.call(
      'POST', `/oauth/token?grant_type=account_credentials&account_id=${office.account.id}`, undefined, { token: null, headers: { authorization: basic } });
    t.equal(byQuery.status, 200, 'grant type and account may stand in the query');
    t.equal((await form({ grant_type: 'client_credentials' })).status, 200);
    t.match(await form({ grant_type: 'account_credentials', account_id: 'other' }), { status: 400, json: { error: 'invalid_request' } });
    t.match(await form({ grant_type: 'password' }), { status: 400, json: { error: 'unsupported_grant_type' } });
    const wrong = `Basic ${Buffer.from(`${office.clientId}:wrong`).toString('base64')}`;
    const unknown = `Basic ${Buffer.from('nobody:wrong').toString('base64')}`;
    for (const authorization of [wrong, unknown, 'Basic !!!', 'Bearer x']) {
      t.match(await form({ grant_type: 'client_credentials' }, { authorization }), { status: 401, json: { code: 124, error: 'invalid_client' } });
    }
    t.match(await form({ grant_type: 'client_credentials' }, {}), { status: 401 });
    t.equal((await form({ grant_type: 'client_credentials', client_id: office.clientId, client_secret: office.clientSecret }, {})).status, 200);
    t.equal((await office.call('POST', '/oauth/token', { grant_type: 'client_credentials' }, { token: null, headers: { authorization: basic } })).status, 415);
  });

  await t.test('users: create, read by id and e-mail, change, list, remove', async (t) => {
    const { json: made } = await expect(201, 'POST', '/v2/users', {
      action: 'create', user_info: { email: 'Ada@Example.com', first_name: 'Ada', last_name: 'Lovelace', type: 1 },
    });
    t.match((await expect(409, 'POST', '/v2/users', { action: 'create', user_info: { email: 'ada@example.com', type: 1 } })).json, {
      code: 409, errors: [{ field: 'user_info.email', field_value: 'ada@example.com' }],
    });
    t.match((await expect(200, 'GET', '/v2/users/email?email=ADA@example.com')).json, { existed_email: true });
    t.match((await expect(200, 'GET', '/v2/users/email?email=bob@example.com')).json, { existed_email: false });
    await expect(204, 'PATCH', '/v2/users/ada@example.com', { dept: 'Engines', timezone: 'Europe/London' });
    await expect(204, 'PATCH', '/v2/users/ada@example.com', {});
    const { json: read } = await expect(200, 'GET', `/v2/users/${made.id}`);
    t.match(read, { id: made.id, email: 'Ada@Example.com', dept: 'Engines', timezone: 'Europe/London', display_name: 'Ada Lovelace', status: 'active' });
    t.match(read.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    t.match((await expect(200, 'GET', '/v2/users?keyword=lovel')).json, { total_records: 1, users: [{ id: made.id }], next_page_token: '' });
    await expect(200, 'PUT', `/v2/users/${made.id}/status`, { action: 'deactivate' });
    t.match((await expect(200, 'GET', '/v2/users?status=inactive')).json.users, [{ id: made.id }]);
    await expect(204, 'DELETE', `/v2/users/${made.id}?action=delete`);
    await expect(404, 'GET', `/v2/users/${made.id}`);
    await expect(404, 'DELETE', `/v2/users/${made.id}`);
  });

  await t.test('batch add takes plans by name or code, makes accounts, and chooses extensions', async (t) => {
    const { json: added } = await expect(201, 'POST', '/v2/phone/users/batch', {
      users: [
        { email: 'one@example.com', first_name: 'One', calling_plans: ['200'], extension_number: '1001' },
        { email: 'two@example.com', first_name: 'Two', calling_plans: ['US/CA Unlimited Calling Plan', 'Zoom Phone Pro'], extension_number: '0' },
        { email: 'three@example.com', calling_plans: [], extension_number: '' },
        { email: 'four@example.com', calling_plans: [200], desk_phones: [{ brand: 'Yealink', model: 'T54W', mac: '00:15:65:aa:00:04' }] },
      ],
    });
    t.equal(added.length, 4);
    const { json: list } = await expect(200, 'GET', '/v2/phone/users');
    t.same(list.users.map((user: { extension_number: number }) => user.extension_number), [1001, 1002, 1003, 1004]);
    t.match(list.users[1].calling_plans, [{ type: 200 }, { type: 3000, name: 'Zoom Phone Pro' }]);
    t.match(list.users[0], { status: 'activate', site: { name: 'Main Site' }, phone_numbers: [] });
    t.not(list.users[0].extension_id, list.users[0].id);
    const { json: seats } = await expect(200, 'GET', '/v2/phone/calling_plans');
    t.match(seats.calling_plans.find((row: { type: number }) => row.type === 200), { subscribed: 100, assigned: 3, available: 97 });
    t.match((await expect(200, 'GET', '/v2/phone/devices?type=assigned')).json, {
      devices: [{ mac_address: '001565aa0004', assignee: { extension_number: 1004, extension_type: 'user' } }],
    });
  });

  await t.test('batch add is all or nothing, and names the problem of each row', async (t) => {
    const { json } = await expect(400, 'POST', '/v2/phone/users/batch', {
      users: [
        { email: 'ok@example.com', calling_plans: ['200'], extension_number: '1050' },
        { email: 'taken@example.com', calling_plans: ['200'], extension_number: '1001' },
        { email: 'emergency@example.com', calling_plans: ['200'], extension_number: '911' },
        { email: 'plan@example.com', calling_plans: ['Nonsense'], extension_number: '1051' },
        { email: 'site@example.com', calling_plans: [], site_name: 'Atlantis' },
        { email: 'one@example.com', calling_plans: [] },
      ],
    });
    t.same(json.errors.map((error: { field: string }) => error.field), [
      'users[1].extension_number', 'users[2].extension_number', 'users[3].calling_plans[0]', 'users[4].site_name', 'users[5].email',
    ]);
    t.match(json.errors[0].message, /One.*one@example\.com/, 'a duplicate names its holder');
    t.match((await expect(200, 'GET', '/v2/users/email?email=ok@example.com')).json, { existed_email: false });
    const twice = await expect(409, 'POST', '/v2/phone/users/batch', {
      users: [{ email: 'a@example.com', extension_number: '1060' }, { email: 'b@example.com', extension_number: '1060' }],
    });
    t.match(twice.json.errors, [{ field: 'users[1].extension_number', field_value: '1060' }]);
  });

  await t.test('a phone user is changed in place', async (t) => {
    await expect(204, 'PATCH', '/v2/phone/users/one@example.com', { extension_number: '1101', policy: { international_calling: true } });
    t.match((await expect(200, 'GET', '/v2/phone/users/one@example.com')).json, {
      extension_number: 1101, policy: { international_calling: true }, site_admin: false, status: 'activate',
    });
    t.match((await expect(409, 'PATCH', '/v2/phone/users/one@example.com', { extension_number: '1002' })).json.message, /two@example\.com/);
    await expect(204, 'PATCH', '/v2/phone/users/one@example.com', { extension_number: '1101' });
    await expect(204, 'PATCH', '/v2/phone/users/one@example.com', { status: 'deactivate' });
    t.match((await expect(200, 'GET', '/v2/phone/users?status=deactivate')).json.users, [{ email: 'one@example.com' }]);
    await expect(204, 'PATCH', '/v2/phone/users/one@example.com', { status: 'activate' });
    await expect(204, 'PATCH', '/v2/phone/users/one@example.com/settings', { area_code: '212' });
    t.match((await expect(200, 'GET', '/v2/phone/users/one@example.com/settings')).json, { area_code: '212', country: { code: 'US' }, extension_number: 1101 });
    await expect(404, 'PATCH', '/v2/phone/users/nobody@example.com', { status: 'activate' });
    const ignored = await expect(204, 'PATCH', '/v2/phone/users/one@example.com', { policy: { sms: { enable: true, carrier: 'x' } }, nickname: 'x' });
    t.equal(ignored.headers.get('x-ignored-fields'), 'policy.sms.carrier, nickname');
  });

  await t.test('plans are assigned, switched and taken; seats run out and come back', async (t) => {
    const plans = '/v2/phone/users/three@example.com/calling_plans';
    t.match((await expect(201, 'POST', plans, { calling_plans: [{ type: 100 }] })).json.calling_plans, [{ type: 100 }]);
    t.match((await expect(409, 'POST', plans, { calling_plans: [{ type: 100 }] })).json.errors, [{ field: 'calling_plans', field_value: '100' }]);
    await expect(204, 'PUT', plans, { source_type: 100, target_type: 200 });
    t.match((await expect(400, 'PUT', plans, { source_type: 100, target_type: 200 })).json.errors, [{ field: 'source_type' }]);
    await expect(409, 'PATCH', '/v2/cordboard/plans/200', { subscribed: 3 });
    await expect(204, 'PATCH', '/v2/cordboard/plans/200', { subscribed: 4 });
    const full = await expect(409, 'POST', '/v2/phone/users/batch', { users: [{ email: 'five@example.com', calling_plans: ['200'] }] });
    t.match(full.json.errors, [{ field: 'users[0].calling_plans', message: /All 4 seats/ }]);
    await expect(204, 'DELETE', `${plans}/200`);
    await expect(404, 'DELETE', `${plans}/200`);
    await expect(201, 'POST', '/v2/phone/users/batch', { users: [{ email: 'five@example.com', calling_plans: ['200'] }] });
    t.match((await expect(200, 'GET', '/v2/phone/plans')).json.calling_plans.find((row: { type: number }) => row.type === 200), {
      subscribed: 4, assigned: 4, available: 0,
    });
  });

  await t.test('two requests cannot share the last seat', async (t) => {
    await expect(204, 'PATCH', '/v2/cordboard/plans/102', { subscribed: 1 });
    const replies = await Promise.all(['one', 'two', 'three'].map((name) => office.call(
      'POST', `/v2/phone/users/${name}@example.com/calling_plans`, { calling_plans: [{ type: 102 }] })));
    t.same(replies.map((reply) => reply.status).sort(), [201, 409, 409]);
  });

  await t.test('removing the phone leaves the person, and the devices unassigned', async (t) => {
    await expect(204, 'PATCH', '/v2/users/four@example.com', { feature: { zoom_phone: false } });
    await expect(404, 'GET', '/v2/phone/users/four@example.com');
    await expect(200, 'GET', '/v2/users/four@example.com');
    t.match((await expect(200, 'GET', '/v2/phone/devices?type=unassigned')).json.devices, [{ mac_address: '001565aa0004', assignees: [] }]);
    await expect(204, 'PATCH', '/v2/users/four@example.com', { feature: { zoom_phone: true } });
    t.match((await expect(200, 'GET', '/v2/phone/users/four@example.com')).json, { calling_plans: [], extension_number: 1004 });
    await expect(204, 'DELETE', '/v2/users/five@example.com');
    t.match((await expect(200, 'GET', '/v2/phone/plans')).json.calling_plans.find((row: { type: number }) => row.type === 200), { available: 2 });
  });

  await t.test('a deactivated person has a deactivated phone', async (t) => {
    await expect(200, 'PUT', '/v2/users/two@example.com/status', { action: 'deactivate' });
    t.match((await expect(200, 'GET', '/v2/phone/users/two@example.com')).json, { status: 'deactivate' });
    await expect(409, 'PATCH', '/v2/phone/users/two@example.com', { status: 'activate' });
    await expect(200, 'PUT', '/v2/users/two@example.com/status', { action: 'activate' });
    t.match((await expect(200, 'GET', '/v2/phone/users/two@example.com')).json, { status: 'activate' });
  });

  await t.test('lists page to the end with tokens of their own', async (t) => {
    const seen: string[] = [];
    let token = '';
    do {
      const { json } = await expect(200, 'GET', `/v2/phone/users?page_size=2&next_page_token=${token}`);
      seen.push(...json.users.map((user: { id: string }) => user.id));
      t.equal(json.page_size, 2);
      t.equal(json.total_records, 4);
      token = json.next_page_token;
    } while (token !== '');
    t.equal(new Set(seen).size, 4);
    await expect(400, 'GET', '/v2/phone/users?next_page_token=%21%21');
  });

  await t.test('the audit log says who did what', async (t) => {
    const { json } = await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=300');
    const entry = json.entries.find((one: { action: string }) => one.action === 'update-phone-user');
    t.match(entry, { actor: `client:${office.clientId}`, aggregate: 'phone_user', address: '127.0.0.1' });
    t.ok(json.entries.every((one: object) => !JSON.stringify(one).includes(office.clientSecret)));
  });
});
