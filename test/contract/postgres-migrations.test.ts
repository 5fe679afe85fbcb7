import { sql } from 'kysely';
import t from 'tap';
import { MIGRATIONS, migrate } from '../../src/storage/postgres/migrations/migrate.js';
import { SqlError } from '../../src/storage/postgres/postgres-errors.js';
import { onEveryPostgres } from '../support/postgres.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);

  t.test('again does nothing; a next step is applied once, also by two nodes at the same time', async (t) => {
    t.same(await migrate(db), []);
    const next = [...MIGRATIONS, { id: '9000-test', statements: ['create table migration_test (id integer)', 'insert into migration_test values (1)'] }];
    const other = await postgres.open(t);
    const applied = await Promise.all([migrate(db, next), migrate(other, next)]);
    t.same(applied.flat(), ['9000-test']);
    t.equal((await sql`select id from migration_test`.execute(db.queries)).rows.length, 1);
    await t.rejects(migrate(db), /newer version \(steps 9000-test\)/, 'an older version does not start on it');
    await sql`delete from schema_migrations where id = '9000-test'`.execute(db.queries);
  });

  t.test('a step that fails leaves nothing of itself', async (t) => {
    const broken = [...MIGRATIONS, { id: '9001-broken', statements: ['create table half_made (id integer)', 'select no_such_function()'] }];
    await t.rejects(migrate(db, broken), SqlError);
    t.same((await sql`select to_regclass('half_made') as made`.execute(db.queries)).rows, [{ made: null }]);
    t.same(await migrate(db), []);
  });

  t.test('every text that is sorted or compared is collated C; every table but the technical ones has its account', async (t) => {
    const texts = await sql<{ readonly name: string }>`
      select c.relname || '.' || a.attname as name from pg_attribute a
      join pg_class c on c.oid = a.attrelid join pg_collation k on k.oid = a.attcollation
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and k.collname <> 'C'`.execute(db.queries);
    t.same(texts.rows, []);
    const tables = await sql<{ readonly name: string }>`
      select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id') order by 1`.execute(db.queries);
    t.same(tables.rows.map((row) => row.name), ['accounts', 'call_fold_turn', 'migration_test', 'schema_migrations']);
    const unnamed = await sql<{ readonly name: string }>`
      select conrelid::regclass || '.' || conname as name from pg_constraint
      where connamespace = 'public'::regnamespace and contype <> 'n' and conname !~ '_(pk|fk|unique|check)$'`.execute(db.queries);
    t.same(unnamed.rows.map((row) => row.name).filter((name) => !name.startsWith('schema_migrations')), [], 'constraints are named');
  });

  t.test('every foreign key has an index on its own side, so that a delete reads no whole table', async (t) => {
    const missing = await sql<{ readonly name: string }>`
      select conname as name from pg_constraint f
      where f.contype = 'f' and f.connamespace = 'public'::regnamespace and not exists (
        select from pg_index i where i.indrelid = f.conrelid and i.indkey[0] = f.conkey[1])`.execute(db.queries);
    t.same(missing.rows.map((row) => row.name).filter((name) => !name.endsWith('_account_fk')), [], 'accounts are not deleted');
  });
});
