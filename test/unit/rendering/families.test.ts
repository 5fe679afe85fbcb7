import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PHONE_FAMILIES } from '../../../src/domain/device/phone-families.js';
import { capacityOf, readPhone } from '../../../src/domain/device/phone-models.js';
import { recognisePhone } from '../../../src/domain/device/phone-families-recognise.js';
import type { PhoneFileKind } from '../../../src/domain/provisioning/match-request.js';
import type { CommonFacts } from '../../../src/ports/phone-files.js';
import { loadFamilies } from '../../../src/rendering/load-families.js';
import { createPhoneFiles } from '../../../src/rendering/phone-renderer.js';
import { TemplateEngine } from '../../../src/rendering/template-engine.js';
import { TEMPLATE_FOLDER } from '../../support/phone-facts.js';

const families = loadFamilies(TEMPLATE_FOLDER);
const files = createPhoneFiles(TEMPLATE_FOLDER);
const COMMON: CommonFacts = { baseUrl: 'https://phones.example.com/p/', ntpPrimary: 'ntp1.example.com', ntpSecondary: '' };

t.test('manifests say the same of NOTIFY and of makers as the rest of the product', async (t) => {
  for (const { templateFamily, manifest, models } of families) {
    const facts = PHONE_FAMILIES[manifest.family];
    t.equal(manifest.notify.resync, facts.resyncEvent, `${templateFamily}: the event after which it reads its configuration`);
    t.equal(manifest.notify.reboot, facts.restartEvent, `${templateFamily}: the event after which it restarts`);
    for (const { model, aliases } of models) {
      t.equal(recognisePhone({ type: manifest.maker, model }, null).family, manifest.family, `${manifest.maker} ${model}`);
      for (const name of [model, ...aliases.filter((one) => one !== '*')]) t.equal(files.findModel(manifest.maker, name)?.model, model, `${name} is found`);
    }
  }
  t.same(new Set(families.map(({ manifest }) => manifest.family)), new Set(Object.keys(PHONE_FAMILIES)), 'every family has templates');
});

t.test('models are those that devices may have, with as many accounts and keys', async (t) => {
  for (const { maker, model, usableKeys, accounts } of files.models) {
    const known = readPhone(maker, model);
    t.match(known, { kind: 'known' }, `${maker} ${model}`);
    if (known.kind !== 'known') continue;
    const capacity = capacityOf(known);
    // Cisco's line is the first key even where there is no button for it.
    if (capacity.lineKeys !== null) t.equal(usableKeys, Math.max(capacity.lineKeys, maker === 'Cisco' ? 1 : 0), `keys of ${maker} ${model}`);
    if (capacity.accounts !== null) t.equal(accounts, capacity.accounts, `accounts of ${maker} ${model}`);
  }
  t.equal(files.findModel('Softphone', 'Linphone 5')?.model, 'baresip', 'every softphone gets the same files');
});

t.test('models', async (t) => {
  for (const { manifest, models } of families) {
    const codes = models.map(({ code }) => code).filter(Boolean);
    t.equal(new Set(codes).size, codes.length, `${manifest.title}: one code, one model`);
    for (const model of models) {
      t.ok(model.usableKeys <= model.keySlots, model.model);
      t.equal(model.capabilities.background === 'no', model.background === null, `${model.model}: a background or none`);
      t.ok(model.idleSoftKeys > 0 || model.capabilities['home-soft-key'] === 'no', model.model);
    }
  }
  for (const [maker, model, found] of [
    ['Yealink', 'SIP-T54W', 'T54W'], ['yealink', 't54w', 'T54W'], ['Polycom', 'VVX450', 'VVX 450'], ['Cisco', 'CP-8841-3PCC', '8841'],
    ['Yealink', 'T99', null], ['Snom', 'T54W', null], ['', '', null],
  ] as const) t.equal(files.findModel(maker, model)?.model ?? null, found, `${maker} ${model}`);
});

const MAC = '001565a1b2c3';
const asked = (path: string): readonly (readonly [string, string, PhoneFileKind])[] => files.request(path).map(({ templateFamily, file, kind }) => [templateFamily, file, kind]);

