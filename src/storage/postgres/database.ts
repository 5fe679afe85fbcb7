import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Log } from '../../ports/runtime.js';
import { GuardedPool } from './guarded-pool.js';
import type { WorkMark } from './guarded-pool.js';
import type { Tables } from './tables.js';

/** Where SQL can be sent: the database itself, or one open transaction. */
export type Queries = Kysely<Tables>;

export interface DatabaseOptions {
  /** From `startEmbeddedPostgres`, or `{ connectionString: DATABASE_URL }`. */
  readonly connection: pg.PoolConfig;
  /** PGlite serves one transaction at a time, so one connection is used at a time. */
  readonly embedded: boolean;
  readonly log: Log;
  /** Connections to a server; default 10. */
  readonly maxConnections?: number;
  /** Longest wait for one statement and for a free connection; default 5000 ms. */
  readonly queryTimeoutMs?: number;
}

export interface PostgresDatabase {
  readonly queries: Queries;
  readonly embedded: boolean;
  readonly log: Log;
  /** Runs `fn` such that SQL past the given mark's transaction throws instead of waiting for ever. */
  insideWork<T>(mark: WorkMark, fn: () => Promise<T>): Promise<T>;
  /** Resolves when the database answers; throws StorageFault when it does not. */
  ping(): Promise<void>;
  /** Waits for running statements and closes the connections. */
  close(): Promise<void>;
}

const QUERY_TIMEOUT_MS = 5000;
const MAX_CONNECTIONS = 10;
const IDLE_MS = 30_000;

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/** int8 as number (counts and versions stay far below 2^53), instants as epoch milliseconds, the rest as pg has it. */
const COLUMN_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return Number;
    if (oid === TIMESTAMPTZ) return (text: string) => (pg.types.getTypeParser(TIMESTAMPTZ, 'text')(text) as Date).getTime();
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  },
};

/**
 * Opens the pool; connects with the first statement, and again after a loss. Every statement throws `StorageFault` when the
 * database is away or silent, `UniqueViolation` for a unique rule, `SqlError` for everything else it refuses.
 */
export function createDatabase(options: DatabaseOptions): PostgresDatabase {
  const timeoutMs = options.queryTimeoutMs ?? QUERY_TIMEOUT_MS;
  const forServer: pg.PoolConfig = {
    max: options.maxConnections ?? MAX_CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    // The server gives up as we do, so that a statement nobody waits for ends.
    statement_timeout: timeoutMs,
    application_name: 'cordboard',
    keepAlive: true,
  };
  const forEmbedded: pg.PoolConfig = { max: 1, idleTimeoutMillis: 0 };
  const pool = new GuardedPool(
    {
      ...options.connection,
      ...(options.embedded ? forEmbedded : forServer),
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      types: COLUMN_TYPES,
    },
    options.log,
  );
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  let ending: Promise<void> | null = null;
  return {
    queries,
    embedded: options.embedded,
    log: options.log,
    insideWork: (mark, fn) => pool.inside(mark, fn),
    ping: async () => {
      await sql`select 1`.execute(queries);
    },
    close: () => (ending ??= pool.end()),
  };
}
