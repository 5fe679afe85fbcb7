import t from 'tap';
import { asId, type CallRecordId, type TrunkGatewayId, type TrunkId } from '../../src/domain/ids.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import type { Rate } from '../../src/domain/charges/rate.js';
import { createPurgeRates } from '../../src/usecases/charges/purge-rates.js';
import { ensureDemo } from '../../src/usecases/admin/ensure-demo.js';
import { startApiOffice } from '../support/api-office.js';
import { costOf, dayOfCalls, micros, type DayRate } from '../support/charged-day.js';
import { NO_PARTY, partyOf, pastCalls } from '../support/past-calls.js';

const HOUR = 3_600_000;
const CSV = { 'content-type': 'text/csv' };
const HEAD = 'prefix,currency,rate_per_minute,included_by,connect_fee,first_increment_seconds,next_increment_seconds\n';

const REPLACED: Rate = { prefix: '+1', destination: '', currency: 'USD', perMinute: 1, connectFee: 0, firstSeconds: 60, nextSeconds: 60, includedBy: [], effectiveFrom: 0 };

t.test('rate decks, charges and reports', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  await ensureDemo(office.deps);
  await expect(204, 'PATCH', '/v2/users/ada@demo.example', { dept: 'Engines', cost_center: '42' });
  await expect(201, 'POST', '/v2/phone/users/ada@demo.example/calling_plans', { calling_plans: [{ type: 200 }] });
  const ada = await partyOf(office, 'ada@demo.example');
  const own = { ...ada, number: '+12025550100' };
  const london = { ...NO_PARTY, number: '+442071838750' };
  const boston = { ...NO_PARTY, number: '+16175550123' };
  const now = office.clock.now();
  const reader = { token: await office.tokenFor('Phone Read Only') };
  const { json: deck } = await expect(201, 'POST', '/v2/cordboard/rate_decks', { name: 'Carrier' });
  const rates = `/v2/cordboard/rate_decks/${deck.id}/rates`;
  const table = (text: string, more: { readonly method?: string; readonly status?: number; readonly query?: string } = {}) => (
    expect(more.status ?? 200, more.method ?? 'PUT', rates + (more.query ?? ''), undefined, { raw: text, headers: CSV }));

  await t.test('rate decks: one a direction and trunk, each name once', async (t) => {
    const inbound = await expect(201, 'POST', '/v2/cordboard/rate_decks', { name: 'Toll-free', direction: 'inbound' });
    for (const [body, status] of [
      [{ name: 'carrier', trunk_id: 't1' }, 409], [{ name: 'Second' }, 409], [{ name: '' }, 400], [{ name: 'x', direction: 'up' }, 400], [{ name: 'x', colour: 1 }, 400],
    ] as const) await expect(status, 'POST', '/v2/cordboard/rate_decks', body);
    await expect(204, 'PATCH', `/v2/cordboard/rate_decks/${inbound.json.id}`, { name: 'Free numbers' });
    await expect(409, 'PATCH', `/v2/cordboard/rate_decks/${inbound.json.id}`, { name: 'CARRIER' });
    t.same((await expect(200, 'GET', '/v2/cordboard/rate_decks', undefined, reader)).json.rate_decks.map((one: { name: string }) => one.name), ['Carrier', 'Free numbers']);
    await expect(204, 'DELETE', `/v2/cordboard/rate_decks/${inbound.json.id}`);
    await expect(404, 'DELETE', `/v2/cordboard/rate_decks/${inbound.json.id}`);
    await expect(403, 'POST', '/v2/cordboard/rate_decks', { name: 'No' }, reader);
    t.match((await expect(200, 'GET', '/v2/cordboard/rate_decks/sample', undefined, reader)).text, /^prefix,destination,currency,/);
  });

  await t.test('tables are taken whole or not at all, and every wrong cell is named', async (t) => {
    for (const [name, text, fields] of [
      ['nothing', '', ['body']], ['no CSV', `${HEAD}"+44,USD`, null], ['a column nobody knows', 'prefix,colour\n', ['line 1']],
      ['a column that is missing', 'prefix,currency\n+1,USD\n', ['line 1']], ['too many cells', `${HEAD}+1,USD,1,,,,,,9\n`, ['line 2']],
      ['wrong cells', `${HEAD}+1,USD,0.01\nx,usd,much\n+1,USD,0.02\n`, ['line 3: prefix', 'line 3: currency', 'line 3: rate_per_minute', 'line 4: prefix']],
    ] as const) {
      const { json } = await table(text, { status: 400 });
      if (fields !== null) t.same(json.errors.map((one: { field: string }) => one.field), fields, name);
    }
    await expect(415, 'PUT', rates, { prefix: '+1' });
    await expect(404, 'PUT', '/v2/cordboard/rate_decks/nothing/rates', undefined, { raw: `${HEAD}+1,USD,1\n`, headers: CSV });
    const file = `${HEAD}+1,USD,0.006,unlimited,,6,6\n+44,USD,0.02,none\n+4420,USD,0.012,none,0.05\n`;
    t.match((await table(file, { query: '?dry_run=true' })).json, { applied: false, added: 3, rates: 3 });
    t.match((await expect(200, 'GET', rates)).json, { total_records: 0 });
    t.match((await table(file)).json, { applied: true, added: 3, changed: 0, removed: 0, unchanged: 0, rates: 3 });
    t.match((await table(`${HEAD}+44,USD,0.03,none\n+33,EUR,0.01\n`, { method: 'POST' })).json, { added: 1, changed: 1, removed: 0, unchanged: 2 });
    const exported = await expect(200, 'GET', `${rates}/export`, undefined, reader);
    t.match((await table(exported.text)).json, { applied: true, added: 0, changed: 0, removed: 0, unchanged: 4 }, 'an export changes nothing');
    t.match((await table(file)).json, { added: 0, changed: 1, removed: 1, unchanged: 2 });
    t.match((await expect(200, 'GET', `${rates}?page_size=2`)).json, { total_records: 3, rates: [{ prefix: '+1' }, { prefix: '+44', rate_per_minute: '0.02' }] });
    await expect(403, 'PUT', rates, undefined, { ...reader, raw: file, headers: CSV });
  });

  await t.test('a deck is for a trunk that is there', async (t) => {
    const trunk = (await expect(201, 'POST', '/v2/cordboard/trunks', { name: 'First', gateways: [{ host: '127.0.0.1' }] })).json;
    const own = (await expect(201, 'POST', '/v2/cordboard/rate_decks', { name: 'First', trunk_id: trunk.id })).json;
    for (const [method, path] of [['POST', ''], ['PATCH', `/${own.id}`]]) {
      const { json } = await expect(400, method ?? '', `/v2/cordboard/rate_decks${path ?? ''}`, { name: 'Lost', trunk_id: 'nothing' });
      t.match(json.errors, [{ field: 'trunk_id', message: /no trunk with this id/ }]);
    }
    await expect(204, 'DELETE', `/v2/cordboard/trunks/${trunk.id}`);
    for (const method of ['PUT', 'POST']) {
      const lost = await expect(400, method, `/v2/cordboard/rate_decks/${own.id}/rates`, undefined, { raw: `${HEAD}+1,USD,1\n`, headers: CSV });
      t.match(lost.json.errors, [{ field: 'trunk_id' }], 'rates that no call would ever be rated by');
    }
    await expect(204, 'PATCH', `/v2/cordboard/rate_decks/${own.id}`, { name: 'Second' });
    await expect(409, 'PATCH', `/v2/cordboard/rate_decks/${own.id}`, { trunk_id: '' });
    await expect(204, 'DELETE', `/v2/cordboard/rate_decks/${own.id}`);
  });

  await t.test('rates that were replaced go a day later, whole and alone', async (t) => {
    const purge = createPurgeRates({ stores: office.deps.stores, clock: office.clock });
    const kept = async (): Promise<number> => Number((await office.database.queries.selectFrom('rates').select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow()).n);
    await office.deps.stores.rates.add(office.account.id, 'replaced', Array.from({ length: 600 }, (_, n) => ({ ...REPLACED, prefix: `+1${n}` })), office.clock.now());
    await office.deps.stores.rates.add(office.account.id, 'replaced too', Array.from({ length: 600 }, (_, n) => ({ ...REPLACED, prefix: `+1${n}` })), office.clock.now());
    const before = await kept();
    t.equal(await purge(), 0, 'an import may be on its way');
    office.clock.advance(24 * HOUR + 1);
    const gone = await purge();
    t.ok(gone >= 1200, `${gone} in pieces`);
    t.equal(await kept(), before - gone);
    t.match((await expect(200, 'GET', rates)).json, { total_records: 3 }, 'what the deck names stays');
    t.equal(await purge(), 0);
  });

  const ids = await pastCalls(office, [
    { at: now - 5 * HOUR, caller: own, callee: london, direction: 'outbound', endedAfter: 2 + 61 },
    { at: now - 4 * HOUR, caller: own, callee: boston, direction: 'outbound', endedAfter: 2 + 61 },
    { at: now - 3 * HOUR, caller: own, callee: london, direction: 'outbound', answeredAfter: null, cause: 'no-answer' },
    { at: now - 2 * HOUR, caller: own, callee: { ...NO_PARTY, number: '+33140000000' }, direction: 'outbound' },
    { at: now - HOUR, caller: london, callee: own, direction: 'inbound' },
    { at: now - HOUR, caller: ada, callee: ada },
    { at: now - HOUR, caller: own, callee: { ...NO_PARTY, number: '911' }, direction: 'outbound', emergency: true },
  ]);
  const chargeOf = (index: number, status = 200) => expect(status, 'GET', `/v2/cordboard/calls/${ids[index]}/charge`, undefined, reader);

  await t.test('each finished call to or from the network has one charge', async (t) => {
    t.match((await chargeOf(0)).json, { charge_mode: 'per-minute', prefix: '+4420', billed_seconds: 120, total_charge: '0.074', currency: 'USD', rate_deck_id: deck.id });
    t.match((await chargeOf(1)).json, { charge_mode: 'included', prefix: '+1', billed_seconds: 66, included_seconds: 66, total_charge: '0.00' }, 'an unlimited plan, at home');
    t.match((await chargeOf(3)).json, { charge_mode: 'unrated', currency: '', total_charge: '0.00' });
    t.match((await chargeOf(4)).json, { charge_mode: 'included', currency: '' }, 'inbound, without a deck');
    for (const index of [2, 5, 6]) await chargeOf(index, 404);
    t.match((await expect(200, 'GET', '/v2/cordboard/charges/totals')).json.totals, [
      { currency: '', calls: 2, unrated_calls: 1 }, { currency: 'USD', calls: 2, unrated_calls: 0, total_charge: '0.074' },
    ]);
  });

  await t.test('the charges report, as JSON and CSV', async (t) => {
    const all = await expect(200, 'GET', '/v2/phone/reports/call_charges', undefined, reader);
    t.match(all.json, { total_records: 4, call_charges: [{ service_type: 'Inbound call', billing_number: '+12025550100', call_type: 'Local' }, {}, { charge_mode: 'Included' }, {
      call_log_id: ids[0], caller_number: '+12025550100', caller_billing_number: '+12025550100', callee_number: '+442071838750', callee_billing_number: '', call_type: 'International',
      calling_party_name: 'Ada Lovelace', department: 'Engines', cost_center: '42', duration: 61, charge_mode: 'Per minute', rate: '0.012', currency: 'USD', total_charge: '0.074',
    }] });
    t.match((await expect(200, 'GET', '/v2/phone/reports/call_charges?show_charges_only=true')).json, { total_records: 1, call_charges: [{ call_log_id: ids[0] }] });
    t.match((await expect(200, 'GET', '/v2/phone/reports/call_charges?billing_account_id=x')).json, { total_records: 0 });
    const page = (await expect(200, 'GET', '/v2/phone/reports/call_charges?page_size=3')).json;
    t.equal((await expect(200, 'GET', `/v2/phone/reports/call_charges?page_size=3&next_page_token=${page.next_page_token}`)).json.call_charges.length, 1);
    t.match((await expect(200, 'GET', '/v2/phone/reports/sms_charges')).json, { total_records: 0, sms_charges: [] });
    for (const bad of ['from=soon', 'from=2026-02-01&to=2026-01-01', 'page_size=301', 'show_charges_only=maybe']) {
      for (const report of ['call_charges', 'sms_charges']) await expect(400, 'GET', `/v2/phone/reports/${report}?${bad}`);
    }
    const { text } = await expect(200, 'GET', '/v2/cordboard/reports/call_charges/export', undefined, reader);
    const lines = text.trim().split('\r\n');
    t.match(lines[0], /^Originating Number,Receiving Number,Call\/Message Type,Start Time,Duration \(Minutes\),Billing Number,Forward Billing Number,Calling Party Name,Billing Rate,/);
    t.match(lines[4], /^\+12025550100,\+442071838750,International,[^,]+Z,2\.00,\+12025550100,,Ada Lovelace,0\.012,USD,0\.074,Per minute,Engines,42,/);
    t.equal(lines.length, 5);
    t.equal((await expect(200, 'GET', '/v2/cordboard/reports/call_charges/export?site_id=x')).text.trim().split('\r\n').length, 1);
    const logs = await expect(200, 'GET', '/v2/phone/call_logs?charged_call_logs=true');
    t.match(logs.json, { total_records: 1, call_logs: [{ id: ids[0], charge: '0.074 USD', rate: '0.012 USD' }] });
  });

  await t.test('the table of legs', async (t) => {
    const trunkId = asId<TrunkId>('carrier-1');
    const callId = asId<CallRecordId>(office.deps.ids.next());
    const base = { callId, accountId: office.account.id };
    const leg = { deviceId: null, trunkId, gatewayId: asId<TrunkGatewayId>('g1'), contactUri: 'sip:+442071838750@carrier.example', startedAt: now - 9000, ringingAt: null, answeredAt: null, endedAt: now - 8000, status: 503, result: 'failed' as const };
    await createCallRecordSink(office.database).fold([
      { ...base, kind: 'attempted' as const, at: now - 9000, nodeId: 'n', sipCallId: 'legs', direction: 'outbound' as const, dialled: '442071838750', caller: own, callee: { ...london, e164: london.number }, emergency: false },
      { ...base, kind: 'answered' as const, at: now - 7000, legDeviceId: null, legTrunkId: trunkId },
      { ...base, kind: 'ended' as const, at: now - 1000, cause: 'caller-hangup' as const, reason: null, status: 200, holdMs: 0, legs: [leg, { ...leg, gatewayId: asId<TrunkGatewayId>('g2'), answeredAt: now - 7000, endedAt: now - 1000, status: 200, result: 'answered' as const }] },
    ].map((event, index) => ({ streamId: `8-${index + 1}`, event })));
    const { text } = await expect(200, 'GET', '/v2/cordboard/call_history/legs/export?connect_types=external', undefined, reader);
    const lines = text.trim().split('\r\n').filter((line) => line.startsWith(callId));
    t.match(lines[0], /,1,trunk,outbound,\+12025550100,\+442071838750,,carrier-1,g1,.*,503,failed,,$/);
    t.match(lines[1], /,2,trunk,outbound,.*,carrier-1,g2,.*,6,200,answered,0\.062,USD$/);
    t.equal(lines.length, 2);
    await office.database.queries.deleteFrom('call_records').where('id', '=', callId).execute();
  });

  await t.test('the usage report, by user and site', async (t) => {
    const { json } = await expect(200, 'GET', '/v2/cordboard/reports/usage', undefined, reader);
    t.match(json, { total_records: 1, usage: [{
      name: 'Ada Lovelace', extension_number: '1001', user_id: ada.userId, outgoing_calls: 6, calls_answered_outbound: 5, inbound_calls: 2, calls_answered_inbound: 2, missed_calls: 0,
      total_call_time: 61 + 61 + 10 * 5, forwarded_to_voicemail: 0, total_parked_time: 0,
    }] });
    t.match((await expect(200, 'GET', '/v2/cordboard/reports/usage?group_by=site')).json, { total_records: 1, usage: [{ id: ada.siteId, extension_number: '', outgoing_calls: 6 }] });
    for (const nothing of ['group_by=queue', 'site_id=x', 'user_id=x', 'to=2001-01-01&from=2000-01-01']) t.match((await expect(200, 'GET', `/v2/cordboard/reports/usage?${nothing}`)).json, { total_records: 0 }, nothing);
    for (const bad of ['group_by=colour', 'from=soon', 'page_size=0', 'colour=1']) await expect(400, 'GET', `/v2/cordboard/reports/usage?${bad}`);
    t.match((await expect(200, 'GET', '/v2/cordboard/reports/usage/export')).text, /^Name,Extension,Site,.*\r\nAda Lovelace,1001,/);
  });

  await t.test('minutes that plans include are used up call by call', async (t) => {
    const { json } = await expect(200, 'GET', '/v2/cordboard/plan_allowances', undefined, reader);
    t.match(json.allowances.find((one: { plan: number }) => one.plan === 200), { minutes: null });
    for (const [allowances, status] of [
      [[{ plan: 3000, minutes: 1 }], 400], [[{ plan: 200, minutes: -1 }], 400], [[{ plan: 200, minutes: 1 }, { plan: '200', minutes: 2 }], 400], [[{ plan: 'nothing', minutes: 1 }], 400],
    ] as const) await expect(status, 'PUT', '/v2/cordboard/plan_allowances', { allowances });
    await expect(403, 'PUT', '/v2/cordboard/plan_allowances', { allowances: [] }, reader);
    // 66 seconds are used, of two minutes.
    await expect(204, 'PUT', '/v2/cordboard/plan_allowances', { allowances: [{ plan: 200, minutes: 2 }] });
    const more = await pastCalls(office, [1, 2].map((minute) => ({ at: now - minute * 60_000, caller: own, callee: boston, direction: 'outbound' as const, endedAfter: 62 })));
    const charges = await Promise.all(more.map((id) => expect(200, 'GET', `/v2/cordboard/calls/${id}/charge`)));
    t.same(charges.map((one) => one.json.included_seconds).sort(), [0, 54]);
    t.same(charges.map((one) => one.json.total_charge).sort(), ['0.0006', '0.006']);
  });

  await t.test('rating again: a preview, then the change, then nothing more', async (t) => {
    await expect(204, 'PUT', '/v2/cordboard/plan_allowances', { allowances: [] });
    await table(`${HEAD}+1,USD,0.006,unlimited,,6,6\n+4420,USD,0.02,none\n+33,EUR,0.01\n`);
    const span = { from: new Date(now - 6 * HOUR).toISOString(), to: new Date(now).toISOString() };
    const preview = await expect(200, 'POST', '/v2/cordboard/charges/rerate', span);
    t.match(preview.json, { applied: false, changed: 4 });
    t.match(preview.json.totals.find((one: { currency: string }) => one.currency === 'EUR'), { before: '0.00', after: '0.01' });
    t.match((await chargeOf(0)).json, { total_charge: '0.074' }, 'a preview writes nothing');
    t.match((await expect(200, 'POST', '/v2/cordboard/charges/rerate', { ...span, apply: true })).json, { applied: true, changed: 4, totals: preview.json.totals });
    t.match((await chargeOf(0)).json, { total_charge: '0.04' });
    t.match((await expect(200, 'POST', '/v2/cordboard/charges/rerate', { ...span, apply: true })).json, { changed: 0 });
    await expect(400, 'POST', '/v2/cordboard/charges/rerate', { from: '2020-01-01', to: '2026-01-01' });
    await expect(403, 'POST', '/v2/cordboard/charges/rerate', span, reader);
  });

  await t.test('a day of calls adds up to the last unit, whoever is asked', async (t) => {
    const made: readonly (readonly [rates: readonly DayRate[], trunkId: string])[] = [
      [[{ prefix: '+44', perMinute: '0.0137', connectFee: '0.000007', first: 1, next: 1 }, { prefix: '+447', perMinute: '0.2', connectFee: '0', first: 60, next: 60 }, { prefix: '+49', perMinute: '0.033333', connectFee: '0.01', first: 30, next: 6 }], ''],
      [[{ prefix: '+44', perMinute: '0.0199', connectFee: '0', first: 6, next: 6 }, { prefix: '+49', perMinute: '0.000001', connectFee: '0.000001', first: 1, next: 1 }], ''],
    ];
    const decks = await Promise.all(made.map(async ([rates], index) => {
      const trunk = (await expect(201, 'POST', '/v2/cordboard/trunks', { name: `Day ${index}`, gateways: [{ host: '192.0.2.1' }] })).json;
      const { id } = (await expect(201, 'POST', '/v2/cordboard/rate_decks', { name: `Day ${index}`, trunk_id: trunk.id })).json;
      const rows = rates.map((rate) => `${rate.prefix},EUR,${rate.perMinute},none,${rate.connectFee},${rate.first},${rate.next}\n`);
      await expect(200, 'PUT', `/v2/cordboard/rate_decks/${id}/rates`, undefined, { raw: HEAD + rows.join(''), headers: CSV });
      return { trunkId: String(trunk.id), rates };
    }));
    const start = Date.parse(new Date(now - 10 * 24 * HOUR).toISOString().slice(0, 10));
    const day = `from=${new Date(start).toISOString()}&to=${new Date(start + 24 * HOUR - 1).toISOString()}`;
    const calls = dayOfCalls(400, start, own, ['+442071838750', '+447700900123', '+493012345678', '+33140000000'], decks.map(({ trunkId }) => trunkId));
    await pastCalls(office, calls);
    const answered = calls.filter(({ seconds }) => seconds > 0);
    const wanted = new Map(decks.map(({ trunkId, rates }) => [trunkId, answered.filter((call) => call.trunkId === trunkId).reduce((sum, call) => sum + costOf(call, rates), 0n)]));
    t.ok([...wanted.values()].every((sum) => sum > 1_000_000n), 'there is something to add up');

    const sums = new Map(decks.map(({ trunkId }) => [trunkId, 0n]));
    const { totals } = (await expect(200, 'GET', `/v2/cordboard/charges/totals?${day}`)).json;
    for (const one of totals) if (one.currency === 'EUR') sums.set(one.trunk_id, micros(one.total_charge));
    t.same(sums, wanted, 'the totals of each trunk');
    t.equal(totals.reduce((sum: number, one: { calls: number }) => sum + one.calls, 0), answered.length);

    let reported = 0n;
    let token = '';
    do {
      const { json } = await expect(200, 'GET', `/v2/phone/reports/call_charges?page_size=150&${day}&next_page_token=${token}`);
      for (const { total_charge: charge } of json.call_charges) reported += micros(charge);
      token = json.next_page_token;
    } while (token !== '');
    const all = [...wanted.values()].reduce((sum, one) => sum + one, 0n);
    t.equal(reported, all, 'the report, call by call');
    const rows = (await expect(200, 'GET', `/v2/cordboard/reports/call_charges/export?${day}`)).text.trim().split('\r\n');
    const column = rows[0]?.split(',').indexOf('Total Charge') ?? -1;
    t.equal(rows.slice(1).reduce((sum, row) => sum + micros(row.split(',')[column] ?? '0'), 0n), all, 'the table');
    const { usage } = (await expect(200, 'GET', `/v2/cordboard/reports/usage?${day}`)).json;
    t.match(usage, [{ outgoing_calls: calls.length, calls_answered_outbound: answered.length, total_call_time: answered.reduce((sum, { seconds }) => sum + seconds, 0) }]);
  });
});
