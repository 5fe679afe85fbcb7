import pg from 'pg';
import t from 'tap';
import { UniqueViolation } from '../../../../src/ports/admin-stores.js';
import { StorageFault } from '../../../../src/ports/runtime.js';
import { SqlError, breaksConnection, portError } from '../../../../src/storage/postgres/postgres-errors.js';

function refused(code: string, fields: Partial<pg.DatabaseError> = {}): pg.DatabaseError {
  const error = new pg.DatabaseError('message with secret-value', 0, 'error');
  return Object.assign(error, { code, detail: 'Key (email)=(secret-value) exists', severity: 'ERROR', ...fields });
}

t.test('what pg throws, as the ports name it', async (t) => {
  for (const [rule, error, kind, breaks] of [
    ['unique rule', refused('23505', { constraint: 'users_email_unique' }), UniqueViolation, false],
    ['foreign key', refused('23503'), SqlError, false],
    ['check', refused('23514'), SqlError, false],
    ['value of another type', refused('22P02'), SqlError, false],
    ['our SQL is wrong', refused('42601'), SqlError, false],
    ['serialization failure', refused('40001'), StorageFault, false],
    ['deadlock', refused('40P01'), StorageFault, false],
    ['too many connections', refused('53300'), StorageFault, false],
    ['a standby', refused('25006'), StorageFault, false],
    ['server is stopping', refused('57P01', { severity: 'FATAL' }), StorageFault, true],
    ['statement timed out on the server', refused('57014'), StorageFault, true],
    ['wrong password', refused('28P01', { severity: 'FATAL' }), StorageFault, true],
    ['no such database', refused('3D000', { severity: 'FATAL' }), StorageFault, true],
    ['connection refused', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), StorageFault, true],
    ['no answer in time', new Error('Query read timeout'), StorageFault, true],
  ] as const) {
    const translated = portError(error);
    t.ok(translated instanceof kind, rule);
    t.equal(breaksConnection(error), breaks, `${rule}: connection`);
    if (!(translated instanceof StorageFault)) t.notMatch(`${translated.message} ${JSON.stringify(translated)}`, /secret-value/);
    t.equal(portError(translated), translated, 'translated once');
  }
});

t.test('a DATABASE_URL that cannot be read is not repeated in the fault', async (t) => {
  const error = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: 'postgres://u:secret-value@[' });
  const fault = portError(error);
  t.notMatch(JSON.stringify([fault, fault instanceof StorageFault ? { ...(fault.cause as object), text: String(fault.cause) } : null]), /secret-value/);
});
