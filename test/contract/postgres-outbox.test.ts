import { EventEmitter, once } from 'node:events';
import t from 'tap';
import type { ConfigEvent } from '../../src/domain/events.js';
import { StorageFault } from '../../src/ports/runtime.js';
import { createRetention } from '../../src/storage/postgres/retention.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, aUser, accountWithSite, anEvent, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const silent = createUnitOfWork(db, { onCommitted: async () => undefined });
  const unsent = () => db.queries.selectFrom('outbox').select(['id', 'version']).where('sent_at', 'is', null).orderBy('version').execute();

  t.test('events come after commit and before the answer, in order, with the versions they made', async (t) => {
    const { account, site } = await accountWithSite(silent);
    const delivered: ConfigEvent[] = [];
    const seen: unknown[] = [];
    const work = createUnitOfWork(db, {
      onCommitted: async (events) => {
        delivered.push(...events);
        for (const event of events) seen.push(await stores.users.get(account.id, event.aggregateId as never));
      },
    });
    const user = aUser(account.id);
    const first = anEvent(account.id, 'user', user.id, 'created');
    const second = anEvent(account.id, 'site', site.id);
    await commit(work, async (s) => {
      await s.users.insert(user);
      await s.emit(first);
      await s.emit(second);
      t.same(delivered, [], 'nothing before commit');
    });
    t.same(delivered, [{ ...first, version: 1 }, { ...second, version: 2 }]);
    t.same(seen, [user, null], 'the change is visible when they are delivered');
    t.equal((await stores.accounts.get(account.id))?.configVersion, 2);
    t.same(await unsent(), [], 'marked as sent');
    await t.rejects(commit(work, (s) => s.emit(anEvent(newId(), 'user', user.id))), /account that is not there/);
  });

  t.test('changes of one account at the same time are delivered in the order of their versions', async (t) => {
    const { account } = await accountWithSite(silent);
    const versions: number[] = [];
    let inside = 0;
    const work = createUnitOfWork(db, {
      onCommitted: async (events) => {
        inside += 1;
        t.equal(inside, 1, 'one delivery of an account at a time');
        await db.ping();
        versions.push(...events.map((event) => event.version));
        inside -= 1;
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => commit(work, (s) => s.emit(anEvent(account.id, 'account', account.id)))));
    t.same(versions, Array.from({ length: 20 }, (_, index) => index + 1));
    t.same(await unsent(), []);
  });

  t.test('killed between commit and mark: the sweep delivers again, once, and marks', async (t) => {
    const { account } = await accountWithSite(silent);
    // The process that commits never finishes its delivery.
    const dying = new EventEmitter();
    const killed = createUnitOfWork(db, {
      claimMs: 0,
      onCommitted: () => {
        dying.emit('delivering');
        return new Promise<never>(() => undefined);
      },
    });
    const event = anEvent(account.id, 'account', account.id);
    const delivering = once(dying, 'delivering');
    void commit(killed, (s) => s.emit(event));
    await delivering;
    const delivered: ConfigEvent[] = [];
    const next = createUnitOfWork(db, { onCommitted: async (events) => void delivered.push(...events) });
    t.equal(await next.sweepOutbox(), 1);
    t.same(delivered, [{ ...event, version: 1 }]);
    t.equal(await next.sweepOutbox(), 0, 'nothing left');
    t.same(await unsent(), []);
  });

  t.test('what is being delivered is left to its process until its claim ends', async (t) => {
    const { account } = await accountWithSite(silent);
    const held = createUnitOfWork(db, { claimMs: 60_000, onCommitted: () => Promise.reject(new Error('cache away')) });
    await commit(held, (s) => s.emit(anEvent(account.id, 'account', account.id)));
    const other = createUnitOfWork(db, { onCommitted: async () => void t.fail('not ours yet') });
    t.equal(await other.sweepOutbox(), 0);
    await db.queries.updateTable('outbox').set({ sent_at: new Date(AT) }).where('sent_at', 'is', null).execute();
  });

  t.test('a failed delivery is no failed change; the next one brings it along, in order', async (t) => {
    const { account } = await accountWithSite(silent);
    const calls: number[][] = [];
    const work = createUnitOfWork(db, {
      onCommitted: async (events) => {
        calls.push(events.map((event) => event.version));
        if (calls.length === 1) throw new StorageFault('redis', new Error('away'));
      },
    });
    t.equal(await work.run(async (s) => {
      await s.emit(anEvent(account.id, 'account', account.id));
      return { end: 'commit', value: 'kept' };
    }), 'kept');
    t.equal((await unsent()).length, 1);
    await commit(work, (s) => s.emit(anEvent(account.id, 'account', account.id)));
    t.same(calls, [[1], [1, 2]]);
    t.same(await unsent(), []);
  });

  t.test('old sent events are purged, unsent ones stay', async (t) => {
    const { account } = await accountWithSite(silent);
    await commit(silent, (s) => s.emit(anEvent(account.id, 'account', account.id)));
    const failing = createUnitOfWork(db, { claimMs: 0, onCommitted: () => Promise.reject(new Error('away')) });
    await commit(failing, (s) => s.emit(anEvent(account.id, 'account', account.id)));
    const gone = await createRetention(db).purge({ outbox: Date.now() + 60_000, callEvents: 0 });
    t.ok(gone.outbox > 0);
    t.same((await unsent()).map((row) => row.version), [2]);
    t.equal(await silent.sweepOutbox(), 1);
  });
});
