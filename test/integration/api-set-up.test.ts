import t from 'tap';
import { apiTime } from '../../src/http/times.js';
import type { DeviceId } from '../../src/domain/ids.js';
import { startPhoneOffice } from '../support/phone-office.js';

const FOLDER = 'https://pbx.example.com/p/abcdefghjkmnpqrstuvwxyz2345/';

t.test('setting phones up', async (t) => {
  const office = await startPhoneOffice(t);
  const { call, expect, add, desk, soft, readOnly, clock, provisioning, ada } = office;
  const path = (id: string) => `/v2/cordboard/devices/${id}/setup`;
  const anybody = { token: null };
  /** Of a page's address, which names this server as the caller reached it. */
  const pathOf = (url: string) => new URL(url).pathname;

  await t.test('a MAC address that does not suit the maker is taken with a warning', async (t) => {
    const body = { display_name: 'Hall', mac_address: '00-04-13-aa-00-01', type: 'Yealink', model: 'T54W' };
    const { json: made } = await expect(201, 'POST', '/v2/phone/devices', body);
    t.match(made.warnings, [{ field: 'mac_address', message: /range of Snom, not of Yealink/ }]);
    t.match((await expect(200, 'GET', path(made.id))).json.warnings, [{ field: 'mac_address' }]);
    t.match((await expect(409, 'POST', '/v2/phone/devices', { ...body, mac_address: '000413AA0001', type: 'Snom', model: 'D785' })).json.errors,
      [{ field: 'mac_address', message: /The device Hall/ }]);
    t.same((await expect(201, 'POST', '/v2/phone/devices', { ...body, mac_address: '805ec0aa0001' })).json.warnings, []);
  });

  await t.test('steps by maker', async (t) => {
    const { json: steps } = await expect(200, 'GET', path(desk), undefined, readOnly);
    t.match(steps, { device_id: desk, device_type: 'Yealink T54W', address: '{folder}' });
    t.match(steps, { enrolment: { state: 'open', url: '', claimed_by: '' } }, 'whoever may see no SIP password is told no address');
    t.same(steps.steps.map(({ kind }: { kind: string }) => kind), ['beware', 'factory-reset', 'address', 'at-phone', 'in-browser', 'dhcp', 'check']);
    t.match((await expect(200, 'GET', path(soft))).json.address, /^https:\/\/phones\.example\.com:8443\/p\/[a-z2-9]{32}\/phone\.ini$/);
    const other = await add({ type: 'Other', model: '' });
    t.match((await expect(200, 'GET', path(other))).json, { address: null, warnings: [], steps: [{ kind: 'by-hand' }, { kind: 'check' }] });
    await expect(404, 'GET', path('none'));
  });

  await t.test('a page for people, for a short time', async (t) => {
    const { json: issued } = await expect(201, 'POST', path(desk), { folder: FOLDER, minutes: 5 });
    const page = await expect(200, 'GET', pathOf(issued.url), undefined, anybody);
    t.match(page.headers.get('content-type'), /^text\/html/);
    t.equal(page.headers.get('cache-control'), 'no-store');
    t.equal(page.headers.get('referrer-policy'), 'no-referrer');
    t.match(page.headers.get('content-security-policy'), /default-src 'none'.*form-action 'self'/);
    t.notMatch(page.headers.get('content-security-policy'), /script-src|unsafe/);
    t.match(page.text, (await expect(200, 'GET', path(desk))).json.enrolment.url, 'the address of the open window, which counts more than one handed over');
    t.notMatch(page.text, FOLDER);
    t.match(page.text, /<svg/, 'a QR code of the address');
    t.notMatch(page.text, /<script|style="|onload|https?:\/\/(?!phones\.example\.com|www\.w3\.org)/, 'no script, and nothing from elsewhere');
    t.match((await expect(200, 'GET', '/setup/style.css', undefined, anybody)).headers.get('content-type'), /^text\/css/);
    clock.advance(5 * 60_000);
    const gone = await expect(404, 'GET', pathOf(issued.url), undefined, anybody);
    t.match(gone.text, /not there any more/);
    t.notMatch(gone.text, 'Desk 1');
  });

  await t.test('text of people is text on the page, and nobody sees a page that is not theirs', async (t) => {
    const odd = await add({ display_name: '<script>alert(1)</script>' });
    const { json: issued } = await expect(201, 'POST', path(odd));
    const page = await expect(200, 'GET', pathOf(issued.url), undefined, anybody);
    t.match(page.text, '&lt;script&gt;alert');
    t.notMatch(page.text, '<script');
    const ticket = pathOf(issued.url);
    for (const [rule, wrong] of [
      ['a changed ticket', `${ticket.slice(0, 60)}${ticket[60] === 'A' ? 'B' : 'A'}${ticket.slice(61)}`], ['half a ticket', ticket.slice(0, 40)], ['no ticket at all', '/setup/x'],
      ['a very long one', `/setup/v1.${'A'.repeat(4000)}`],
    ] as const) t.equal((await call('GET', wrong, undefined, anybody)).status, 404, rule);
    await expect(204, 'DELETE', `/v2/phone/devices/${odd}`);
    await expect(404, 'GET', ticket, undefined, anybody);
  });

  await t.test('adding a device opens its window, and its address can be read as long as it is open', async (t) => {
    const { json: made } = await expect(201, 'POST', '/v2/phone/devices', { display_name: 'New', mac_address: '805ec0bb0001', type: 'Yealink', model: 'T54W' });
    t.match(made.x_set_up, { path: path(made.id), enrol_until: apiTime(clock.now() + 86_400_000) });
    const first = (await expect(200, 'GET', made.x_set_up.path)).json;
    t.match(first, { address: first.enrolment.url, enrolment: { state: 'open', url: /^https:\/\/phones\.example\.com:8443\/p\/[a-z2-9]{32}\/$/ } });
    const again = (await expect(200, 'POST', `/v2/cordboard/devices/${made.id}/provisioning/enrol`, {})).json;
    t.not(again.url, first.enrolment.url);
    t.equal((await expect(200, 'GET', path(made.id))).json.enrolment.url, again.url);
    t.match((await provisioning(made.id)).reasons, [{ code: 'waiting-for-phone' }]);
    clock.advance(86_400_000);
    t.match((await expect(200, 'GET', path(made.id))).json, { address: '{folder}', enrolment: { state: 'closed', url: '' } });
  });

  await t.test('how long is a setting of account and site; 0 opens none, and phones set up by hand get none', async (t) => {
    const settings = '/v2/cordboard/account/desk_phone_settings';
    const added = async (more: object = {}) => (await expect(200, 'GET', path(await add(more)))).json.enrolment;
    await expect(200, 'PATCH', settings, { enrol_window_minutes: { value: 30 } });
    t.match(await added(), { state: 'open', until: apiTime(clock.now() + 30 * 60_000) });
    await expect(200, 'PATCH', settings, { enrol_window_minutes: { value: 0 } });
    t.match(await added(), { state: 'none', until: '', url: '' });
    for (const value of [4, 10_081, -1, 7.5]) t.match((await expect(400, 'PATCH', settings, { enrol_window_minutes: { value } })).json.errors, [{ field: /^enrol_window_minutes/ }], String(value));
    await expect(400, 'PATCH', `/v2/cordboard/devices/${desk}/desk_phone_settings`, { enrol_window_minutes: { value: 30 } });
    await expect(200, 'PATCH', settings, { enrol_window_minutes: { inherit: true } });
    t.match(await added({ type: 'Other', model: '' }), { state: 'none' });
    t.match((await expect(200, 'GET', settings)).json.enrol_window_minutes, { value: 1440, origin: 'default' });
  });

  await t.test('the page opens the window again while no phone has the configuration', async (t) => {
    const id = await add();
    const { json: issued } = await expect(201, 'POST', path(id), { minutes: 1440 });
    const ticket = pathOf(issued.url);
    const reopen = () => fetch(`${office.url}${ticket}/window`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    const url = async () => (await expect(200, 'GET', path(id))).json.enrolment.url as string;
    const first = await url();
    t.match((await expect(200, 'GET', ticket, undefined, anybody)).text, `<form method="post" action="${ticket}/window">`);
    t.equal((await reopen()).status, 303);
    t.equal(await url(), first, 'pressed twice in a moment is pressed once');
    clock.advance(60_000);
    const again = await reopen();
    t.match([again.status, again.headers.get('location'), await again.text()], [303, ticket, '']);
    t.not(await url(), first);
    t.match((await expect(200, 'GET', ticket, undefined, anybody)).text, await url());
    const audit = (await expect(200, 'GET', `/v2/cordboard/audit_log?aggregate_id=${id}`)).json.entries as { action: string; actor: string }[];
    t.ok(audit.some(({ action, actor }) => action === 'open-enrolment' && actor === `set-up-page:${id}`), 'it is kept who opened it');

    const { provisioningTokens } = office.deps.stores;
    const window = (await provisioningTokens.of(id as DeviceId)).find(({ kind }) => kind === 'enrol');
    await provisioningTokens.claim(window?.hash ?? '', '192.0.2.7', clock.now(), clock.now() + 60_000);
    t.match((await expect(200, 'GET', path(id))).json.enrolment, { state: 'claimed', claimed_by: '192.0.2.7', url: '' });
    const claimed = await reopen();
    t.equal(claimed.status, 409);
    t.match(await claimed.text(), /Ask an administrator/);
    const page = (await expect(200, 'GET', ticket, undefined, anybody)).text;
    t.notMatch(page, /<form|phones\.example\.com/);
    t.match(page, /A phone has fetched this configuration/);
    await expect(200, 'POST', `/v2/cordboard/devices/${id}/provisioning/enrol`, {});
    t.match((await expect(200, 'GET', path(id))).json.enrolment, { state: 'open' }, 'an administrator opens another');
    t.equal((await fetch(`${office.url}/setup/x/window`, { method: 'POST' })).status, 404);
  });

  await t.test('nobody takes a phone over by its MAC address', async (t) => {
    const mac = '805ec0cc0001';
    const body = { display_name: 'Reception', mac_address: mac, type: 'Yealink', model: 'T54W' };
    const { json: held } = await expect(201, 'POST', '/v2/phone/devices', { ...body, assignee_extension_ids: [ada.extension_id] });
    const { provisioningTokens } = office.deps.stores;
    const tokens = () => provisioningTokens.of(held.id as DeviceId);
    const enrolled = (await tokens()).find(({ kind }) => kind === 'steady');
    await provisioningTokens.used(enrolled?.hash ?? '', clock.now());
    t.match((await expect(409, 'POST', '/v2/phone/devices', { ...body, display_name: 'Thief' })).json.errors, [{ field: 'mac_address', message: /The device Reception/ }]);
    const other = await add();
    t.match((await expect(409, 'PATCH', `/v2/phone/devices/${other}`, { mac_address: mac })).json.errors, [{ field: 'mac_address', message: /The device Reception/ }]);
    const { json: issued } = await expect(201, 'POST', path(held.id), {});
    t.equal((await fetch(`${office.url}${pathOf(issued.url)}/window`, { method: 'POST' })).status, 409, 'not by the page: the phone has enrolled');
    t.match((await expect(403, 'POST', `/v2/cordboard/devices/${held.id}/provisioning/enrol`, {}, readOnly)).json, { code: 200 });

    await expect(204, 'PATCH', `/v2/phone/devices/${held.id}`, { mac_address: '805ec0cc0002' });
    t.match((await tokens()).find(({ hash }) => hash === enrolled?.hash), { expiresAt: clock.now() }, 'another MAC address is another phone: what the former one holds has ended');
    t.match((await expect(200, 'GET', path(held.id))).json.enrolment, { state: 'open' });
    const { json: next } = await expect(201, 'POST', '/v2/phone/devices', body);
    const fresh = (await provisioningTokens.of(next.id as DeviceId)).map(({ hash }) => hash);
    t.notOk((await tokens()).some(({ hash }) => fresh.includes(hash)), 'the new device has addresses of its own');
    await expect(204, 'DELETE', `/v2/phone/devices/${held.id}`);
    t.equal(await provisioningTokens.byHash(enrolled?.hash ?? ''), null, 'a removed device leaves no address behind');
  });

  await t.test('what is refused', async (t) => {
    await expect(403, 'POST', path(desk), {}, readOnly);
    await expect(404, 'POST', path('none'), {});
    for (const [field, body] of [
      ['minutes', { minutes: 4 }], ['minutes', { minutes: 1441 }], ['folder', { folder: 'http://pbx.example.com/p/abcdefghjkmnpqrstuvwxyz/' }],
      ['folder', { folder: 'https://pbx.example.com/elsewhere/' }], ['folder', { folder: 'https://a@b/p/abcdefghjkmnpqrstuvwxyz/' }], ['folder', { folder: 7 }],
    ] as const) t.match((await expect(400, 'POST', path(desk), body)).json.errors, [{ field }], JSON.stringify(body));
  });
});
