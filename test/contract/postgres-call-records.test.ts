import { sql } from 'kysely';
import t from 'tap';
import type { CallEvent } from '../../src/domain/calls/call-event.js';
import type { CallLogEntry } from '../../src/ports/call-log.js';
import type { AccountId, DeviceId, HotDeskSessionId, SiteId, UserId } from '../../src/domain/ids.js';
import { foldCallRecord } from '../../src/domain/calls/fold-call-record.js';
import { callRecordRow } from '../../src/storage/postgres/call-record-store.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import { createRetention } from '../../src/storage/postgres/retention.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { NO_FIGURES, type StreamReport } from '../../src/domain/quality/stream-report.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, aCall, aParty, newId } from '../support/sample-account.js';

let sequence = 0;
const entry = (event: CallEvent): CallLogEntry => ({ streamId: `1700000000000-${(sequence += 1)}`, event });

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const sink = createCallRecordSink(db);
  const { callRecords, callQuality } = createStores(db);

  t.test('events make one record; the same batch twice is once', async (t) => {
    const accountId = newId<AccountId>();
    const call = aCall(accountId);
    const batch = [entry(call.attempted), entry(call.answered), entry(call.ended)];
    await sink.fold(batch);
    const record = await callRecords.get(accountId, call.id);
    t.match(record, {
      id: call.id, startedAt: AT, answeredAt: AT + 4000, endedAt: AT + 64_000, cause: 'caller-hangup', status: 200, caller: { name: 'Ada' }, legs: [],
    });
    await sink.fold(batch);
    await sink.fold([...batch, ...batch]);
    t.same(await callRecords.get(accountId, call.id), record);
    t.equal((await db.queries.selectFrom('call_events').selectAll().where('call_id', '=', call.id).execute()).length, 3);
    await sink.fold([]);
  });

  t.test('event by event, and in the wrong order, it is the same record', async (t) => {
    const accountId = newId<AccountId>();
    const [whole, single, reversed] = [aCall(accountId), aCall(accountId), aCall(accountId)];
    const events = (call: typeof whole) => [entry(call.attempted), entry(call.answered), entry(call.ended)];
    await sink.fold(events(whole));
    for (const one of events(single)) await sink.fold([one]);
    for (const one of events(reversed).reverse()) await sink.fold([one]);
    const expected = await callRecords.get(accountId, whole.id);
    for (const call of [single, reversed]) {
      t.same({ ...await callRecords.get(accountId, call.id), id: whole.id, sipCallId: expected?.sipCallId, syncOrder: expected?.syncOrder }, expected);
    }
  });

  t.test('how a call sounded is kept beside its record: whatever comes first, and each measurement once', async (t) => {
    const accountId = newId<AccountId>();
    const [measured, bad, noted, silent] = [aCall(accountId), aCall(accountId), aCall(accountId), aCall(accountId)];
    const ends = { caller: { publicIp: '198.51.100.7', privateIp: '10.0.0.7', codec: 'PCMA' }, callee: { publicIp: '192.0.2.9', privateIp: '', codec: 'PCMA' } };
    const report = (changes: Partial<StreamReport>): StreamReport => (
      { ...NO_FIGURES, side: 'caller', direction: 'receiving', source: 'phone', span: 'session', at: AT + 65_000, lossPercent: 1.5, mos: 4.2, ...changes });
    const quality = (call: typeof measured, ...reports: readonly StreamReport[]) => entry({ kind: 'quality', callId: call.id, accountId, at: AT + 65_000, reports });
    const early = quality(measured, report({ at: AT + 10_000, span: 'interval', mos: 3 }));
    await sink.fold([early]);
    await sink.fold([entry(measured.attempted), entry({ ...measured.answered, kind: 'answered', legDeviceId: null, ends }), early]);
    const batch = [quality(measured, report({}), report({ side: 'callee', mos: 3.9, jitterMs: 4.5, codec: 'PCMA' })), entry(measured.ended)];
    await sink.fold(batch);
    await sink.fold(batch);
    await sink.fold([bad, noted, silent].map((call) => entry(call.attempted)));
    await sink.fold([quality(bad, report({ mos: 3.49 })), entry({ ...noted.answered, kind: 'answered', legDeviceId: null, ends })]);
    const none = { publicIp: '', privateIp: '', codec: '' };
    t.same(await callQuality.ofCalls(accountId, [measured.id, bad.id, noted.id, silent.id]), new Map([
      [measured.id, { ends, mos: 3.9 }], [bad.id, { ends: { caller: none, callee: none }, mos: 3.49 }], [noted.id, { ends, mos: null }],
    ]));
    t.same(await callQuality.reports(accountId, measured.id), [
      report({ at: AT + 10_000, span: 'interval', mos: 3 }), report({}), report({ side: 'callee', mos: 3.9, jitterMs: 4.5, codec: 'PCMA' }),
    ]);
    t.same(await callQuality.reports(newId<AccountId>(), measured.id), [], 'another account');
    t.equal((await callQuality.ofCalls(newId<AccountId>(), [measured.id])).size, 0);
    const found = async (wanted: 'good' | 'bad') => (await callRecords.page(accountId, { from: AT, to: AT, quality: wanted }, { size: 9, after: null })).items.map(({ id }) => id);
    t.same([await found('good'), await found('bad')], [[measured.id], [bad.id]]);
    const badSince = async (since: number, below: number) => (await callQuality.badCalls(accountId, since, below, 9)).map(({ id, mos }) => [id, mos]);
    t.same(await badSince(AT, 3.5), [], 'a call that is up is judged when it has ended');
    await sink.fold([entry(bad.ended)]);
    t.same([await badSince(AT + 64_000, 3.5), await badSince(AT + 64_001, 3.5)], [[[bad.id, 3.49]], []]);
    t.same((await badSince(AT, 4)).length, 2);
    t.match(await callQuality.badCalls(accountId, AT, 3.5, 9), [{ caller: { name: 'Ada', hotDeskSessionId: null }, callee: { name: 'Grace' } }]);
  });

  t.test('the phone that answered and its session are kept with the called side', async (t) => {
    const accountId = newId<AccountId>();
    const [legDeviceId, callerSession, legHotDeskSessionId] = [newId<DeviceId>(), newId<HotDeskSessionId>(), newId<HotDeskSessionId>()];
    const call = aCall(accountId, { caller: aParty({ name: 'Guest', deviceId: newId(), hotDeskSessionId: callerSession }) });
    await sink.fold([entry(call.attempted)]);
    await sink.fold([entry({ kind: 'answered', callId: call.id, accountId, at: AT + 4000, legDeviceId, legHotDeskSessionId })]);
    const record = await callRecords.get(accountId, call.id);
    t.match(record, { answeredBy: legDeviceId, callee: { deviceId: legDeviceId, hotDeskSessionId: legHotDeskSessionId }, caller: { hotDeskSessionId: callerSession } });
    await sink.fold([entry(call.ended)]);
    t.match(await callRecords.get(accountId, call.id), { callee: record?.callee, caller: record?.caller });
  });

  if (postgres.kind === 'server') {
    t.test('two nodes that each hold one event of a new call do not both miss the other', async (t) => {
      const accountId = newId<AccountId>();
      const call = aCall(accountId);
      const other = createCallRecordSink(await postgres.open(t));
      let late: Promise<void> | undefined;
      // One node in the middle of its batch: the attempt is stored, not yet committed.
      await db.queries.transaction().execute(async (queries) => {
        await queries.selectFrom('call_fold_turn').select('id').forUpdate().execute();
        let over = false;
        late = other.fold([entry(call.answered)]).finally(() => (over = true));
        const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock'`;
        while (!over && (await waiting.execute(db.queries)).rows.length === 0);
        const record = foldCallRecord(null, call.attempted);
        if (record === null) throw new Error('no record');
        await queries.insertInto('call_events').values({
          stream_id: '1-1', call_id: call.id, account_id: accountId, kind: 'attempted', at: new Date(AT), event: JSON.stringify(call.attempted),
        }).execute();
        await queries.insertInto('call_records').values(callRecordRow(record)).execute();
      });
      await late;
      t.match(await callRecords.get(accountId, call.id), { startedAt: AT, answeredAt: AT + 4000 });
    });
  }

  t.test('an event that cannot be stored is logged and left out; the others stay', async (t) => {
    const accountId = newId<AccountId>();
    const [good, bad, strange] = [aCall(accountId), aCall(accountId, { at: Number.NaN }), aCall(accountId, { dialled: 'nul \0 half \ud800' })];
    // As a stream written by another version might hold it.
    const partless = JSON.parse(JSON.stringify({ ...aCall(accountId).attempted, caller: undefined })) as CallEvent;
    await sink.fold([entry(good.attempted), entry(bad.attempted), entry(partless), entry(strange.attempted)]);
    t.ok(await callRecords.get(accountId, good.id));
    t.equal(await callRecords.get(accountId, bad.id), null);
    t.equal((await callRecords.get(accountId, strange.id))?.dialled, 'nul \ufffd half \ufffd');
    t.equal(postgres.log.lines.filter((line) => line.event === 'call-event-refused').length, 2);
  });

  t.test('calls of nodes that live no more are closed as lost, the others not; a true end replaces it', async (t) => {
    const accountId = newId<AccountId>();
    const [dead, alive] = [aCall(accountId, { nodeId: 'dead' }), aCall(accountId, { nodeId: 'alive' })];
    const over = aCall(accountId, { nodeId: 'dead' });
    await sink.closeLost(new Set(), AT);
    await sink.fold([entry(dead.attempted), entry(alive.attempted), entry(over.attempted), entry(over.ended)]);
    t.equal(await sink.closeLost(new Set(['alive', 'node-1']), AT + 5000), 1);
    t.match(await callRecords.get(accountId, dead.id), { cause: 'lost', endedAt: AT + 5000 });
    t.match(await callRecords.get(accountId, alive.id), { cause: null, endedAt: null });
    t.match(await callRecords.get(accountId, over.id), { cause: 'caller-hangup' });
    t.equal(await sink.closeLost(new Set(['alive', 'node-1']), AT + 6000), 0, 'once');
    await sink.fold([entry(dead.ended)]);
    t.match(await callRecords.get(accountId, dead.id), { cause: 'caller-hangup', endedAt: AT + 64_000 });
    t.equal(await sink.closeLost(new Set(), AT + 7000), 1, 'no node lives: every open call');
  });

  t.test('pages newest first, with filters', async (t) => {
    const accountId = newId<AccountId>();
    const userId = newId<UserId>();
    const calls = [0, 1, 1, 3].map((hour) => aCall(accountId, { at: AT + hour * 3_600_000 }));
    const own = aCall(accountId, {
      at: AT + 2 * 3_600_000, direction: 'outbound', dialled: '+4940123', caller: aParty({ userId, siteId: newId(), name: 'Jürgen_X', number: '+1212' }),
    });
    await sink.fold([...calls, own].map((call) => entry(call.attempted)));
    const [first, second, third, fourth] = calls.map((call) => call.id);
    const range = { from: AT, to: AT + 3 * 3_600_000 };
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof callRecords.page>> = await callRecords.page(accountId, range, { size: 2, after });
      t.equal(page.total, 5);
      ids.push(...page.items.map((record) => record.id));
      after = page.next;
    } while (after !== null);
    t.same(ids, [fourth, own.id, third, second, first]);
    for (const [filter, expected] of [
      [{ userId }, 1], [{ connectTypes: ['external'] }, 1], [{ directions: ['outbound'] }, 5], [{ keyword: 'jürgen_' }, 1], [{ keyword: '+4940' }, 1], [{ keyword: '%' }, 0], [{ siteIds: [newId<SiteId>()] }, 0],
    ] as const) t.equal((await callRecords.page(accountId, { ...range, ...filter }, { size: 9, after: null })).total, expected, JSON.stringify(filter));
    t.same((await callRecords.page(accountId, range, { size: 9, after: 'unknown' })).items, []);
    t.equal((await callRecords.page(accountId, { from: AT + 1, to: AT + 2 }, { size: 9, after: null })).total, 0);
  });

  t.test('folded events of ended calls are purged, records stay', async (t) => {
    const accountId = newId<AccountId>();
    const [over, open] = [aCall(accountId), aCall(accountId)];
    await sink.fold([entry(over.attempted), entry(over.ended), entry(open.attempted)]);
    await createRetention(db).purge({ outbox: 0, callEvents: AT + 3_600_000 * 24 });
    const left = await db.queries.selectFrom('call_events').select('call_id').where('account_id', '=', accountId).execute();
    t.same(left.map((row) => row.call_id), [open.id]);
    t.ok(await callRecords.get(accountId, over.id));
  });
});
