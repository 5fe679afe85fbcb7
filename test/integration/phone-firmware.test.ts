import { createHash } from 'node:crypto';
import t from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { folderIn, startPhoneFileOffice } from '../support/phone-file-office.js';

const FILE = { 'content-type': 'application/octet-stream' };
/** Three pieces, each of another letter, so that a wrong one shows. */
const IMAGE = ['a', 'b', 'c'].map((letter) => letter.repeat(letter === 'c' ? 1000 : 262_144)).join('');
const SHA = createHash('sha256').update(IMAGE).digest('hex');
const RULES = '/v2/phone/firmware_update_rules';

t.test('firmware of phones', async (t) => {
  const office = await startPhoneFileOffice(t);
  const { add, ask, call, clock, enrol, expect, readOnly, server } = office;
  const keep = (path: string, raw: string | Buffer = IMAGE, status = 201) => expect(status, 'PUT', `/v2/cordboard/firmware/${path}`, undefined, { raw, headers: FILE });
  const macOf = async (id: string): Promise<string> => (await expect(200, 'GET', `/v2/phone/devices/${id}`)).json.mac_address.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
  const phone = async (more: object = {}) => {
    const id = await add(more);
    const mac = await macOf(id);
    const first = await enrol(id);
    return { id, mac, first };
  };
  const runs = (version: string) => ({ headers: { 'user-agent': `Yealink SIP-T54W ${version} 80:5e:c0:00:00:01` } });

  await t.test('images are kept as they come', async (t) => {
    const kept = (await keep('yealink/96.86.0.70/T54W-96.86.0.70.rom')).json;
    t.match(kept, { vendor: 'Yealink', version: '96.86.0.70', file_name: 'T54W-96.86.0.70.rom', bytes: IMAGE.length, sha256: SHA });
    t.equal((await keep('Yealink/96.86.0.70/t54w-96.86.0.70.ROM', 'another')).json.bytes, 7, 'another takes the place of one of that name');
    await keep('yealink/96.86.0.70/T54W-96.86.0.70.rom');
    t.match((await expect(200, 'GET', '/v2/cordboard/firmware?vendor=yealink')).json, { total_records: 1, images: [{ sha256: SHA }] });
    for (const [name, path, status, field, raw, headers, options] of [
      ['no maker of ours', 'acme/1.0/x.rom', 400, 'vendor', 'x', FILE], ['no release', 'yealink/newest/x.rom', 400, 'version', 'x', FILE],
      ['no name of the maker', 'yealink/96.86.0.70/x.exe', 400, 'fileName', 'x', FILE], ['a way out', 'yealink/96.86.0.70/..%2fx.rom', 400, 'fileName', 'x', FILE],
      ['empty', 'yealink/96.86.0.70/x.rom', 400, 'body', '', FILE], ['too large', 'yealink/96.86.0.70/x.rom', 400, 'body', Buffer.alloc(1_500_000), FILE],
      ['another type', 'yealink/96.86.0.70/x.rom', 415, 'content-type', 'x', { 'content-type': 'text/plain' }], ['a reader', 'yealink/96.86.0.70/x.rom', 403, 'permission', 'x', FILE, readOnly],
    ] as const) {
      const reply = await call('PUT', `/v2/cordboard/firmware/${path}`, undefined, { raw, headers, ...options });
      t.match({ status: reply.status, text: reply.text }, { status, text: field }, name);
    }
    t.equal((await expect(200, 'GET', '/v2/cordboard/firmware')).json.total_records, 1, 'nothing is left of what was refused');
    const rows = await office.database.queries.selectFrom('firmware_images').select('id').execute();
    t.equal(rows.length, 1);
  });

  await t.test('a phone that is told of an image gets it, whole or in parts; no other does', async (t) => {
    const [told, other] = [await phone(), await phone({ model: 'T46U' })];
    const rule = { version: '96.86.0.70', device_type: 'Yealink', device_model: 'T54W', restart_type: 2 };
    t.match((await expect(400, 'POST', RULES, { ...rule, image_file: 'nothing.rom' })).json.errors, [{ field: 'image_file' }]);
    const { json: { rule_id: id } } = await expect(201, 'POST', RULES, { ...rule, image_file: 'T54W-96.86.0.70.rom', more_models: ['T53'], from_version: '96.86.0.1', to_version: '96.86.0.65' });
    t.match((await expect(200, 'GET', `${RULES}/${id}`)).json, { image_file: 'T54W-96.86.0.70.rom', more_models: ['T53'], from_version: '96.86.0.1', hours: '', weekdays: [] });
    const refused = await ask(`${told.first}T54W-96.86.0.70.rom`);
    t.equal(refused.status, 404, 'before it was told');
    const silent = await ask(`${told.first}${told.mac}.cfg`);
    t.match(silent.body, /\nstatic\.firmware\.url = ?\n/, 'it does not say what it runs');
    t.match((await ask(`${told.first}${told.mac}.cfg`, runs('96.86.0.70'))).body, /\nstatic\.firmware\.url = ?\n/, 'it runs it already');
    const configuration = (await ask(`${told.first}${told.mac}.cfg`, runs('96.86.0.60'))).body;
    const folder = folderIn(configuration, server.origin);
    t.ok(configuration.includes(`static.firmware.url = ${folder.replace(server.origin, 'https://phones.example.com:8443')}T54W-96.86.0.70.rom\n`));
    const url = `${folder}T54W-96.86.0.70.rom`;
    const whole = await ask(url);
    t.match({ ...whole, body: createHash('sha256').update(whole.body).digest('hex') }, { status: 200, body: SHA });
    t.equal(whole.header('content-length'), String(IMAGE.length));
    const etag = whole.header('etag');
    for (const [name, method, headers, status, body, range] of [
      ['HEAD', 'HEAD', {}, 200, '', ''], ['a range over pieces', 'GET', { range: 'bytes=262142-262145' }, 206, 'aabb', `bytes 262142-262145/${IMAGE.length}`],
      ['the end', 'GET', { range: 'bytes=-2' }, 206, 'cc', `bytes ${IMAGE.length - 2}-${IMAGE.length - 1}/${IMAGE.length}`],
      ['from there on', 'GET', { range: `bytes=${IMAGE.length - 1}-` }, 206, 'c', `bytes ${IMAGE.length - 1}-${IMAGE.length - 1}/${IMAGE.length}`],
      ['behind the end', 'GET', { range: `bytes=${IMAGE.length}-` }, 416, '', `bytes */${IMAGE.length}`],
      ['if it is still the same', 'GET', { 'range': 'bytes=0-1', 'if-range': etag }, 206, 'aa', `bytes 0-1/${IMAGE.length}`],
      ['if it is another', 'GET', { 'range': 'bytes=0-1', 'if-range': '"other"' }, 200, IMAGE, ''], ['several ranges', 'GET', { range: 'bytes=0-1,4-5' }, 200, IMAGE, ''],
      ['unchanged', 'GET', { 'if-none-match': etag }, 304, '', ''],
    ] as const) {
      const reply = await ask(url, { method, headers });
      t.same({ status: reply.status, body: reply.body === body, range: reply.header('content-range') }, { status, body: true, range }, name);
    }
    const foreign = await ask(`${other.first}T54W-96.86.0.70.rom`);
    t.same({ status: foreign.status, headers: foreign.headers, body: foreign.body }, { status: refused.status, headers: refused.headers, body: refused.body }, 'the very same refusal');
    t.equal((await ask(`${server.origin}/p/${'a'.repeat(32)}/T54W-96.86.0.70.rom`)).status, 404);
    t.match((await expect(409, 'DELETE', '/v2/cordboard/firmware/yealink/96.86.0.70/T54W-96.86.0.70.rom')).json.errors, [{ message: new RegExp(id) }]);
    await expect(204, 'DELETE', `${RULES}/${id}`);
    t.equal((await ask(url)).status, 404, 'the rule is gone');
    await expect(403, 'DELETE', '/v2/cordboard/firmware/yealink/96.86.0.70/T54W-96.86.0.70.rom', undefined, readOnly);
    await expect(204, 'DELETE', '/v2/cordboard/firmware/yealink/96.86.0.70/T54W-96.86.0.70.rom');
    await expect(404, 'DELETE', '/v2/cordboard/firmware/yealink/96.86.0.70/T54W-96.86.0.70.rom');
    const pieces = await office.database.queries.selectFrom('firmware_image_chunks').select('number').execute();
    t.equal(pieces.length, 0);
  });

  await t.test('each make is told in its own way where its image is', async (t) => {
    for (const [type, model, version, file, pattern, userAgent, name] of [
      ['Grandstream', 'GRP2614', '1.0.5.20', 'grp2614fw.bin', /<item name="provisioning\.firmware\.serverPath">phones\.example\.com:8443\/p\/[\w-]+\/<\/item>/, 'Grandstream Model HW GRP2614 [V2.2A] SW 1.0.5.15 DevId c074ad0b63ee', 'cfg{mac}.xml'],
      ['Poly', 'VVX 450', '6.4.6.2453', '3111-48450-001.sip.ld', /APP_FILE_PATH="https:\/\/phones\.example\.com:8443\/p\/[\w-]+\/sip\.ld"/, 'FileTransport PolycomVVX-VVX_450-UA/6.4.3.5156 Type/Application', '{mac}.cfg'],
      ['AudioCodes', '445HD', '3.4.8.1', '445HD.img', /\nprovisioning\/firmware\/url=https:\/\/phones\.example\.com:8443\/p\/[\w-]+\/445HD\.img\n/, 'AUDC-IPPhone/3.4.6.604 (445HD-Rev0; 00908F602AAC)', '{MAC}.cfg'],
      ['Snom', 'D785', '10.1.169.16', 'snomD785-10.1.169.16-SIP-r.bin', /<firmware perm="R">https:\/\/[^<]+\/snomD785-10\.1\.169\.16-SIP-r\.bin</, 'Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 1.1.3-s 000413922D24 SXM:0 UXM:0)', '{MAC}.xml'],
    ] as const) {
      const { mac, first } = await phone({ type, model });
      await keep(`${type}/${version}/${file}`, 'image');
      const { json: { rule_id: id } } = await expect(201, 'POST', RULES, { version, device_type: type, device_model: model, image_file: file, restart_type: 2 });
      const asked = name.replace('{mac}', mac).replace('{MAC}', mac.toUpperCase());
      const reply = await ask(`${first}${asked}`, { headers: { 'user-agent': userAgent } });
      t.match(reply.body, pattern, `${type} is told`);
      if (type === 'Poly') await ask(`${first}${mac}-cordboard.cfg`, { headers: { 'user-agent': userAgent } });
      t.match(await ask(`${first}${file}`), { status: 200, body: 'image' }, `${type} gets it`);
      await expect(204, 'DELETE', `${RULES}/${id}`);
    }
  });

  await t.test('a change of firmware waits for its hours, and never comes with a step of hot desking', async (t) => {
    await expect(201, 'POST', '/v2/cordboard/provisioning/allowed_hosts', { host: 'fw.example.com', note: 'the mirror' });
    const { id, mac, first } = await phone();
    const url = 'https://fw.example.com/T54W.rom';
    const day = new Date(clock.now());
    const clockAt = (minutes: number): string => new Date(day.getTime() + minutes * 60_000).toISOString().slice(11, 16);
    const made = { version: '96.86.0.71', device_type: 'Yealink', device_model: 'T54W', restart_type: 2, image_url: url };
    const { json: { rule_id: rule } } = await expect(201, 'POST', RULES, { ...made, hours: `${clockAt(60)}-${clockAt(180)}` });
    const site = (await expect(200, 'GET', '/v2/phone/sites')).json.sites[0].id;
    t.equal((await office.deps.stores.sites.get(office.account.id, site))?.timeZone ?? 'Etc/UTC', 'Etc/UTC');
    const folder = folderIn((await ask(`${first}${mac}.cfg`)).body, server.origin);
    const toldNow = async (): Promise<boolean> => (await ask(`${folder}${mac}.cfg`)).body.includes(`static.firmware.url = ${url}\n`);
    t.notOk(await toldNow(), 'too early');
    clock.advance(61 * 60_000);
    t.ok(await toldNow(), 'in its hours');
    clock.advance(180 * 60_000);
    t.ok(await toldNow(), 'what it was told stays');
    await expect(204, 'PATCH', `${RULES}/${rule}`, { ...made, version: '96.86.0.72', hours: '' });
    office.stepAt.set(id as DeviceId, clock.now());
    const held = (await ask(`${folder}${mac}.cfg`)).body;
    t.match(held, /\nstatic\.firmware\.url = ?\n/, 'nothing new while somebody sits down');
    clock.advance(16 * 60_000);
    t.ok(await toldNow());
    await expect(204, 'DELETE', '/v2/cordboard/provisioning/allowed_hosts/fw.example.com');
    t.notOk(await toldNow(), 'the host is not allowed any more');
    for (const [body, status, field] of [
      [{ ...made, hours: '25:00-01:00' }, 400, 'hours'], [{ ...made, weekdays: ['someday'] }, 400, 'weekdays'], [{ ...made, from_version: '2.0', to_version: '1.0' }, 400, 'to_version'],
      [{ ...made, image_url: 'https://elsewhere.example.com/a.rom' }, 400, 'image_url'], [{ ...made, more_models: ['T999'] }, 400, 'more_models'],
    ] as const) t.match((await expect(status, 'PATCH', `${RULES}/${rule}`, body)).text, field, JSON.stringify(body).slice(0, 200));
  });

  await t.test('hosts that phones may be sent to', async (t) => {
    const path = '/v2/cordboard/provisioning/allowed_hosts';
    for (const [body, status, options] of [
      [{ host: 'https://a.example.com' }, 400], [{ host: 'a b' }, 400], [{ host: '' }, 400], [{ host: 'sounds.example.com', more: 1 }, 400], [{ host: 'sounds.example.com' }, 403, readOnly],
    ] as const) await expect(status, 'POST', path, body, options);
    const templates = '/v2/phone/provision_templates';
    const text = { name: 'Sounds', content: 'ringtone.url = https://sounds.example.com/bell.wav\n', families: ['yealink'] };
    t.match((await expect(400, 'POST', templates, text)).json.errors, [{ field: 'content', message: /[Ll]ine 1.*sounds\.example\.com/ }]);
    await expect(201, 'POST', path, { host: 'Sounds.Example.com' });
    const { json: { id } } = await expect(201, 'POST', templates, text);
    t.match((await expect(200, 'GET', path)).json.hosts, [{ host: 'sounds.example.com' }]);
    const { mac, first } = await phone({ provision_template_id: id });
    t.match((await ask(`${first}${mac}.cfg`)).body, /\nringtone\.url = https:\/\/sounds\.example\.com\/bell\.wav\n/);
    t.match((await expect(400, 'POST', templates, { ...text, name: 'F', content: 'static.firmware.url = https://sounds.example.com/x.rom\n' })).json.errors, [{ message: /product alone/ }], 'firmware stays ours');
    await expect(403, 'DELETE', `${path}/sounds.example.com`, undefined, readOnly);
    await expect(204, 'DELETE', `${path}/sounds.example.com`);
    await expect(404, 'DELETE', `${path}/sounds.example.com`);
    t.notMatch((await ask(`${first}${mac}.cfg`)).body, /sounds\.example/);
  });
});
