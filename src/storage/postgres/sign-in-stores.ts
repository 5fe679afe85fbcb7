import type { Selectable } from 'kysely';
import type { SignInCodeStore, SignInWay, UserSession, UserSessionStore } from '../../ports/sign-in-stores.js';
import type { UserSessionsTable } from './access-tables.js';
import { instant, toDate } from './columns.js';
import type { Queries } from './database.js';

export function createUserSessionStore(queries: Queries): UserSessionStore {
  return {
    get: async (id) => {
      const row = await queries.selectFrom('user_sessions').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : sessionOf(row);
    },
    of: async (userId, now) => {
      const rows = await queries.selectFrom('user_sessions').selectAll().where('user_id', '=', userId).where('expires_at', '>', instant(now))
        .orderBy('id', 'desc').execute();
      return rows.map(sessionOf);
    },
    insert: async (session) => {
      await queries.insertInto('user_sessions').values({
        id: session.id, account_id: session.accountId, user_id: session.userId, how: session.how, refresh_hash: session.refreshHash,
        earlier_refresh_hash: session.earlierRefreshHash, address: session.address, created_at: toDate(session.createdAt),
        expires_at: toDate(session.expiresAt),
      }).execute();
    },
    rotate: async (id, from, to) => {
      const row = await queries.updateTable('user_sessions').set({ refresh_hash: to, earlier_refresh_hash: from })
        .where('id', '=', id).where('refresh_hash', '=', from).returning('id').executeTakeFirst();
      return row !== undefined;
    },
    end: async (id) => {
      await queries.deleteFrom('user_sessions').where('id', '=', id).execute();
    },
    endOf: async (userId) => {
      await queries.deleteFrom('user_sessions').where('user_id', '=', userId).execute();
    },
  };
}

function sessionOf(row: Selectable<UserSessionsTable>): UserSession {
  return {
    id: row.id, accountId: row.account_id, userId: row.user_id, how: wayOf(row.how), refreshHash: row.refresh_hash,
    earlierRefreshHash: row.earlier_refresh_hash, address: row.address, createdAt: row.created_at, expiresAt: row.expires_at,
  };
}

function wayOf(text: string): SignInWay {
  return text === 'saml' ? 'saml' : 'code';
}

export function createSignInCodeStore(queries: Queries): SignInCodeStore {
  return {
    insert: async (code) => {
      await queries.insertInto('sign_in_codes').values({
        id: code.id, account_id: code.accountId, user_id: code.userId, code_hash: code.codeHash, tries: code.tries,
        created_at: toDate(code.createdAt), expires_at: toDate(code.expiresAt),
      }).execute();
    },
    newest: async (userId) => {
      const row = await queries.selectFrom('sign_in_codes').selectAll().where('user_id', '=', userId)
        .orderBy('created_at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
      return row === undefined ? null : {
        id: row.id, accountId: row.account_id, userId: row.user_id, codeHash: row.code_hash, tries: row.tries, createdAt: row.created_at,
        expiresAt: row.expires_at,
      };
    },
    countSince: async (userId, since) => {
      const { total } = await queries.selectFrom('sign_in_codes').select(({ fn }) => fn.countAll<number>().as('total'))
        .where('user_id', '=', userId).where('created_at', '>=', instant(since)).executeTakeFirstOrThrow();
      return total;
    },
    countTry: async (id) => {
      const row = await queries.updateTable('sign_in_codes').set((eb) => ({ tries: eb('tries', '+', 1) })).where('id', '=', id)
        .returning('tries').executeTakeFirst();
      return row?.tries ?? Number.MAX_SAFE_INTEGER;
    },
    take: async (id) => {
      const row = await queries.updateTable('sign_in_codes').set({ code_hash: '' }).where('id', '=', id).where('code_hash', '<>', '')
        .returning('id').executeTakeFirst();
      return row !== undefined;
    },
  };
}
