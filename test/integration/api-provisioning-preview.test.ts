import t from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { startPhoneOffice } from '../support/phone-office.js';

t.test('provision templates and the files they make', async (t) => {
  const office = await startPhoneOffice(t);
  const { expect, deps, ada, desk, readOnly, add, raises } = office;
  const templates = '/v2/phone/provision_templates';
  const preview = async (id: string) => (await expect(200, 'GET', `/v2/cordboard/devices/${id}/provisioning/preview`)).json;

  await t.test('a template is checked line by line in the language of its families', async (t) => {
    for (const [content, families, message] of [
      ['phone_setting.x = 1\naccount.1.password = x', [], /^Line 2: Yealink: .*product alone/],
      ['phone_setting.x = 1\nwhat is this', [], /^Line 2: Yealink: .*key = value/],
      ['phone_setting.x = 1', ['yealink', 'snom'], /^Line 1: Snom: /],
      ['phone_setting.x = https://img.example.com/a', ['yealink'], /^Line 1: Yealink: .*not allowed/],
    ] as const) t.match((await expect(400, 'POST', templates, { name: 'b', content, families })).json.errors, [{ field: 'content', message }], content);
    const { json: made } = await expect(201, 'POST', templates, { name: 'Ringing', content: 'phone_setting.ring_type = Ring2.wav' });
    const path = `${templates}/${made.id}`;
    t.match((await expect(400, 'PATCH', path, { content: 'network.vlan = 1' })).json.errors, [{ field: 'content', message: /^Line 1: Yealink: .*not among/ }]);
    t.match((await expect(400, 'PATCH', path, { families: ['poly'] })).json.errors, [{ field: 'content', message: /^Line 1: Poly: / }]);
    t.match((await expect(200, 'GET', path)).json, { families: [], fits: ['yealink'], content: 'phone_setting.ring_type = Ring2.wav' });
    await expect(204, 'PATCH', path, { description: 'For bells' });
    await expect(204, 'DELETE', path);
  });

  await t.test('a preview has the files of the phone, and no secret', async (t) => {
    await expect(200, 'PATCH', '/v2/cordboard/account/desk_phone_settings', { admin_password: { value: 'S3cret-pass' }, time_format: { value: '24h' } });
    const sealed = await deps.stores.devices.sealedPassword(desk as DeviceId);
    const password = deps.secretBox.open(sealed ?? '', desk);
    for (const [type, model, names] of [
      ['Yealink', 'T54W', /\.cfg$/], ['Poly', 'VVX 450', /\.(?:cfg|xml)$/], ['Cisco', '8841', /\.xml$/], ['Grandstream', 'GRP2614', /^cfg.*\.xml$/],
      ['Snom', 'D785', /\.(?:xml|htm)$/], ['Fanvil', 'X5U', /\.cfg$/], ['AudioCodes', '445HD', /\.cfg$/],
    ] as const) {
      const found = await preview(await add({ type, model, assignee_extension_ids: [ada.extension_id] }));
      const text: string = found.files.map(({ content }: { content: string }) => content).join('\n');
      t.ok(found.files.length > 0 && found.files.every((one: { name: string; problem: string }) => names.test(one.name) && one.problem === ''), model);
      t.match(text, /\*{8}/, 'passwords are masked');
      t.notOk(text.includes('S3cret'), 'the admin password is not there');
      t.notMatch(text, /\/p\/[A-Za-z0-9]/, 'nor the token of the address');
    }
    const found = await preview(desk);
    t.match(found, { device_id: desk, maker: 'Yealink', model: 'T54W', family: 'yealink', template_problem: '' });
    t.match(found.files[0].content, /local_time\.time_format = 1/);
    t.ok(password.length > 8 && !JSON.stringify(found).includes(password), 'nor the password of the SIP account');
  });

  await t.test('a template acts on the phones of its families alone', async (t) => {
    const { json: { id } } = await expect(201, 'POST', templates, { name: 'Bells', content: 'phone_setting.ring_type = Ring2.wav', families: ['yealink'] });
    t.ok(await raises('PUT', `/v2/phone/devices/${desk}/provision_templates`, { provision_template_id: id }));
    t.match((await preview(desk)).files.map(({ content }: { content: string }) => content).join('\n'), /\nphone_setting\.ring_type = Ring2\.wav\n/);
    t.ok(await raises('PATCH', `${templates}/${id}`, { families: [] }), 'for other phones');
    const snom = await add({ type: 'Snom', model: 'D785', provision_template_id: id });
    const left = await preview(snom);
    t.match(left.template_problem, /Bells, line 1/);
    t.notOk(JSON.stringify(left.files).includes('Ring2'));
    await expect(204, 'PATCH', `${templates}/${id}`, { families: ['yealink'] });
    t.match((await preview(snom)).template_problem, /for yealink alone/);
  });

  await t.test('a firmware rule with an image is told to its share of phones', async (t) => {
    const rules = '/v2/phone/firmware_update_rules';
    const rule = { version: '96.86.0.70', device_type: 'Yealink', device_model: 'T54W', restart_type: 2 };
    const image = 'https://fw.example.com/T54W.rom';
    t.match((await expect(400, 'POST', rules, { ...rule, image_url: image })).json.errors, [{ field: 'image_url', message: /allowed_hosts/ }], 'a host that nobody allowed');
    await expect(201, 'POST', '/v2/cordboard/provisioning/allowed_hosts', { host: 'FW.example.com' });
    const told = async () => (await preview(desk)).files.some(({ content }: { content: string }) => content.includes(`static.firmware.url = ${image}`));
    for (const [more, field] of [[{ image_url: 'http://fw.example.com/a' }, 'image_url'], [{ image_url: 'https://a:b@fw.example.com/a' }, 'image_url'], [{ percent: 101 }, 'percent']] as const) {
      t.match((await expect(400, 'POST', rules, { ...rule, ...more })).json.errors, [{ field }], JSON.stringify(more));
    }
    const { json: { rule_id: id } } = await expect(201, 'POST', rules, rule);
    t.match((await expect(200, 'GET', `${rules}/${id}`)).json, { image_url: '', percent: 100 });
    t.notOk(await told(), 'nothing is told without an image');
    t.ok(await raises('PATCH', `${rules}/${id}`, { ...rule, image_url: image }), 'phones are to read it');
    t.ok(await told());
    t.ok(await raises('PATCH', `${rules}/${id}`, { ...rule, image_url: image, percent: 0 }));
    t.notOk(await told(), 'a share of nothing');
    await expect(204, 'PATCH', `${rules}/${id}`, { ...rule, version: '96.86.0.71' });
    t.match((await expect(200, 'GET', `${rules}/${id}`)).json, { version: '96.86.0.71', image_url: image, percent: 0 }, 'who does not know these fields leaves them as they are');
    await expect(204, 'DELETE', `${rules}/${id}`);
  });

  await t.test('who may look, and at what', async () => {
    await expect(200, 'GET', `/v2/cordboard/devices/${desk}/provisioning/preview`, undefined, readOnly);
    await expect(404, 'GET', '/v2/cordboard/devices/none/provisioning/preview');
    const other = await add({ type: 'Other', model: 'Thing' });
    t.match((await expect(409, 'GET', `/v2/cordboard/devices/${other}/provisioning/preview`)).json.errors, [{ field: 'deviceId' }]);
  });
});
