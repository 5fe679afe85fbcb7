import { asId, type BlockedNumberId } from '../../domain/ids.js';
import { readExtensionDigits, readNumberPattern } from '../../domain/numbering/number-pattern.js';
import type { BlockedNumber, CallRulePlace } from '../../domain/routing/blocked-number.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { blockedNumberNotFound } from './not-found.js';

export interface BlockedNumberFields {
  readonly direction: BlockedNumber['direction'];
  readonly match: BlockedNumber['match'];
  readonly type: BlockedNumber['type'];
  /** As typed: international with or without +, national when `country` is given, or inbound an extension. */
  readonly number: string;
  /** ISO 3166-1 alpha-2 of a national form; null = the account's. */
  readonly country: string | null;
  readonly comment: string;
  readonly status: BlockedNumber['status'];
}

/** How the request named the number, so that a refusal can. */
export type NumberField = 'phone_number' | 'blocked_number';

/** Blocks a number or prefix on one list inside a larger change; numbers are kept as E.164. */
export async function insertBlockedNumber(
  draft: Draft, place: CallRulePlace, wanted: BlockedNumberFields, field: NumberField,
): Promise<Outcome<BlockedNumber>> {
  const read = await readNumber(draft, wanted, field);
  if (read.kind === 'refused') return read;
  const entry: BlockedNumber = {
    ...place, ...wanted, ...read.number, id: asId<BlockedNumberId>(draft.newId()), accountId: draft.accountId, createdAt: draft.at,
  };
  const twin = await draft.stores.blockedNumbers.find(draft.accountId, place, entry);
  if (twin) return alreadyListed(field, entry.number);
  await draft.stores.blockedNumbers.insert(entry);
  draft.note({
    aggregate: 'blocked_number', id: entry.id, change: 'created', action: 'block-number', before: null, after: entry,
  });
  return done(entry);
}

/** Blocks a number or prefix for the whole account. */
export async function addBlockedNumber(
  deps: AdminDeps, actor: Actor, wanted: BlockedNumberFields, field: NumberField = 'phone_number',
): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, (draft) => insertBlockedNumber(draft, accountList(draft), wanted, field));
}

/** An entry as a request names it. */
export interface NamedEntry {
  readonly id: string;
  /** The request's name for the id. */
  readonly idField: 'blockedListId' | 'blockedRuleId' | 'blocked_rule_id';
  /** Only an entry of this direction is meant; any where missing. */
  readonly direction?: BlockedNumber['direction'];
}

/** Changes what is given of an entry of the account's list and keeps the rest. */
export async function updateBlockedNumber(
  deps: AdminDeps, actor: Actor, named: NamedEntry, wanted: Partial<BlockedNumberFields>, field: NumberField = 'phone_number',
): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, async (draft) => {
    const before = await entryOf(draft, accountList(draft), named);
    if (before.kind === 'refused') return before;
    const { value: entry } = before;
    const wished = { ...entry, ...wanted };
    const same = wanted.number === undefined && wanted.country === undefined && wished.match === entry.match
      && wished.direction === entry.direction;
    const read = same ? { kind: 'read' as const, number: {} }
      : await readNumber(draft, { ...wished, country: wanted.country ?? null }, field);
    if (read.kind === 'refused') return read;
    const after: BlockedNumber = { ...wished, ...read.number };
    const twin = await draft.stores.blockedNumbers.find(draft.accountId, entry, after);
    if (twin && twin.id !== entry.id) return alreadyListed(field, after.number);
    await draft.stores.blockedNumbers.update(after);
    draft.note({
      aggregate: 'blocked_number', id: entry.id, change: 'updated', action: 'update-blocked-number', before: entry, after,
    });
    return done(after);
  });
}

export async function removeBlockedNumber(
  deps: AdminDeps, actor: Actor, named: NamedEntry,
): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, async (draft) => {
    const before = await entryOf(draft, accountList(draft), named);
    if (before.kind === 'refused') return before;
    await deleteBlockedNumber(draft, before.value);
    return before;
  });
}

export async function deleteBlockedNumber(draft: Draft, entry: BlockedNumber): Promise<void> {
  await draft.stores.blockedNumbers.delete(entry.id);
  draft.note({
    aggregate: 'blocked_number', id: entry.id, change: 'deleted', action: 'unblock-number', before: entry, after: null,
  });
}

/** An entry of the list named; those of other lists count as unknown. */
export async function entryOf(
  draft: Draft, place: CallRulePlace, { id, idField, direction }: NamedEntry,
): Promise<Outcome<BlockedNumber>> {
  const entry = await draft.stores.blockedNumbers.get(draft.accountId, asId<BlockedNumberId>(id));
  const meant = entry?.scope === place.scope && entry.scopeId === place.scopeId && (direction ?? entry.direction) === entry.direction;
  return entry && meant ? done(entry) : blockedNumberNotFound(id, idField);
}

export function accountList({ accountId }: Pick<Draft, 'accountId'>): CallRulePlace {
  return { scope: 'account', scopeId: accountId };
}

function alreadyListed(field: NumberField, number: string): Refused {
  return refused('conflict', field, 'This number or prefix is on the list already. Change that entry instead.', number);
}

async function readNumber(
  draft: Draft, wanted: Pick<BlockedNumberFields, 'direction' | 'match' | 'number' | 'country'>, field: NumberField,
): Promise<{ readonly kind: 'read'; readonly number: Pick<BlockedNumber, 'number' | 'country'> } | Refused> {
  const extension = wanted.direction === 'inbound' && wanted.match === 'number' ? readExtensionDigits(wanted.number) : null;
  if (extension !== null) return { kind: 'read', number: { number: extension, country: null } };
  const account = await accountOf(draft);
  if (account.kind === 'refused') return account;
  const read = readNumberPattern(wanted.number, wanted.match, { country: wanted.country, home: account.account.country });
  if (read.kind === 'invalid') return refused('invalid', field, read.text, wanted.number);
  return { kind: 'read', number: { number: read.pattern.number, country: read.pattern.country } };
}
