import { sql } from 'kysely';
import pg from 'pg';
import t from 'tap';
import type { ConfigEvent } from '../../src/domain/events.js';
import { UniqueViolation } from '../../src/ports/admin-stores.js';
import { StorageFault } from '../../src/ports/runtime.js';
import { SqlError } from '../../src/storage/postgres/postgres-errors.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import {
  aDevice, aSite, aUser, accountWithSite, addPhoneUser, anAccount, anEvent, commit, newId,
} from '../support/sample-account.js';

const FAULT = { name: 'StorageFault', part: 'postgres' };

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const silent = createUnitOfWork(db, { onCommitted: async () => undefined });
  const unsent = () => db.queries.selectFrom('outbox').select(['id', 'version']).where('sent_at', 'is', null).orderBy('version').execute();

  t.test('rollback by value, by throw and by a statement error leaves nothing, and the pool whole', async (t) => {
    const { account, site } = await accountWithSite(silent);
    const delivered: ConfigEvent[] = [];
    const work = createUnitOfWork(db, { onCommitted: async (events) => void delivered.push(...events) });
    const user = aUser(account.id);
    const bug = new Error('bug');
    t.equal(await work.run(async (s) => {
      await s.users.insert(user);
      await s.emit(anEvent(account.id, 'user', user.id, 'created'));
      return { end: 'rollback', value: 'refused' };
    }), 'refused');
    await t.rejects(work.run(async (s) => {
      await s.users.insert(user);
      throw bug;
    }), bug);
    await t.rejects(work.run(async (s) => {
      await s.users.insert(user);
      await s.emit(anEvent(account.id, 'user', user.id, 'created'));
      await s.users.insert(user);
      return { end: 'commit', value: null };
    }), new UniqueViolation('users_pk'));
    await t.rejects(work.run(async (s) => {
      await s.users.insert(user);
      await s.sites.insert({ ...site, id: newId() }).catch(() => undefined);
      return { end: 'commit', value: null };
    }), new UniqueViolation('sites_name_unique'), 'a swallowed statement error cannot be committed');
    t.equal(await stores.users.get(account.id, user.id), null);
    t.equal((await stores.accounts.get(account.id))?.configVersion, 0);
    t.same(delivered, []);
    t.same(await unsent(), []);
    for (let round = 0; round < 25; round += 1) await work.run(async () => ({ end: 'rollback', value: null }));
    await commit(work, (s) => s.users.insert(user));
    t.ok(await stores.users.get(account.id, user.id), 'no connection leaked');
  });

  t.test('a reference broken at commit is an error of the unit, told by the rule', async (t) => {
    const { site } = await accountWithSite(silent);
    const { user, extension } = await commit(silent, (s) => addPhoneUser(s, site, '801'));
    const device = aDevice(site, [extension.id]);
    await commit(silent, (s) => s.devices.insert(device, 'x'));
    const error: unknown = await commit(silent, async (s) => {
      await s.phoneUsers.delete(user.id);
      await s.extensions.delete(extension.id);
    }).then(() => null, (thrown: unknown) => thrown);
    t.ok(error instanceof SqlError);
    t.match(error, { code: '23503', constraint: 'device_assignees_extension_fk' });
    t.ok(await stores.extensions.get(site.accountId, extension.id), 'all undone');
  });

  t.test('errors hold no values', async (t) => {
    const { account } = await accountWithSite(silent);
    const error: unknown = await commit(silent, (s) => s.users.insert(aUser(account.id, { status: 'secret-value' as never })))
      .then(() => null, (thrown: unknown) => thrown);
    t.ok(error instanceof SqlError);
    t.match(error, { code: '23514', constraint: 'users_status_check' });
    t.notMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /secret-value|example\.com/);
    const wrong = await sql`select 'secret-value'::integer`.execute(db.queries).then(() => null, (thrown: unknown) => thrown);
    t.notMatch(String(wrong), /secret-value/);
  });

  t.test('SQL past the stores given throws at once, and so does a unit inside a unit', async (t) => {
    const { account } = await accountWithSite(silent);
    await t.rejects(commit(silent, () => stores.users.page(account.id, {}, { size: 1, after: null })), /inside a unit of work/);
    await t.rejects(commit(silent, () => silent.run(async () => ({ end: 'commit', value: null }))), /inside a unit of work/);
    t.ok(await stores.accounts.get(account.id), 'and outside all is well again');
  });

  t.test('a unit that hangs is rolled back and gives its connection back', async (t) => {
    const { account } = await accountWithSite(silent);
    const work = createUnitOfWork(db, { onCommitted: async () => undefined, transactionMs: 50 });
    const user = aUser(account.id);
    await t.rejects(work.run(async (s) => {
      await s.users.insert(user);
      return new Promise<never>(() => undefined);
    }), FAULT);
    t.equal(await stores.users.get(account.id, user.id), null);
  });

  t.test('a statement without answer is a fault after its time, and its connection is not used again', async (t) => {
    const impatient = await postgres.open(t, { queryTimeoutMs: 400 });
    const endless = sql`select count(*) from generate_series(1, 4000000) a where a % 7 = 3 and sqrt(a::numeric) > 2`;
    const error: unknown = await endless.execute(impatient.queries).then(() => null, (thrown: unknown) => thrown);
    t.ok(error instanceof StorageFault);
    const again = await postgres.open(t, { queryTimeoutMs: 60_000 });
    await t.resolves(again.ping(), 'another answers');
    await t.resolves(impatient.ping(), 'the impatient one answers by another connection');
  });

  t.test('two units cannot share the last seat', async (t) => {
    const { account, site } = await accountWithSite(silent);
    await commit(silent, (s) => s.seats.setSubscribed(account.id, 200, 1));
    const assign = (number: string) => silent.run<boolean>(async (s) => {
      const seat = await s.seats.forUpdate(account.id, 200);
      if (seat.assigned >= seat.subscribed) return { end: 'rollback', value: false };
      await addPhoneUser(s, site, number, {}, { callingPlans: [200] });
      return { end: 'commit', value: true };
    });
    t.same((await Promise.all([assign('801'), assign('802'), assign('803')])).filter(Boolean).length, 1);
    t.same(await stores.seats.all(account.id), [{ code: 200, subscribed: 1, assigned: 1 }]);
  });

  t.test('insertion order of what refers to each other is free within a unit', async (t) => {
    const account = anAccount();
    const site = aSite(account.id);
    await commit(silent, async (s) => {
      await s.accounts.insert(account);
      await s.sites.insert(site);
      const { extension } = await addPhoneUser(s, site, '801');
      await s.extensions.delete(extension.id);
      await s.extensions.insert(extension);
    });
    t.equal((await stores.phoneUsers.page(account.id, {}, { size: 1, after: null })).total, 1);
  });

  if (postgres.kind === 'server') {
    t.test('an idle connection that the server ends is logged, and the next statement opens another', async (t) => {
      const single = await postgres.open(t, { maxConnections: 1 });
      const pid = async () => (await sql<{ readonly pid: number }>`select pg_backend_pid() as pid`.execute(single.queries)).rows[0]?.pid;
      const before = await pid();
      const lost = new Promise<void>((resolve) => {
        const { warn } = postgres.log;
        postgres.log.warn = (event, fields) => {
          warn(event, fields);
          if (event === 'postgres-connection-lost') resolve();
        };
      });
      await terminate(postgres.connection, before);
      await lost;
      t.not(await pid(), before);
    });

    t.test('a connection lost inside a unit is a fault; the next unit gets another', async (t) => {
      const { account } = await accountWithSite(silent);
      const single = await postgres.open(t, { maxConnections: 1 });
      const work = createUnitOfWork(single, { onCommitted: async () => undefined });
      const user = aUser(account.id);
      const [row] = (await sql<{ readonly pid: number }>`select pg_backend_pid() as pid`.execute(single.queries)).rows;
      await t.rejects(work.run(async (s) => {
        await s.users.insert(user);
        await terminate(postgres.connection, row?.pid);
        await s.users.get(account.id, user.id);
        return { end: 'commit', value: null };
      }), FAULT);
      t.equal(await createStores(single).users.get(account.id, user.id), null);
    });
  }
});

async function terminate(connection: pg.PoolConfig, pid: number | undefined): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query('select pg_terminate_backend($1)', [pid]);
  await client.end();
}
