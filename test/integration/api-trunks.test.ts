import t from 'tap';
import { startApiOffice } from '../support/api-office.js';

const PATH = '/v2/cordboard/trunks';
const GATEWAY = { host: '192.0.2.10' };

t.test('trunks', async (t) => {
  const office = await startApiOffice(t);
  const { expect, deps } = office;
  const reader = { token: await office.tokenFor('Phone Read Only') };
  const main = (await expect(200, 'GET', '/v2/phone/sites')).json.sites[0].id;
  let id = '';

  await t.test('made with its defaults, read, listed', async (t) => {
    const made = (await expect(201, 'POST', PATH, { name: 'Carrier', gateways: [GATEWAY] })).json;
    ({ id } = made);
    t.match(made, {
      name: 'Carrier', enabled: true, country: 'US', authentication: { type: 'address' }, number_format: { outbound: { type: 'e164_plus' } }, caller_identity: 'p_asserted_identity',
      trusted: false, probe_seconds: 30, version: 1, gateways: [{ host: '192.0.2.10', port: 0, transport: 'udp', priority: 1, weight: 10, sources: [] }], routes: [],
      status: { state: 'unknown', registration: null, gateways: [{ host: '192.0.2.10', state: 'unknown', last_seen: 'Not asked yet.' }] }, warnings: [{ field: 'routes' }],
    });
    t.match((await expect(200, 'GET', `${PATH}/${id}`, undefined, reader)).json, { id, name: 'Carrier' });
    t.match((await expect(200, 'GET', PATH)).json, { total_records: 1, trunks: [{ id }] });
    t.same(deps.directory.trunks.trunks(office.account.id).map(({ name }) => name), ['Carrier'], 'and calls know it');
  });

  await t.test('everything that a trunk may have', async (t) => {
    const full = {
      name: 'Full', enabled: false, country: 'de',
      authentication: { type: 'registration', user_name: 'u"1', password: 's3cret-of-carrier', realm: 'carrier', aor: 'sip:+493012345@carrier.example', expires_seconds: 300 },
      gateways: [
        { host: '192.0.2.1', port: 5070, transport: 'tcp', priority: 2, weight: 0, sources: ['192.0.2.0/28', '2001:db8:1::/48'] },
        { host: 'gone.example', transport: 'tls' }, { host: '[2001:db8::1]' },
      ],
      routes: [{ site_id: main, prefix: '+49', priority: 5, weight: 1 }, { emergency: true }],
      number_format: { outbound: { type: 'national', country: 'de' }, inbound: { type: 'tech_prefix', prefix: '99#' } }, caller_identity: 'from', trusted: true, diversion: 'history_info',
      pass_headers: ['X-Account', 'x-account'], send_location: true, codecs: ['PCMA', 'G722'], dtmf: 'info', srtp: 'required', anchor_media: 'always',
      limits: { concurrent_calls: 10, calls_per_second: 2 }, session_expires_seconds: 1800, probe_seconds: 0,
    };
    const made = await expect(201, 'POST', PATH, full);
    t.notMatch(made.text, 's3cret-of-carrier');
    t.match(made.json, {
      country: 'DE', authentication: { type: 'registration', user_name: 'u"1', realm: 'carrier', expires_seconds: 300 }, pass_headers: ['x-account'], diversion: 'history_info',
      number_format: { outbound: { type: 'national', country: 'DE' }, inbound: { type: 'tech_prefix', prefix: '99#' } }, routes: [{ site_id: main, prefix: '+49' }, { site_id: '', emergency: true }],
      status: { state: 'disabled', registration: { state: 'off' } },
    });
    t.same(made.json.warnings.map(({ field }: { field: string }) => field), ['srtp', 'caller_identity', 'gateways[1].host']);
    t.equal((await deps.stores.trunks.sealedPassword(made.json.id)).includes('s3cret'), false, 'sealed');
    t.equal(deps.trunkBox.open(await deps.stores.trunks.sealedPassword(made.json.id), made.json.id), 's3cret-of-carrier');

    const before = (await expect(200, 'GET', `${PATH}/${made.json.id}`)).json;
    const [first] = before.gateways;
    const after = (await expect(200, 'PATCH', `${PATH}/${made.json.id}`, {
      enabled: true, trusted: false, authentication: { type: 'digest', user_name: 'other' }, gateways: [{ host: '192.0.2.1', port: 5070, transport: 'tcp' }, { host: '192.0.2.9' }],
    })).json;
    t.match(after, { version: 2, enabled: true, trusted: false, authentication: { type: 'digest', user_name: 'other' }, diversion: 'history_info', gateways: [{ id: first.id, priority: 1 }, {}] });
    t.equal(deps.trunkBox.open(await deps.stores.trunks.sealedPassword(made.json.id), made.json.id), 's3cret-of-carrier', 'a password stays');
    await expect(200, 'PATCH', `${PATH}/${made.json.id}`, { authentication: { type: 'digest', user_name: 'other', password: 'another-secret' } });
    t.equal(deps.trunkBox.open(await deps.stores.trunks.sealedPassword(made.json.id), made.json.id), 'another-secret');
    t.notMatch((await expect(200, 'GET', '/v2/cordboard/audit_log')).text, /s3cret-of|another-secret/, 'the audit log has none of it');
    await expect(200, 'PATCH', `${PATH}/${made.json.id}`, { authentication: { type: 'address' } });
    t.equal(await deps.stores.trunks.sealedPassword(made.json.id), '', 'and goes with what it was for');
    await expect(204, 'DELETE', `${PATH}/${made.json.id}`);
    await expect(404, 'GET', `${PATH}/${made.json.id}`);
  });

  await t.test('what is refused, with field and remedy', async (t) => {
    const digest = { type: 'digest', user_name: 'u', password: 'p' };
    for (const [name, body, field] of [
      ['no gateway', { gateways: [] }, 'gateways'],
      ['a host that is a URI', { gateways: [{ host: 'sip:a.example' }] }, 'gateways[0].host'],
      ['a host with a port', { gateways: [{ host: 'a.example:5060' }] }, 'gateways[0].host'],
      ['half an address', { gateways: [{ host: '192.0.2' }] }, 'gateways[0].host'],
      ['control characters', { gateways: [{ host: 'a\r\nVia: x' }] }, 'gateways[0].host'],
      ['a gateway twice', { gateways: [{ host: 'a.example' }, { host: 'A.EXAMPLE' }] }, 'gateways[1]'],
      ['host bits in a source', { gateways: [{ host: 'a.example', sources: ['192.0.2.1/24'] }] }, 'gateways[0].sources[0]'],
      ['everybody as a source', { gateways: [{ host: 'a.example', sources: ['0.0.0.0/0'] }] }, 'gateways[0].sources[0]'],
      ['a port beyond', { gateways: [{ host: 'a.example', port: 70_000 }] }, 'gateways[0].port'],
      ['another transport', { gateways: [{ host: 'a.example', transport: 'ws' }] }, 'gateways[0].transport'],
      ['an unknown field', { gateways: [{ host: 'a.example', hots: 1 }] }, 'gateways[0].hots'],
      ['a prefix without plus', { routes: [{ prefix: '49' }] }, 'routes[0].prefix'],
      ['an emergency route with a prefix', { routes: [{ prefix: '+49', emergency: true }] }, 'routes[0].prefix'],
      ['a site that is none', { routes: [{ site_id: 'nowhere' }] }, 'routes[0].site_id'],
      ['no password', { authentication: { type: 'digest', user_name: 'u' } }, 'authentication.password'],
      ['an aor without user', { authentication: { ...digest, type: 'registration', aor: 'sip:carrier.example' } }, 'authentication.aor'],
      ['an aor with parameters', { authentication: { ...digest, type: 'registration', aor: 'sip:u@carrier.example;x=1' } }, 'authentication.aor'],
      ['a registration of seconds', { authentication: { ...digest, type: 'registration', aor: 'sip:u@carrier.example', expires_seconds: 5 } }, 'authentication.expires_seconds'],
      ['a password without use', { authentication: { type: 'address', password: 'p' } }, 'authentication.password'],
      ['a country that is none', { country: 'XX' }, 'country'],
      ['a format of no country', { number_format: { outbound: { type: 'national', country: 'XX' }, inbound: { type: 'e164' } } }, 'number_format.outbound.country'],
      ['a tech prefix of letters', { number_format: { outbound: { type: 'e164' }, inbound: { type: 'tech_prefix', prefix: 'ab' } } }, 'number_format.inbound.prefix'],
      ['a header of our own', { pass_headers: ['Via'] }, 'pass_headers[0]'],
      ['no header at all', { pass_headers: ['X A'] }, 'pass_headers[0]'],
      ['a short session', { session_expires_seconds: 30 }, 'session_expires_seconds'],
      ['probes without end', { probe_seconds: 1 }, 'probe_seconds'],
      ['an unknown field of the trunk', { sip_group: 'x' }, 'sip_group'],
      ['a blank name', { name: ' ' }, 'name'],
    ] as const) {
      const { errors } = (await expect(400, 'POST', PATH, { name: 'Bad', gateways: [GATEWAY], ...body })).json;
      t.ok(errors.some((error: { field: string; message: string }) => error.field === field && error.message.length > 10), `${name}: ${JSON.stringify(errors)}`);
    }
    t.match((await expect(409, 'POST', PATH, { name: 'Carrier', gateways: [GATEWAY] })).json.errors, [{ field: 'name' }]);
    t.match((await expect(400, 'PATCH', `${PATH}/${id}`, { routes: [{ prefix: 'x' }] })).json.errors, [{ field: 'routes[0].prefix' }]);
    await expect(404, 'PATCH', `${PATH}/none`, { enabled: false });
    await expect(404, 'DELETE', `${PATH}/none`);
    await expect(404, 'POST', `${PATH}/none/test`);
    for (const number of ['911', '+1911', '112', 'x', '+']) t.match((await expect(400, 'POST', `${PATH}/${id}/test`, { number })).json.errors, [{ field: 'number' }], number);
    for (const [method, path, body] of [
      ['POST', PATH, { name: 'No', gateways: [GATEWAY] }], ['PATCH', `${PATH}/${id}`, { enabled: false }], ['DELETE', `${PATH}/${id}`], ['POST', `${PATH}/${id}/test`, {}],
      ['POST', '/v2/phone/routing_rules', { name: 'No', number_pattern: '1', type: 'other' }],
    ] as const) await expect(403, method, path, body, reader);
  });

  await t.test('a change of another in between is seen', async () => {
    const { headers } = await expect(200, 'GET', `${PATH}/${id}`);
    const etag = headers.get('etag') ?? '';
    await expect(200, 'PATCH', `${PATH}/${id}`, { routes: [{}] }, { headers: { 'if-match': etag } });
    await expect(412, 'PATCH', `${PATH}/${id}`, { routes: [] }, { headers: { 'if-match': etag } });
  });

  await t.test('a test says what it saw, though there is no SIP here', async (t) => {
    t.match((await expect(200, 'POST', `${PATH}/${id}/test`, { number: '+12125550100' })).json, {
      passed: false, steps: [{ step: 'lookup', passed: true, seen: /192\.0\.2\.10:5060 by udp/ }, { step: 'options', passed: false, advice: /refuses/ }, { step: 'call', passed: false, status: null }],
    });
    const lost = (await expect(201, 'POST', PATH, { name: 'Lost', gateways: [{ host: 'gone.example' }], routes: [{}] })).json;
    t.match((await expect(200, 'POST', `${PATH}/${lost.id}/test`)).json, { passed: false, steps: [{ step: 'lookup', passed: false, seen: /no address/ }] });
    await expect(204, 'DELETE', `${PATH}/${lost.id}`);
  });

  await t.test('the shapes that scripts know', async (t) => {
    t.match((await expect(200, 'GET', '/v2/phone/sip_groups')).json, { total_records: 1, sip_groups: [{ id, display_name: 'Carrier', sip_trunk: { id, name: 'Carrier' } }] });
    t.match((await expect(200, 'GET', '/v2/phone/sip_trunk/trunks')).json, { byoc_sip_trunk: [{ id, name: 'Carrier', region: 'US', sbc_label: '192.0.2.10' }] });
  });

  await t.test('routing rules', async (t) => {
    const rules = '/v2/phone/routing_rules';
    const order = async (query = '') => (await expect(200, 'GET', `${rules}${query}`)).json.map((rule: { name: string; order: number }) => `${rule.name} ${rule.order}`);
    const add = async (body: object) => (await expect(201, 'POST', rules, { number_pattern: '^\\+49(\\d+)$', sip_group_id: id, ...body })).json.routing_rule_id;
    const [a, b] = [await add({ name: 'A', translation: '0$1' }), await add({ name: 'B' })];
    await add({ name: 'C', site_id: main, type: 'other', sip_group_id: '' });
    t.same(await order(), ['C 1', 'A 1', 'B 2']);
    t.same(await order(`?site_id=${main}`), ['C 1']);
    await expect(204, 'PATCH', `${rules}/${b}`, { order: 1, name: 'B1' });
    t.same(await order(), ['C 1', 'B1 1', 'A 2']);
    t.match((await expect(200, 'GET', `${rules}/${a}`)).json, { name: 'A', number_pattern: '^\\+49(\\d+)$', translation: '0$1', order: 2, site_id: '', routing_path: { type: 'sip_group', sip_group: { id, name: 'Carrier' } } });
    t.same(deps.directory.trunks.rules(office.account.id).filter(({ siteId }) => siteId === null).map(({ name }) => name), ['B1', 'A'], 'calls know the order');
    for (const [body, field] of [
      [{ number_pattern: '+49' }, 'number_pattern'], [{ number_pattern: '(1+)+' }, 'number_pattern'], [{ translation: '$2' }, 'translation'], [{ sip_group_id: 'none' }, 'sip_group_id'], [{ sip_group_id: '' }, 'sip_group_id'],
      [{ site_id: 'none' }, 'site_id'], [{ type: 'x' }, 'type'], [{ name: '' }, 'name'],
    ] as const) t.match((await expect(400, 'POST', rules, { name: 'Bad', number_pattern: '1', sip_group_id: id, ...body })).json.errors, [{ field }], JSON.stringify(body));
    t.match((await expect(409, 'POST', rules, { name: 'A', number_pattern: '1', sip_group_id: id })).json.errors, [{ field: 'name' }]);
    t.match((await expect(400, 'PATCH', `${rules}/${a}`, { order: 9 })).json.errors, [{ field: 'order' }]);
    await expect(204, 'PATCH', `${rules}/${a}`, { type: 'other' });
    t.match((await expect(200, 'GET', `${rules}/${a}`)).json.routing_path, { type: 'other', sip_group: { id: '' } });
    t.match((await expect(400, 'PATCH', `${rules}/${a}`, { type: 'sip_group' })).json.errors, [{ field: 'sip_group_id' }]);
    await expect(204, 'PATCH', `${rules}/${a}`, { sip_group_id: id });
    await expect(204, 'DELETE', `${rules}/${b}`);
    t.same(await order(), ['C 1', 'A 1']);
    await expect(404, 'GET', `${rules}/${b}`);
    await expect(404, 'PATCH', `${rules}/${b}`, { name: 'x' });
    await expect(404, 'DELETE', `${rules}/${b}`);
    await expect(404, 'GET', `${rules}?site_id=none`);
    await expect(204, 'DELETE', `${PATH}/${id}`);
    t.match((await expect(200, 'GET', `${rules}/${a}`)).json.routing_path, { type: 'other' }, 'a rule whose trunk is gone leads nowhere');
    t.same(deps.directory.trunks.rules(office.account.id).map(({ trunkId }) => trunkId), [null, null]);
  });
});