t.test('what a booting phone asks for, in its order', async (t) => {
  for (const [family, path, file, kind, mac, code] of [
    ['yealink/t-series', `${MAC}.boot`, 'boot', 'absent', MAC, null], ['yealink/t-series', 'y000000000000.boot', 'boot', 'absent', null, null],
    ['yealink/t-series', 'y000000000096.cfg', 'common', 'common', null, '96'], ['yealink/t-series', 'y000000000108.cfg', 'common', 'common', null, '108'],
    ['yealink/t-series', `${MAC}.cfg`, 'device', 'device', MAC, null], ['yealink/t-series', `${MAC}-local.cfg`, 'local', 'upload', MAC, null],
    ['poly/ucs', `${MAC}.cfg`, 'master', 'device', MAC, null], ['poly/ucs', `${MAC}-cordboard.cfg`, 'device', 'device', MAC, null],
    ['poly/ucs', '000000000000.cfg', 'generic', 'absent', null, null], ['poly/ucs', `${MAC}-phone.cfg`, 'overrides', 'upload', MAC, null],
    ['poly/ucs', `${MAC}-web.cfg`, 'overrides', 'upload', MAC, null], ['poly/ucs', `${MAC}-directory.xml`, 'directory', 'device', MAC, null],
    ['poly/ucs', `${MAC}-app.log`, 'uploads', 'upload', MAC, null], ['poly/ucs', '3111-48450-001.sip.ld', 'firmware', 'absent', null, null],
    ['cisco/mpp', '8841-3PCC.xml', 'common', 'common', null, '8841-3PCC'], ['cisco/mpp', `${MAC}.xml`, 'device', 'device', MAC, null],
    ['grandstream/grp-gxp', `cfg${MAC}`, 'binary', 'absent', MAC, null], ['grandstream/grp-gxp', `cfg${MAC}.xml`, 'device', 'device', MAC, null],
    ['grandstream/grp-gxp', 'cfggrp2614.xml', 'common', 'common', null, 'grp2614'], ['grandstream/grp-gxp', 'cfg.xml', 'any-model', 'common', null, null],
    ['snom/d-series', '001565A1B2C3.xml', 'device', 'device', MAC, null], ['snom/d-series', 'snomD785.htm', 'common', 'common', null, 'D785'],
    ['snom/d-series', 'snomD785-001565A1B2C3.htm', 'device-by-model', 'device', MAC, null], ['snom/d-series', 'snomD785-firmware.xml', 'firmware', 'absent', null, null],
    ['fanvil/x-v-series', 'F0VV6200000.cfg', 'common', 'common', null, 'F0VV6200000'], ['fanvil/x-v-series', `${MAC}.cfg`, 'device', 'device', MAC, null],
    ['audiocodes/hd', '001565A1B2C3.cfg', 'device', 'device', MAC, null], ['audiocodes/hd', '445HD.img', 'firmware', 'absent', null, null],
    ['generic/softphone', 'accounts', 'accounts', 'device', null, null], ['generic/softphone', 'phone.ini', 'ini', 'device', null, null],
  ] as readonly (readonly [string, string, string, PhoneFileKind, string | null, string | null])[]) {
    const found = files.request(`/p/token/${path}?x=1`).find(({ templateFamily }) => templateFamily === family);
    t.same(found, { templateFamily: family, file, kind, macAddress: mac, code }, path);
  }
  for (const mac of ['00-15-65-a1-b2-c3', '00:15:65:A1:B2:C3', '0015.65a1.b2c3']) t.equal(files.request(`${mac}.cfg`)[0]?.macAddress, MAC, mac);
  for (const path of ['', '/', '../../etc/passwd', '00156.cfg', `${MAC}.cfg.bak`, `x${MAC}.cfg`, 'a'.repeat(300), `${MAC}.cfg%00`, 'y0000000000.cfg', `${'0'.repeat(100)}.cfg`]) {
    t.same(asked(path), [], path.slice(0, 30));
  }
});

t.test('User-Agents of requests', async (t) => {
  for (const [text, templateFamily, model, firmware, macAddress] of [
    ['Yealink SIP-T46S 66.86.0.15 80:5e:c0:11:22:33', 'yealink/t-series', 'T46S', '66.86.0.15', '805ec0112233'],
    ['Yealink SIP-T54W 96.86.0.70 805ec0112233', 'yealink/t-series', 'T54W', '96.86.0.70', '805ec0112233'],
    ['FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 Type/Application', 'poly/ucs', 'VVX 400', '4.1.4.7430', null],
    ['FileTransport PolycomVVX-VVX_450-UA/6.4.3.5814 (SN:64167f112233) Type/Updater', 'poly/ucs', 'VVX 450', '6.4.3.5814', '64167f112233'],
    ['Cisco-CP-7832-3PCC/11.0.1 (00562b043615)', 'cisco/mpp', '7832', '11.0.1', '00562b043615'],
    ['Grandstream Model HW GRP2614 [V2.2A] SW 1.0.5.15 DevId c074ad0b63ee', 'grandstream/grp-gxp', 'GRP2614', '1.0.5.15', 'c074ad0b63ee'],
    ['Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413922D24 SXM:0 UXM:0)', 'snom/d-series', 'D785', '10.1.33.33', '000413922d24'],
    ['Fanvil X5U-V2 2.12.16.17 0c383e557eb1', 'fanvil/x-v-series', 'X5U-V2', '2.12.16.17', '0c383e557eb1'],
    ['AUDC-IPPhone/2.2.8.61 (440HDG-Rev0; 00908F602AAC)', 'audiocodes/hd', '440HDG', '2.2.8.61', '00908f602aac'],
    ['AUDC/3.4.6.604 AUDC-IPPhone-C450HD_UC_3.4.6.604/1', 'audiocodes/hd', 'C450HD', '3.4.6.604', null],
  ] as const) t.same(files.recognise(text), { templateFamily, model, firmware, macAddress }, text);
  for (const text of ['', 'curl/8.0', 'Mozilla/5.0', `Yealink ${'x'.repeat(300)}`, 'Grandstream Model HW '.repeat(10)]) t.equal(files.recognise(text), null, text.slice(0, 20));
});

