import t from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { resyncStep } from '../../src/domain/device/resync-machine.js';
import { createRunCampaigns } from '../../src/usecases/resyncs/run-campaigns.js';
import { folderIn, startPhoneFileOffice } from '../support/phone-file-office.js';
import { registerCommand } from '../support/redis.js';

t.test('re-syncs of many phones by API', async (t) => {
  const office = await startPhoneFileOffice(t);
  const { expect, call, add, ask, enrol, deps, clock, readOnly, ada } = office;
  const run = createRunCampaigns({ stores: deps.stores, uow: deps.uow, clock, log: deps.log });
  const macOf = async (id: string): Promise<string> => ((await expect(200, 'GET', `/v2/phone/devices/${id}`)).json.mac_address as string).replaceAll(/[:-]/g, '').toLowerCase();
  const diff = async (id: string) => (await expect(200, 'GET', `/v2/cordboard/devices/${id}/provisioning/diff`)).json;
  /** Enrols and fetches as the make does; the folder it knows then. */
  const fetched = async (id: string, name: (mac: string) => string = (mac) => `${mac}.cfg`): Promise<() => Promise<void>> => {
    const file = name(await macOf(id));
    const folder = folderIn((await ask(`${await enrol(id)}${file}`)).body, office.server.origin);
    const again = async (): Promise<void> => {
      const reply = await ask(`${folder}${file}`, { headers: { 'user-agent': 'Yealink SIP-T54W 96.86.0.70' } });
      if (reply.status !== 200) throw new Error(`${reply.status} ${file}`);
    };
    await again();
    return again;
  };
  /** What the phone answers to its NOTIFY. */
  const answers = async (id: string, status: number): Promise<void> => {
    const wish = await deps.stores.deviceResyncs.get(id as DeviceId);
    if (wish === null) throw new Error('it was not asked');
    const sent = resyncStep(wish, { kind: 'send' }, clock.now(), 0);
    await deps.stores.deviceResyncs.step(wish, sent);
    await deps.stores.deviceResyncs.step(sent, resyncStep(sent, { kind: 'answered', status, retryAfterMs: null }, clock.now(), 0));
  };
  const look = async (ms = 2000): Promise<void> => {
    clock.advance(ms);
    await run();
  };
  const detail = async (id: string, query = '') => (await expect(200, 'GET', `/v2/cordboard/resyncs/${id}?page_size=300${query}`)).json;
  const states = async (id: string): Promise<Readonly<Record<string, string>>> => Object.fromEntries(((await detail(id)).phones as { device_id: string; state: string; reason: { code: string } }[])
    .map((phone) => [phone.device_id, `${phone.state} ${phone.reason.code}`]));

  await t.test('what a phone would get beside what it has, secrets masked', async (t) => {
    const id = await add({ assignee_extension_ids: [ada.extension_id] });
    t.match(await diff(id), { change: 'never-delivered', delivered_generation: 0, delivered_at: '', files: [{ name: /\.cfg$/, change: 'never-delivered', diff: '', problem: '' }] });
    const again = await fetched(id);
    t.match(await diff(id), { change: 'same', delivered_generation: 1, files: [{ change: 'same', added: 0, removed: 0, diff: '' }] });
    await expect(200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { time_format: { value: '24h' } });
    const changed = await diff(id);
    t.match(changed, { change: 'changed', generation: 2, files: [{ change: 'changed', added: 1, removed: 1, diff: /^@@ [^\n]+ @@\n(?: .*\n)*-local_time.time_format = 0\n\+local_time.time_format = 1\n(?: .*\n)*$/ }] });
    await expect(200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { admin_password: { value: 'first-Secret-1' } });
    await again();
    t.equal((await diff(id)).change, 'same');
    await expect(200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { admin_password: { value: 'other-Secret-2' } });
    const secret = (await diff(id)).files[0];
    t.match(secret, { change: 'changed', added: 1, removed: 1 });
    const marks = [...(secret.diff as string).matchAll(/^[-+]static\.security\.user_password = .*\*{8}-([\w-]{8})$/gm)].map(([, mark]) => mark);
    t.equal(new Set(marks).size, 2, 'that it is another one is seen');
    const sealed = await deps.stores.devices.sealedPassword(id as DeviceId);
    const secrets = ['first-Secret-1', 'other-Secret-2', deps.secretBox.open(sealed ?? '', id)];
    const kept = JSON.stringify([secret, ...(await deps.stores.deliveredFiles.of([id as DeviceId])).values()]);
    for (const clear of secrets) t.notOk(kept.includes(clear), 'and not which');
    await again();
    await expect(200, 'POST', `/v2/cordboard/devices/${id}/provisioning/rotate`, {});
    t.match((await diff(id)).files[0].diff, /^\+.*\/p\/\*{8}-[\w-]{8}\//m, 'a new address is seen');
    t.equal((await call('GET', `/v2/cordboard/devices/${office.soft}/provisioning/diff`)).status, 200);
    t.equal((await call('GET', `/v2/cordboard/devices/${await add({ type: 'other', model: 'x' })}/provisioning/diff`)).status, 409, 'no files');
    t.equal((await call('GET', '/v2/cordboard/devices/nobody/provisioning/diff')).status, 404);
  });

  await t.test('bad input names its field', async (t) => {
    for (const [name, body, field] of [
      ['nothing', {}, 'scope'], ['an empty scope', { scope: {} }, 'scope'], ['two places', { scope: { account: true, site_id: 'x' } }, 'scope'],
      ['a site of nobody', { scope: { site_id: 'x' } }, 'scope.site_id'], ['a template of nobody', { scope: { provision_template_id: 'x' } }, 'scope.provision_template_id'],
      ['a rule of nobody', { scope: { firmware_rule_id: 'x' } }, 'scope.firmware_rule_id'], ['a phone of nobody', { scope: { device_ids: [office.desk, 'x'] } }, 'scope.device_ids[1]'],
      ['a make of nobody', { scope: { family: 'other' } }, 'scope.family'], ['a model of no make', { scope: { account: true, model: 'T54W' } }, 'scope.model'],
      ['both sizes', { scope: { account: true }, batch: { size: 1, percent: 1 } }, 'batch'], ['no phones', { scope: { account: true }, batch: { size: 0 } }, 'batch.size'],
      ['a pause of days', { scope: { account: true }, pause_seconds: 100_000 }, 'pause_seconds'], ['waiting for ever', { scope: { account: true }, give_up_minutes: 0 }, 'give_up_minutes'],
      ['a field of nobody', { scope: { account: true }, stages: 3 }, 'stages'],
    ] as const) {
      for (const path of ['/v2/cordboard/resyncs', '/v2/cordboard/resyncs/preview']) t.match((await expect(400, 'POST', path, body)).json.errors, [{ field }], `${name}: ${path}`);
    }
    const one = { scope: { device_ids: [office.desk] } };
    t.equal((await call('POST', '/v2/cordboard/resyncs', one, readOnly)).status, 403);
    t.equal((await call('POST', '/v2/cordboard/resyncs/preview', one, readOnly)).status, 200, 'who may look may preview');
    t.equal((await call('POST', '/v2/cordboard/resyncs/x/cancel', {}, readOnly)).status, 403);
    for (const [method, path] of [['GET', '/v2/cordboard/resyncs/x'], ['POST', '/v2/cordboard/resyncs/x/cancel']] as const) t.equal((await call(method, path, method === 'POST' ? {} : undefined)).status, 404);
    t.equal((await call('GET', '/v2/cordboard/resyncs?next_page_token=%')).status, 400);
    t.equal((await call('GET', '/v2/cordboard/resyncs?state=asleep')).status, 400);
  });

  await t.test('a preview says of each phone what would become of it', async (t) => {
    const [there, poly, fresh, hand] = [await add(), await add({ type: 'Poly', model: 'VVX 450' }), await add(), await add({ type: 'Softphone', model: 'baresip' })];
    const again = await fetched(there);
    await fetched(poly, (mac) => `${mac}-cordboard.cfg`);
    const body = { scope: { device_ids: [there, poly, fresh, hand] }, batch: { percent: 50 }, pause_seconds: 90 };
    const preview = async (more: object = {}, query = '') => (await expect(200, 'POST', `/v2/cordboard/resyncs/preview${query}`, { ...body, ...more })).json;
    t.match(await preview(), {
      total_records: 4, asked: 1, batch_size: 1, batches: 1, last_batch_after_seconds: 0,
      skipped: [{ code: 'up-to-date', phones: 2 }, { code: 'set-up-by-hand', phones: 1 }],
    });
    await expect(200, 'PATCH', `/v2/cordboard/devices/${there}/desk_phone_settings`, { time_format: { value: '24h' } });
    await expect(204, 'PATCH', `/v2/phone/devices/${poly}`, { display_name: 'Renamed' });
    await expect(200, 'PATCH', `/v2/cordboard/devices/${poly}/desk_phone_settings`, { time_format: { value: '24h' } });
    await deps.locations.register(registerCommand([{ uri: 'sip:there@192.168.7.9:5060', seconds: 600 }], {
      accountId: office.account.id, deviceId: there as DeviceId, at: clock.now(), userAgent: 'Yealink SIP-T54W 96.86.0.70',
    }));
    const found = await preview({ include_diff: true });
    t.match(found, { asked: 3, batch_size: 2, batches: 2, last_batch_after_seconds: 90, next_page_token: '' });
    const of = (id: string) => found.phones.find((phone: { device_id: string }) => phone.device_id === id);
    t.match(of(there), {
      skipped: null, family: 'yealink', firmware: '96.86.0.70', provisioning_status: 'pending', enrolled: true, change: 'changed', added: 1, removed: 1,
      files: [{ diff: /time_format/ }], restart: { expected: 'no' }, event: 'check-sync;reboot=false', needs: ['sip.notify_reboot_enable = 0', 'sip.trust_ctrl = 1'],
      in_call: false, registered: true, contact: 'sip:there@192.168.7.9:5060',
    });
    t.match(of(poly), { change: 'changed', event: 'check-sync', restart: { expected: 'perhaps' }, registered: false, contact: '' });
    t.match(of(fresh), { change: 'never-delivered', enrolled: false, files: [], restart: { expected: 'perhaps' } });
    t.match(of(hand), { skipped: { code: 'set-up-by-hand', text: /\.$/ }, event: '' });
    t.match((await preview({ restart: true })).phones.find((phone: { device_id: string }) => phone.device_id === there), { event: 'check-sync;reboot=true', restart: { expected: 'yes' }, files: [] });
    const first = await preview({}, '?page_size=3');
    const rest = await preview({}, `?page_size=3&next_page_token=${first.next_page_token}`);
    t.same([...first.phones, ...rest.phones].map((phone: { device_id: string }) => phone.device_id), [there, poly, fresh, hand].sort());
    t.equal((await call('POST', '/v2/cordboard/resyncs/preview?page_size=51', body)).status, 400);
    await again();
    t.match((await preview()).phones.find((phone: { device_id: string }) => phone.device_id === there), { change: 'same', skipped: { code: 'up-to-date' }, restart: { expected: 'no' } });
    t.equal(await deps.stores.deviceResyncs.get(fresh as DeviceId), null, 'nobody was asked');
  });

  await t.test('a campaign goes batch by batch, and only a fetch delivers', async (t) => {
    const phones = [await add(), await add(), await add(), await add()];
    const again = new Map<string, () => Promise<void>>();
    for (const id of phones) again.set(id, await fetched(id));
    for (const id of phones.slice(0, 3)) await expect(200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { time_format: { value: '24h' } });
    const { json: begun } = await expect(201, 'POST', '/v2/cordboard/resyncs', { scope: { device_ids: phones }, batch: { size: 2 }, pause_seconds: 60, give_up_minutes: 10 });
    t.match(begun, {
      origin: 'by-hand', state: 'running', scope: { kind: 'devices', device_ids: phones }, batch_size: 2, batches_begun: 1, batches: 2, next_batch_at: /Z$/, deadline_at: '',
      ended_at: '', counts: { phones: 4, asked: 2, waiting: 1, skipped: 1, delivered: 0 },
    });
    const listed = (await detail(begun.id)).phones as { device_id: string; batch: number; state: string; reason: { text: string } }[];
    t.same(listed.map(({ batch }) => batch), [1, 1, 0, 0]);
    t.match(listed.at(-1), { device_id: phones[3], state: 'skipped', reason: { code: 'up-to-date', text: /^It has fetched/ } });
    const [one = '', two = '', three = ''] = listed.map(({ device_id: id }) => id);
    await answers(one, 200);
    await answers(two, 489);
    await look();
    t.match(await states(begun.id), { [one]: 'told not-fetched', [two]: 'refused refused-notify', [three]: 'waiting batch-not-begun' });
    await again.get(one)?.();
    await look();
    t.match(await detail(begun.id, '&state=delivered'), { total_records: 1, phones: [{ device_id: one, state: 'delivered', reason: { code: 'fetched' }, last_status: 200, told_at: /Z$/, delivered_at: /Z$/ }] });
    t.match(await states(begun.id), { [three]: 'waiting batch-not-begun' });
    await look(60_000);
    t.match(await states(begun.id), { [three]: 'asked due' });
    t.match(await detail(begun.id), { batches_begun: 2, batches: 2, next_batch_at: '', deadline_at: /Z$/, state: 'running' });
    await again.get(two)?.();
    await look();
    t.match(await states(begun.id), { [two]: 'delivered fetched' }, 'it came, whatever it had answered');
    await look(10 * 60_000);
    t.match(await detail(begun.id), { state: 'finished', ended_at: /Z$/, counts: { phones: 4, delivered: 2, asked: 1, skipped: 1 } }, 'over at the deadline, with its counts');
    t.match((await expect(200, 'GET', '/v2/cordboard/resyncs?state=finished')).json, { total_records: 1, resyncs: [{ id: begun.id, counts: { delivered: 2 } }] });
    t.match((await expect(200, 'POST', `/v2/cordboard/resyncs/${begun.id}/cancel`)).json, { state: 'finished' }, 'what has ended stays as it is');
    const { json: nothing } = await expect(201, 'POST', '/v2/cordboard/resyncs', { scope: { device_ids: [phones[3]] } });
    t.match(nothing, { state: 'finished', counts: { phones: 1, skipped: 1 } }, 'nobody to ask');
  });

  await t.test('a phone that fetches before its batch is not asked; a cancelled campaign asks nobody more', async (t) => {
    const phones = [await add(), await add(), await add(), await add()];
    const again = new Map<string, () => Promise<void>>();
    for (const id of phones) again.set(id, await fetched(id));
    for (const id of phones) await expect(200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { time_format: { value: '24h' } });
    const { json: begun } = await expect(201, 'POST', '/v2/cordboard/resyncs', { scope: { device_ids: phones }, batch: { percent: 25 }, pause_seconds: 60 });
    const [one = '', two = '', three = '', four = ''] = ((await detail(begun.id)).phones as { device_id: string }[]).map(({ device_id: id }) => id);
    await again.get(two)?.();
    await look(60_000);
    t.match(await states(begun.id), { [one]: 'asked due', [two]: 'delivered came-by-itself', [three]: 'asked due', [four]: 'waiting batch-not-begun' });
    t.equal((await deps.stores.deviceResyncs.get(two as DeviceId)), null);
    await answers(one, 200);
    t.match((await expect(200, 'POST', `/v2/cordboard/resyncs/${begun.id}/cancel`)).json, { state: 'cancelled', counts: { told: 1, cancelled: 2, delivered: 1 } });
    t.match(await states(begun.id), { [one]: 'told not-fetched', [three]: 'cancelled cancelled', [four]: 'cancelled cancelled' });
    t.match(await deps.stores.deviceResyncs.get(three as DeviceId), { state: 'not-needed' });
    await look(600_000);
    t.equal(await deps.stores.deviceResyncs.get(four as DeviceId), null);
    for (const action of ['begin-resyncs', 'cancel-resyncs']) t.ok((await call('GET', '/v2/cordboard/audit_log?page_size=100')).text.includes(`"${action}"`), action);
  });

  await t.test('sync of a site and firmware rules are campaigns, a rule of its share', async (t) => {
    const newest = async () => (await expect(200, 'GET', '/v2/cordboard/resyncs?page_size=1')).json.resyncs[0];
    const main = (await expect(200, 'GET', '/v2/phone/sites')).json.sites[0].id as string;
    await expect(204, 'POST', '/v2/phone/devices/sync', { level: 2, site_id: main });
    t.match(await newest(), { origin: 'sync', scope: { kind: 'site', site_id: main }, only_pending: false, batch_size: 100, pause_seconds: 60 });
    const models = [];
    for (let at = 0; at < 12; at += 1) models.push(await add({ model: 'T57W' }));
    const { json: rule } = await expect(201, 'POST', '/v2/phone/firmware_update_rules', { version: '97.86.0.1', device_type: 'Yealink', device_model: 'T57W', percent: 50, restart_type: 1 });
    const half = await newest();
    t.match(half, { origin: 'firmware-rule', scope: { kind: 'firmware-rule', firmware_rule_id: rule.rule_id }, counts: { phones: 12 } });
    t.ok(half.counts.asked > 0 && half.counts.asked < 12 && half.counts.asked + half.counts.skipped === 12, 'its share alone');
    t.match(new Set(Object.values(await states(half.id))), new Set(['asked due', 'skipped outside-share']));
    const byHand = (await expect(200, 'POST', '/v2/cordboard/resyncs/preview', { scope: { firmware_rule_id: rule.rule_id } })).json;
    t.equal(byHand.asked, half.counts.asked, 'a preview counts the same');
    await expect(204, 'PATCH', `/v2/phone/firmware_update_rules/${rule.rule_id}`, { version: '97.86.0.1', device_type: 'Yealink', device_model: 'T57W', percent: 100, restart_type: 1 });
    t.match(await newest(), { counts: { phones: 12, asked: 12 } });
    const before = (await newest()).id;
    await expect(200, 'PATCH', `/v2/cordboard/sites/${main}/desk_phone_settings`, { ntp_primary: { value: 'ntp.example.com' } });
    t.equal((await newest()).id, before, 'a change alone asks nobody');
    await expect(200, 'PATCH', `/v2/cordboard/sites/${main}/desk_phone_settings`, { ntp_primary: { value: 'time.example.com' }, resync: 'now' });
    t.match(await newest(), { origin: 'settings', scope: { kind: 'site', site_id: main }, only_pending: true });
    const user = await add({ assignee_extension_ids: [] });
    const again = await fetched(user);
    const { json: template } = await expect(201, 'POST', '/v2/phone/provision_templates', { name: 'Lobby', content: '' });
    await expect(204, 'PUT', `/v2/phone/devices/${user}/provision_templates`, { provision_template_id: template.id });
    await again();
    await expect(204, 'PATCH', `/v2/phone/provision_templates/${template.id}`, { content: 'features.dnd.allow = 0', families: ['yealink'], resync: 'now' });
    const ofTemplate = await newest();
    t.match(ofTemplate, { origin: 'template', counts: { phones: 1, asked: 1 } }, 'it is pending by this very change');
    await again();
    await look();
    t.match(await detail(ofTemplate.id), { state: 'finished', counts: { delivered: 1 } });
    t.equal((await call('PATCH', `/v2/cordboard/sites/${main}/desk_phone_settings`, { resync: 'soon' })).status, 400);
  });
});
