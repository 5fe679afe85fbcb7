import { IncomingMessage, ServerResponse, type RequestListener } from 'node:http';
import { Socket } from 'node:net';
import t from 'tap';
import { json } from '../../src/http/answers.js';
import type { Route } from '../../src/http/route.js';
import { ROUTES } from '../../src/http/route-table.js';
import { createHttpApp } from '../../src/http/server.js';
import { DEFAULT_ROLES, PERMISSIONS, type Permission } from '../../src/usecases/admin/roles.js';
import { startTwoSites, type SiteThings } from '../support/two-sites.js';

/**
 * Who reaches what, by hand: it does not follow the route table, it holds it to its word. Lists show what is in reach; what is noted is
 * refused by the change itself; anyone's is of nobody in particular. What stands nowhere here is the account's, unless its path names a
 * thing of a site.
 */
const LISTS: ReadonlySet<string> = new Set([
  'listPhoneUsers', 'users', 'listPhoneSites', 'listCommonAreas', 'listActivationCodes', 'listPhoneDevices', 'listAccountPhoneNumbers', 'listEmergencyAddresses',
  'listLocations', 'listHotDeskSessions', 'accountCallHistory', 'accountCallLogs', 'exportCallLegs', 'exportCallHistory', 'listLiveCalls', 'listSignInLocks',
]);
const NOTED: ReadonlySet<string> = new Set([
  'userCreate', 'batchAddUsers', 'updateUsersPropertiesInBatch', 'addCommonArea', 'Generateactivationcodesforcommonareas', 'ApplyTemplatetoCommonAreas',
  'addPhoneDevice', 'addEmergencyAddress', 'addLocation', 'batchAddLocations', 'unlockSignIn', 'activateCommonAreaPhone',
]);
const ANYONE: ReadonlySet<string> = new Set([
  'ListSmartphones', 'listCallingPlans', 'listPhonePlans', 'listLicencePackages', 'listAccountProvisionTemplate', 'getFeatureCodes', 'getAccountPolicy',
  'ListPhoneRoles', 'getRoleInformation', 'scimMe',
]);
const OF_A_SITE = /\{(siteId|userId|extensionId|commonAreaId|deviceId|phoneNumberId|emergencyAddressId|locationId|sessionId|callLogId|ruleId)\}/;
/** Roles that are about targets, and reach nothing without any. */
const ABOUT_TARGETS: ReadonlySet<string> = new Set(['Phone Site Admin', 'Call Queue Admin', 'Auto Receptionist Admin']);

/** Lists of which a fresh office has nothing to show. */
const EMPTY_HERE: ReadonlySet<string> = new Set(['listActivationCodes', 'exportCallLegs', 'listLiveCalls', 'listSignInLocks']);

type Reach = 'everything' | 'north' | 'nothing';

/** Whether a role with this permission, reaching so far, gets at a thing of a site. */
function passes(route: Route, has: boolean, reach: Reach, side: 'north' | 'south'): boolean {
  if (!has) return false;
  if (reach === 'everything' || LISTS.has(route.operationId) || NOTED.has(route.operationId) || ANYONE.has(route.operationId)) return true;
  return reach === 'north' && side === 'north' && OF_A_SITE.test(route.path);
}

