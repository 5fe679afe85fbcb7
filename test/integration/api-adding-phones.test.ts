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
});
