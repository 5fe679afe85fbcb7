/** Alerts over HTTP: settings, what opens and closes them, and who is told of calls for help. */
import t from 'tap';
import { asId, type CallRecordId, type DeviceId } from '../../src/domain/ids.js';
import { createTellEmergency } from '../../src/usecases/alerts/tell-emergency.js';
import { createTrunkTroubles } from '../../src/storage/redis/trunk-troubles.js';
import { createGatewayHealth } from '../../src/usecases/trunks/gateway-health.js';
import { createFindTroubles } from '../../src/usecases/trunks/trunk-troubles.js';
import { createWatchAlerts } from '../../src/usecases/alerts/watch-alerts.js';
import { createDeliverWebhooks } from '../../src/usecases/webhooks/deliver-webhooks.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import { systemLocalClock } from '../../src/wiring/local-time.js';
import { startApiOffice } from '../support/api-office.js';
import { aCall, aParty } from '../support/sample-account.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';

const MAIN = { address_line1: '1 Main Street', city: 'New York', country: 'US', state_code: 'NY', zip: '10001' };
const ALERTS = '/v2/phone/alert_settings';

t.test('alerts', async (t) => {
  const office = await startApiOffice(t);
  const { expect, call } = office;
  const site = await office.deps.stores.sites.main(office.account.id);
  if (site === null) throw new Error('no main site');
  await expect(201, 'POST', '/v2/phone/users/batch', {
    users: ['ann', 'bob'].map((name, index) => ({ email: `${name}@example.com`, first_name: name, calling_plans: [], extension_number: String(1001 + index) })),
  });
  const { json: desk } = await expect(201, 'POST', '/v2/phone/devices', {
    display_name: 'Desk 1', mac_address: '00:15:65:00:00:01', type: 'Yealink', model: 'T54W', assigned_to: 'ann@example.com',
  });
  const { json: { id: mainAddress } } = await expect(201, 'POST', '/v2/phone/emergency_addresses', MAIN);
  await expect(204, 'PATCH', '/v2/phone/users/ann@example.com/settings/desk_phone', {
    desk_phone: { devices: [{ id: desk.id, policy: { hot_desking: { status: 'on' } } }] },
  });
  await expect(201, 'POST', `/v2/cordboard/devices/${desk.id}/hot_desk_sign_in`, { user_id: 'bob@example.com' });

  await t.test('alert settings: every field is read, kept and shown', async (t) => {
    const body = {
      alert_setting_name: 'Phones', module: 3, rule: 10, target_type: 5, target_ids: [desk.id], rule_conditions: [{ rule_condition_type: 1, rule_condition_value: '2' }],
      time_frame_type: 'specific_time', time_frame_from: '08:30', time_frame_to: '18:00:00', frequency: 15, email_recipients: ['ops@example.com'],
      chat_channels: [{ chat_channel_name: 'ops', token: 'chat secret', end_point: 'https://chat.example.com/hook' }], status: 0,
    };
    const { json: made } = await expect(201, 'POST', ALERTS, body);
    const path = `${ALERTS}/${made.alert_setting_id}`;
    const read = await expect(200, 'GET', path);
    t.match(read.json, {
      ...body, target_type: undefined, target_ids: undefined, time_frame_from: '08:30:00', chat_channels: [{ chat_channel_name: 'ops', token: '' }],
      targets: [{ target_id: desk.id, target_name: 'Desk 1', target_type: 5, assignees: [{ extension_number: 1001 }], site: { id: site.id } }],
    });
    t.notMatch(read.text, /chat secret/);
    for (const [label, change, field] of [
      ['a rule of another module', { module: 1 }, 'rule'], ['no such rule', { rule: 99 }, 'rule'], ['no such device', { target_ids: ['x'] }, 'target_ids'],
      ['a queue, and there are none', { target_type: 3 }, 'target_ids'], ['six targets', { target_type: 6 }, 'target_type'], ['no time', { time_frame_from: '25:00' }, 'time_frame_from'],
      ['every two minutes', { frequency: 2 }, 'frequency'], ['no address', { email_recipients: ['ops'] }, 'email_recipients[0]'],
      ['too long', { rule_conditions: [{ rule_condition_value: '9999' }] }, 'rule_conditions'], ['more than all', { rule: 12, rule_conditions: [{ rule_condition_value: '101' }] }, 'rule_conditions'],
    ] as const) {
      const answer = await call('POST', ALERTS, { ...body, ...change });
      t.same([answer.status, answer.json.errors?.[0]?.field], [400, field], label);
    }
    await expect(204, 'PATCH', path, { time_frame_type: 'all_day', status: 1, alert_setting_name: 'Desk phones', target_ids: [] });
    t.match((await expect(200, 'GET', path)).json, { time_frame_type: 'all_day', time_frame_from: '', status: 1, targets: [], alert_setting_name: 'Desk phones', frequency: 15 });
    const total = async (query: string) => (await expect(200, 'GET', `${ALERTS}?${query}`)).json.total_records;
    t.same([await total(''), await total('module=3'), await total('module=1'), await total('rule=10'), await total('rule=12'), await total('status=0')], [1, 1, 0, 1, 0, 0]);
    await expect(204, 'DELETE', path);
    for (const [method, change] of [['GET', undefined], ['PATCH', {}], ['DELETE', undefined]] as const) await expect(404, method, path, change);
    const token = await office.tokenFor('Phone Read Only');
    t.same([(await call('POST', ALERTS, body, { token })).status, (await call('GET', '/v2/cordboard/alerts', undefined, { token })).status], [403, 200]);
  });

  const receiver = await startWebhookReceiver(t);
  await expect(201, 'POST', '/v2/cordboard/webhooks', { url: receiver.url, events: ['alert.opened', 'alert.closed', 'emergency.call_placed'] });
  const deliver = createDeliverWebhooks({ ...office.deps, jitter: () => 0.5 });
  const sent = async (): Promise<readonly string[]> => {
    for (let begun = 1; begun > 0;) {
      begun = await deliver.tick();
      await deliver.idle();
    }
    return receiver.posts.splice(0).map(({ json }) => json.event);
  };
  const watch = createWatchAlerts({ ...office.deps, localClock: systemLocalClock });
  const mails = async () => (await office.deps.stores.mails.page(office.account.id, {}, { size: 50, after: null })).items.filter(({ template }) => template === 'notice').length;

  await t.test('a gateway that goes down opens an alert, and its return closes it', async (t) => {
    const { clock, deps } = office;
    const trunks = () => deps.directory.trunks;
    const health = createGatewayHealth({ trunks, clock });
    const findTroubles = createFindTroubles({
      trunks, health, registration: () => null, nodeId: 'node-1', clock, log: deps.log, troubles: createTrunkTroubles({ client: await office.redis.client() }),
    });
    const look = createWatchAlerts({ ...deps, localClock: systemLocalClock, findTroubles });
    await expect(201, 'POST', ALERTS, { alert_setting_name: 'Trunks', module: 2, rule: 9, target_type: 2, rule_conditions: [], time_frame_type: 'all_day', frequency: 10 });
    const trunk = (await expect(201, 'POST', '/v2/cordboard/trunks', { name: 'Carrier', gateways: [{ host: '192.0.2.1' }], routes: [{}] })).json;
    const [gateway] = trunks().trunks(office.account.id)[0]?.gateways ?? [];
    if (gateway === undefined) throw new Error('no gateway');
    t.equal(await look(), 0);
    health.report(gateway.id, { kind: 'unreachable', status: 0, retryAfterMs: null });
    t.same([await look(), await sent()], [1, ['alert.opened']]);
    t.match((await expect(200, 'GET', '/v2/cordboard/alerts')).json.alerts[0], {
      rule: 9, status: 'open', text: '1 gateway or registration of trunks out of order.', subjects: [{ name: 'Trunk Carrier: gateway 192.0.2.1 is down, seen by node-1' }],
    });
    for (let answers = 0; answers < 3; answers += 1) health.report(gateway.id, { kind: 'answered', status: 200, retryAfterMs: null });
    t.same([await look(), await sent()], [1, ['alert.closed']]);
    health.report(gateway.id, { kind: 'unreachable', status: 0, retryAfterMs: null });
    await expect(204, 'DELETE', `/v2/cordboard/trunks/${trunk.id}`);
    t.equal(await look(), 0, 'a trunk that is gone troubles nobody');
  });

  await t.test('a phone that goes opens an alert, one that comes back closes it; mail goes out no oftener than said', async (t) => {
    office.mail.enabled = true;
    const base = { module: 3, target_type: 2, rule_conditions: [], time_frame_type: 'all_day', frequency: 10, email_recipients: ['ops@example.com'] };
    const { json: made } = await expect(201, 'POST', ALERTS, { ...base, alert_setting_name: 'Gone', rule: 10 });
    await expect(201, 'POST', ALERTS, { ...base, alert_setting_name: 'Back', rule: 11, email_recipients: [] });
    const id = asId<DeviceId>(desk.id);
    await office.deps.locations.drop(id, null, 'dropped');
    t.equal(await watch(), 0, 'a phone never seen did not go');
    let cseq = 10;
    const appear = async (): Promise<void> => {
      cseq += 1;
      await office.deps.locations.register({
        accountId: office.account.id, deviceId: id, callId: 'alerts', cseq, userAgent: '', at: office.clock.now(), maxContacts: 5, natted: new Set<string>(),
        flow: { transport: 'udp', address: '198.51.100.7', port: 5060 }, granted: new Map([['sip:desk@10.1.2.3', 36_000]]),
        nonce: { nonce: 'alerts', count: cseq, expiresAt: office.clock.now() + 60_000 },
        contacts: { kind: 'contacts', contacts: [{ uri: 'sip:desk@10.1.2.3', params: '', q: 1000, seconds: 36_000 }] },
      });
    };
    await appear();
    t.equal(await watch(), 1, 'it came online');
    t.same(await sent(), ['alert.opened', 'alert.closed']);
    await office.deps.locations.drop(id, null, 'dropped');
    t.same([await watch(), await watch()], [1, 0], 'once');
    t.same([await sent(), await mails()], [['alert.opened'], 1]);
    const alerts = async (query = '') => (await expect(200, 'GET', `/v2/cordboard/alerts?${query}`)).json;
    const { json: [open] } = { json: (await alerts('status=open')).alerts };
    t.match(open, { alert_setting_id: made.alert_setting_id, rule: 10, rule_name: 'Devices go offline', subject_count: 1, subjects: [{ id: desk.id, name: 'Desk 1' }], closed_at: '' });
    await appear();
    await watch();
    t.match((await expect(200, 'GET', `/v2/cordboard/alerts/${open.id}`)).json, { status: 'closed', closed_at: /Z$/ });
    await expect(404, 'GET', '/v2/cordboard/alerts/nowhere');
    await office.deps.locations.drop(id, null, 'dropped');
    await watch();
    t.equal(await mails(), 1, 'the second one waits');
    office.clock.advance(11 * 60_000);
    await watch();
    t.same([await mails(), (await alerts('status=open')).total_records], [2, 1], 'and is told when ten minutes are over');
    await expect(204, 'DELETE', `${ALERTS}/${made.alert_setting_id}`);
    await watch();
    t.equal((await alerts('status=open')).total_records, 0, 'a setting that goes closes its alert');
    t.equal((await alerts(`alert_setting_id=${made.alert_setting_id}`)).total_records, 2, 'the history stays');
    await sent();
  });

  await t.test('a call for help is told of at once, once, with address, desk and caller', async (t) => {
    await expect(201, 'POST', ALERTS, {
      alert_setting_name: 'Help', module: 5, rule: 14, target_type: 4, target_ids: [site.id], rule_conditions: [], time_frame_type: 'specific_time', time_frame_from: '00:00', time_frame_to: '00:01',
      email_recipients: ['front@example.com', 'security@example.com'],
    });
    await expect(201, 'POST', ALERTS, {
      alert_setting_name: 'Elsewhere', module: 5, rule: 14, target_type: 1, target_ids: [(await expect(201, 'POST', '/v2/phone/users/batch', { users: [{ email: 'eve@example.com', extension_number: '1009' }] })).json[0].id],
      rule_conditions: [], time_frame_type: 'all_day',
    });
    const before = await mails();
    const tell = createTellEmergency({ ...office.deps, sendNow: () => deliver.tick() });
    const explained = await office.deps.explain({ accountId: office.account.id, deviceId: asId<DeviceId>(desk.id), dialled: '911' });
    if (explained.kind !== 'done') throw new Error('not explained');
    const callId = asId<CallRecordId>(office.deps.ids.next());
    const call = { callId, facts: explained.facts, decision: explained.decision, at: office.clock.now() };
    tell.placed(call);
    tell.placed(call);
    await tell.idle();
    await deliver.idle();
    while (await deliver.tick() > 0) await deliver.idle();
    const posts = receiver.posts.splice(0).map(({ json }) => json);
    t.same(posts.map(({ event }) => event).sort(), ['alert.closed', 'alert.opened', 'emergency.call_placed'], 'each once');
    t.match(posts.find(({ event }) => event === 'emergency.call_placed'), {
      sequence: 1, payload: {
        call: { id: callId, dialed_number: '911' }, device: { id: desk.id, display_name: 'Desk 1' }, site: { id: site.id }, caller: { name: 'bob', extension_number: '1002', hot_desk_session_id: /./ },
        emergency_address: { text: /NY/ }, elin: '',
      },
    });
    t.equal(await mails(), before + 2, 'whatever the clock says');
    t.match((await expect(200, 'GET', '/v2/cordboard/alerts')).json.alerts[0], { rule: 14, status: 'closed', text: 'bob (extension 1002) called 911 at Desk 1.' }, 'the guest calls, the address is the desk\'s');
    await sent();

    const missed = aCall(office.account.id, {
      at: office.clock.now(), dialled: '911', direction: 'outbound', emergency: true, caller: aParty({ name: 'Ann', extensionNumber: '1001', deviceId: asId<DeviceId>(desk.id), siteId: site.id }),
      emergencyDesk: { addressId: mainAddress, address: '1 Main Street', origin: 'site', locationId: '', location: '', elin: '+12125550100' },
    });
    await createCallRecordSink(office.database).fold([{ streamId: '1-1', event: missed.attempted }]);
    t.same([await tell.sweep(), await tell.sweep()], [1, 0], 'what was missed is found in the records, once');
    await deliver.idle();
    t.same([...await sent()].sort(), ['alert.closed', 'alert.opened', 'emergency.call_placed']);
    t.match((await expect(200, 'GET', `/v2/phone/call_history/${missed.id}`)).json, {
      call_type: 'emergency', emergency: { address_id: mainAddress, address: '1 Main Street', origin: 'site', elin: '+12125550100' },
    });
  });
});