t.test('common files: the place of the device\'s own file, the web interface off, and no secret', async (t) => {
  for (const [family, name] of [
    ['yealink/t-series', 'y000000000096.cfg'], ['cisco/mpp', '8841-3PCC.xml'], ['grandstream/grp-gxp', 'cfggrp2614.xml'], ['snom/d-series', 'snomD785.htm'],
    ['fanvil/x-v-series', 'F0VV6200000.cfg'],
  ] as const) {
    const request = files.request(name).find(({ templateFamily }) => templateFamily === family);
    const outcome = files.renderCommon(family, request?.file ?? '', request?.code ?? null, COMMON);
    t.equal(outcome.kind, 'rendered', name);
    if (outcome.kind !== 'rendered') continue;
    t.match(outcome.body, /phones\.example\.com\/p\//);
    t.notMatch(outcome.body, /password|passwd|pswd|user_name|userid/i);
  }
  t.equal(files.renderCommon('yealink/t-series', 'device', null, COMMON).kind, 'no-such-file', 'a device\'s file is no common one');
  t.equal(files.renderCommon('nobody/nothing', 'common', null, COMMON).kind, 'no-such-file');
});

t.test('templates have no way round the escaping, to files or to time', async (t) => {
  const engine = new TemplateEngine('yealink-cfg');
  for (const text of ['{{ a | raw }}', "{% include 'x' %}", "{% render 'x' %}", "{% layout 'x' %}", '{{ a | date }}', '{% raw %}x{% endraw %}', '{% liquid echo a %}', '{{ a | json }}', '{% capture x %}{% endcapture %}']) {
    t.throws(() => engine.render(engine.parse('x', text), { a: 'b' }), { message: /./ }, text);
  }
  t.throws(() => engine.render(engine.parse('x', '{{ nobody }}'), {}), /undefined variable/);
  t.throws(() => engine.render(engine.parse('x', '{{ a.constructor }}'), { a: {} }), { message: /undefined variable/ }, 'nothing but own properties');
  t.throws(() => engine.render(engine.parse('x', '{{ a }}'), { a: 'b\nc' }), { name: 'UnrepresentableValue', message: '{{ a }}' });
  t.throws(() => engine.render(engine.parse('x', '{{ a }}'), { a: ['b'] }), /texts and numbers/);
  const xml = new TemplateEngine('fanvil-xml');
  t.equal(xml.render(xml.parse('x', '<a>{{ a }}</a>'), { a: `<"&'>` }), '<a>&lt;&quot;&amp;&apos;&gt;</a>');
});

t.test('a wrong folder is refused with its file and its fault', async (t) => {
  const folder = t.testdir();
  t.throws(() => loadFamilies(join(folder, 'nothing')), { name: 'TemplateFolderProblem', message: /nothing cannot be read/ });
  t.throws(() => loadFamilies(folder), { message: /no templates/ });
  const write = (manifest: string): void => {
    mkdirSync(join(folder, 'maker', 'family'), { recursive: true });
    writeFileSync(join(folder, 'maker', 'family', 'manifest.json'), manifest);
  };
  write('{');
  t.throws(() => loadFamilies(folder), { message: /manifest\.json: / });
  write('{"maker": "X"}');
  t.throws(() => loadFamilies(folder), { message: /manifest\.json[^]*capabilities/ });
  const [first] = families;
  write(JSON.stringify({ ...first?.manifest, surprise: 1 }));
  t.throws(() => loadFamilies(folder), { message: /surprise/ });
  write(JSON.stringify(first?.manifest));
  t.throws(() => loadFamilies(folder), { message: /\.liquid cannot be read/ });
  const template = first?.manifest.files.find((file) => file.template !== undefined)?.template ?? '';
  for (const { template: name } of first?.manifest.files ?? []) if (name !== undefined) writeFileSync(join(folder, 'maker', 'family', name), '{% if %}');
  t.throws(() => createPhoneFiles(folder), { message: new RegExp(`maker/family/${template}: `) });
});
