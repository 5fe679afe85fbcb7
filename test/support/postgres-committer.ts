/**
 * A process that commits accounts to embedded PostgreSQL for ever and tells each id once it is committed; made to be killed.
 * Arguments: data folder, socket folder.
 */
import { createDatabase } from '../../src/storage/postgres/database.js';
import { startEmbeddedPostgres } from '../../src/storage/postgres/embedded.js';
import { migrate } from '../../src/storage/postgres/migrations/migrate.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { createTestLog } from './redis.js';
import { anAccount, anEvent, commit } from './sample-account.js';

const [dataDir, socketDir] = process.argv.slice(2);
if (dataDir === undefined || socketDir === undefined) throw new Error('usage: postgres-committer <data folder> <socket folder>');
const log = createTestLog();
const embedded = await startEmbeddedPostgres({ dataDir, socketDir, log, onFailure: (error) => { throw error; } });
const db = createDatabase({ connection: embedded.connection, embedded: true, log });
await migrate(db);
const work = createUnitOfWork(db, { onCommitted: async () => undefined });
for (;;) {
  const account = anAccount();
  await commit(work, async (stores) => {
    await stores.accounts.insert(account);
    await stores.emit(anEvent(account.id, 'account', account.id, 'created'));
  });
  process.stdout.write(`${account.id}\n`);
}
