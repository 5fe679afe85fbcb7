/** How calls sounded and where phones are, over HTTP. */
import t from 'tap';
import type { CallSide } from '../../src/domain/calls/call-side.js';
import type { CallRecordId } from '../../src/domain/ids.js';
import { NO_FIGURES, type StreamReport } from '../../src/domain/quality/stream-report.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import { ensureDemo } from '../../src/usecases/admin/ensure-demo.js';
import { createWatchAlerts } from '../../src/usecases/alerts/watch-alerts.js';
import { systemLocalClock } from '../../src/wiring/local-time.js';
import { startApiOffice } from '../support/api-office.js';
import { NO_PARTY, partyOf, pastCalls } from '../support/past-calls.js';

const HOUR = 3_600_000;
const LOGS = '/v2/phone/metrics/call_logs';
const PAST = '/v2/phone/metrics/past_calls';
const SERVICES = '/v2/phone/metrics/emergency_services';

t.test('dashboard', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  const [adaPhone, alanPhone] = await ensureDemo(office.deps);
  if (!adaPhone || !alanPhone) throw new Error('the demo has no phones');
  const ada = await partyOf(office, 'ada@demo.example', adaPhone.deviceId);
  const alan = await partyOf(office, 'alan@demo.example', alanPhone.deviceId);
  const now = office.clock.now();
  const london = { ...NO_PARTY, number: '+442071838750' };
  const [good, bad, unmeasured, missed] = await pastCalls(office, [
    { at: now - 4 * HOUR, caller: ada, callee: alan }, { at: now - 3 * HOUR, caller: alan, callee: london, direction: 'outbound' },
    { at: now - 2 * HOUR, caller: ada, callee: alan }, { at: now - HOUR, caller: alan, callee: ada, answeredAfter: null, cause: 'no-answer' },
  ]);
  if (good === undefined || bad === undefined) throw new Error('no calls');
  const report = (side: CallSide, changes: Partial<StreamReport>): StreamReport => (
    { ...NO_FIGURES, side, direction: 'receiving', source: 'phone', span: 'session', at: now - 4 * HOUR, codec: 'PCMA', ...changes });
  let stream = 0;
  const fold = (callId: CallRecordId, reports: readonly StreamReport[]) => createCallRecordSink(office.database).fold([
    { streamId: `9-${stream += 1}`, event: { kind: 'quality', callId, accountId: office.account.id, at: now, reports } },
    ...(callId !== good ? [] : [{ streamId: `9-${stream += 1}`, event: { kind: 'answered' as const, callId, accountId: office.account.id, at: now, legDeviceId: alanPhone.deviceId, ends: {
      caller: { publicIp: '198.51.100.7', privateIp: '10.0.0.7', codec: 'PCMA' }, callee: { publicIp: '192.0.2.9', privateIp: '192.0.2.9', codec: 'PCMA' },
    } } }]),
  ]);
  await fold(good, [
    report('caller', { lossPercent: 0.4, maxLossPercent: 2, jitterMs: 3.5, roundTripMs: 40, bitrateKbps: 64, mos: 4.3 }), report('callee', { mos: 4.1 }),
    report('caller', { direction: 'sending', source: 'relay', lossPercent: 0, mos: 4.4 }),
  ]);
  await fold(bad, [report('caller', { mos: 2.5, lossPercent: 12, source: 'bye' })]);

  await t.test('lists, their filters and their order', async (t) => {
    const rows: readonly (readonly [query: string, found: readonly (string | undefined)[]])[] = [
      ['', [missed, unmeasured, bad, good]], ['quality_type=all', [missed, unmeasured, bad, good]], ['quality_type=good', [good]], ['quality_type=bad', [bad]],
      [`site_id=${ada.siteId}`, [missed, unmeasured, bad, good]], ['site_id=x', []], [`to=${new Date(now - 2.5 * HOUR).toISOString()}`, [bad, good]],
    ];
    for (const path of [LOGS, PAST]) {
      for (const [query, found] of rows) {
        const { json } = await expect(200, 'GET', `${path}?${query}`);
        t.same(json.call_logs.map((one: { call_id: string }) => one.call_id), found, `${path}?${query}`);
        t.equal(json.total_records, found.length);
      }
      for (const wrong of ['quality_type=x', 'page_size=101', 'from=yesterday', 'next_page_token=x']) await expect(400, 'GET', `${path}?${wrong}`);
      const first = (await expect(200, 'GET', `${path}?page_size=3`)).json;
      t.same((await expect(200, 'GET', `${path}?page_size=3&next_page_token=${first.next_page_token}`)).json.call_logs.map((one: { call_id: string }) => one.call_id), [good], 'the next page');
    }
    for (const [query, found] of [['phone_number=%2B4420', [bad]], [`extension_number=${ada.extensionNumber}`, [missed, unmeasured, good]], ['directions=outbound&quality_type=bad', [bad]], ['department=x', []]] as const) {
      t.same((await expect(200, 'GET', `${PAST}?${query}`)).json.call_logs.map((one: { call_id: string }) => one.call_id), found, query);
    }
    t.match((await expect(200, 'GET', `${LOGS}?quality_type=good`)).json.call_logs[0], {
      mos: '4.10', duration: 10, direction: 'outbound', caller: { codec: 'PCMA', device_public_ip: '198.51.100.7', device_private_ip: '10.0.0.7', extension_number: ada.extensionNumber, site_id: ada.siteId, isp: '' },
    });
  });

  await t.test('one call, and what was measured of it', async (t) => {
    t.match((await expect(200, 'GET', `${LOGS}/${good}`)).json, {
      call_id: good, mos: '4.10', caller: { display_name: ada.name, extension_type: 'user', id: ada.userId }, callee: { display_name: alan.name, device_public_ip: '192.0.2.9' },
    });
    t.match((await expect(200, 'GET', `${LOGS}/${missed}`)).json, { mos: '', duration: 0, caller: { codec: '' } });
    const at = new Date(now - 4 * HOUR).toISOString().replace(/\.\d{3}Z$/, 'Z');
    t.same((await expect(200, 'GET', `${LOGS}/${good}/qos`)).json, {
      call_id: good,
      caller_qos: {
        device_private_ip: '10.0.0.7', device_public_ip: '198.51.100.7',
        receiving: [{ date_time: at, qos: { avg_loss: '0.4%', bitrate: '64 kbps', jitter: '3.5 ms', max_loss: '2%', mos: '4.30', network_delay: '40 ms' }, source: 'phone', span: 'session' }],
        sending: [{ date_time: at, qos: { avg_loss: '0%', bitrate: '', jitter: '', max_loss: '', mos: '4.40', network_delay: '' }, source: 'relay', span: 'session' }],
      },
      callee_qos: {
        device_private_ip: '192.0.2.9', device_public_ip: '192.0.2.9', sending: [],
        receiving: [{ date_time: at, qos: { avg_loss: '', bitrate: '', jitter: '', max_loss: '', mos: '4.10', network_delay: '' }, source: 'phone', span: 'session' }],
      },
    });
    t.match((await expect(200, 'GET', `${LOGS}/${unmeasured}/qos`)).json, { caller_qos: { receiving: [], sending: [] }, callee_qos: { receiving: [], sending: [] } });
    for (const path of [`${LOGS}/nothing`, `${LOGS}/nothing/qos`]) await expect(404, 'GET', path);
  });

  await t.test('emergency services', async (t) => {
    await expect(201, 'POST', '/v2/phone/emergency_addresses', { address_line1: '1 Main Street', city: 'New York', country: 'US', state_code: 'NY', zip: '10001' });
    await expect(201, 'POST', '/v2/phone/emergency_addresses', { user_id: 'ada@demo.example', address_line1: '3 Home Lane', city: 'New York', country: 'US', state_code: 'NY', zip: '10003' });
    const users = async (query: string) => (await expect(200, 'GET', `${SERVICES}/default_emergency_address/users?${query}`)).json.records.map(({ email }: { email: string }) => email);
    t.same(await users('status=set'), ['ada@demo.example']);
    const others = await users('status=not_set');
    t.ok(others.includes('alan@demo.example') && !others.includes('ada@demo.example'), 'everybody else');
    t.same(await users('status=set&keyword=turing'), []);
    t.same(await users('status=opted_in'), []);
    for (const what of ['detectable_personal_location/users?status=x', 'nomadic_emergency_services/users?status=x', 'realtime_location/users?location_type=company']) {
      t.match((await expect(200, 'GET', `${SERVICES}/${what}`)).json, { total_records: 0, records: [] });
      await expect(400, 'GET', `${SERVICES}/${what.split('?')[0]}`);
    }
    const phones = (await expect(200, 'GET', `${SERVICES}/realtime_location/devices?location_type=company`)).json;
    t.ok(phones.total_records > 1);
    t.match(phones.records.find(({ device_id: id }: { device_id: string }) => id === adaPhone.deviceId), {
      emergency_address: /^3 Home Lane/, location_name: '', public_ip: '', assigned_info: [{ user_email: 'ada@demo.example', extension_number: Number(ada.extensionNumber) }],
    });
    t.match((await expect(200, 'GET', `${SERVICES}/realtime_location/devices?location_type=personal`)).json, { total_records: 0 });
    t.match((await expect(200, 'GET', '/v2/phone/metrics/location_tracking?keyword=nothing-like-it')).json, { total_records: 0, location_tracking: [] });
    t.match((await expect(200, 'GET', '/v2/phone/metrics/location_tracking')).json.location_tracking.find(({ device }: { device: { id: string } }) => device.id === alanPhone.deviceId), {
      emergency_address: /^1 Main Street/, city: 'New York', zip: '10001', site: { name: 'Main Site' }, assignees: [{ name: alan.name }],
    });
    await expect(400, 'GET', `${SERVICES}/realtime_location/devices`);
  });

  await t.test('an alert of bad calls (rule 13)', async (t) => {
    const watch = createWatchAlerts({ ...office.deps, localClock: systemLocalClock });
    await expect(201, 'POST', '/v2/phone/alert_settings', {
      alert_setting_name: 'Bad calls', module: 4, rule: 13, target_type: 2, target_ids: [], rule_conditions: [{ rule_condition_type: 1, rule_condition_value: '3' }],
      time_frame_type: 'all_day', frequency: 5, email_recipients: [], chat_channels: [], status: 1,
    });
    t.equal(await watch(), 0, 'the bad call is hours ago');
    const [lately, better] = await pastCalls(office, [{ at: now - 30_000, caller: ada, callee: alan }, { at: now - 30_000, caller: ada, callee: alan }]);
    if (lately === undefined || better === undefined) throw new Error('no calls');
    await fold(lately, [report('callee', { mos: 2.2 })]);
    await fold(better, [report('callee', { mos: 3.1 })]);
    t.equal(await watch(), 1);
    t.match((await expect(200, 'GET', '/v2/cordboard/alerts')).json.alerts[0], {
      rule: 13, status: 'open', text: '1 call of the last ten minutes sounded bad.', subjects: [{ id: lately, name: `${ada.name} to ${alan.name}, MOS 2.20` }],
    });
    office.clock.advance(11 * 60_000);
    t.equal(await watch(), 1);
    t.match((await expect(200, 'GET', '/v2/cordboard/alerts')).json.alerts[0], { status: 'closed' });
  });

  await t.test('who may look', async () => {
    const looking = await office.tokenFor('Phone Read Only');
    await expect(200, 'GET', LOGS, undefined, { token: looking });
    const none = await office.tokenFor('Recording Admin');
    for (const path of [LOGS, PAST, `${LOGS}/${good}`, `${LOGS}/${good}/qos`, '/v2/phone/metrics/location_tracking']) await expect(403, 'GET', path, undefined, { token: none });
  });
});
