import { sql } from 'kysely';
import t from 'tap';
import type { CommonAreaId, DeviceId, EventId, HotDeskSessionId, UserId } from '../../src/domain/ids.js';
import { asId } from '../../src/domain/ids.js';
import type { HotDeskEvent, HotDeskSession } from '../../src/domain/hotdesk/session.js';
import { DEFAULT_ACCOUNT_POLICY } from '../../src/domain/identity/account.js';
import { UniqueViolation, type ChangeStores } from '../../src/ports/admin-stores.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { INITIAL } from '../../src/storage/postgres/migrations/0001-initial.js';
import { HOT_DESKING } from '../../src/storage/postgres/migrations/0002-hot-desking.js';
import { onEveryPostgres } from '../support/postgres.js';
import { aSession } from '../support/hot-desk-samples.js';
import { AT, aCall, aDevice, aParty, accountWithSite, anAccount, commit, newId } from '../support/sample-account.js';

const FIRST = { size: 10, after: null };
const MINUTE = 60_000;

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const run = <T>(fn: (stores: ChangeStores) => Promise<T>): Promise<T> => commit(work, fn);
  const eventOf = (session: HotDeskSession, kind: HotDeskEvent['kind']): HotDeskEvent => ({
    id: newId<EventId>(), accountId: session.accountId, sequence: session.fence, sessionId: session.id, deviceId: session.deviceId, userId: session.userId,
    kind, cause: session.cause, at: AT, actor: 'device:x',
  });
  const seat = (accountId: HotDeskSession['accountId'], changes: Partial<HotDeskSession> = {}): Promise<HotDeskSession> => run(async (s) => {
    const session = aSession({
      id: newId<HotDeskSessionId>(), accountId, deviceId: newId<DeviceId>(), userId: newId<UserId>(), fence: await s.hotDeskSessions.nextFence(), startedAt: AT, ...changes,
    });
    await s.hotDeskSessions.insert(session, eventOf(session, 'signed_in'));
    return session;
  });
  const end = (session: HotDeskSession, changes: Partial<HotDeskSession>): Promise<HotDeskSession> => run(async (s) => {
    const after: HotDeskSession = { ...session, fence: await s.hotDeskSessions.nextFence(), cause: 'user', ...changes };
    await s.hotDeskSessions.step(after, eventOf(after, after.state === 'draining' ? 'draining' : 'signed_out'));
    return after;
  });

  t.test('phones that show a guest who has left: what they fetched last, they fetched in that time', async (t) => {
    const { account, site } = await accountWithSite(work);
    for (const [rule, fetchedAt, state, shows] of [
      ['before the guest came', AT - 1, 'ended', false], ['while the guest sat there', AT + 5, 'ended', true], ['as the guest left', AT + 30 + MINUTE, 'ended', true],
      ['well afterwards', AT + 31 + MINUTE, 'ended', false], ['and the guest sits there still', AT + 5, 'active', false], ["and the guest's call goes on", AT + 5, 'draining', true],
    ] as const) {
      const device = aDevice(site, []);
      await run((s) => s.devices.insert(device, 'sealed'));
      const session = await seat(account.id, { deviceId: device.id });
      if (state !== 'active') await end(session, state === 'ended' ? { state, endedAt: AT + 30 } : { state, drainingSince: AT + 30, endsAt: null, endsBy: null });
      const raise = () => run((s) => s.deviceConfigurations.raise(account.id, [{ kind: 'device', deviceId: device.id }], AT));
      await raise();
      await run((s) => s.deviceConfigurations.delivered(device.id, 1, fetchedAt));
      t.same(await stores.deviceConfigurations.showingPastGuests([device.id]), new Set(), `${rule}: nothing has changed since`);
      await raise();
      t.same(await stores.deviceConfigurations.showingPastGuests([device.id]), new Set(shows ? [device.id] : []), rule);
    }
    t.same(await stores.deviceConfigurations.showingPastGuests([]), new Set());
  });

  t.test('sessions: what goes in comes out, step by step', async (t) => {
    const { account, site } = await accountWithSite(work);
    const device = aDevice(site, []);
    await run((s) => s.devices.insert(device, 'sealed'));
    const session = await seat(account.id, { deviceId: device.id, endsAt: AT + 5, endsBy: 'timeout', idleEndsAt: AT + 9 });
    const { hotDeskSessions } = stores;
    t.same(await hotDeskSessions.get(account.id, session.id), session);
    t.equal(await hotDeskSessions.get(newId(), session.id), null, 'not of another account');
    t.same(await hotDeskSessions.activeOn(session.deviceId), session);
    t.same(await hotDeskSessions.activeOf(session.userId), session);
    for (const of of ['account', { siteId: site.id }, { deviceIds: [device.id] }] as const) t.same(await hotDeskSessions.active(account.id, of), [session]);
    t.same(await hotDeskSessions.active(account.id, { deviceIds: [newId()] }), []);
    const due = async (at: number) => (await hotDeskSessions.due(at, 100)).some(({ id }) => id === session.id);
    t.same([await due(AT + 4), await due(AT + 5)], [false, true]);
    await run((s) => s.hotDeskSessions.setEnds(session.id, { endsAt: null, endsBy: null, idleEndsAt: AT + 9 }));
    t.same([await due(AT + 8), await due(AT + 9)], [false, true], 'idle end');
    const draining = await end(session, { state: 'draining', drainingSince: AT + 20, endsAt: null, endsBy: null });
    t.equal(await hotDeskSessions.activeOn(session.deviceId), null);
    t.same(await hotDeskSessions.draining(device.id, 10), [draining]);
    t.equal(await due(AT + 100), false, 'what drains is not due');
    const ended = await end(draining, { state: 'ended', endedAt: AT + 30 });
    t.same(await hotDeskSessions.get(account.id, session.id), ended);
    t.equal(await run((s) => s.hotDeskSessions.claim(session.id)), null, 'nothing to claim');
    t.same((await hotDeskSessions.events(account.id, { sessionId: session.id }, 10)).map(({ kind, sequence }) => [kind, sequence]),
      [['signed_in', session.fence], ['draining', draining.fence], ['signed_out', ended.fence]]);
    t.equal((await hotDeskSessions.events(account.id, { deviceId: device.id, after: draining.fence }, 10)).length, 1);
    for (const [rule, filter, found] of [
      ['all', {}, true], ['signed in', { signedIn: true }, false], ['not signed in', { signedIn: false }, true], ['site', { siteId: site.id }, true],
      ['other site', { siteId: newId<typeof site.id>() }, false], ['before it began', { at: AT - 1 }, false], ['when it began', { at: AT }, true],
      ['when it drained it held the phone no longer', { at: AT + 20 }, false], ['in a span', { from: AT + 30, to: AT + 40 }, true], ['after its span', { from: AT + 31 }, false],
      ['user', { userId: session.userId }, true], ['other user', { userId: newId<UserId>() }, false],
    ] as const) t.equal((await hotDeskSessions.page(account.id, filter, FIRST)).items.length, found ? 1 : 0, rule);
  });

  t.test('the database itself keeps the two rules; ended ones do not count', async (t) => {
    const { account } = await accountWithSite(work);
    const session = await seat(account.id);
    for (const [rule, changes] of [['hot_desk_sessions_device_unique', { deviceId: session.deviceId }], ['hot_desk_sessions_user_unique', { userId: session.userId }]] as const) {
      const error: unknown = await seat(account.id, changes).then(() => null, (thrown: unknown) => thrown);
      t.ok(error instanceof UniqueViolation && error.constraint === rule, rule);
    }
    await end(session, { state: 'draining', drainingSince: AT });
    await seat(account.id, { deviceId: session.deviceId, userId: session.userId });
    const twice: unknown = await run((s) => s.hotDeskSessions.step(session, eventOf(session, 'signed_in'))).then(() => null, (thrown: unknown) => thrown);
    t.ok(twice instanceof UniqueViolation, 'one event of a kind');
  });

  t.test('newest first, page by page', async (t) => {
    const { account } = await accountWithSite(work);
    const made: HotDeskSession[] = [];
    for (const minute of [0, 2, 2]) made.push(await seat(account.id, { startedAt: AT + minute * MINUTE }));
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await stores.hotDeskSessions.page(account.id, {}, { size: 2, after });
      seen.push(...page.items.map(({ id }) => id));
      t.equal(page.total, 3);
      if (page.next === null) break;
      after = page.next;
    }
    t.same(seen, [made[2]?.id, made[1]?.id, made[0]?.id]);
  });

  t.test('events are handed on once', async (t) => {
    const { account } = await accountWithSite(work);
    const session = await seat(account.id);
    const mine = async () => run(async (s) => {
      const events = (await s.hotDeskSessions.eventsToHandOn(1000)).filter(({ sessionId }) => sessionId === session.id);
      await s.hotDeskSessions.handedOn(events.map(({ id }) => id));
      return events.length;
    });
    t.same([await mine(), await mine()], [1, 0]);
  });

  t.test('PINs, settings, failures and locks', async (t) => {
    const { account, site } = await accountWithSite(work);
    const holder = { kind: 'user', id: newId<UserId>() } as const;
    await run((s) => s.pins.set(account.id, holder, { hash: 'a', setAt: AT }));
    await run((s) => s.pins.set(account.id, holder, { hash: 'b', setAt: AT + 1 }));
    t.same(await stores.pins.get(holder), { hash: 'b', setAt: AT + 1 });
    t.equal(await stores.pins.get({ kind: 'common_area', id: asId<CommonAreaId>(holder.id) }), null, 'of another kind of holder');
    await run((s) => s.pins.delete(holder));
    t.equal(await stores.pins.get(holder), null);

    const places = [{ scope: 'account', scopeId: account.id }, { scope: 'site', scopeId: site.id }] as const;
    const setting = { ...places[1], key: 'k', value: null, locked: true };
    await run((s) => s.settings.set(account.id, { ...setting, value: 5, locked: false }));
    await run((s) => s.settings.set(account.id, setting));
    t.same(await stores.settings.read(account.id, ['k', 'other'], places), [setting], 'null is a value');
    t.same(await stores.settings.read(account.id, ['k'], places.slice(0, 1)), []);
    t.same(await stores.settings.read(account.id, ['k'], []), []);
    await run((s) => s.settings.clear(account.id, setting));
    t.same(await stores.settings.read(account.id, ['k'], places), []);
    await run((s) => s.settings.set(account.id, setting));
    await run((s) => s.settings.clearPlace(account.id, places[1]));
    t.same(await stores.settings.read(account.id, ['k'], places), []);

    const device = aDevice(site, []);
    await run((s) => s.devices.insert(device, 'sealed'));
    const { signInLocks } = stores;
    for (const [extensionKey, minute] of [['ann', 0], ['bob', 1], ['ann', 2]] as const) {
      await run((s) => s.signInLocks.addFailure(newId(), account.id, { deviceId: device.id, extensionKey, at: AT + minute * MINUTE }));
    }
    t.same((await signInLocks.failures(device.id, AT)).map(({ extensionKey }) => extensionKey), ['bob', 'ann'], 'after, not at');
    t.equal(await signInLocks.countOf({ extensionKey: 'ann' }, 0), 2);
    t.equal(await signInLocks.countOf({ siteId: site.id }, 0), 3);
    const pair = { accountId: account.id, scope: 'pair', deviceId: device.id, extensionKey: 'ann', until: AT + 5, level: 1, at: AT } as const;
    const whole = { ...pair, scope: 'device', extensionKey: null, until: AT + 9 } as const;
    for (const lock of [pair, whole, { ...pair, level: 2 }]) await run((s) => s.signInLocks.setLock(lock));
    t.same(await signInLocks.holding(account.id, AT + 4), [whole, { ...pair, level: 2 }], 'set again is replaced');
    t.same(await signInLocks.holding(account.id, AT + 5), [whole]);
    t.equal((await signInLocks.locks(device.id)).length, 2, 'past ones, too');
    t.equal(await run((s) => s.signInLocks.clear(account.id, { deviceId: device.id, extensionKey: 'ann' })), 1);
    t.equal(await signInLocks.countOf({ extensionKey: 'ann' }, 0), 0);
    t.equal(await run((s) => s.signInLocks.clear(account.id, { deviceId: device.id })), 1);
    await run((s) => s.signInLocks.setLock(pair));
    t.equal(await run((s) => s.signInLocks.forget(AT + 6)), 1);
  });

  t.test('the use of phones, as call records tell it', async (t) => {
    const { account } = await accountWithSite(work);
    const sink = createCallRecordSink(db);
    const [caller, callee, coder, idle] = [newId<DeviceId>(), newId<DeviceId>(), newId<DeviceId>(), newId<DeviceId>()];
    const call = aCall(account.id, { caller: aParty({ deviceId: caller }), nodeId: 'far' });
    const code = aCall(account.id, { caller: aParty({ deviceId: coder }), callee: aParty({ number: '*91' }), nodeId: 'far' });
    let stream = 0;
    const fold = (...events: readonly (typeof call.attempted | typeof call.answered | typeof call.ended)[]) => sink.fold(events.map((event) => ({ streamId: `${account.id}-${stream += 1}`, event })));
    await fold(call.attempted, code.attempted);
    const inCall = async (nodeId: string) => [...await stores.callRecords.inCallElsewhere([caller, callee, coder, idle], nodeId)].sort();
    t.same(await inCall('here'), [caller], 'a call to a feature code is none');
    t.same(await inCall('far'), [], 'its own calls a node knows better');
    await fold({ ...call.answered, kind: 'answered', legDeviceId: callee });
    t.same(await inCall('here'), [caller, callee].sort());
    t.equal(await stores.callRecords.lastActivity(callee), call.attempted.at, 'open: since its start');
    await fold(call.ended);
    t.same(await inCall('here'), []);
    t.same([await stores.callRecords.lastActivity(caller), await stores.callRecords.lastActivity(callee)], [call.ended.at, call.ended.at]);
    t.equal(await stores.callRecords.lastActivity(idle), null);
    t.same((await stores.callRecords.get(account.id, call.id))?.caller.hotDeskSessionId, null);
  });

  t.test('an account whose policy was written before hot desking has its defaults', async (t) => {
    const account = anAccount();
    await run((s) => s.accounts.insert(account));
    await sql`update accounts set policy = policy - 'hotDeskConflict' - 'pinMinLength' #- '{featureCodes,deviceLock}' where id = ${account.id}`.execute(db.queries);
    t.same((await stores.accounts.get(account.id))?.policy, DEFAULT_ACCOUNT_POLICY);
  });

  t.test('a database of the first step with people, phones and calls in it takes the second', async (t) => {
    const name = 'before_hot_desking';
    const rows: string[] = [
      `insert into accounts (id, name, sip_domain, country, policy, created_at) values ('a', 'A', 'a.example', 'US', '{}', now())`,
      `insert into sites (id, account_id, name, is_main, short_extension_length, country, auto_receptionist_name, created_at) values ('s', 'a', 'S', true, 3, 'US', '', now())`,
      `insert into devices (id, account_id, site_id, display_name, mac_address, type, model, user_name, sealed_password, hot_desking, search, created_at)
       values ('d', 'a', 's', 'D', '000000000001', '', '', 'u', 'x', 'on', '', now())`,
      `insert into call_records (id, account_id, node_id, sip_call_id, direction, dialled, caller, callee, emergency, started_at, legs, hold_ms, search)
       values ('c', 'a', 'n', 'x', 'internal', '802', '{"deviceId": "d"}', '{}', false, now(), '[]', 0, '')`,
    ];
    // In a schema of its own inside a transaction that is undone.
    const read = await db.queries.transaction().execute(async (queries) => {
      for (const statement of [`create schema ${name}`, `set local search_path to ${name}`, ...INITIAL.statements, ...rows, ...HOT_DESKING.statements]) {
        await sql.raw(statement).execute(queries);
      }
      const { rows: [row] } = await sql`select d.locked, s.prompt_language, c.caller_device_id from devices d, sites s, call_records c`.execute(queries);
      throw Object.assign(new Error('undo'), { row });
    }).catch((error: unknown) => error);
    t.match(read, { row: { locked: false, prompt_language: null, caller_device_id: 'd' } });
  });
});
