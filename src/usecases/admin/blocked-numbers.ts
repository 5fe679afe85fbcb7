import { asId, type BlockedNumberId } from '../../domain/ids.js';
import { toE164 } from '../../domain/numbering/e164.js';
import type { BlockedNumber } from '../../ports/admin-stores.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { blockedNumberNotFound } from './not-found.js';

export interface BlockedNumberFields {
  readonly direction: BlockedNumber['direction'];
  readonly match: BlockedNumber['match'];
  /** As typed: international with or without +, or national when `country` is given. */
  readonly number: string;
  /** ISO 3166-1 alpha-2 of a national form; null = the account's. */
  readonly country: string | null;
  readonly comment: string;
  readonly status: BlockedNumber['status'];
}

/** Blocks a number or prefix for the whole account; numbers are kept as E.164. */
export async function addBlockedNumber(
  deps: AdminDeps, actor: Actor, wanted: BlockedNumberFields,
): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, async (draft) => {
    const number = await readNumber(draft, wanted);
    if (number.kind === 'refused') return number;
    const entry: BlockedNumber = {
      id: asId<BlockedNumberId>(draft.newId()),
      accountId: draft.accountId,
      scope: 'account',
      scopeId: draft.accountId,
      direction: wanted.direction,
      number: number.number,
      match: wanted.match,
      comment: wanted.comment,
      status: wanted.status,
      createdAt: draft.at,
    };
    await draft.stores.blockedNumbers.insert(entry);
    draft.note({
      aggregate: 'blocked_number', id: entry.id, change: 'created', action: 'block-number', before: null, after: entry,
    });
    return done(entry);
  });
}

/** Changes what is given and keeps the rest. */
export async function updateBlockedNumber(
  deps: AdminDeps, actor: Actor, id: string, wanted: Partial<BlockedNumberFields>,
): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.blockedNumbers.get(draft.accountId, asId<BlockedNumberId>(id));
    if (!before) return blockedNumberNotFound(id);
    const match = wanted.match ?? before.match;
    const number = wanted.number === undefined && match === before.match
      ? { kind: 'number' as const, number: before.number }
      : await readNumber(draft, { match, number: wanted.number ?? before.number, country: wanted.country ?? null });
    if (number.kind === 'refused') return number;
    const changes = {
      direction: wanted.direction ?? before.direction,
      match,
      number: number.number,
      comment: wanted.comment ?? before.comment,
      status: wanted.status ?? before.status,
    };
    await draft.stores.blockedNumbers.update(before.id, changes);
    const after = { ...before, ...changes };
    draft.note({
      aggregate: 'blocked_number', id: before.id, change: 'updated', action: 'update-blocked-number', before, after,
    });
    return done(after);
  });
}

export async function removeBlockedNumber(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.blockedNumbers.get(draft.accountId, asId<BlockedNumberId>(id));
    if (!before) return blockedNumberNotFound(id);
    await draft.stores.blockedNumbers.delete(before.id);
    draft.note({
      aggregate: 'blocked_number', id: before.id, change: 'deleted', action: 'unblock-number', before, after: null,
    });
    return done(before);
  });
}

/** Shortest international number that is taken without its +; shorter ones are national or wrong. */
const MIN_INTERNATIONAL_DIGITS = 8;

async function readNumber(
  draft: Draft, wanted: Pick<BlockedNumberFields, 'match' | 'number' | 'country'>,
): Promise<{ kind: 'number'; number: string } | Refused> {
  const digits = wanted.number.replace(/[\s().\-/]/g, '');
  if (wanted.match === 'prefix') {
    return /^\+?[1-9]\d{0,14}$/.test(digits)
      ? { kind: 'number', number: digits.startsWith('+') ? digits : `+${digits}` }
      : refused('invalid', 'phone_number', 'A prefix begins with the country code, e.g. +1900.', wanted.number);
  }
  if (/^\+[1-9]\d{4,14}$/.test(digits)) return { kind: 'number', number: digits };
  const account = await accountOf(draft);
  if (account.kind === 'refused') return account;
  if (wanted.country === null && new RegExp(`^[1-9]\\d{${MIN_INTERNATIONAL_DIGITS - 1},14}$`).test(digits)) {
    return { kind: 'number', number: `+${digits}` };
  }
  const national = toE164(digits, { country: wanted.country ?? account.account.country, areaCode: '' });
  return /^\d+$/.test(digits) && national
    ? { kind: 'number', number: national.e164 }
    : refused('invalid', 'phone_number', 'Give the international form (+15551234567), or the country.', wanted.number);
}
