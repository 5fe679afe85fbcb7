import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AccountId } from '../../domain/ids.js';
import type { MailState, MailTemplate, OutgoingMail } from '../../domain/mail/mail.js';
import type { PromptLanguage } from '../../domain/prompts/account-prompt.js';
import type { MailStore } from '../../ports/mail-stores.js';
import type { Instant, InstantOrNull } from './column-types.js';
import { instant, lowerAscii, toDate, toDateOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';

export interface MailsTable {
  readonly id: string;
  readonly account_id: AccountId;
  readonly recipient: string;
  readonly template: MailTemplate;
  readonly language: PromptLanguage;
  readonly sealed_content: string | null;
  readonly state: MailState;
  readonly attempts: number;
  readonly next_at: Instant;
  readonly last_error: string;
  readonly created_at: Instant;
  readonly sent_at: InstantOrNull;
}

export function createMailStore(queries: Queries): MailStore {
  const mails = queries.selectFrom('mails');
  return {
    insert: async (mail, sealedContent) => {
      await queries.insertInto('mails').values({
        id: mail.id,
        account_id: mail.accountId,
        recipient: mail.recipient,
        template: mail.template,
        language: mail.language,
        sealed_content: sealedContent,
        state: mail.state,
        attempts: mail.attempts,
        next_at: toDate(mail.nextAt),
        last_error: mail.lastError,
        created_at: toDate(mail.createdAt),
        sent_at: toDateOrNull(mail.sentAt),
      }).execute();
    },
    get: async (accountId, id) => {
      const row = await mails.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : mailOf(row);
    },
    page: async (accountId, { state, recipient }, page) => {
      let matching = mails.where('account_id', '=', accountId);
      if (state !== undefined) matching = matching.where('state', '=', state);
      if (recipient !== undefined) matching = matching.where(sql`lower(recipient)`, '=', lowerAscii(recipient));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '<', page.after))
        .orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, mailOf);
    },
    claimDue: async (at, { limit, until }) => {
      const { rows } = await sql<Selectable<MailsTable> & { readonly sealed_content: string }>`
        update mails m set attempts = m.attempts + 1, next_at = ${instant(until)}
        where m.id in (
          select c.id from mails c where c.state = 'pending' and c.next_at <= ${instant(at)}
          order by c.next_at, c.id limit ${limit} for update skip locked
        )
        returning m.*`.execute(queries);
      return rows.map((row) => ({ mail: mailOf(row), sealedContent: row.sealed_content }))
        .sort((a, b) => (a.mail.id < b.mail.id ? -1 : 1));
    },
    settle: async (id, attempts, after, at) => {
      const result = await queries.updateTable('mails').set({
        state: after.state,
        next_at: toDate(after.nextAt),
        last_error: after.lastError,
        sent_at: after.state === 'sent' ? toDate(at) : null,
        ...(after.state === 'pending' ? {} : { sealed_content: null }),
      }).where('id', '=', id).where('state', '=', 'pending').where('attempts', '=', attempts).executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    forget: async (before) => {
      const result = await queries.deleteFrom('mails').where('state', '<>', 'pending').where('created_at', '<', instant(before)).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function mailOf(row: Selectable<MailsTable>): OutgoingMail {
  return {
    id: row.id,
    accountId: row.account_id,
    recipient: row.recipient,
    template: row.template,
    language: row.language,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at,
    lastError: row.last_error,
    createdAt: row.created_at,
    sentAt: row.sent_at,
  };
}
