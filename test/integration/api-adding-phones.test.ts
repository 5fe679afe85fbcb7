import t from 'tap';
import { createYealinkRps } from '../../src/outbound/redirect/yealink-rps.js';
import { tellRedirectServices } from '../../src/usecases/redirect/tell-redirect-services.js';
import { startFakeRps } from '../support/fake-rps.js';
import { startPhoneOffice } from '../support/phone-office.js';

t.test('adding phones in other ways', async (t) => {
  const office = await startPhoneOffice(t);
  const { call, expect, add, readOnly, clock, provisioning } = office;
  const rps = await startFakeRps(t);
  const redirectServices = { yealink: createYealinkRps({ now: () => clock.now(), origin: rps.origin, ca: rps.ca, wholeMs: 3000 }) };
  Object.assign(office.deps, { redirectServices });
  const tell = () => tellRedirectServices({ ...office.deps, redirectServices, jitter: () => 0.5 });
  const service = '/v2/cordboard/redirect_services/yealink';
  const redirect = async (id: string) => (await provisioning(id)).redirect_service;
  const folder = async (id: string) => (await expect(200, 'GET', `/v2/cordboard/devices/${id}/setup`)).json.enrolment.url as string;
  let macs = 0;
  const mac = () => `805ec0${(macs += 1).toString(16).padStart(6, '0')}`;

  await t.test('access to a redirect service: set, shown without its secret, changed, refused', async (t) => {
    t.match(await redirect(await add()), { state: 'none', vendor: '', reason: '' });
    t.match((await expect(400, 'PUT', service, { access_key_id: rps.key })).json.errors, [{ field: 'access_key_secret' }]);
    t.match((await expect(200, 'PUT', service, { access_key_id: rps.key, access_key_secret: rps.secret })).json, { vendor: 'yealink', access_key_id: rps.key, active: true });
    await expect(200, 'PUT', service, { access_key_id: rps.key, active: false });
    await expect(200, 'PUT', service, { access_key_id: rps.key });
    const list = await expect(200, 'GET', '/v2/cordboard/redirect_services', undefined, readOnly);
    t.match(list.json, { total_records: 1, redirect_services: [{ vendor: 'yealink' }] });
    t.notMatch(list.text, rps.secret);
    t.notMatch((await expect(200, 'GET', '/v2/cordboard/audit_log')).text, rps.secret);
    await expect(403, 'PUT', service, { access_key_id: 'x', access_key_secret: 'y' }, readOnly);
    await expect(403, 'DELETE', service, undefined, { token: await office.tokenFor('Phone Site Admin') });
    t.match((await expect(404, 'PUT', '/v2/cordboard/redirect_services/acme', { access_key_id: 'x', access_key_secret: 'y' })).json.errors, [{ field: 'vendor', message: /Use one of yealink/ }]);
    t.match((await expect(200, 'POST', `${service}/check`, { mac_address: '80:5e:c0:ff:ff:ff' })).json, { state: 'absent' });
  });

  await t.test('a phone that is added is listed with its own address, sent to the next one, and forgotten with its device', async (t) => {
    const [address, id] = [mac(), await add({ mac_address: `805ec0${macs.toString(16).padStart(6, '0')}` })];
    t.match(await redirect(id), { state: 'wanted', vendor: 'yealink' });
    t.equal(await tell(), 1);
    t.match(await redirect(id), { state: 'listed', reason: '' });
    t.equal(rps.phones.get(address)?.url, await folder(id));
    t.match((await expect(200, 'POST', `${service}/check`, { mac_address: address })).json, { state: 'listed' });
    await expect(200, 'POST', `/v2/cordboard/devices/${id}/provisioning/enrol`, {});
    t.match(await redirect(id), { state: 'wanted' });
    await tell();
    t.equal(rps.phones.get(address)?.url, await folder(id), 'the same entry has the new address');
    const next = mac();
    await expect(204, 'PATCH', `/v2/phone/devices/${id}`, { mac_address: next });
    await tell();
    t.same([rps.phones.has(address), rps.phones.get(next)?.url], [false, await folder(id)], 'another MAC address is another phone');
    await expect(204, 'DELETE', `/v2/phone/devices/${id}`);
    await tell();
    t.equal(rps.phones.has(next), false);
    t.equal(await office.deps.stores.redirectListings.of(office.account.id, next), null);
    const snom = await add({ type: 'Snom', model: 'D785' });
    t.match(await redirect(snom), { state: 'none' }, 'of a maker whose service is not known');
  });

  await t.test('a phone of another account is not taken, and the reason says what to do', async (t) => {
    const address = mac();
    rps.phones.set(address, { id: 'other', owner: 'somebody else', url: 'https://elsewhere.example.com/' });
    const id = await add({ mac_address: address });
    await tell();
    t.match(await redirect(id), { state: 'failed', reason: 'owned-elsewhere', text: /Another account at Yealink's redirect service has this phone/ });
    t.match((await provisioning(id)).reasons, [{ code: 'waiting-for-phone' }, { code: 'redirect-service', text: /release it there/ }]);
    t.equal(rps.phones.get(address)?.url, 'https://elsewhere.example.com/', 'and nothing of it is changed');
    rps.phones.delete(address);
    await expect(200, 'POST', `/v2/cordboard/devices/${id}/provisioning/enrol`, {});
    await tell();
    t.match(await redirect(id), { state: 'listed' }, 'another window tries again');
    rps.refuse('mac.format.invalid');
    const odd = await add({ mac_address: mac() });
    await tell();
    t.match(await redirect(odd), { state: 'failed', reason: 'refused', text: /mac\.format\.invalid/ });
    rps.refuse('');
  });

  await t.test('a service that is away is asked again, later each time; one that takes no key waits for a new one', async (t) => {
    const id = await add({ mac_address: mac() });
    rps.fail(503);
    await tell();
    t.match(await redirect(id), { state: 'wanted', reason: 'unreachable', text: /tried again/ });
    t.equal(await tell(), 0, 'not at once');
    clock.advance(60_000);
    t.equal(await tell(), 1);
    rps.fail(null);
    clock.advance(300_000);
    await tell();
    t.match(await redirect(id), { state: 'listed', reason: '' });

    await expect(200, 'PUT', service, { access_key_id: rps.key, access_key_secret: 'a wrong one' });
    const second = await add({ mac_address: mac() });
    await tell();
    t.match(await redirect(second), { state: 'failed', reason: 'credentials', text: /does not accept the access key/ });
    t.match((await expect(200, 'POST', `${service}/check`, { mac_address: mac() })).json, { state: 'refused', detail: /signature/ });
    await expect(200, 'PUT', service, { access_key_id: rps.key, access_key_secret: rps.secret });
    await tell();
    t.match(await redirect(second), { state: 'listed' });
    await expect(200, 'PUT', service, { access_key_id: rps.key, active: false });
    const third = await add({ mac_address: mac() });
    t.match(await redirect(third), { state: 'none' }, 'an inactive service is told nothing');
  });

  await t.test('phones that go together are forgotten together', async (t) => {
    await expect(200, 'PUT', service, { access_key_id: rps.key });
    const ids = [await add({ mac_address: mac() }), await add({ mac_address: mac() }), await add({ mac_address: mac() })];
    await tell();
    for (const id of ids) await expect(204, 'DELETE', `/v2/phone/devices/${id}`);
    rps.calls.length = 0;
    await tell();
    t.same(rps.calls, ['delete 3']);
    await expect(204, 'DELETE', service);
    await expect(404, 'DELETE', service);
    t.equal((await call('GET', '/v2/cordboard/redirect_services')).json.total_records, 0);
  });

  const TITLES = 'Display Name,Brand,Model,MAC Address,Site,Assignee,Provision Template';
  const csv = (rows: readonly string[], options: { apply?: boolean; token?: string; titles?: string } = {}) => call(
    'POST', `/v2/cordboard/devices/import?apply=${options.apply === true}`, undefined,
    { raw: [options.titles ?? TITLES, ...rows].join('\r\n'), headers: { 'content-type': 'text/csv' }, ...(options.token === undefined ? {} : { token: options.token }) },
  );
  const count = async () => (await expect(200, 'GET', '/v2/phone/devices')).json.total_records as number;

  await t.test('a file of devices: first the plan, then all of it', async (t) => {
    const before = await count();
    const rows = ['Import 1,Yealink,T54W,80:5E:C0:AA:00:01,,801,', 'Import 2,poly,vvx450,64-16-7f-aa-00-02,main site,grace@example.com,', 'Import 3,Snom,D785,80-5e-c0-aa-00-03,,,'];
    const plan = (await csv(rows)).json;
    t.match(plan, { applied: false, total_records: 3, added: 3, unchanged: 0, errors: 0, rows: [
      { row: 2, action: 'add', mac_address: '805ec0aa0001', device_id: '', warnings: [] }, { row: 3, action: 'add', warnings: [] },
      { row: 4, action: 'add', warnings: [{ column: 'MAC Address', message: /range of Yealink, not of Snom/ }] },
    ] });
    t.equal(await count(), before, 'a plan changes nothing');
    const applied = (await csv(rows, { apply: true })).json;
    t.match(applied, { applied: true, added: 3, rows: [{ device_id: /^\w+$/ }, {}, {}] });
    t.equal(await count(), before + 3);
    const [first, second] = await Promise.all(applied.rows.slice(0, 2).map(async ({ device_id: id }: { device_id: string }) => (await expect(200, 'GET', `/v2/phone/devices/${id}`)).json));
    t.match(first, { display_name: 'Import 1', device_type: 'Yealink T54W', assignee: { extension_number: 801 } });
    t.match(second, { device_type: 'Poly VVX 450', assignee: { extension_number: 802 } });
    t.match((await expect(200, 'GET', `/v2/cordboard/devices/${first.id}/setup`)).json.enrolment, { state: 'open' }, 'each may enrol');
    t.match((await csv(rows, { apply: true })).json, { added: 0, unchanged: 3 }, 'the same file again does nothing');
  });

  await t.test('what is wrong is named by row and column, and then nothing is done', async (t) => {
    const before = await count();
    for (const [rule, row, column, message] of [
      ['no name', ',Yealink,T54W,805ec0bb0001,,,', 'Display Name', /not be empty/], ['no maker', 'A,Acme,X,805ec0bb0001,,,', 'Brand', /not known/],
      ['no model', 'A,Yealink,T999,805ec0bb0001,,,', 'Model', /no model/], ['no MAC address', 'A,Yealink,T54W,805ec0,,,', 'MAC Address', /twelve hex digits/],
      ['a number of a spreadsheet', 'A,Yealink,T54W,8.05E+11,,,', 'MAC Address', /spreadsheet/], ['no site', 'A,Yealink,T54W,805ec0bb0001,Moon,,', 'Site', /No site/],
      ['nobody', 'A,Yealink,T54W,805ec0bb0001,,999,', 'Assignee', /No phone user/], ['nobody by mail', 'A,Yealink,T54W,805ec0bb0001,,x@example.com,', 'Assignee', /No phone user/],
      ['no template', 'A,Yealink,T54W,805ec0bb0001,,,Nothing', 'Provision Template', /no such/], ['too many cells', 'A,Yealink,T54W,805ec0bb0001,,,,,x', '', /9 cells/],
      ['there already, otherwise', 'Other,Yealink,T54W,805ec0aa0001,,,', 'Display Name', /The device Import 1/],
    ] as const) {
      t.match((await csv([row])).json, { errors: 1, rows: [{ row: 2, action: 'error', problems: [{ column, message }] }] }, rule);
      const refused = await csv(['Good,Yealink,T54W,805ec0cc0001,,,', row], { apply: true });
      t.match(refused, { status: 400, json: { errors: [{ field: column === '' ? 'row 3' : `row 3, ${column}`, message }] } }, rule);
    }
    t.match((await csv(['A,Yealink,T54W,805ec0bb0001,,,', 'B,Yealink,T54W,80-5e-c0-bb-00-01,,,'])).json.rows[1], { action: 'error', problems: [{ message: /Row 2 has the same/ }] });
    for (const [rule, titles, rows, message] of [
      ['unknown title', `${TITLES},Colour`, ['A'], /no such column/], ['no rows', TITLES, [], /no rows/], ['an open quote', TITLES, ['"A'], /no CSV/],
      ['too many', TITLES, Array.from({ length: 1001 }, () => 'A'), /At most 1000/],
    ] as const) t.match(await csv(rows, { titles }), { status: 400, json: { errors: [{ message }] } }, rule);
    t.equal((await csv(['A'], { token: readOnly.token })).status, 403);
    t.equal((await call('POST', '/v2/cordboard/devices/import', { a: 1 })).status, 415);
    t.equal(await count(), before);
  });

  await t.test('files as spreadsheets write them, and back', async (t) => {
    const odd = await csv(['"Desk ""A""; east";Yealink;T54W;80-5E-C0-DD-00-01;;801', '', "'=1+1;Yealink;T54W;80-5E-C0-DD-00-02;;"], { apply: true, titles: '\uFEFFdisplay_name;TYPE;model;mac;site;extension' });
    t.match(odd.json, { added: 2, rows: [{ row: 2, display_name: 'Desk "A"; east' }, { row: 4, display_name: '=1+1' }] });
    const exported = await expect(200, 'GET', '/v2/cordboard/devices/export', undefined, readOnly);
    t.match(exported.headers.get('content-type'), /text\/csv/);
    t.match(exported.text, "'=1+1", 'no cell is a formula');
    const total = await count();
    const [titles = '', ...rows] = exported.text.trimEnd().split('\r\n');
    t.match((await csv(rows, { titles, apply: true })).json, { total_records: total, unchanged: total, added: 0 }, 'an export comes back as it is');
    const sample = await expect(200, 'GET', '/v2/cordboard/devices/import/sample');
    t.equal(sample.text.split('\r\n')[0], TITLES);
  });
});
