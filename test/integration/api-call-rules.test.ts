import t from 'tap';
import { ensureDemo } from '../../src/usecases/admin/ensure-demo.js';
import { startApiOffice } from '../support/api-office.js';
import { registerCommand } from '../support/redis.js';

type Row = Readonly<Record<string, unknown>>;
const ACCOUNT = '/v2/phone/outbound_calling';

t.test('who may call whom: countries, exceptions, blocked lists', async (t) => {
  const office = await startApiOffice(t);
  const { expect, call, deps } = office;
  const phones = await ensureDemo(deps);
  const [ada, alan, grace, lobby] = phones;
  if (!ada || !alan || !grace || !lobby) throw new Error('the demo has no phones');
  const extensionIdOf = async (email: string): Promise<string> => (await expect(200, 'GET', `/v2/phone/users/${email}`)).json.extension_id;
  const [adaExtension, alanExtension, graceExtension] = [await extensionIdOf(ada.email), await extensionIdOf(alan.email), await extensionIdOf(grace.email)];
  const [area] = (await expect(200, 'GET', '/v2/phone/common_areas')).json.common_areas;
  const { json: berlin } = await expect(201, 'POST', '/v2/phone/sites', {
    name: 'Berlin', auto_receptionist_name: 'Empfang', default_emergency_address: { address_line1: 'Allee 1', city: 'Berlin', country: 'DE', state_code: '', zip: '10115' },
  });
  const site = `/v2/phone/sites/${berlin.id}/outbound_calling`;
  const user = `/v2/phone/users/${ada.email}/outbound_calling`;
  const lobbyArea = `/v2/phone/common_areas/${area.id}/outbound_calling`;
  for (const email of [ada.email, grace.email]) {
    await expect(201, 'POST', `/v2/phone/users/${email}/calling_plans`, { calling_plans: [{ type: 200 }] });
    await expect(204, 'PATCH', `/v2/phone/users/${email}`, { policy: { international_calling: true } });
  }
  const explain = async (from: { readonly deviceId: string }, dialled: string) =>
    (await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: from.deviceId, dialled })).json;
  const reason = async (from: { readonly deviceId: string }, dialled: string): Promise<string> => (await explain(from, dialled)).reason;
  const set = (path: string, ...country_regions: readonly Row[]) => expect(204, 'PATCH', `${path}/countries_regions`, { country_regions });
  const ruleOf = async (path: string, iso: string): Promise<Row> =>
    (await expect(200, 'GET', `${path}/countries_regions?page_size=300`)).json.countries_regions.find((row: Row) => row.iso_code === iso);
  const add = async (path: string, rule: Row): Promise<string> =>
    (await expect(201, 'POST', `${path}/exception_rules`, { exception_rule: { match_type: 'prefix', status: 'active', country: 'GB', ...rule } })).json.exception_rule_id;

  await t.test('every country is listed, with name and calling code, in pages', async (t) => {
    for (const path of [ACCOUNT, site, user, lobbyArea]) {
      const { json } = await expect(200, 'GET', `${path}/countries_regions?page_size=300`);
      t.ok(json.total_records > 200 && json.countries_regions.length === json.total_records, path);
      t.match(json.countries_regions.find((row: Row) => row.iso_code === 'GB'), {
        name: 'United Kingdom', code: 44, rule: 1, enabled_carrier: [], origin: 'default',
      });
    }
    const seen: string[] = [];
    for (let token = ''; ;) {
      const { json } = await expect(200, 'GET', `${ACCOUNT}/countries_regions?page_size=100&next_page_token=${token}`);
      seen.push(...json.countries_regions.map((row: Row) => row.iso_code));
      token = json.next_page_token;
      if (token === '') break;
    }
    t.equal(new Set(seen).size, seen.length);
    t.ok(seen.length > 200);
  });

  await t.test('a country blocked for the account is blocked below, until a level says otherwise', async (t) => {
    t.equal(await reason(ada, '+442079460000'), 'no-trunk', 'allowed at first');
    await set(ACCOUNT, { iso_code: 'GB', rule: 2 }, { iso_code: 'fr', rule: 2 });
    t.equal(await reason(ada, '+442079460000'), 'country-blocked');
    t.equal(await reason(ada, '+33140000000'), 'country-blocked');
    t.equal(await reason(ada, '+12125550100'), 'no-trunk');
    t.match(await ruleOf(user, 'GB'), { rule: 2, origin: 'account' });
    await set(user, { iso_code: 'GB', rule: 1 });
    t.match(await ruleOf(user, 'GB'), { rule: 1, origin: 'extension' });
    const { reason: why, chain } = await explain(ada, '+442079460000');
    t.equal(why, 'no-trunk');
    t.match(chain.find((step: Row) => step.rule === 'outbound-restrictions'), { note: /Calls to GB are allowed for extension 1001\.$/ });
    t.equal(await reason(grace, '+442079460000'), 'country-blocked', 'of others nothing was said');
    await set(user, { iso_code: 'GB', rule: 0 });
    t.match(await ruleOf(user, 'GB'), { rule: 2, origin: 'account' }, '0 goes back to inheriting');
  });

  await t.test('exceptions open or close numbers of a country; what is inherited is not listed', async (t) => {
    const london = await add(ACCOUNT, { prefix_number: '020', comment: 'Head office' });
    t.match((await expect(200, 'GET', `${ACCOUNT}/exception_rules`)).json, {
      total_records: 1, exception_rules: [{ id: london, match_type: 'prefix', prefix_number: '+4420', rule: 1, comment: 'Head office', status: 'active', country: 'GB' }],
    }, 'the opposite of what holds for the country');
    t.equal(await reason(ada, '+442079460000'), 'no-trunk');
    t.equal(await reason(ada, '+441614960000'), 'country-blocked');
    await expect(204, 'PATCH', `${ACCOUNT}/exception_rules/${london}`, {
      exception_rule: { match_type: 'phoneNumber', prefix_number: '+44 20 7946 0001', status: 'active', country: 'gb' },
    });
    t.equal(await reason(ada, '+442079460000'), 'country-blocked');
    t.equal(await reason(ada, '+442079460001'), 'no-trunk');
    const costly = await add(user, { country: 'US', prefix_number: '+1900' });
    t.match((await explain(ada, '+19005550100')).chain.at(-1), { note: /\+19005550100 is not allowed by an exception \(\+1900\) of extension 1001\. / });
    t.equal(await reason(ada, '+19005550100'), 'exception-blocked');
    t.equal(await reason(grace, '+19005550100'), 'no-trunk');
    t.equal((await expect(200, 'GET', `${user}/exception_rules`)).json.total_records, 1);
    await expect(404, 'PATCH', `${ACCOUNT}/exception_rules/${costly}`, { exception_rule: { match_type: 'prefix', prefix_number: '1', status: 'active', country: 'US' } });
    for (const [filter, total] of [['country=US', 1], ['country=GB', 0], ['keyword=900', 1], ['keyword=x', 0], ['match_type=phoneNumber', 0], ['status=active', 1], ['status=inactive', 0]] as const) {
      t.equal((await expect(200, 'GET', `${user}/exception_rules?${filter}`)).json.total_records, total, filter);
    }
    await expect(204, 'DELETE', `${user}/exception_rules/${costly}`);
    await expect(404, 'DELETE', `${user}/exception_rules/${costly}`);
    t.equal(await reason(ada, '+19005550100'), 'no-trunk');
    await set(ACCOUNT, { iso_code: 'GB', delete_existing_exception_rules: true });
    t.equal((await expect(200, 'GET', `${ACCOUNT}/exception_rules`)).json.total_records, 0);
    t.match(await ruleOf(ACCOUNT, 'GB'), { rule: 2 }, 'the rule itself stays');
  });

  await t.test('a guest is held back by phone and common area, and never freed by them', async (t) => {
    const lobbyDevice = { deviceId: lobby.deviceId };
    const signedIn = await expect(201, 'POST', `/v2/cordboard/devices/${lobby.deviceId}/hot_desk_sign_in`, { user_id: grace.email });
    t.ok(signedIn.json);
    await set(ACCOUNT, { iso_code: 'GB', rule: 0 }, { iso_code: 'CA', rule: 1 });
    t.equal(await reason(lobbyDevice, '+14165550100'), 'no-trunk');
    await set(lobbyArea, { iso_code: 'CA', rule: 2 });
    t.match((await explain(lobbyDevice, '+14165550100')).chain.at(-1), { note: /^Calls to CA are not allowed for common area Demo Lobby\. / });
    t.equal(await reason(grace, '+14165550100'), 'no-trunk', 'at the own phone nothing changed');
    await set(`/v2/phone/users/${grace.email}/outbound_calling`, { iso_code: 'CA', rule: 2 });
    await set(lobbyArea, { iso_code: 'CA', rule: 1 });
    t.equal(await reason(lobbyDevice, '+14165550100'), 'country-blocked', "the lobby's permission is not the guest's");
  });

  await t.test('bad input names field and remedy, and changes nothing', async (t) => {
    const rows: readonly (readonly [status: number, method: string, path: string, body: unknown, field: string])[] = [
      [400, 'PATCH', `${ACCOUNT}/countries_regions`, { country_regions: [{ iso_code: 'DE', rule: 2 }, { iso_code: 'XX' }] }, 'country_regions[1].iso_code'],
      [400, 'PATCH', `${ACCOUNT}/countries_regions`, { country_regions: [{ iso_code: 'DE', rule: 2 }, { iso_code: 'AQ', rule: 2 }] }, 'country_regions[1].iso_code'],
      [400, 'PATCH', `${ACCOUNT}/countries_regions`, { country_regions: [{ iso_code: 'DE', rule: 2 }, { iso_code: 'de', rule: 1 }] }, 'country_regions[1].iso_code'],
      [400, 'PATCH', `${ACCOUNT}/countries_regions`, { country_regions: [{ iso_code: 'DE', rule: 3 }] }, 'country_regions[0].rule'],
      [400, 'PATCH', `${ACCOUNT}/countries_regions`, { country_regions: [] }, 'country_regions'],
      [404, 'PATCH', '/v2/phone/sites/nowhere/outbound_calling/countries_regions', { country_regions: [{ iso_code: 'DE', rule: 2 }] }, 'siteId'],
      [404, 'GET', '/v2/phone/users/nobody@demo.example/outbound_calling/countries_regions', undefined, 'userId'],
      [404, 'GET', '/v2/phone/common_areas/x/outbound_calling/exception_rules', undefined, 'commonAreaId'],
      [400, 'POST', `${site}/exception_rules`, { exception_rule: { match_type: 'prefix', prefix_number: '+33', status: 'active', country: 'DE' } }, 'exception_rule.prefix_number'],
      [400, 'POST', `${site}/exception_rules`, { exception_rule: { match_type: 'phoneNumber', prefix_number: '+14165550100', status: 'active', country: 'US' } }, 'exception_rule.prefix_number'],
      [400, 'POST', `${site}/exception_rules`, { exception_rule: { match_type: 'suffix', prefix_number: '+49', status: 'active', country: 'DE' } }, 'exception_rule.match_type'],
      [400, 'POST', `${site}/exception_rules`, { exception_rule: { match_type: 'prefix', prefix_number: 'abc', status: 'active', country: 'DE' } }, 'exception_rule.prefix_number'],
      [400, 'POST', `${site}/exception_rules`, { exception_rule: { match_type: 'prefix', prefix_number: '+672', status: 'active', country: 'AQ' } }, 'exception_rule.country'],
      [400, 'POST', `${site}/exception_rules`, {}, 'exception_rule'],
      [400, 'GET', `${ACCOUNT}/exception_rules?status=odd`, undefined, 'status'],
      [400, 'POST', '/v2/phone/inbound_blocked/rules', { match_type: 'prefix', blocked_number: 'x', type: 'block', status: 'active' }, 'blocked_number'],
      [400, 'POST', '/v2/phone/inbound_blocked/rules', { match_type: 'prefix', blocked_number: '+1', type: 'odd', status: 'active' }, 'type'],
      [404, 'DELETE', '/v2/phone/inbound_blocked/rules?blocked_rule_id=x', undefined, 'blocked_rule_id'],
      [404, 'PATCH', '/v2/phone/inbound_blocked/rules/x', { match_type: 'prefix', blocked_number: '+1', type: 'block' }, 'blockedRuleId'],
      [400, 'DELETE', '/v2/phone/inbound_blocked/rules', undefined, 'blocked_rule_id'],
      [404, 'GET', '/v2/phone/extension/x/inbound_blocked/rules', undefined, 'extensionId'],
      [404, 'POST', '/v2/phone/extension/x/inbound_blocked/rules', { match_type: 'prefix', blocked_number: '+1', type: 'block' }, 'extensionId'],
      [404, 'PATCH', '/v2/phone/inbound_blocked/extension_rules/statistics/blocked_for_all', { blocked_statistic_id: 'n.1' }, 'blocked_statistic_id'],
      [404, 'DELETE', '/v2/phone/inbound_blocked/extension_rules/statistics?blocked_statistic_id=%2B', undefined, 'blocked_statistic_id'],
    ];
    for (const [status, method, path, body, field] of rows) {
      t.match(await call(method, path, body), { status, json: { errors: [{ field, message: /\.$/ }] } }, `${method} ${path} ${JSON.stringify(body)}`);
    }
    t.match(await ruleOf(ACCOUNT, 'DE'), { rule: 1, origin: 'default' }, 'all or nothing');
    await add(site, { country: 'DE', prefix_number: '0900' });
    t.match(await call('POST', `${site}/exception_rules`, { exception_rule: { match_type: 'prefix', prefix_number: '+49900', status: 'active', country: 'DE' } }), {
      status: 409, json: { errors: [{ field: 'exception_rule.prefix_number' }] },
    });
  });

  await t.test('an extension blocks callers for itself; statistics count them, and the account takes over', async (t) => {
    const contacts = [{ uri: 'sip:alan@192.0.2.9:5060' }];
    await deps.locations.register(registerCommand(contacts, { accountId: office.account.id, deviceId: alan.deviceId, at: office.clock.now() }));
    const rules = (id: string): string => `/v2/phone/extension/${id}/inbound_blocked/rules`;
    const statistics = '/v2/phone/inbound_blocked/extension_rules/statistics';
    const alanRule = (await expect(201, 'POST', rules(alanExtension), { match_type: 'phoneNumber', blocked_number: '1001', type: 'block' })).json.id;
    await expect(201, 'POST', rules(graceExtension), { match_type: 'phoneNumber', blocked_number: '1001', type: 'threat' });
    await expect(201, 'POST', rules(graceExtension), { match_type: 'prefix', blocked_number: '020', type: 'block', country: 'GB' });
    t.match(await call('POST', rules(alanExtension), { match_type: 'phoneNumber', blocked_number: '1001', type: 'threat' }), {
      status: 409, json: { errors: [{ field: 'blocked_number' }] },
    });
    t.match((await expect(200, 'GET', rules(alanExtension))).json, {
      total_records: 1, extension_blocked_rules: [{ id: alanRule, match_type: 'phoneNumber', phone_number: '1001', blocked_number: '1001', type: 'block', country: '' }],
    });
    for (const [filter, total] of [['keyword=100', 1], ['match_type=prefix', 1], ['type=threat', 1], ['type=block&match_type=phoneNumber', 0], ['', 2]] as const) {
      t.equal((await expect(200, 'GET', `${rules(graceExtension)}?${filter}`)).json.total_records, total, filter);
    }
    t.match(await explain(ada, '1002'), { outcome: 'reject', reason: 'caller-blocked', sip_status: 480, prompt: '' });
    t.match((await explain(ada, '1002')).chain.at(-1), { rule: 'inbound', note: /^The caller's number is 1001, blocked for extension 1002\. / });
    t.equal((await explain(grace, '1002')).outcome, 'ring', 'others ring');
    t.match((await expect(200, 'GET', statistics)).json, {
      total_records: 2,
      blocked_statistic: [
        { id: 'p.4420', blocked_number: '+4420', country: 'GB', block_count: 1, threat_count: 0, type: 'block' },
        { id: 'x.1001', phone_number: '1001', block_count: 1, threat_count: 1, type: 'threat' },
      ],
    });
    t.equal((await expect(200, 'GET', `${statistics}?type=threat`)).json.total_records, 1);

    await expect(204, 'PATCH', `${statistics}/blocked_for_all`, { blocked_statistic_id: 'x.1001' });
    await expect(204, 'PATCH', `${statistics}/blocked_for_all`, { blocked_statistic_id: 'x.1001' });
    const { json: account } = await expect(200, 'GET', '/v2/phone/inbound_blocked/rules');
    t.match(account, { total_records: 1, account_blocked_rules: [{ blocked_number: '1001', type: 'threat', status: 'active', comment: '' }] });
    t.match((await expect(200, 'GET', '/v2/phone/blocked_list')).json, { total_records: 1, blocked_list: [{ block_type: 'inbound', phone_number: '1001' }] },
      'one list, seen through both families');
    await expect(204, 'DELETE', `${statistics}?blocked_statistic_id=x.1001`);
    t.equal((await expect(200, 'GET', rules(alanExtension))).json.total_records, 0);
    t.match((await explain(ada, '1002')).chain.at(-1), { note: /blocked for the account\. / }, 'the account still blocks');
    const rule = `/v2/phone/inbound_blocked/rules/${account.account_blocked_rules[0].id}`;
    await expect(204, 'PATCH', rule, { match_type: 'phoneNumber', blocked_number: '1001', type: 'block', status: 'inactive', comment: 'a mistake' });
    t.equal((await explain(ada, '1002')).outcome, 'ring');
    t.match((await expect(200, 'GET', '/v2/phone/inbound_blocked/rules?status=inactive&keyword=MISTAKE&type=block')).json, { total_records: 1 });
    await expect(204, 'DELETE', `/v2/phone/inbound_blocked/rules?blocked_rule_id=${account.account_blocked_rules[0].id}`);
    t.equal((await expect(200, 'GET', '/v2/phone/inbound_blocked/rules')).json.total_records, 0);
    const [mine] = (await expect(200, 'GET', rules(graceExtension))).json.extension_blocked_rules;
    await expect(404, 'DELETE', `${rules(adaExtension)}?blocked_rule_id=${mine.id}`);
    await expect(204, 'DELETE', `${rules(graceExtension)}?blocked_rule_id=${mine.id}`);
  });

  await t.test('what goes takes its rules with it', async (t) => {
    const rules = `/v2/phone/extension/${alanExtension}/inbound_blocked/rules`;
    await expect(201, 'POST', rules, { match_type: 'phoneNumber', blocked_number: '1003', type: 'block' });
    await set(`/v2/phone/users/${alan.email}/outbound_calling`, { iso_code: 'JP', rule: 2 });
    await expect(204, 'PATCH', `/v2/users/${alan.email}`, { feature: { zoom_phone: false } });
    await expect(404, 'GET', rules);
    t.equal((await expect(200, 'GET', '/v2/phone/inbound_blocked/extension_rules/statistics')).json.total_records, 0);
    await expect(204, 'DELETE', `/v2/phone/sites/${berlin.id}`);
    await expect(404, 'GET', `${site}/exception_rules`);
    for (const table of ['outbound_exceptions', 'outbound_country_rules'] as const) {
      const left = await office.database.queries.selectFrom(table).select('scope_id').where('scope_id', 'in', [berlin.id, alanExtension]).execute();
      t.same(left, [], table);
    }
  });

  await t.test('reading alone changes nothing; each change is in the audit log', async (t) => {
    const token = await office.tokenFor('Phone Read Only');
    t.equal((await call('GET', `${ACCOUNT}/countries_regions`, undefined, { token })).status, 200);
    t.equal((await call('GET', '/v2/phone/inbound_blocked/rules', undefined, { token })).status, 200);
    for (const [method, path, body] of [
      ['PATCH', `${ACCOUNT}/countries_regions`, { country_regions: [{ iso_code: 'DE', rule: 2 }] }],
      ['POST', `${user}/exception_rules`, { exception_rule: { match_type: 'prefix', prefix_number: '+49', status: 'active', country: 'DE' } }],
      ['POST', '/v2/phone/inbound_blocked/rules', { match_type: 'prefix', blocked_number: '+1', type: 'block', status: 'active' }],
      ['DELETE', '/v2/phone/inbound_blocked/rules?blocked_rule_id=x', undefined],
    ] as const) t.match(await call(method, path, body, { token }), { status: 403, json: { code: 200 } }, `${method} ${path}`);
    const { json } = await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=300');
    const actions = new Set(json.entries.map((entry: Row) => entry.action));
    for (const action of ['set-outbound-countries', 'add-outbound-exception', 'update-outbound-exception', 'remove-outbound-exception', 'block-number', 'unblock-number']) {
      t.ok(actions.has(action), action);
    }
  });
});