t.test('route × role × own site or another', async (t) => {
  const { office, north, south } = await startTwoSites(t);
  const chosen: readonly Permission[] = ['device:read', 'device:write', 'site:read', 'phone_number:read', 'call_history:read', 'emergency_location:write'];
  const copy = async (body: object): Promise<string> => (await office.expect(201, 'POST', '/v2/phone/roles', body)).json.id;
  const custom = await copy({ role_id: 'phone-site-admin', name: 'Chosen', permissions: chosen });
  const everything = await copy({ role_id: 'phone-super-admin', name: 'Everything, somewhere' });
  const cases = [
    ...DEFAULT_ROLES.flatMap(({ name, permissions }) => [
      { role: name, permissions, targets: null, reach: ABOUT_TARGETS.has(name) ? 'nothing' as const : 'everything' as const },
      // A role without permissions is refused before anybody looks how far it reaches.
      ...(permissions.size === 0 ? [] : [{ role: name, permissions, targets: [north.siteId], reach: 'north' as const }]),
    ]),
    { role: custom, permissions: new Set(chosen), targets: null, reach: 'nothing' as const },
    { role: custom, permissions: new Set(chosen), targets: [north.siteId], reach: 'north' as const },
    { role: everything, permissions: new Set(PERMISSIONS), targets: [], reach: 'nothing' as const },
  ];

  await t.test('each request reaches its handler exactly where permission and target meet', async (t) => {
    // The stack as it is, with handlers that say that they were reached: nothing is changed on the way.
    const REACHED = { answer: json({ reached: true }), ignored: [] };
    const app = createHttpApp(office.deps, ROUTES.map((route) => ({ ...route, run: async () => REACHED })));
    const sides = [{ side: 'north' as const, ids: north.ids }, { side: 'south' as const, ids: south.ids }];
    let asked = 0;
    const wrong: string[] = [];
    for (const { role, permissions, targets, reach } of cases) {
      const token = await office.tokenFor(role, targets);
      for (const route of ROUTES) {
        const { access } = route;
        if (access === 'public') continue;
        // Who reaches everything is tried at the one site, who reaches nothing at the other, everybody else at both.
        const tried = reach === 'north' && OF_A_SITE.test(route.path) ? sides : sides.filter(({ side }) => (side === 'south') === (reach === 'everything'));
        for (const { side, ids } of tried) {
          const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => ids.get(name) ?? 'nothing');
          const status = await ask(app, route.method, path, token);
          asked += 1;
          // What is for people about their own is nobody else's.
          const expected = access !== 'person' && passes(route, permissions.has(access), reach, side) ? 200 : 403;
          if (status !== expected) wrong.push(`${role} at ${reach}: ${route.method} ${path} (${route.operationId}, ${side}) answers ${status}, not ${expected}`);
        }
      }
    }
    t.same(wrong.slice(0, 40), []);
    t.ok(asked > cases.length * 300, `${asked} requests`);
  });

  const some = await office.tokenFor(everything, [north.siteId]);
  const call = (method: string, path: string, body?: unknown) => office.call(method, path, body, { token: some });

  await t.test('lists show what is in reach, and count no more', async (t) => {
    const foreign = [/south/i, ...south.ids.values()];
    for (const route of ROUTES.filter(({ operationId }) => LISTS.has(operationId))) {
      const all = (await office.call(route.method, route.path)).text;
      const { status, text } = await call(route.method, route.path);
      t.equal(status, 200, route.operationId);
      t.same(foreign.filter((one) => (typeof one === 'string' ? text.includes(one) : one.test(text))), [], `${route.operationId} shows nothing of the other site`);
      const bySite = [...north.ids.values(), 'north'].some((one) => text.includes(one));
      if (!EMPTY_HERE.has(route.operationId)) t.ok(bySite && /south/i.test(all), `${route.operationId} shows its own, and the administrator both`);
    }
    const candidates = await call('GET', `/v2/phone/users/${north.ids.get('userId')}/outbound_caller_id/customized_numbers?selected=false`);
    t.same(candidates.json.customize_numbers.map(({ phone_number_id: id }: { phone_number_id: string }) => id), [north.ids.get('phoneNumberId')], 'numbers that could be shown');
    for (const path of ['/v2/phone/users', '/v2/phone/devices', '/v2/phone/numbers', '/v2/phone/call_history', '/v2/phone/sites', '/v2/cordboard/hot_desk_sessions']) {
      const { json: reached } = await call('GET', `${path}?page_size=1`);
      t.equal(reached.next_page_token, path === '/v2/phone/users' ? reached.next_page_token : '', `${path}: one page`);
      t.equal(reached.total_records, path === '/v2/phone/users' ? 2 : 1, `${path}: total_records is what is in reach`);
      const other = await call('GET', `${path}?${path.endsWith('history') ? 'site_ids' : 'site_id'}=${south.siteId}`);
      if (path !== '/v2/phone/sites') t.equal(other.json.total_records, 0, `${path}: another site by its filter`);
    }
  });

  await t.test('changes are refused by what they would do, and nothing is done', async (t) => {
    const version = async () => (await office.deps.stores.accounts.get(office.account.id))?.configVersion;
    const of = ({ ids }: SiteThings, name: string) => ids.get(name) ?? '';
    const address = { address_line1: '3 Street', city: 'Springfield', state_code: 'IL', zip: '62701', country: 'US' };
    const spare = (await call('POST', '/v2/phone/devices', { display_name: 'Spare', mac_address: '02aa00000009', type: 'Yealink', assignee_extension_ids: [of(north, 'extensionId')] })).json.id;
    await office.expect(204, 'DELETE', `/v2/phone/devices/${spare}/extensions/${of(north, 'extensionId')}`, undefined, { token: some });
    const rows: readonly (readonly [name: string, method: string, path: (at: SiteThings) => string, body: (at: SiteThings) => unknown])[] = [
      ['a user added in bulk', 'POST', () => '/v2/phone/users/batch', ({ name, email }) => ({ users: [{ email: `new-${email}`, first_name: 'New', last_name: 'One', site_name: `${name} site` }] })],
      ['a common area', 'POST', () => '/v2/phone/common_areas', ({ siteId }) => ({ display_name: 'x', site_id: siteId })],
      ['a device', 'POST', () => '/v2/phone/devices', (at) => ({ display_name: 'x', mac_address: at.name === 'north' ? '02aa00000001' : '02aa00000002', type: 'Yealink', assignee_extension_ids: [of(at, 'extensionId')] })],
      ['an emergency address', 'POST', () => '/v2/phone/emergency_addresses', ({ siteId }) => ({ ...address, site_id: siteId })],
      ['a location', 'POST', () => '/v2/phone/locations', (at) => ({ name: 'x', site_id: at.siteId, emergency_address_id: of(at, 'emergencyAddressId'), public_ip: '203.0.113.99' })],
      ['a lifted lock', 'DELETE', (at) => `/v2/cordboard/sign_in_locks?device_id=${of(at, 'deviceId')}`, () => undefined],
      ['a lifted lock of an extension', 'DELETE', (at) => `/v2/cordboard/sign_in_locks?extension_id=${of(at, 'extensionId')}`, () => undefined],
      ['own users moved in bulk', 'PUT', () => '/v2/phone/users/batch', ({ siteId }) => ({ user_ids: [of(north, 'userId')], site_id: siteId })],
      ['an own person moved there', 'PATCH', () => `/v2/phone/users/${of(north, 'userId')}`, ({ siteId }) => ({ site_id: siteId })],
      ['an own phone given to somebody there', 'POST', () => `/v2/phone/devices/${spare}/extensions`, (at) => ({ assignee_extension_ids: [of(at, 'extensionId')] })],
      ["an own person showing a number of there", 'POST', () => `/v2/phone/users/${of(north, 'userId')}/outbound_caller_id/customized_numbers`, (at) => ({ phone_number_ids: [of(at, 'phoneNumberId')] })],
      ['somebody signed in at an own phone', 'POST', () => `/v2/cordboard/devices/${of(north, 'deviceId')}/hot_desk_sign_in`, ({ name }) => ({ user_id: `${name}-guest@example.com` })],
      ['settings of an extension', 'PATCH', (at) => `/v2/cordboard/extensions/${of(at, 'extensionId')}/settings`, () => ({ settings: {} })],
    ];
    for (const [name, method, path, body] of rows) {
      const before = await version();
      const refused = await call(method, path(south), body(south));
      t.match(refused, { status: 403, json: { code: 200, message: /south site/ } }, `${name}: refused at another site`);
      t.equal(await version(), before, `${name}: nothing was changed`);
      const taken = await call(method, path(north), body(north));
      t.ok(taken.status < 300 || taken.status === 409 || taken.status === 400, `${name}: not refused at the own site (${taken.status} ${taken.text.slice(0, 200)})`);
    }
    t.match(await call('POST', '/v2/users', { action: 'create', user_info: { email: 'nobody@example.com', first_name: 'No', last_name: 'Phone', type: 1 } }), {
      status: 403, json: { message: /whole account/ },
    }, 'people without a phone are of no site');
    t.match(await call('POST', '/v2/phone/sites', { name: 'another' }), { status: 403 });
  });

  await t.test('what follows by itself is no change of somebody else’s', async (t) => {
    // A person of the other site is guest at a phone here, and one of here over there; a key over there shows somebody of here.
    await office.expect(201, 'POST', `/v2/cordboard/devices/${north.ids.get('deviceId')}/hot_desk_sign_in`, { user_id: south.email });
    await office.expect(201, 'POST', `/v2/cordboard/devices/${south.ids.get('deviceId')}/hot_desk_sign_in`, { user_id: 'north-guest@example.com' });
    await office.expect(204, 'PATCH', `/v2/phone/extension/${south.ids.get('extensionId')}/line_keys`, {
      line_keys: [{ type: 'blf', key_assignment: { extension_id: north.ids.get('extensionId') }, alias: 'North' }],
    });
    await office.expect(204, 'DELETE', `/v2/phone/devices/${north.ids.get('deviceId')}`, undefined, { token: some });
    await office.expect(204, 'DELETE', '/v2/users/north-guest@example.com?action=delete', undefined, { token: some });
    await office.expect(204, 'DELETE', `/v2/users/${north.email}?action=delete`, undefined, { token: some });
    t.equal((await office.call('GET', '/v2/cordboard/hot_desk_sessions?signed_in=true')).json.total_records, 0, 'both guests are signed out');
  });
});

/** One request through the application without a socket of its own. */
async function ask(app: RequestListener, method: string, path: string, token: string): Promise<number> {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method, url: path, headers: { authorization: `Bearer ${token}`, host: 'localhost' } });
  request.push(null);
  const response = new ServerResponse(request);
  return new Promise((resolve) => {
    response.end = () => {
      resolve(response.statusCode);
      return response;
    };
    app(request, response);
  });
}
