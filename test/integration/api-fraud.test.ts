import t from 'tap';
import { asId, type ExtensionId, type FraudGuardId } from '../../src/domain/ids.js';
import { costKey, holdKey, minutesKey } from '../../src/domain/fraud/watched-call.js';
import { ensureDemo } from '../../src/usecases/admin/ensure-demo.js';
import { createGuardBook } from '../../src/usecases/fraud/guard-book.js';
import { createKeepSpending } from '../../src/usecases/fraud/keep-spending.js';
import { createTellFraud } from '../../src/usecases/fraud/tell-fraud.js';
import { readingKey } from '../../src/storage/redis/keys.js';
import { startApiOffice } from '../support/api-office.js';
import { NO_PARTY, partyOf, pastCalls } from '../support/past-calls.js';

t.test('guards against fraud', async (t) => {
  const office = await startApiOffice(t);
  const { expect, deps } = office;
  await ensureDemo(deps);
  const ada = await partyOf(office, 'ada@demo.example');
  const extensionId = ada.extensionId ?? asId<ExtensionId>('');
  const reader = { token: await office.tokenFor('Phone Read Only') };
  const client = await office.redis.client();
  const kept = (key: string) => client.ask((redis) => redis.get(readingKey(key)));
  const book = createGuardBook({ stores: deps.stores });
  const { json: made } = await expect(201, 'POST', '/v2/cordboard/fraud_guards', {
    name: 'Premium', metric: 'calls-per-minute', destinations: { prefixes: ['+1900'] }, warning: '2', critical: '4', hold_minutes: 60,
  });

  await t.test('guards are checked as a whole', async (t) => {
    const good = { name: 'x', metric: 'calls-per-minute', critical: '4' };
    for (const [name, changes, field] of [
      ['no threshold', { critical: null }, 'critical'], ['a warning behind the refusal', { warning: '5' }, 'warning'], ['no number', { critical: 'four' }, 'critical'],
      ['hours where none belong', { hours: { from: '09:00', to: '17:00', days: [1] } }, 'hours'], ['no hours', { metric: 'after-hours' }, 'hours'],
      ['hours of no day', { metric: 'after-hours', hours: { from: '09:00', to: '25:00', days: [8] } }, 'hours.to'], ['no currency', { metric: 'cost-per-day' }, 'currency'],
      ['a currency where none belongs', { currency: 'USD' }, 'currency'], ['a prefix without +', { destinations: { prefixes: ['1900'] } }, 'destinations.prefixes[0]'],
      ['no country', { destinations: { countries: ['XX'] } }, 'destinations.countries[0]'], ['no such site', { site_id: 'x' }, 'site_id'],
      ['no such extension', { extension_id: 'x' }, 'extension_id'], ['another metric', { metric: 'luck' }, 'metric'], ['a hold without end', { hold_minutes: 99_999 }, 'hold_minutes'],
    ] as const) {
      const { json } = await expect(400, 'POST', '/v2/cordboard/fraud_guards', { ...good, ...changes });
      t.equal(json.errors[0].field, field, name);
    }
    await expect(409, 'POST', '/v2/cordboard/fraud_guards', { ...good, name: 'PREMIUM' });
    await expect(403, 'POST', '/v2/cordboard/fraud_guards', good, reader);
    const cost = await expect(201, 'POST', '/v2/cordboard/fraud_guards', { name: 'Money', metric: 'cost-per-day', currency: 'USD', critical: '12.5' });
    t.match(cost.json, { critical: '12.50', warning: null, hold_minutes: 0, destinations: { prefixes: [], international: false } });
    await expect(204, 'PATCH', `/v2/cordboard/fraud_guards/${cost.json.id}`, { critical: '10', enabled: true });
    await expect(404, 'PATCH', '/v2/cordboard/fraud_guards/nothing', { enabled: false });
    t.match((await expect(200, 'GET', '/v2/cordboard/fraud_guards', undefined, reader)).json.fraud_guards, [{ name: 'Premium', critical: '4' }, { name: 'Money', critical: '10.00' }]);
  });

  await t.test('a passed guard holds the caller, tells webhooks once, and is lifted by hand', async (t) => {
    await expect(201, 'POST', '/v2/cordboard/webhooks', { url: 'http://127.0.0.1:9/x', events: ['fraud.warning', 'fraud.critical'] });
    await book.load();
    const guard = book.of(office.account.id).find(({ name }) => name === 'Premium');
    if (guard === undefined) throw new Error('no guard');
    const watched = {
      call: { extensionId, siteId: ada.siteId ?? asId(''), home: 'US', number: '+19005550123', country: 'US', clock: { time: '10:00', weekday: 1 }, day: '2026-01-01' },
      callerName: 'Ada Lovelace', guards: [guard],
    };
    const told = createTellFraud({ ...deps, counters: deps.fraudCounters });
    const verdict = (level: 'warning' | 'critical', value: number) => ({ guard, level, value, threshold: level === 'warning' ? 2 : 4, held: false });
    for (const one of [verdict('warning', 3), verdict('warning', 4), verdict('critical', 5), verdict('critical', 6)]) {
      told.seen(office.account.id, watched, [one]);
      await told.idle();
    }
    const { json } = await expect(200, 'GET', '/v2/cordboard/fraud_incidents', undefined, reader);
    t.match(json, { total_records: 2, fraud_incidents: [
      { level: 'critical', value: '5', threshold: '4', guard_name: 'Premium', caller_name: 'Ada Lovelace', number: '+19005550123', held_until: /^20/, lifted_at: '' }, { level: 'warning', held_until: '' },
    ] });
    t.equal(await kept(holdKey(guard.id, extensionId)), '1');
    t.match((await expect(200, 'GET', '/v2/cordboard/fraud_incidents?held=true')).json, { total_records: 1 });
    const sent = await office.database.queries.selectFrom('webhook_deliveries').select(['type', 'body']).orderBy('id').execute();
    t.same(sent.map(({ type }) => type), ['fraud.warning', 'fraud.critical']);
    t.match(JSON.parse(sent[1]?.body ?? '{}'), { event: 'fraud.critical', payload: { incident: { metric: 'calls-per-minute', threshold: 4 }, caller: { name: 'Ada Lovelace' } } });
    const [incident] = json.fraud_incidents;
    await expect(403, 'DELETE', `/v2/cordboard/fraud_incidents/${incident.id}/hold`, undefined, reader);
    await expect(404, 'DELETE', '/v2/cordboard/fraud_incidents/nothing/hold');
    await expect(204, 'DELETE', `/v2/cordboard/fraud_incidents/${incident.id}/hold`);
    t.equal(await kept(holdKey(guard.id, extensionId)), null);
    t.match((await expect(200, 'GET', '/v2/cordboard/fraud_incidents?held=true')).json, { total_records: 0 });
    t.match((await expect(200, 'GET', `/v2/cordboard/audit_log?action=lift-fraud-hold`)).json, { total_records: 1 });
    for (const bad of ['from=soon', 'held=maybe', 'page_size=101']) await expect(400, 'GET', `/v2/cordboard/fraud_incidents?${bad}`);
  });

  await t.test('what people spend and talk in a day is kept where calls read it', async (t) => {
    const deck = (await expect(201, 'POST', '/v2/cordboard/rate_decks', { name: 'All' })).json;
    await expect(200, 'PUT', `/v2/cordboard/rate_decks/${deck.id}/rates`, undefined, { raw: 'prefix,currency,rate_per_minute\n*,USD,2\n', headers: { 'content-type': 'text/csv' } });
    const now = office.clock.now();
    await pastCalls(office, [0, 1].map((nth) => ({
      at: now - 100 - nth, caller: ada, callee: { ...NO_PARTY, number: '+33140000000' }, direction: 'outbound' as const, endedAfter: 2 + 120, answeredAfter: 2,
    })));
    const keep = createKeepSpending({ stores: deps.stores, guards: book, calls: deps.calls, counters: deps.fraudCounters, clock: office.clock });
    await keep();
    await keep();
    const day = new Date(now).toISOString().slice(0, 10);
    t.equal(await kept(costKey(extensionId, day, 'USD')), '8000000');
    t.equal(await kept(minutesKey(extensionId, day)), '4');
  });

  await t.test('a removed guard is gone from memory', async (t) => {
    await expect(204, 'DELETE', `/v2/cordboard/fraud_guards/${made.id}`);
    await expect(404, 'DELETE', `/v2/cordboard/fraud_guards/${made.id}`);
    await book.apply([{ id: asId('e'), accountId: office.account.id, aggregate: 'fraud_guard', aggregateId: asId<FraudGuardId>(made.id), change: 'deleted', version: 1, at: 0 }]);
    t.same(book.of(office.account.id).map(({ name }) => name), ['Money']);
  });
});
