import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCallRecordSink } from '../storage/postgres/call-record-sink.js';
import { createDatabase, type DatabaseOptions, type PostgresDatabase } from '../storage/postgres/database.js';
import { createDirectory } from '../storage/postgres/directory.js';
import { startEmbeddedPostgres } from '../storage/postgres/embedded.js';
import { migrate } from '../storage/postgres/migrations/migrate.js';
import { createRetention, type Retention } from '../storage/postgres/retention.js';
import type { ConfigHint } from '../storage/redis/config-hint.js';
import { createRerating } from '../storage/postgres/rerating.js';
import { createStores } from '../storage/postgres/stores.js';
import { createUnitOfWork, type PostgresUnitOfWork } from '../storage/postgres/unit-of-work.js';
import { createSecretHasher } from '../security/secret-hasher.js';
import { hashText, systemRandom } from '../security/random.js';
import { StorageFault } from '../ports/runtime.js';
import type { Rerating } from '../ports/charge-stores.js';
import type { CallRecordSink } from '../ports/call-log.js';
import type { Directory, DirectoryKeeper } from '../ports/directory.js';
import type { AdminDeps } from '../usecases/admin/admin-deps.js';
import type { Core } from './core.js';
import { createLateDeviceCalls, type LateDeviceCalls } from './device-calls.js';
import type { LifeCycle } from './life-cycle.js';
import { systemLocalTime } from './local-time.js';
import { StartProblem } from './start-problem.js';

export interface PostgresPart {
  readonly database: PostgresDatabase;
  readonly uow: PostgresUnitOfWork;
  readonly directory: Directory & DirectoryKeeper;
  readonly records: CallRecordSink;
  readonly rerating: Rerating;
  /** To be bound to the SIP application's calls. */
  readonly deviceCalls: LateDeviceCalls;
  readonly retention: Retention;
  /** What administrative verbs need. */
  readonly admin: AdminDeps;
}

/** Other nodes hear of commits at once, and this one of theirs. */
type Hint = Pick<ConfigHint, 'tell' | 'listen'>;

/** PostgreSQL: the embedded one where DATABASE_URL names none, the schema brought up to date, then everything kept in it. */
export async function startPostgres(life: LifeCycle, core: Core, hint: Hint = { tell: () => undefined, listen: () => () => undefined }): Promise<PostgresPart> {
  const { settings, log, clock, ids, secretBox } = core;
  const where: Pick<DatabaseOptions, 'connection' | 'embedded'> = settings.databaseUrl === undefined
    ? { connection: await life.start('embedded postgres', () => embedded(core)), embedded: true }
    : { connection: { connectionString: settings.databaseUrl }, embedded: false };
  return life.start('postgres', async () => {
    const database = createDatabase({ ...where, log });
    try {
      const applied = await migrate(database);
      if (applied.length > 0) log.info('schema brought up to date', { migrations: applied });
    } catch (error) {
      await database.close();
      if (error instanceof StorageFault) throw new StartProblem(`PostgreSQL does not answer at DATABASE_URL: ${causeOf(error)}`, error);
      throw error;
    }
    const directory = createDirectory({ db: database, secretBox, hash: hashText, log });
    const uow = createUnitOfWork(database, {
      onCommitted: async (events) => {
        hint.tell();
        await directory.apply(events);
      },
    });
    const deaf = hint.listen(() => {
      directory.catchUp().catch((error: unknown) => log.warn('directory-catch-up-failed', { err: error }));
    });
    const deviceCalls = createLateDeviceCalls();
    const admin: AdminDeps = {
      uow, clock, ids, secretBox, log, stores: createStores(database), random: systemRandom, hasher: createSecretHasher(), mail: core.mail,
      pinHasher: core.pinHasher, deviceCalls, localTime: systemLocalTime, pause: (ms) => sleep(ms), nodeId: settings.nodeId,
    };
    return {
      value: { database, uow, directory, deviceCalls, records: createCallRecordSink(database), rerating: createRerating(database), retention: createRetention(database), admin },
      stop: async () => {
        deaf();
        await database.close();
      },
    };
  });
}

async function embedded({ dataDir, log, onDeath }: Core) {
  try {
    const started = await startEmbeddedPostgres({
      dataDir: join(dataDir.path, 'postgres'), socketDir: dataDir.socketDir, log, onFailure: (error) => onDeath(error.message),
    });
    return { value: started.connection, stop: () => started.stop() };
  } catch (error) {
    throw new StartProblem(`${error instanceof Error ? error.message : String(error)} (its files are in ${join(dataDir.path, 'postgres')})`, error);
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message || ('code' in error.cause ? String(error.cause.code) : '') : error.message;
}
