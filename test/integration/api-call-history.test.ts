import t from 'tap';
import { asId, type ExtensionId, type SiteId } from '../../src/domain/ids.js';
import { ensureDemo } from '../../src/usecases/admin/ensure-demo.js';
import { startApiOffice } from '../support/api-office.js';
import { NO_PARTY, partyOf, pastCalls } from '../support/past-calls.js';

const HOUR = 3_600_000;

t.test('call history and call logs', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  const [adaPhone, alanPhone] = await ensureDemo(office.deps);
  if (!adaPhone || !alanPhone) throw new Error('the demo has no phones');
  await expect(204, 'PATCH', '/v2/users/ada@demo.example', { dept: 'Engines', cost_center: '42' });
  const ada = await partyOf(office, 'ada@demo.example', adaPhone.deviceId);
  const alan = await partyOf(office, 'alan@demo.example', alanPhone.deviceId);
  const grace = await partyOf(office, 'grace@demo.example');
  const lobby = { ...NO_PARTY, extensionId: asId<ExtensionId>('01lobby'), extensionNumber: '1010', siteId: ada.siteId, name: 'Demo Lobby' };
  const london = { ...NO_PARTY, number: '+442071838750' };
  const now = office.clock.now();
  const siteId = ada.siteId ?? asId<SiteId>('');
  const ids = await pastCalls(office, [
    { at: now - 6 * HOUR, caller: ada, callee: alan },
    { at: now - 5 * HOUR, caller: alan, callee: ada, answeredAfter: null, cause: 'no-answer' },
    { at: now - 4 * HOUR, caller: ada, callee: london, direction: 'outbound' },
    { at: now - 3 * HOUR, caller: { ...lobby, siteId: null }, callee: { ...NO_PARTY, number: '911' }, direction: 'outbound', emergency: true, answeredAfter: null, cause: 'refused' },
    { at: now - 2 * HOUR, caller: grace, callee: lobby, answeredAfter: null, cause: 'busy' },
    { at: now - HOUR, caller: { ...NO_PARTY, number: '+12125550100', name: 'ACME' }, callee: alan, direction: 'inbound', answeredAfter: null, cause: 'cancelled' },
    { at: now - 1000, caller: ada, callee: grace, answeredAfter: null, endedAfter: null },
    { at: now - 90 * 24 * HOUR, caller: ada, callee: alan, endedAfter: 30 * 24 * 3600 },
  ]);
  const [first, missed, abroad, emergency, busy, network, up, long] = ids;

  await t.test('the account’s filters', async (t) => {
    const rows: readonly (readonly [query: string, found: readonly (string | undefined)[]])[] = [
      ['', [up, network, busy, emergency, abroad, missed, first]],
      ['directions=inbound', [network]], ['directions=outbound', [up, busy, emergency, abroad, missed, first]],
      ['directions=internal', [up, busy, missed, first]], ['directions=inbound,internal', [up, network, busy, missed, first]],
      ['connect_types=internal', [up, busy, missed, first]], ['connect_types=external', [network, emergency, abroad]],
      ['number_types=external_pstn', [network, emergency, abroad]], ['number_types=byoc', []],
      ['call_types=emergency', [emergency]], ['call_types=general,emergency&directions=inbound', [network]], ['call_types=voicemail', []],
      ['extension_types=common_area', [busy, emergency]], ['extension_types=user,common_area', [up, network, busy, emergency, abroad, missed, first]],
      ['call_results=answered', [abroad, first]], ['call_results=no_answer,busy', [busy, missed]], ['call_results=rejected', [emergency]],
      ['call_results=canceled', [network]], ['call_results=in_progress', [up]], ['call_results=voicemail', []],
      [`site_ids=${siteId}`, [up, network, busy, abroad, missed, first]], ['site_ids=x', []], ['group_ids=x', []],
      ['department=Engines', [up, abroad, missed, first]], ['department=engines', []], ['cost_center=42', [up, abroad, missed, first]],
      ['keyword=turing', [network, missed, first]], ['keyword=%2B4420', [abroad]], ['keyword=%25', []],
      ['recording_status=recorded', []], ['recording_status=non_recorded', [up, network, busy, emergency, abroad, missed, first]],
      ['time_type=end_time', [network, busy, emergency, abroad, missed, first]],
      [`time_type=end_time&from=${new Date(now - 61 * 24 * HOUR).toISOString()}&to=${new Date(now - 59 * 24 * HOUR).toISOString()}`, [long]],
      [`from=${new Date(now - 3.5 * HOUR).toISOString()}&to=${new Date(now - 1.5 * HOUR).toISOString()}`, [busy, emergency]],
    ];
    for (const [query, found] of rows) {
      const { json } = await expect(200, 'GET', `/v2/phone/call_history?${query}`);
      t.same(json.call_logs.map((one: { id: string }) => one.id), found, query || 'all');
      t.equal(json.total_records, found.length, `${query}: total`);
    }
    for (const bad of ['time_type=middle', 'directions=up', 'from=yesterday', 'from=2026-02-01&to=2026-01-01', 'page_size=301', 'connect_types=x', 'recording_status=x']) {
      await expect(400, 'GET', `/v2/phone/call_history?${bad}`);
    }
  });

  await t.test('pages hold every call once, in both orders', async (t) => {
    for (const order of ['start_time', 'end_time']) {
      const seen: string[] = [];
      let token = '';
      do {
        const { json } = await expect(200, 'GET', `/v2/phone/call_history?time_type=${order}&page_size=2&next_page_token=${token}`);
        seen.push(...json.call_logs.map((one: { id: string }) => one.id));
        token = json.next_page_token;
      } while (token !== '');
      t.same(seen, order === 'start_time' ? [up, network, busy, emergency, abroad, missed, first] : [network, busy, emergency, abroad, missed, first], order);
    }
  });

  await t.test('what a call says', async (t) => {
    const { json } = await expect(200, 'GET', `/v2/phone/call_history/${abroad}`);
    t.match(json, {
      international: true, connect_type: 'external', callee_country_iso_code: 'GB', callee_country_code: '44', department: 'Engines', cost_center: '42',
      caller_email: 'ada@demo.example', site_name: 'Main Site', call_path: [{ id: `${abroad}-1`, event: 'outgoing', result: 'answered' }],
    });
    const { json: leg } = await expect(200, 'GET', `/v2/phone/call_history_detail/${first}-1`);
    t.match(leg, { id: `${first}-1`, device_id: alanPhone.deviceId, result: 'answered', segment: 1 });
    await expect(200, 'GET', `/v2/phone/call_history_detail/${first}`);
    for (const bad of [`${first}-2`, `${first}-x`, 'nothing', `${first}-1-1`]) await expect(404, 'GET', `/v2/phone/call_history_detail/${bad}`);
    await expect(404, 'GET', '/v2/phone/user/ada@demo.example/ai_call_summary/x');
  });

  await t.test('a person’s own history: directions, deletion that leaves the record', async (t) => {
    const own = async (query = '') => (await expect(200, 'GET', `/v2/phone/users/alan@demo.example/call_history?${query}`)).json.call_logs;
    const idsOf = (calls: readonly { readonly id: string }[]) => calls.map(({ id }) => id);
    t.same(idsOf(await own()), [network, missed, first]);
    t.same(idsOf(await own('directions=inbound')), [network, first]);
    t.same(idsOf(await own('directions=outbound')), [missed]);
    t.match((await own())[2], { direction: 'inbound', event: 'incoming', result: 'answered', talk_time: 10, wait_time: 2, caller_department: 'Engines', callee_department: '' });
    await expect(204, 'DELETE', `/v2/phone/users/alan@demo.example/call_history/${first}`);
    t.same(idsOf(await own()), [network, missed]);
    await expect(404, 'DELETE', `/v2/phone/users/alan@demo.example/call_history/${first}`);
    await expect(404, 'DELETE', `/v2/phone/users/alan@demo.example/call_logs/${abroad}`);
    await expect(404, 'DELETE', `/v2/phone/users/nobody@demo.example/call_logs/${abroad}`);
    t.equal((await expect(200, 'GET', '/v2/phone/users/ada@demo.example/call_history?directions=outbound')).json.total_records, 3, 'the other side keeps it');
    await expect(200, 'GET', `/v2/phone/call_history/${first}`);
    await expect(204, 'DELETE', `/v2/phone/users/alan@demo.example/call_logs/${missed}`);
    t.match((await expect(200, 'GET', '/v2/phone/users/alan@demo.example/call_logs')).json, { total_records: 1, call_logs: [{ id: network, direction: 'inbound' }] });
  });

  await t.test('sync: everything once, then what ended or changed since', async (t) => {
    const sync = async (query: string, what = 'call_history') => (await expect(200, 'GET', `/v2/phone/users/ada@demo.example/${what}/sync?${query}`)).json;
    const begin = await sync('sync_type=FSync&count=2');
    const seen = begin.call_logs.map((one: { id: string }) => one.id);
    let token = begin.sync_token;
    for (let page = await sync(`sync_type=BSync&count=2&sync_token=${token}`); page.call_logs.length > 0; page = await sync(`sync_type=BSync&count=2&sync_token=${token}`)) {
      seen.push(...page.call_logs.map((one: { id: string }) => one.id));
      token = page.sync_token;
    }
    t.same([...seen].sort(), [long, abroad, missed, first].sort(), 'finished calls, each once');
    t.same((await sync(`sync_type=ISync&sync_token=${token}`)).call_logs, [], 'nothing new');
    const [later] = await pastCalls(office, [{ at: now, caller: ada, callee: alan }]);
    await expect(204, 'PATCH', `/v2/phone/call_history/${first}/client_code`, { client_code: 'A-1' });
    const news = await sync(`sync_type=ISync&sync_token=${token}`, 'call_logs');
    t.match(news.call_logs, [{ id: later }, { id: first, client_code: 'A-1' }], 'a new call, and a changed one');
    t.same((await sync(`sync_type=ISync&sync_token=${news.sync_token}`)).call_logs, []);
    for (const bad of ['sync_type=ISync', 'sync_type=BSync&sync_token=eA', 'sync_type=X', 'count=251', 'count=0']) {
      await expect(400, 'GET', `/v2/phone/users/ada@demo.example/call_history/sync?${bad}`);
    }
    const { json: none } = await expect(200, 'GET', '/v2/phone/users/grace@demo.example/call_history/sync?sync_type=FSync&count=1');
    t.equal((await expect(200, 'GET', `/v2/phone/users/grace@demo.example/call_history/sync?sync_type=BSync&sync_token=${none.sync_token}`)).json.call_logs.length, 0);
  });

  await t.test('the older shape: filters and client codes', async (t) => {
    const rows: readonly (readonly [string, number])[] = [
      ['', 8], ['type=missed', 4], ['path=pstn', 2], ['path=extension', 5], ['path=commonAreaPhone', 1], ['path=ivrMenu', 0],
      [`site_id=${siteId}`, 7], ['site_id=x', 0], ['charged_call_logs=true', 0], ['charged_call_logs=false', 8], ['time_type=endTime', 6],
    ];
    for (const [query, total] of rows) t.equal((await expect(200, 'GET', `/v2/phone/call_logs?${query}`)).json.total_records, total, query);
    t.equal((await expect(200, 'GET', '/v2/phone/users/ada@demo.example/call_logs?phone_number=4420')).json.total_records, 1);
    await expect(204, 'PUT', `/v2/phone/call_logs/${abroad}/client_code`, { client_code: 'B-2' });
    t.match((await expect(200, 'GET', '/v2/phone/call_logs?path=pstn')).json.call_logs[1], {
      id: abroad, client_code: 'B-2', path: 'pstn', result: 'Call connected', owner: { extension_number: 1001, type: 'user' }, callee_number_type: 2,
    });
    t.match((await expect(200, 'GET', `/v2/phone/call_logs/${first}`)).json, { caller_status: 'active', log_details: [{ id: `${first}-1`, result: 'Call connected' }] });
    for (const path of ['/v2/phone/call_logs/nothing', '/v2/phone/call_history/nothing']) await expect(404, 'GET', path);
    await expect(404, 'PUT', '/v2/phone/call_logs/nothing/client_code', { client_code: 'x' });
    for (const body of [{}, { client_code: 5 }, { client_code: 'x'.repeat(65) }, { client_code: 'a\nb' }]) await expect(400, 'PUT', `/v2/phone/call_logs/${abroad}/client_code`, body);
    const token = await office.tokenFor('Phone Read Only');
    await expect(403, 'PUT', `/v2/phone/call_logs/${abroad}/client_code`, { client_code: 'x' }, { token });
    await expect(403, 'DELETE', `/v2/phone/users/ada@demo.example/call_logs/${abroad}`, undefined, { token });
  });

  await t.test('who is deactivated or gone keeps name, address and department in records', async (t) => {
    await expect(200, 'PUT', '/v2/users/ada@demo.example/status', { action: 'deactivate' });
    t.match((await expect(200, 'GET', `/v2/phone/call_logs/${first}`)).json, { caller_name: ada.name, caller_status: 'inactive' });
    await expect(204, 'DELETE', '/v2/users/ada@demo.example');
    t.match((await expect(200, 'GET', `/v2/phone/call_history/${first}`)).json, {
      caller_name: ada.name, caller_email: 'ada@demo.example', department: 'Engines', caller_ext_number: '1001', site_name: 'Main Site',
    });
    t.match((await expect(200, 'GET', `/v2/phone/call_logs/${first}`)).json, { caller_status: 'deleted' });
    await expect(204, 'DELETE', `/v2/phone/devices/${adaPhone.deviceId}`);
    t.match((await expect(200, 'GET', `/v2/phone/call_history/${first}`)).json, { caller_device_type: 'Softphone' });
    t.equal((await expect(200, 'GET', '/v2/phone/call_history?department=Engines&directions=outbound')).json.total_records, 5, 'and is found by it');
  });

  await t.test('a common area is named by the record, too', async (t) => {
    t.match((await expect(200, 'GET', `/v2/phone/call_history/${busy}`)).json, { callee_ext_type: 'common_area', callee_name: 'Demo Lobby' });
  });
});
