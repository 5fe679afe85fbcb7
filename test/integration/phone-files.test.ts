import t from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { askFile, folderIn, startPhoneFileOffice } from '../support/phone-file-office.js';
import { startProduct } from '../support/product.js';

type Step = readonly [method: string, name: string, status: number];
/** In names, `{mac}` stands for the MAC address in small letters, `{MAC}` for it in capitals, `{code}` for the model's code. */
const PHONES: readonly (readonly [type: string, model: string, userAgent: string, steps: readonly Step[], configuration: string])[] = [
  ['Yealink', 'T54W', 'Yealink SIP-T54W 96.86.0.70 80:5e:c0:00:00:01', [
    ['GET', '{mac}.boot', 404], ['GET', 'y000000000000.boot', 404], ['GET', 'y0000000000{code}.cfg', 200], ['GET', '{mac}.cfg', 200], ['GET', '{mac}-local.cfg', 404], ['PUT', '{mac}-local.cfg', 200],
  ], '{mac}.cfg'],
  ['Poly', 'VVX 450', 'FileTransport PolycomVVX-VVX_450-UA/6.4.3.5156 Type/Application', [
    ['GET', '{mac}.cfg', 200], ['GET', '{mac}-cordboard.cfg', 200], ['GET', '{mac}-phone.cfg', 404], ['GET', '{mac}-web.cfg', 404], ['GET', '{mac}-directory.xml', 200], ['GET', '{mac}-license.cfg', 404],
    ['PUT', '{mac}-boot.log', 200], ['PUT', '{mac}-app.log', 200],
  ], '{mac}-cordboard.cfg'],
  ['Cisco', '8841', 'Cisco-CP-8841-3PCC/12.0.1 (00562b043615)', [['GET', '8841-3PCC.xml', 200], ['GET', '{mac}.xml', 200]], '{mac}.xml'],
  ['Grandstream', 'GRP2614', 'Grandstream Model HW GRP2614 [V2.2A] SW 1.0.5.15 DevId c074ad0b63ee', [
    ['GET', 'cfg{mac}', 404], ['GET', 'cfg{mac}.xml', 200], ['GET', 'cfggrp2614.xml', 200], ['GET', 'cfg.xml', 200],
  ], 'cfg{mac}.xml'],
  ['Snom', 'D785', 'Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 1.1.3-s 000413922D24 SXM:0 UXM:0)', [
    ['GET', 'snomD785.htm', 200], ['GET', 'snomD785-{MAC}.htm', 200], ['GET', '{MAC}.xml', 200], ['GET', 'snomD785-firmware.xml', 404],
  ], '{MAC}.xml'],
  ['Fanvil', 'X5U', 'Fanvil X5U 2.12.16.17 0c383e557eb1', [['GET', '{code}.cfg', 200], ['GET', '{mac}.cfg', 200]], '{mac}.cfg'],
  ['AudioCodes', '445HD', 'AUDC-IPPhone/3.4.6.604 (445HD-Rev0; 00908F602AAC)', [['GET', '{MAC}.cfg', 200], ['GET', '445HD.img', 404]], '{MAC}.cfg'],
];

