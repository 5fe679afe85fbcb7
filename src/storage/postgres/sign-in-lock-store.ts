import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { SignInLock } from '../../domain/hotdesk/sign-in-lock.js';
import type { SignInLockStore } from '../../ports/hot-desk-stores.js';
import { instant, toDate } from './columns.js';
import type { Queries } from './database.js';
import type { SignInLocksTable } from './hot-desk-tables.js';

/** What `extension_key` holds for the lock of a whole phone. */
const WHOLE_DEVICE = '';

export function createSignInLockStore(queries: Queries): SignInLockStore {
  return {
    failures: async (deviceId, since) => {
      const rows = await queries.selectFrom('sign_in_failures').select(['device_id', 'extension_key', 'at'])
        .where('device_id', '=', deviceId).where('at', '>', instant(since)).orderBy('at').orderBy('id').execute();
      return rows.map((row) => ({ deviceId: row.device_id, extensionKey: row.extension_key, at: row.at }));
    },
    countOf: async (of, since) => {
      const counted = queries.selectFrom('sign_in_failures').select(({ fn }) => fn.countAll<number>().as('n'))
        .where('at', '>', instant(since));
      const matching = 'extensionKey' in of ? counted.where('extension_key', '=', of.extensionKey)
        : counted.where('device_id', 'in', queries.selectFrom('devices').select('id').where('site_id', '=', of.siteId));
      return (await matching.executeTakeFirstOrThrow()).n;
    },
    addFailure: async (id, accountId, failure) => {
      await queries.insertInto('sign_in_failures').values({
        id, account_id: accountId, device_id: failure.deviceId, extension_key: failure.extensionKey, at: toDate(failure.at),
      }).execute();
    },
    locks: async (deviceId) => {
      const rows = await queries.selectFrom('sign_in_locks').selectAll().where('device_id', '=', deviceId).execute();
      return rows.map(lockOf);
    },
    holding: async (accountId, at) => {
      const rows = await queries.selectFrom('sign_in_locks').selectAll().where('account_id', '=', accountId)
        .where('until', '>', instant(at)).orderBy('device_id').orderBy('extension_key').execute();
      return rows.map(lockOf);
    },
    setLock: async (lock) => {
      await queries.insertInto('sign_in_locks').values({
        account_id: lock.accountId, scope: lock.scope, device_id: lock.deviceId, extension_key: lock.extensionKey ?? WHOLE_DEVICE,
        until: toDate(lock.until), level: lock.level, at: toDate(lock.at),
      }).onConflict((conflict) => conflict.constraint('sign_in_locks_pk').doUpdateSet({
        until: sql`excluded.until`, level: sql`excluded.level`, at: sql`excluded.at`,
      })).execute();
    },
    clear: async (accountId, { deviceId, extensionKey }) => {
      let locks = queries.deleteFrom('sign_in_locks').where('account_id', '=', accountId);
      let failures = queries.deleteFrom('sign_in_failures').where('account_id', '=', accountId);
      if (deviceId !== undefined) {
        locks = locks.where('device_id', '=', deviceId);
        failures = failures.where('device_id', '=', deviceId);
      }
      if (extensionKey !== undefined) {
        locks = locks.where('extension_key', '=', extensionKey);
        failures = failures.where('extension_key', '=', extensionKey);
      }
      await failures.execute();
      return Number((await locks.executeTakeFirst()).numDeletedRows);
    },
    forget: async (before) => {
      const failures = await queries.deleteFrom('sign_in_failures').where('at', '<', instant(before)).executeTakeFirst();
      const locks = await queries.deleteFrom('sign_in_locks').where('until', '<', instant(before)).executeTakeFirst();
      return Number(failures.numDeletedRows) + Number(locks.numDeletedRows);
    },
  };
}

function lockOf(row: Selectable<SignInLocksTable>): SignInLock {
  return {
    accountId: row.account_id,
    scope: row.scope,
    deviceId: row.device_id,
    extensionKey: row.scope === 'device' ? null : row.extension_key,
    until: row.until,
    level: row.level,
    at: row.at,
  };
}
