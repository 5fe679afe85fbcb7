import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ExternalContactId } from '../../domain/ids.js';
import type { ExternalContact } from '../../domain/contacts/external-contact.js';
import type { ExternalContactStore } from '../../ports/safety-stores.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import { containsPattern, searchText } from './keyword-search.js';
import { rowsToRead, toPage } from './keyset.js';
import type { ExternalContactsTable } from './safety-tables.js';

/** Rows of contacts, each with its numbers in order: one statement however many there are. */
export function externalContactRows(queries: Queries) {
  return queries.selectFrom('external_contacts').selectAll('external_contacts').select(sql<readonly string[]>`array(
    select n.number from external_contact_numbers n where n.contact_id = external_contacts.id order by n.position)`.as('numbers'));
}

type ContactRow = Selectable<ExternalContactsTable> & { readonly numbers: readonly string[] };

export function createExternalContactStore(queries: Queries): ExternalContactStore {
  const rows = externalContactRows(queries);
  const one = (row: ContactRow | undefined): ExternalContact | null => (row === undefined ? null : externalContactOf(row));
  const putNumbers = async ({ id, accountId, phoneNumbers }: ExternalContact): Promise<void> => {
    await queries.deleteFrom('external_contact_numbers').where('contact_id', '=', id).execute();
    if (phoneNumbers.length === 0) return;
    await queries.insertInto('external_contact_numbers').values(phoneNumbers.map((number, position) => ({
      account_id: accountId, contact_id: id, number, position,
    }))).execute();
  };
  return {
    get: async (accountId, id) => one(await rows.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()),
    byCustomerId: async (accountId, customerId) => one(
      await rows.where('account_id', '=', accountId).where('customer_id', '=', customerId).executeTakeFirst(),
    ),
    byExtension: async (accountId, number) => one(
      await rows.where('account_id', '=', accountId).where('extension_number', '=', number).executeTakeFirst(),
    ),
    byNumbers: async (accountId, numbers) => {
      if (numbers.length === 0) return [];
      const found = await rows.where('account_id', '=', accountId).where(sql<boolean>`id in (
        select n.contact_id from external_contact_numbers n where n.account_id = ${accountId} and n.number = any(${numbers}::text[]))`)
        .orderBy('id').execute();
      return found.map(externalContactOf);
    },
    page: async (accountId, keyword, page) => {
      let matching = rows.where('account_id', '=', accountId);
      if (keyword !== null && keyword !== '') matching = matching.where('search', 'like', containsPattern(keyword));
      const { total } = await matching.clearSelect().select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const found = await matching.$if(page.after !== null, (query) => query.where('id', '>', page.after as ExternalContactId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(found, page, total, (row) => row.id, externalContactOf);
    },
    count: async (accountId) => (await queries.selectFrom('external_contacts').where('account_id', '=', accountId)
      .select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n,
    insert: async (contact) => {
      await queries.insertInto('external_contacts').values({
        id: contact.id, account_id: contact.accountId, created_at: toDate(contact.createdAt), ...columnsOf(contact),
      }).execute();
      await putNumbers(contact);
    },
    update: async (contact) => {
      await queries.updateTable('external_contacts').set(columnsOf(contact)).where('id', '=', contact.id).execute();
      await putNumbers(contact);
    },
    delete: async (id) => {
      await queries.deleteFrom('external_contacts').where('id', '=', id).execute();
    },
  };
}

function columnsOf(contact: ExternalContact) {
  return {
    customer_id: contact.customerId,
    name: contact.name,
    description: contact.description,
    email: contact.email,
    extension_number: contact.extensionNumber,
    routing_path: contact.routingPath,
    auto_call_recorded: contact.autoCallRecorded,
    search: searchText(contact.name, contact.description, contact.email, contact.extensionNumber ?? '', ...contact.phoneNumbers),
  };
}

export function externalContactOf(row: ContactRow): ExternalContact {
  return {
    id: row.id,
    accountId: row.account_id,
    customerId: row.customer_id,
    name: row.name,
    description: row.description,
    email: row.email,
    extensionNumber: row.extension_number,
    phoneNumbers: row.numbers,
    routingPath: row.routing_path,
    autoCallRecorded: row.auto_call_recorded,
    createdAt: row.created_at,
  };
}