t.test('files of phones', async (t) => {
  const office = await startPhoneFileOffice(t);
  const { add, ada, ask, call, clock, enrol, expect, provisioning, readOnly, server } = office;
  const macOf = async (id: string): Promise<string> => (await expect(200, 'GET', `/v2/phone/devices/${id}`)).json.mac_address.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
  const fetches = async (id: string) => (await expect(200, 'GET', `/v2/cordboard/devices/${id}/provisioning/fetches`)).json.fetches;

  for (const [type, model, userAgent, steps, configuration] of PHONES) {
    await t.test(`a ${type} ${model} enrols, then comes under its own address`, async (t) => {
      const id = await add({ type, model, assignee_extension_ids: [ada.extension_id] });
      const mac = await macOf(id);
      const code = office.deps.phoneFiles.findModel(type, model)?.code ?? '';
      const named = (name: string): string => name.replace('{mac}', mac).replace('{MAC}', mac.toUpperCase()).replace('{code}', code);
      const headers = { 'user-agent': userAgent };
      const first = await enrol(id);
      let folder = '';
      for (const under of ['enrol', 'steady'] as const) {
        for (const [method, name, status] of steps) {
          const reply = await ask(`${under === 'enrol' ? first : folder}${named(name)}`, { method, headers, ...(method === 'PUT' ? { body: 'what the phone says' } : {}) });
          t.equal(reply.status, status, `${method} ${name} under the ${under} token`);
          if (name !== configuration) continue;
          folder = folderIn(reply.body, server.origin);
          t.ok(reply.header('etag'));
          t.equal(reply.header('cache-control'), 'no-store');
          const again = await ask(`${under === 'enrol' ? first : folder}${named(name)}`, { headers: { ...headers, 'if-none-match': reply.header('etag') } });
          t.match(again, { status: 304, body: '' });
        }
      }
      t.match(await provisioning(id), {
        provisioning_status: 'current', redirect_service: { state: 'none' }, registration: { registered: false },
        last_contact: { address: '127.0.0.1', model_matches: true, user_agent: userAgent }, access: { enrol_until: '' },
      });
      t.equal((await ask(`${first}${named(configuration)}`, { headers })).status, 404, 'the first token ended with the first use of the second');
      t.equal((await fetches(id)).length, 2 * (steps.length + 1));
    });
  }

  await t.test('a phone is pending again after a change, and current after it has fetched the file whole', async (t) => {
    const window = (value: number) => expect(200, 'PATCH', '/v2/cordboard/account/desk_phone_settings', { enrol_window_minutes: { value } });
    await window(0);
    const id = await add({ assignee_extension_ids: [ada.extension_id] });
    const mac = await macOf(id);
    t.match(await provisioning(id), { provisioning_status: 'pending', last_contact: null, reasons: [{ code: 'not-enrolled' }] });
    t.equal((await call('POST', `/v2/cordboard/devices/${id}/provisioning/rotate`, {})).status, 409, 'there is no address to rotate');
    await window(1440);
    const first = await enrol(id);
    t.match(await provisioning(id), { reasons: [{ code: 'waiting-for-phone' }] });
    const folder = folderIn((await ask(`${first}${mac}.cfg`)).body, server.origin);
    t.match(await provisioning(id), { provisioning_status: 'current', access: { enrol_claimed_by: '127.0.0.1' }, reasons: [{ code: 'not-back-yet' }, { code: 'not-registered' }] });
    await expect(200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { ntp_primary: { value: 'clock.example.com' } });
    t.match(await provisioning(id), { provisioning_status: 'pending' });
    t.equal((await ask(`${folder}${mac}.cfg`, { method: 'HEAD' })).status, 200);
    t.match(await provisioning(id), { provisioning_status: 'pending' }, 'HEAD fetches nothing');
    const now = await ask(`${folder}${mac.toUpperCase().replace(/(..)(?=.)/g, '$1:')}.CFG`);
    t.match(now.body, /clock\.example\.com/, 'in any spelling of the MAC address');
    t.match(await provisioning(id), { provisioning_status: 'current', reasons: [{ code: 'not-registered' }] });
    const password = office.deps.secretBox.open(await office.deps.stores.devices.sealedPassword(id as DeviceId) ?? '', id);
    t.ok(now.body.includes(password), 'with the SIP account');
  });

  await t.test('unknown, wrong, ended and foreign get the very same answer after the same work', async (t) => {
    const [id, other] = [await add(), await add()];
    const [mac, otherMac] = [await macOf(id), await macOf(other)];
    const first = await enrol(id, { window_minutes: 60 });
    const folder = folderIn((await ask(`${first}${mac}.cfg`)).body, server.origin);
    await ask(`${folder}${mac}.cfg`);
    const ended = await enrol(other, { window_minutes: 5 });
    clock.advance(6 * 60_000);
    const { origin, plainOrigin } = server;
    const rows: readonly (readonly [name: string, url: string, method?: string])[] = [
      ['a token nobody has', `${origin}/p/${'a'.repeat(32)}/${mac}.cfg`],
      ['an empty token', `${origin}/p//${mac}.cfg`],
      ['a long token', `${origin}/p/${'b'.repeat(3000)}/${mac}.cfg`],
      ['no file', `${origin}/p/${'a'.repeat(32)}`],
      ['a window that closed', `${ended}${otherMac}.cfg`],
      ['a window that was used', `${first}${mac}.cfg`],
      ["another phone's MAC address", `${folder}${otherMac}.cfg`],
      ['a MAC address of nobody', `${folder}0015650000ff.cfg`],
      ['a file of another make', `${folder}cfg${mac}.xml`],
      ['a way out', `${folder}..%2f..%2fetc%2fpasswd`],
      ['broken percent-encoding', `${folder}%E0%A4%A`],
      ['a method of nobody', `${folder}${mac}.cfg`, 'DELETE'],
      ['a file that is only put', `${folder}${mac}-local.cfg`],
      ['HTTP without TLS', `${folder.replace(origin, plainOrigin)}${mac}.cfg`],
    ];
    let expected: unknown;
    for (const [name, url, method = 'GET'] of rows) {
      office.work.length = 0;
      const { status, headers, body } = await ask(url, { method });
      expected ??= { status, headers, body };
      t.same({ status, headers, body }, expected, name);
      if (['a token nobody has', 'a long token', 'an empty token', 'no file', 'a window that closed', 'a window that was used'].includes(name)) t.same(office.work, ['hash', 'look up'], name);
    }
    t.match(expected, { status: 404, body: 'Not found\n' });
    t.match((await provisioning(other)).reasons, [{ code: 'window-closed' }, { code: 'old-address' }]);
  });

  await t.test('an enrol token belongs to the first address that fetched the configuration', async (t) => {
    const id = await add();
    const mac = await macOf(id);
    const first = await enrol(id);
    const token = (await office.deps.stores.provisioningTokens.of(id as DeviceId)).find(({ kind }) => kind === 'enrol');
    t.ok(await office.deps.stores.provisioningTokens.claim(token?.hash ?? '', '192.0.2.7', clock.now(), clock.now() + 60_000));
    t.equal((await ask(`${first}${mac}.cfg`)).status, 404);
    t.match(await provisioning(id), { provisioning_status: 'pending', access: { enrol_claimed_by: '192.0.2.7' } });
  });

  await t.test('a new address works beside the old one for a while', async (t) => {
    const id = await add();
    const mac = await macOf(id);
    const old = folderIn((await ask(`${await enrol(id)}${mac}.cfg`)).body, server.origin);
    await ask(`${old}${mac}.cfg`);
    await expect(200, 'POST', `/v2/cordboard/devices/${id}/provisioning/rotate`, { grace_minutes: 60 });
    t.match(await provisioning(id), { provisioning_status: 'pending' });
    const told = await ask(`${old}${mac}.cfg`);
    const fresh = folderIn(told.body, server.origin);
    t.not(fresh, old);
    t.equal((await ask(`${fresh}${mac}.cfg`)).status, 200);
    clock.advance(61 * 60_000);
    t.equal((await ask(`${old}${mac}.cfg`)).status, 404);
    t.equal((await ask(`${fresh}${mac}.cfg`)).status, 200);
  });

  await t.test('what phones put is read to a limit and never given back', async (t) => {
    const id = await add({ type: 'Poly', model: 'VVX 450' });
    const mac = await macOf(id);
    const folder = await enrol(id);
    t.equal((await ask(`${folder}${mac}-app.log`, { method: 'PUT', body: 'reg.1.auth.password="stolen"' })).status, 200);
    t.equal((await ask(`${folder}${mac}-app.log`)).status, 404);
    const refused = await askFile(`${folder}${mac}-app.log`, { method: 'PUT', body: Buffer.alloc(600_000) }).catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
    t.ok([413, 'EPIPE', 'ECONNRESET'].includes(refused.status ?? ''), 'too much', refused);
    t.equal((await ask(`${folder}../evil.log`.replace('../', '..%2f'), { method: 'PUT', body: 'x' })).status, 404);
    await server.files.settled();
    t.match(await fetches(id), [{ outcome: 'no-such-file' }, { outcome: 'too-large' }, { outcome: 'not-offered' }, { outcome: 'upload-discarded', bytes: 0 }]);
  });

  await t.test('an address that tries tokens is sent away', async (t) => {
    const { origin } = await office.serve({ requests: 1000, misses: 3, banMs: 60_000, uploads: 1 });
    const id = await add();
    const good = `${(await enrol(id)).replace(server.origin, origin)}${await macOf(id)}.cfg`;
    for (let tries = 0; tries < 4; tries += 1) t.equal((await askFile(`${origin}/p/guess${tries}/x.cfg`)).status, 404);
    t.match(await askFile(good), { status: 429, body: '' });
    clock.advance(60_001);
    t.equal((await askFile(good)).status, 200);
  });

  await t.test('who may, and what is refused', async (t) => {
    const [id, soft] = [await add(), office.soft];
    const path = `/v2/cordboard/devices/${id}/provisioning`;
    for (const [name, status, method, url, body, options] of [
      ['enrol by a reader', 403, 'POST', `${path}/enrol`, {}, readOnly],
      ['rotate by a reader', 403, 'POST', `${path}/rotate`, {}, readOnly],
      ['fetches by a reader', 200, 'GET', `${path}/fetches`, undefined, readOnly],
      ['too short a window', 400, 'POST', `${path}/enrol`, { window_minutes: 1 }, {}],
      ['too long a window', 400, 'POST', `${path}/enrol`, { window_minutes: 20_000 }, {}],
      ['rotate before any phone came', 200, 'POST', `${path}/rotate`, {}, {}],
      ['no such device', 404, 'POST', '/v2/cordboard/devices/nobody/provisioning/enrol', {}, {}],
      ['fetches of no such device', 404, 'GET', '/v2/cordboard/devices/nobody/provisioning/fetches', undefined, {}],
    ] as const) t.equal((await call(method, url, body, options)).status, status, name);
    t.ok([200, 409].includes((await call('POST', `/v2/cordboard/devices/${soft}/provisioning/enrol`, {})).status));
  });

  await t.test('no token stands in a log, an audit entry or a list of fetches', async (t) => {
    const id = await add();
    const mac = await macOf(id);
    const first = await enrol(id);
    const folder = folderIn((await ask(`${first}${mac}.cfg`)).body, server.origin);
    await ask(`${folder}${mac}.cfg`);
    await ask(`${folder.replace('https:', 'http:').replace(server.origin.slice(8), server.plainOrigin.slice(7))}${mac}.cfg`);
    const tokens = [first, folder].map((url) => /\/p\/([^/]+)\//.exec(url)?.[1] ?? 'none');
    const seen = [...office.lines, JSON.stringify(await fetches(id)), (await call('GET', '/v2/cordboard/audit_log?page_size=300')).text, (await call('GET', `/v2/cordboard/devices/${id}/provisioning`)).text];
    for (const token of tokens) t.notOk(seen.some((text) => text.includes(token)), token.slice(0, 4));
    t.ok(office.lines.some((line) => line.includes('"phone file"')), 'and there is a log');
  });
});

t.test('the program serves files by HTTPS, and a restart keeps their addresses', async (t) => {
  const product = await startProduct({ env: { HTTPS_PORT: '0' } });
  t.teardown(() => product.close());
  const made = await product.api<{ id: string }>('POST', '/v2/phone/devices', { display_name: 'Desk', mac_address: '001565a1b2c3', type: 'Yealink', model: 'T54W' });
  const path = `/v2/cordboard/devices/${made.body.id}/provisioning`;
  const { body } = await product.api<{ url: string }>('POST', `${path}/enrol`, {});
  const origin = new URL(body.url).origin;
  const local = (url: string): string => url.replace(/^https:\/\/[^:/]+/, 'https://127.0.0.1');
  const configuration = (await askFile(`${local(body.url)}001565a1b2c3.cfg`)).body;
  const steady = new RegExp(`${origin.replace(/[.]/g, '\\.')}(/p/[\\w-]+/)`).exec(configuration)?.[1] ?? '';
  t.match(steady, /^\/p\/.{20,}\/$/);
  t.equal((await askFile(`${local(origin)}/healthz`)).status, 200, 'the API is there, too');
  await product.stop();
  await product.startAgain();
  const port = new URL((await product.api<{ url: string }>('POST', `${path}/enrol`, {})).body.url).port;
  t.equal((await askFile(`https://127.0.0.1:${port}${steady}001565a1b2c3.cfg`)).status, 200);
  t.notOk(product.log.tail().includes(steady.split('/')[2] ?? 'none'));
});
