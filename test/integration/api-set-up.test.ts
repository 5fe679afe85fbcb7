import t from 'tap';
import { startPhoneOffice } from '../support/phone-office.js';

const FOLDER = 'https://pbx.example.com/p/abcdefghjkmnpqrstuvwxyz2345/';

t.test('setting phones up', async (t) => {
  const { call, expect, add, desk, soft, readOnly, clock } = await startPhoneOffice(t);
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
    t.same(steps.steps.map(({ kind }: { kind: string }) => kind), ['beware', 'factory-reset', 'address', 'at-phone', 'in-browser', 'dhcp', 'check']);
    t.equal((await expect(200, 'GET', path(soft))).json.address, '{folder}phone.ini');
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
    t.match(page.headers.get('content-security-policy'), /default-src 'none'/);
    t.match(page.text, FOLDER);
    t.match(page.text, /<svg/, 'a QR code of the address');
    t.notMatch(page.text, /<script|style="|onload|https?:\/\/(?!pbx\.example\.com|www\.w3\.org)/, 'no script, and nothing from elsewhere');
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
    t.notMatch(page.text, '<svg', 'no QR code without an address');
    const ticket = pathOf(issued.url);
    for (const [rule, wrong] of [
      ['a changed ticket', `${ticket.slice(0, -1)}${ticket.endsWith('A') ? 'B' : 'A'}`], ['half a ticket', ticket.slice(0, 40)], ['no ticket at all', '/setup/x'],
      ['a very long one', `/setup/v1.${'A'.repeat(4000)}`],
    ] as const) t.equal((await call('GET', wrong, undefined, anybody)).status, 404, rule);
    await expect(204, 'DELETE', `/v2/phone/devices/${odd}`);
    await expect(404, 'GET', ticket, undefined, anybody);
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
