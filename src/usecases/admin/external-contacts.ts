import type { ExternalContact } from '../../domain/contacts/external-contact.js';
import { asId, type ExternalContactId } from '../../domain/ids.js';
import { toE164 } from '../../domain/numbering/e164.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { accountOf } from './admin-deps.js';

/** One account's list is in memory on every node. */
const MOST_CONTACTS = 20_000;

export const contactNotFound = (id: string): Refused => refused('not-found', 'externalContactId', 'There is no external contact with this id.', id);

export interface ContactFields {
  /** The customer's own id for it; null = none. */
  readonly customerId: string | null;
  readonly name: string;
  readonly description: string;
  readonly email: string;
  /** '' = none. */
  readonly extensionNumber: string;
  /** International, or as dialled in the account's country. */
  readonly phoneNumbers: readonly string[];
  readonly routingPath: string;
  readonly autoCallRecorded: boolean;
}

export function addExternalContact(deps: ChangeDeps, actor: Actor, wanted: ContactFields): Promise<Outcome<ExternalContact>> {
  return change(deps, actor, async (draft) => {
    if (await draft.stores.externalContacts.count(draft.accountId) >= MOST_CONTACTS) {
      return refused('conflict', 'name', `An account has at most ${MOST_CONTACTS} external contacts. Remove some first.`);
    }
    const read = await readContact(draft, wanted, null);
    if (read.kind === 'refused') return read;
    const contact: ExternalContact = {
      ...read.value, id: asId<ExternalContactId>(draft.newId()), accountId: draft.accountId, createdAt: draft.at,
    };
    await draft.stores.externalContacts.insert(contact);
    draft.note({ aggregate: 'external_contact', id: contact.id, change: 'created', action: 'add-external-contact', before: null, after: contact });
    return done(contact);
  });
}

/** Changes what is given; `phoneNumbers` replaces the whole list. */
export function updateExternalContact(deps: ChangeDeps, actor: Actor, id: string, wanted: Partial<ContactFields>): Promise<Outcome<ExternalContact>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.externalContacts.get(draft.accountId, asId<ExternalContactId>(id));
    if (before === null) return contactNotFound(id);
    const read = await readContact(draft, { ...before, extensionNumber: before.extensionNumber ?? '', ...wanted }, before.id);
    if (read.kind === 'refused') return read;
    const after = { ...before, ...read.value };
    await draft.stores.externalContacts.update(after);
    draft.note({ aggregate: 'external_contact', id: before.id, change: 'updated', action: 'update-external-contact', before, after });
    return done(after);
  });
}

export function removeExternalContact(deps: ChangeDeps, actor: Actor, id: string): Promise<Outcome<ExternalContact>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.externalContacts.get(draft.accountId, asId<ExternalContactId>(id));
    if (before === null) return contactNotFound(id);
    await draft.stores.externalContacts.delete(before.id);
    draft.note({ aggregate: 'external_contact', id: before.id, change: 'deleted', action: 'remove-external-contact', before, after: null });
    return done(before);
  });
}

type ReadContact = Omit<ExternalContact, 'id' | 'accountId' | 'createdAt'>;

async function readContact(
  draft: Draft, wanted: ContactFields, except: ExternalContactId | null,
): Promise<{ readonly kind: 'read'; readonly value: ReadContact } | Refused> {
  const account = await accountOf(draft);
  if (account.kind === 'refused') return account;
  const { externalContacts: contacts, extensions } = draft.stores;
  const problems: Refused[] = [];
  const numbers: string[] = [];
  for (const text of wanted.phoneNumbers) {
    const number = toE164(text.replace(/[\s().\-/]/g, ''), { country: account.account.country, areaCode: '' });
    if (number === null) problems.push(refused('invalid', 'phone_numbers', 'Give the international form, e.g. +15551234567.', text));
    else if (!numbers.includes(number.e164)) numbers.push(number.e164);
  }
  for (const other of await contacts.byNumbers(draft.accountId, numbers)) {
    const taken = other.phoneNumbers.find((number) => numbers.includes(number)) ?? '';
    if (other.id !== except) problems.push(refused('conflict', 'phone_numbers', `External contact ${other.name} has this number.`, taken));
  }
  const namesake = wanted.customerId === null ? null : await contacts.byCustomerId(draft.accountId, wanted.customerId);
  if (namesake !== null && namesake.id !== except) {
    problems.push(refused('conflict', 'id', `External contact ${namesake.name} has this id.`, wanted.customerId ?? ''));
  }
  if (wanted.extensionNumber !== '') {
    const holder = await contacts.byExtension(draft.accountId, wanted.extensionNumber);
    if (holder !== null && holder.id !== except) {
      problems.push(refused('conflict', 'extension_number', `External contact ${holder.name} has this extension.`, wanted.extensionNumber));
    }
    if ((await extensions.byNumber(draft.accountId, wanted.extensionNumber)).length > 0) {
      problems.push(refused('conflict', 'extension_number', 'A user or common area of the account has this extension.', wanted.extensionNumber));
    }
  }
  if (problems.length > 0) return allOf(problems);
  return {
    kind: 'read',
    value: {
      customerId: wanted.customerId, name: wanted.name, description: wanted.description, email: wanted.email,
      extensionNumber: wanted.extensionNumber === '' ? null : wanted.extensionNumber, phoneNumbers: numbers, routingPath: wanted.routingPath,
      autoCallRecorded: wanted.autoCallRecorded,
    },
  };
}
