import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { PoolClient } from 'pg';
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { StorageFault } from '../../ports/runtime.js';
import type { Log } from '../../ports/runtime.js';
import { breaksConnection, portError } from './postgres-errors.js';

/** Marks the code that runs as a unit of work, from its start until its commit or rollback. */
export interface WorkMark {
  open: boolean;
}

/**
 * The pool as kysely sees it, with what pg leaves to its users: errors become the ports' errors, a connection that broke or
 * timed out is never used again, and a failed transaction cannot be committed by mistake.
 */
export class GuardedPool implements PostgresPool {
  readonly #works = new AsyncLocalStorage<WorkMark>();
  #open = 0;
  readonly #pool: pg.Pool;

  constructor(config: pg.PoolConfig, log: Log) {
    this.#pool = new pg.Pool(config);
    // An idle connection that ends (server restart) is no fault by itself: the next query opens another.
    this.#pool.on('error', (error) => log.warn('postgres-connection-lost', { reason: error.message }));
  }

  /**
   * Runs `work` marked. Storage that follows asynchronous calls costs every promise of the process (Node.js 20 hooks them
   * all), also those of calls and registrations, so it is on only while a unit of work runs.
   */
  async inside<T>(mark: WorkMark, work: () => Promise<T>): Promise<T> {
    this.#open += 1;
    try {
      return await this.#works.run(mark, work);
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#works.disable();
    }
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.#works.getStore()?.open === true) {
      throw new Error('inside a unit of work, SQL goes through the stores given: another connection would wait for ever');
    }
    try {
      return new GuardedClient(await this.#pool.connect());
    } catch (error) {
      throw portError(error);
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

/** One check-out of a connection. */
class GuardedClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  #broken: StorageFault | null = null;
  /** First failure inside the open transaction. */
  #failed: Error | null = null;
  #inTransaction = false;

  constructor(client: PoolClient) {
    this.#client = client;
    // Without a listener, a connection lost between two statements would end the process.
    client.on('error', this.#onLost);
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(sql: string | PostgresCursor<R>, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new Error('cursors are not used: tables are read in pages');
    return this.#run<R>(sql, parameters);
  }

  release(): void {
    this.#client.off('error', this.#onLost);
    this.#client.release(this.#broken ?? undefined);
  }

  async #run<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (sql === 'begin') this.#failed = null;
    if (sql === 'rollback' && this.#broken !== null) {
      this.#inTransaction = false;
      return { command: 'SELECT', rowCount: 0, rows: [] };
    }
    if (this.#broken !== null) throw this.#broken;
    if (this.#failed !== null && sql !== 'rollback') throw this.#failed;
    try {
      const result = await this.#client.query(sql, parameters.map(storable));
      if (sql === 'begin') this.#inTransaction = true;
      if (sql === 'commit' || sql === 'rollback') this.#inTransaction = false;
      if (sql === 'rollback') this.#failed = null;
      return { command: commandOf(result.command), rowCount: result.rowCount ?? 0, rows: result.rows };
    } catch (error) {
      const translated = portError(error);
      if (breaksConnection(error)) {
        this.#broken = translated instanceof StorageFault ? translated : new StorageFault('postgres', translated);
      }
      // PostgreSQL answers COMMIT of a failed transaction with a quiet ROLLBACK; here it throws what failed.
      if (this.#inTransaction) this.#failed = translated;
      throw translated;
    }
  }

  readonly #onLost = (error: Error): void => {
    this.#broken ??= new StorageFault('postgres', new Error(error.message));
  };
}

const COMMANDS = ['UPDATE', 'DELETE', 'INSERT', 'SELECT', 'MERGE'] as const;
type Command = (typeof COMMANDS)[number];

/** kysely reads the row count of these five; the rest carries none. */
function commandOf(command: string): Command {
  return COMMANDS.find((known) => known === command) ?? 'SELECT';
}

/** PostgreSQL's text holds every character but NUL; it becomes U+FFFD, as a lone surrogate does on the way to UTF-8. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
}
