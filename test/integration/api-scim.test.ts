import t from 'tap';
import { startUserSession } from '../../src/usecases/access/user-sessions.js';
import { retryWishes } from '../../src/usecases/entitlements/retry-wishes.js';
import { apiDesks } from '../support/api-desks.js';
import { startApiOffice, type ApiReply } from '../support/api-office.js';
import { ENTRA, OKTA, replay } from '../support/scim-sequences.js';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PHONE = 'urn:ietf:params:scim:schemas:extension:cordboard:phone:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const scim = { headers: { 'content-type': 'application/scim+json' } };
const LIST = '/v2/cordboard/scim/reconciliation';

t.test('SCIM', async (t) => {
  const office = await startApiOffice(t);
  const { expect, call, deps } = office;
  const patch = (id: string, Operations: unknown, more = {}, of = 'Users') => (
    call('PATCH', `/scim2/${of}/${id}`, { schemas: [PATCH], Operations }, { headers: { ...scim.headers, ...more } }));
  const find = async (filter: string, of = 'Users', more = '') => (await expect(200, 'GET', `/scim2/${of}?filter=${encodeURIComponent(filter)}${more}`)).json;
  const add = async (userName: string, more: object = {}): Promise<ApiReply['json']> => (
    (await expect(201, 'POST', '/scim2/Users', { schemas: [USER], userName, active: true, ...more }, scim)).json);
  const entries = async (query = '') => (await expect(200, 'GET', `${LIST}?${query}`)).json.entries;
  const ada = {
    schemas: [USER, ENTERPRISE], userName: 'ada@example.com', externalId: 'ext-1', active: true, displayName: 'Ada Lovelace',
    name: { givenName: 'Ada', familyName: 'Lovelace', middleName: 'K.' }, emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    title: 'Countess', [ENTERPRISE]: { department: 'Engines', costCenter: '42', employeeNumber: '7' },
  };
  const made = await expect(201, 'POST', '/scim2/Users', ada, scim);
  const { id } = made.json;

  await t.test('a person is added, read, found, changed, replaced', async (t) => {
    t.match(made.headers.get('content-type'), /^application\/scim\+json/);
    t.equal(made.headers.get('location'), `${office.url}/scim2/Users/${id}`);
    t.equal(made.headers.get('etag'), made.json.meta.version);
    t.match(made.json, { ...ada, meta: { resourceType: 'User', location: made.headers.get('location') } });
    t.match((await expect(200, 'GET', `/v2/users/${id}`)).json, { email: 'ada@example.com', dept: 'Engines', cost_center: '42', job_title: 'Countess', employee_unique_id: '7' });
    const again = await expect(409, 'POST', '/scim2/Users', { ...ada, userName: 'ADA@example.com' }, scim);
    t.match(again.json, { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409', scimType: 'uniqueness', detail: /userName/ });
    t.equal((await find('userName eq "ADA@EXAMPLE.com"')).totalResults, 1);
    t.equal((await find('externalId eq "EXT-1"')).totalResults, 0, 'ids are exact');
    const renamed = await patch(id, [{ op: 'Replace', path: 'name.familyName', value: 'King' }, { op: 'Add', value: { title: 'Analyst' } }]);
    t.match(renamed, { status: 200, json: { name: { familyName: 'King', givenName: 'Ada', middleName: 'K.' }, title: 'Analyst' } });
    t.not(renamed.json.meta.version, made.json.meta.version);
    t.match((await patch(id, [{ op: 'replace', path: 'userName', value: 'king@example.com' }])).json, { userName: 'king@example.com' });
    t.equal((await expect(200, 'GET', `/v2/users/${id}`)).json.email, 'king@example.com', 'the address moves with the name');
    const replaced = await expect(200, 'PUT', `/scim2/Users/${id}`, { schemas: [USER], userName: 'ada@example.com', name: { givenName: 'Ada' } }, scim);
    t.equal(replaced.json.title, undefined, 'what PUT leaves out is gone');
    t.equal(replaced.json[ENTERPRISE], undefined);
  });

  await t.test('bad input is refused in SCIM’s words, and names the attribute', async (t) => {
    const rows: readonly (readonly [method: string, path: string, body: object | undefined, status: number, scimType: string | undefined, detail: RegExp])[] = [
      ['POST', '/Users', { schemas: [USER] }, 400, 'invalidValue', /userName/], ['POST', '/Users', { userName: 'not an address' }, 400, 'invalidValue', /emails/],
      ['POST', '/Users', { userName: 'x', emails: [{ value: 'x@y@z' }] }, 400, 'invalidValue', /emails/], ['POST', '/Users', undefined, 400, 'invalidSyntax', /body/],
      ['POST', '/Users', { userName: 'x@example.com', active: 'perhaps' }, 400, 'invalidValue', /active/],
      ['POST', '/Users', { userName: 'x@example.com', name: { givenName: 'x'.repeat(65) } }, 400, 'invalidValue', /givenName/],
      ['PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'userName', value: '' }] }, 400, 'invalidValue', /userName/],
      ['PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'nothing', value: '' }] }, 400, 'invalidPath', /nothing/],
      ['PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'id', value: 'x' }] }, 400, 'mutability', /id/],
      ['PATCH', `/Users/${id}`, {}, 400, 'invalidSyntax', /Operations/], ['GET', '/Users?filter=x', undefined, 400, 'invalidFilter', /filter/],
      ['GET', '/Users?sortBy=nothing', undefined, 400, 'invalidValue', /sortBy/], ['GET', '/Users?count=many', undefined, 400, 'invalidSyntax', /count/],
      ['GET', '/Users/nobody', undefined, 404, undefined, /user/], ['DELETE', '/Users/ada@example.com', undefined, 404, undefined, /user/],
      ['PUT', '/Users/nobody', { userName: 'x@example.com' }, 404, undefined, /user/], ['GET', '/Nothing', undefined, 404, undefined, /Nothing/],
      ['DELETE', '/Users', undefined, 405, undefined, /GET/], ['GET', '/Me', undefined, 501, undefined, /client/],
      ['POST', '/Groups', {}, 400, 'invalidValue', /displayName/], ['POST', '/Groups', { displayName: 'G', members: [{ value: 'nobody' }] }, 400, 'invalidValue', /members/],
      ['POST', '/Groups', { displayName: 'G', members: [{ value: id, type: 'Group' }] }, 400, 'invalidValue', /people/], ['GET', '/Groups/none', undefined, 404, undefined, /group/],
      ['POST', '/Bulk', {}, 400, 'invalidSyntax', /schemas/], ['GET', '/Schemas?filter=id%20pr', undefined, 403, undefined, /filter/],
      ['GET', '/Schemas/none', undefined, 404, undefined, /id/],
    ];
    for (const [method, path, body, status, scimType, detail] of rows) {
      const reply = await call(method, `/scim2${path}`, body);
      t.match(reply, { status, json: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail } }, `${method} ${path} ${JSON.stringify(body) ?? ''}`);
      t.equal(reply.json.scimType, scimType);
    }
    const reader = await office.tokenFor('Phone Read Only');
    for (const [method, path] of [['POST', '/Users'], ['PUT', `/Users/${id}`], ['PATCH', `/Users/${id}`], ['DELETE', `/Users/${id}`], ['POST', '/Groups'], ['POST', '/Bulk']] as const) {
      t.match(await call(method, `/scim2${path}`, method === 'DELETE' ? undefined : {}, { token: reader }), { status: 403, json: { status: '403', detail: /scim:write/ } });
    }
    t.equal((await call('GET', '/scim2/Users', undefined, { token: reader })).status, 200);
  });

  await t.test('ETags: what was changed meanwhile is not overwritten', async (t) => {
    const { headers } = await expect(200, 'GET', `/scim2/Users/${id}?attributes=userName`);
    const etag = headers.get('etag') ?? '';
    t.equal((await call('GET', `/scim2/Users/${id}`, undefined, { headers: { 'if-none-match': etag } })).status, 304);
    t.equal((await patch(id, [{ op: 'replace', path: 'title', value: 'A' }], { 'if-match': etag })).status, 200);
    t.match(await patch(id, [{ op: 'replace', path: 'title', value: 'B' }], { 'if-match': etag }), { status: 412, json: { status: '412' } });
    t.equal((await expect(200, 'GET', `/scim2/Users/${id}`)).json.title, 'A');
  });

  await t.test('the phone: what can be had is given, the rest is told and granted once it can be', async (t) => {
    await expect(201, 'POST', '/v2/phone/byoc_numbers', { carrier: 'C', phone_numbers: ['+12125550101', '+12125550102'] });
    const grace = await add('grace@example.com', {
      shoeSize: '38', timezone: 'Mars/Base', [PHONE]: {
        extensionNumber: 0, callingPlans: ['US/CA Unlimited Calling Plan', 'Warp Plan'], phoneNumbers: ['+1 (212) 555-0101', '+12125550199'], role: 'Phone Site Admin',
        package: 'Gold', template: 'None such',
      },
    });
    const phone = grace[PHONE];
    t.match(phone, { extensionNumber: /^\d+$/, site: 'Main Site', phoneNumbers: ['+12125550101'], callingPlans: ['US/CA Unlimited Calling Plan'], role: undefined });
    const open = await entries(`user_id=${grace.id}`);
    t.same(open.map((one: { attribute: string; wanted: string }) => `${one.attribute}: ${one.wanted}`).sort(), [
      'callingPlans: Warp Plan', 'package: Gold', 'phoneNumbers: +12125550199', 'role: Phone Site Admin', 'shoeSize: 38', 'template: None such', 'timezone: Mars/Base',
    ]);
    const byName = (name: string) => open.find((one: { attribute: string }) => one.attribute === name);
    t.match(byName('phoneNumbers'), { reason: /no such number/, state: 'open', source: 'scim', asked_by: /^client:/, tries: 1, request_id: /./ });
    t.match(byName('role').reason, /grantable_roles/);
    await retryWishes(deps);
    t.equal(await retryWishes(deps), 0, 'nothing has changed: nothing is tried');
    await expect(201, 'POST', '/v2/phone/byoc_numbers', { carrier: 'C', phone_numbers: ['+12125550199'] });
    await expect(201, 'POST', '/v2/cordboard/licence_packages', { name: 'Gold', plans: ['ZP_PRO'] });
    t.equal(await retryWishes(deps), 1, 'what came is granted by the clock');
    t.same((await expect(200, 'GET', `/scim2/Users/${grace.id}`)).json[PHONE], { ...phone, package: 'Gold', phoneNumbers: ['+12125550101', '+12125550199'], callingPlans: [...phone.callingPlans, 'Zoom Phone Pro'] });
    await expect(200, 'PUT', '/v2/cordboard/scim/grantable_roles', { roles: ['Phone Site Admin'] });
    t.match((await expect(400, 'PUT', '/v2/cordboard/scim/grantable_roles', { roles: ['Phone Super Admin'] })).json.errors[0].field, 'roles[0]');
    const role = await expect(200, 'POST', `${LIST}/${byName('role').id}/retry`);
    t.match(role.json, { state: 'resolved', reason: '' });
    t.equal((await expect(200, 'GET', `/scim2/Users/${grace.id}`)).json[PHONE].role, 'Phone Site Admin');
    await expect(204, 'POST', `${LIST}/${byName('shoeSize').id}/dismiss`);
    await expect(409, 'POST', `${LIST}/${byName('shoeSize').id}/dismiss`);
    await patch(grace.id, [{ op: 'add', value: { shoeSize: '38' } }]);
    t.same((await entries(`user_id=${grace.id}`)).map((one: { attribute: string }) => one.attribute).sort(), ['callingPlans', 'template', 'timezone'], 'dismissed stays so');
    const again = await patch(grace.id, [{ op: 'replace', path: `${PHONE}:extensionNumber`, value: '0' }, { op: 'replace', path: `${PHONE}:callingPlans`, value: ['200', 'ZP_PRO'] }]);
    t.equal(again.json[PHONE].extensionNumber, phone.extensionNumber, 'the next free one is what somebody with an extension has');
    t.same((await entries(`user_id=${grace.id}&attribute=callingPlans`)), [], 'a new word replaces the old');
    t.match((await patch(grace.id, [{ op: 'remove', path: `${PHONE}:phoneNumbers`, value: ['+12125550101'] }])).json[PHONE].phoneNumbers, ['+12125550199']);
    t.equal((await patch(grace.id, [{ op: 'replace', path: `${PHONE}:extensionNumber`, value: '911' }])).json[PHONE].extensionNumber, phone.extensionNumber);
    t.match(await entries(`user_id=${grace.id}&attribute=extensionNumber`), [{ reason: /./ }]);
    const put = await expect(200, 'PUT', `/scim2/Users/${grace.id}`, { schemas: [USER], userName: 'grace@example.com' }, scim);
    t.equal(put.json[PHONE].extensionNumber, phone.extensionNumber, 'PUT without the extension keeps the phone');
    t.equal((await patch(grace.id, [{ op: 'remove', path: `${PHONE}:extensionNumber` }])).json[PHONE]?.extensionNumber, undefined, 'taking the number away takes the phone');
    await expect(404, 'GET', `/v2/phone/users/${grace.id}`);
    t.same(await entries('state=resolved&attribute=phoneNumbers').then((list) => list.length > 0), true);
    t.match((await add('bea@example.com', { [PHONE]: { phoneNumbers: ['+12125550102'] } }))[PHONE], undefined, 'a number alone makes no phone user');
    t.match(await entries('attribute=phoneNumbers'), [{ reason: /no phone/ }]);
    t.match((await add('cleo@example.com', { [PHONE]: { extensionNumber: '222', site: 'Atlantis' } }))[PHONE], undefined);
    t.match(await entries('attribute=extensionNumber'), [{ wanted: /222 at site Atlantis/, reason: /no site Atlantis/ }], 'nobody is put where they were not asked for');
  });

  await t.test('active = false ends sign-ins at phones and keeps the desk', async (t) => {
    const { person, desk } = apiDesks(office);
    const owner = await person('3001');
    const phone = await desk(owner);
    const guest = await add('guest@example.com', { [PHONE]: { extensionNumber: '3002' } });
    await expect(201, 'POST', `/v2/cordboard/devices/${phone}/hot_desk_sign_in`, { user_id: guest.id });
    const signedIn = await startUserSession(deps, office.account.id, guest.id, 'saml', { address: '192.0.2.9', requestId: 'r' });
    const token = signedIn.kind === 'done' ? signedIn.value.accessToken : '';
    t.match(await call('GET', '/scim2/Me', undefined, { token }), { status: 200, json: { id: guest.id, userName: 'guest@example.com' } });
    t.equal((await call('GET', '/scim2/Users', undefined, { token })).status, 403, 'people see themselves alone');
    const off = await patch(guest.id, [{ op: 'Replace', path: 'active', value: 'False' }]);
    t.match(off, { status: 200, json: { active: false } });
    t.equal((await call('GET', '/scim2/Me', undefined, { token })).status, 401, 'the person\'s own tokens end at once');
    t.match((await expect(200, 'GET', `/v2/cordboard/hot_desk_sessions?user_id=${guest.id}`)).json.sessions, [{ state: 'ended', cause: 'user-disabled' }]);
    t.match((await expect(200, 'GET', `/v2/phone/devices/${phone}`)).json, { assignee: { id: owner.id } });
    t.equal(deps.directory.phoneUser(guest.id)?.status, 'deactivated', 'the next call knows');
    await expect(409, 'POST', `/v2/cordboard/devices/${phone}/hot_desk_sign_in`, { user_id: guest.id });
    t.match(await patch(guest.id, [{ op: 'replace', value: { active: true } }]), { json: { active: true } });
    await expect(204, 'DELETE', `/scim2/Users/${guest.id}`);
    await expect(404, 'DELETE', `/scim2/Users/${guest.id}`);
  });

  await t.test('groups, and what mappings give their members', async (t) => {
    const mapping = await expect(201, 'POST', '/v2/cordboard/scim/group_mappings', { group_name: 'Sales', phone: true, calling_plans: ['US/CA Metered Calling Plan'], role: 'Phone Site Admin' });
    await expect(409, 'POST', '/v2/cordboard/scim/group_mappings', { group_name: 'SALES' });
    const dee = await add('dee@example.com');
    const group = (await expect(201, 'POST', '/scim2/Groups', { displayName: 'sales', externalId: 'g-1', members: [{ value: dee.id }, { value: id }] }, scim)).json;
    t.match(group.members, [{ value: id }, { value: dee.id, display: 'dee@example.com', $ref: `${office.url}/scim2/Users/${dee.id}` }]);
    const phoneOf = async (userId: string) => (await expect(200, 'GET', `/scim2/Users/${userId}`)).json;
    t.match(await phoneOf(dee.id), { groups: [{ value: group.id, display: 'sales' }], [PHONE]: { extensionNumber: /^\d+$/, callingPlans: ['US/CA Metered Calling Plan'], role: 'Phone Site Admin' } });
    t.match(await find('members eq "' + dee.id + '"', 'Groups'), { totalResults: 1, Resources: [{ id: group.id }] });
    t.notOk('members' in (await find('displayName eq "SALES"', 'Groups', '&excludedAttributes=members')).Resources[0]);
    const left = await patch(group.id, [{ op: 'Remove', path: `members[value eq "${dee.id}"]` }], {}, 'Groups');
    t.same(left.json.members.map(({ value }: { value: string }) => value), [id]);
    t.not(left.json.meta.version, group.meta.version);
    t.match(await phoneOf(dee.id), { groups: undefined, [PHONE]: { extensionNumber: /./, callingPlans: undefined, role: undefined } }, 'the phone stays, what the group gave goes');
    await expect(204, 'PUT', `/v2/cordboard/scim/group_mappings/${mapping.json.id}`, { group_name: 'Sales', calling_plans: ['US/CA Unlimited Calling Plan'] });
    t.match((await phoneOf(id))[PHONE], { callingPlans: ['US/CA Unlimited Calling Plan'], role: undefined });
    for (const [operations, members] of [
      [[{ op: 'add', path: 'members', value: [{ value: dee.id }] }], 2], [[{ op: 'add', value: { members: [{ value: dee.id }] } }], 2],
      [[{ op: 'Remove', path: 'members', value: [{ value: dee.id }] }], 1], [[{ op: 'replace', path: 'members', value: [{ value: dee.id }] }], 1],
      [[{ op: 'replace', value: { displayName: 'Other', id: group.id } }], 1], [[{ op: 'remove', path: 'members' }], 0],
    ] as const) t.equal((await patch(group.id, operations, {}, 'Groups')).json.members.length, members, JSON.stringify(operations));
    await expect(204, 'DELETE', `/scim2/Groups/${group.id}`);
    await expect(204, 'DELETE', `/v2/cordboard/scim/group_mappings/${mapping.json.id}`);
  });

  await t.test('lists: pages, order, searches; bulk; discovery', async (t) => {
    const all = (await expect(200, 'GET', '/scim2/Users')).json;
    t.match(all, { totalResults: all.Resources.length, startIndex: 1, itemsPerPage: all.Resources.length });
    t.same((await expect(200, 'GET', '/scim2/Users?startIndex=2&count=1')).json.Resources.map((one: { id: string }) => one.id), [all.Resources[1].id]);
    t.match((await expect(200, 'GET', '/scim2/Users?count=0')).json, { totalResults: all.totalResults, itemsPerPage: 0 });
    const sorted = (await expect(200, 'GET', '/scim2/Users?sortBy=userName&sortOrder=descending&attributes=userName')).json.Resources.map((one: { userName: string }) => one.userName);
    t.same(sorted, [...sorted].sort().reverse());
    t.match((await expect(200, 'POST', '/scim2/Users/.search', { filter: 'userName sw "ada"', attributes: ['userName'] }, scim)).json, { totalResults: 1, Resources: [{ userName: 'ada@example.com' }] });
    t.same((await find('userName eq "nobody@example.com" and active eq true')).Resources, []);
    const bulk = (await expect(200, 'POST', '/scim2/Bulk', {
      schemas: [BULK], failOnErrors: 2, Operations: [
        { method: 'POST', path: '/Groups', bulkId: 'g', data: { displayName: 'Tour', members: [{ value: 'bulkId:u' }] } },
        { method: 'POST', path: '/Users', bulkId: 'u', data: { userName: 'eve@example.com' } },
        { method: 'PATCH', path: '/Users/bulkId:u', data: { Operations: [{ op: 'replace', path: 'title', value: 'X' }] } },
        { method: 'DELETE', path: `/Users/${id}`, version: 'W/"stale"' }, { method: 'POST', path: '/Users', data: { userName: 'no-bulk-id@example.com' } },
        { method: 'POST', path: '/Users', bulkId: 'never', data: { userName: 'never@example.com' } },
      ],
    }, scim)).json.Operations;
    t.match(bulk, [{ status: '201', bulkId: 'g', location: /Groups/ }, { status: '201', bulkId: 'u', version: /^W/ }, { status: '200' }, { status: '412', response: { status: '412' } }, { status: '400' }]);
    t.equal(bulk.length, 5, 'nothing is begun after failOnErrors errors');
    t.match(await find('displayName eq "Tour"', 'Groups'), { Resources: [{ members: [{ display: 'eve@example.com' }] }] });
    const circle = { method: 'POST', path: '/Groups', data: { displayName: 'C', members: [{ value: 'bulkId:b' }] }, bulkId: 'a' };
    const other = { ...circle, bulkId: 'b', data: { displayName: 'D', members: [{ value: 'bulkId:a' }] } };
    t.match((await expect(200, 'POST', '/scim2/Bulk', { schemas: [BULK], Operations: [circle, other] })).json.Operations, [{ status: '409' }, { status: '400' }]);
    t.match((await expect(200, 'GET', '/scim2/ServiceProviderConfig')).json, { patch: { supported: true }, bulk: { maxOperations: 1000 }, changePassword: { supported: false } });
    for (const path of ['Schemas', 'ResourceTypes']) {
      for (const { id: one, meta } of (await expect(200, 'GET', `/scim2/${path}`)).json.Resources) {
        t.equal((await expect(200, 'GET', `/scim2/${path}/${one}`)).json.meta.location, meta.location);
      }
    }
  });

  await t.test('the token of an identity provider opens SCIM alone, and ends at once', async (t) => {
    const path = `/v2/cordboard/api_clients/${office.clientId}/scim_tokens`;
    const { json } = await expect(201, 'POST', path, { name: 'Entra', expires_in_days: 30 });
    const { token } = json;
    t.match(token, /^cbscim_\w{40}$/);
    const status = async (where: string) => (await call('GET', where, undefined, { token })).status;
    t.equal(await status('/scim2/Users'), 200);
    for (const where of ['/v2/users', '/v2/cordboard/api_clients', LIST]) t.equal(await status(where), 401, where);
    t.notOk((await expect(200, 'GET', path)).text.includes(token));
    t.notOk((await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=300')).text.includes(token));
    await expect(204, 'DELETE', `${path}/${json.id}`);
    t.equal(await status('/scim2/Users'), 401);
    const second = (await expect(201, 'POST', path, { name: 'Okta', expires_in_days: 1 })).json.token;
    office.clock.advance(86_400_001);
    t.equal((await call('GET', '/scim2/Users', undefined, { token: second })).status, 401, 'expired');
    for (const body of [{}, { name: '' }, { name: 'x', expires_in_days: 0 }]) t.equal((await call('POST', path, body)).status, 400);
    await expect(404, 'DELETE', `${path}/none`);
    const role = (await expect(201, 'POST', '/v2/phone/roles', { role_id: 'phone-read-only', name: 'Keeper of clients', permissions: ['api_client:read', 'api_client:write'] })).json.id;
    const keeper = { token: await office.tokenFor(role) };
    await expect(200, 'GET', path, undefined, keeper);
    await expect(403, 'POST', path, { name: 'Mine' }, keeper);
  });

  await t.test('what Microsoft Entra ID sends', (t) => replay(t, office, ENTRA));
  await t.test('what Okta sends', (t) => replay(t, office, OKTA));
});
