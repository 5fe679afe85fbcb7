import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { CustomizedNumberId, PhoneNumberId } from '../../domain/ids.js';
import type { CallerIdChoice, CustomizedNumber } from '../../domain/numbering/phone-number.js';
import type { CallerIdStore, PhoneNumberFilter } from '../../ports/phone-number-stores.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import { filteredNumbers, phoneNumberOf } from './phone-number-store.js';
import type { CallerIdChoicesTable, CustomizedNumbersTable } from './phone-number-tables.js';

export function createCallerIdStore(queries: Queries): CallerIdStore {
  return {
    page: async (accountId, scopeId, { selected, ...numbers }, page) => {
      const filter: PhoneNumberFilter = numbers;
      if (!selected) {
        // Only what may be shown at all can be permitted.
        const matching = filteredNumbers(queries, accountId, filter).where('phone_numbers.outgoing', '=', true)
          .where(sql<boolean>`not exists (select from customized_numbers c
            where c.scope_id = ${scopeId} and c.phone_number_id = phone_numbers.id)`);
        const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
        const rows = await matching.selectAll('phone_numbers')
          .$if(page.after !== null, (query) => query.where('phone_numbers.id', '>', page.after as PhoneNumberId))
          .orderBy('phone_numbers.id').limit(rowsToRead(page)).execute();
        return toPage(rows, page, total, (row) => row.id, (row) => ({ entry: null, number: phoneNumberOf(row) }));
      }
      const matching = filteredNumbers(queries, accountId, filter)
        .innerJoin('customized_numbers', 'customized_numbers.phone_number_id', 'phone_numbers.id')
        .where('customized_numbers.scope_id', '=', scopeId);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll('phone_numbers').select([
        'customized_numbers.id as entry_id', 'customized_numbers.scope as entry_scope', 'customized_numbers.created_at as entry_created_at',
      ])
        .$if(page.after !== null, (query) => query.where('customized_numbers.id', '>', page.after as CustomizedNumberId))
        .orderBy('customized_numbers.id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.entry_id, (row) => ({
        number: phoneNumberOf(row),
        entry: { id: row.entry_id, accountId, scope: row.entry_scope, scopeId, phoneNumberId: row.id, createdAt: row.entry_created_at },
      }));
    },
    entries: async (accountId, of) => {
      let matching = queries.selectFrom('customized_numbers').selectAll().where('account_id', '=', accountId);
      if ('phoneNumberIds' in of) {
        matching = matching.where(sql<boolean>`phone_number_id = any(${of.phoneNumberIds}::text[])`);
      } else {
        matching = matching.where('scope_id', '=', of.scopeId);
        if (of.ids !== undefined) matching = matching.where(sql<boolean>`id = any(${of.ids}::text[])`);
      }
      return (await matching.orderBy('id').execute()).map(customizedNumberOf);
    },
    insert: async (entries) => {
      if (entries.length === 0) return;
      await queries.insertInto('customized_numbers').values(entries.map((entry) => ({
        id: entry.id,
        account_id: entry.accountId,
        scope: entry.scope,
        scope_id: entry.scopeId,
        phone_number_id: entry.phoneNumberId,
        created_at: toDate(entry.createdAt),
      }))).execute();
    },
    delete: async (ids) => {
      await queries.deleteFrom('customized_numbers').where(sql<boolean>`id = any(${ids}::text[])`).execute();
    },
    choice: async (extensionId) => {
      const row = await queries.selectFrom('caller_id_choices').selectAll().where('extension_id', '=', extensionId).executeTakeFirst();
      return row === undefined ? null : callerIdChoiceOf(row);
    },
    choosers: async (ids) => (await queries.selectFrom('caller_id_choices').select('extension_id')
      .where(sql<boolean>`phone_number_id = any(${ids}::text[])`).orderBy('extension_id').execute()).map((row) => row.extension_id),
    setChoice: async ({ id, accountId, phoneNumberId }) => {
      await queries.insertInto('caller_id_choices').values({ extension_id: id, account_id: accountId, phone_number_id: phoneNumberId })
        .onConflict((conflict) => conflict.constraint('caller_id_choices_pk').doUpdateSet({ phone_number_id: sql`excluded.phone_number_id` }))
        .execute();
    },
    clearChoice: async (extensionId) => {
      await queries.deleteFrom('caller_id_choices').where('extension_id', '=', extensionId).execute();
    },
  };
}

export function customizedNumberOf(row: Selectable<CustomizedNumbersTable>): CustomizedNumber {
  return {
    id: row.id, accountId: row.account_id, scope: row.scope, scopeId: row.scope_id, phoneNumberId: row.phone_number_id,
    createdAt: row.created_at,
  };
}

export function callerIdChoiceOf(row: Selectable<CallerIdChoicesTable>): CallerIdChoice {
  return { id: row.extension_id, accountId: row.account_id, phoneNumberId: row.phone_number_id };
}
