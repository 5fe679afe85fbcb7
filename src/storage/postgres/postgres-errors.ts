import pg from 'pg';
import { UniqueViolation } from '../../ports/admin-stores.js';
import { StorageFault } from '../../ports/runtime.js';

/**
 * A statement that PostgreSQL refused although it was reachable: a bug of ours, or a rule of the schema that the use case
 * should have checked. Carries names only; PostgreSQL's message and detail may hold values of the row, secrets among them.
 */
export class SqlError extends Error {
  constructor(
    /** SQLSTATE, PostgreSQL manual appendix A. */
    readonly code: string,
    readonly constraint: string | null,
    readonly table: string | null,
    readonly column: string | null,
  ) {
    const where = [table && `table ${table}`, column && `column ${column}`, constraint && `constraint ${constraint}`];
    super(`PostgreSQL refused a statement: SQLSTATE ${code} ${where.filter(Boolean).join(', ')}`.trimEnd());
    this.name = 'SqlError';
  }
}

const UNIQUE_VIOLATION = '23505';

/** SQLSTATE classes that say "not now": connection, authentication, catalog, transaction rollback, resources, operator, system. */
const FAULT_CLASSES: ReadonlySet<string> = new Set(['08', '28', '3D', '40', '53', '57', '58']);
/** Single states of the same kind: read-only transaction (a standby), lock not available. */
const FAULT_STATES: ReadonlySet<string> = new Set(['25006', '55P03']);

/**
 * Turns what `pg` throws into the ports' errors: `UniqueViolation` with the rule's name, `StorageFault('postgres')` when the
 * database is away, busy or gave no answer in time, else `SqlError`. None of them holds a value of a row.
 */
export function portError(error: unknown): UniqueViolation | StorageFault | SqlError {
  if (error instanceof UniqueViolation || error instanceof StorageFault || error instanceof SqlError) return error;
  if (!(error instanceof pg.DatabaseError)) return new StorageFault('postgres', withoutValues(error));
  const code = error.code ?? 'XX000';
  if (code === UNIQUE_VIOLATION) return new UniqueViolation(error.constraint ?? '');
  if (FAULT_CLASSES.has(code.slice(0, 2)) || FAULT_STATES.has(code)) return new StorageFault('postgres', withoutValues(error));
  return new SqlError(code, error.constraint ?? null, error.table ?? null, error.column ?? null);
}

/** Whether the connection that gave this error may still be in the middle of something: it is not used again. */
export function breaksConnection(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true;
  const state = (error.code ?? '').slice(0, 2);
  return state === '08' || state === '57' || state === '58' || error.severity === 'FATAL';
}

/** Name, code and message alone: properties of errors (detail, where, the URL that could not be read) may hold secrets. */
function withoutValues(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('unknown fault');
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
  return new Error(`${code}${error.message}`.trim());
}
