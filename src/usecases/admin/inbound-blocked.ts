import { asId, type ExtensionId } from '../../domain/ids.js';
import { readStatisticId, type BlockedNumber, type CallRulePlace } from '../../domain/routing/blocked-number.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import {
  accountList, deleteBlockedNumber, entryOf, insertBlockedNumber, type BlockedNumberFields,
} from './blocked-numbers.js';
import { extensionNotFound } from './not-found.js';

export type ExtensionBlock = Pick<BlockedNumberFields, 'match' | 'type' | 'number' | 'country'>;

/** Blocks a caller for one extension alone. */
export async function blockForExtension(
  deps: AdminDeps, actor: Actor, extensionId: string, wanted: ExtensionBlock,
): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, async (draft) => {
    const place = await extensionList(draft, extensionId);
    if (place.kind === 'refused') return place;
    return insertBlockedNumber(draft, place.value, { ...wanted, direction: 'inbound', comment: '', status: 'active' }, 'blocked_number');
  });
}

export async function unblockForExtension(
  deps: AdminDeps, actor: Actor, extensionId: string, id: string,
): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, async (draft) => {
    const place = await extensionList(draft, extensionId);
    if (place.kind === 'refused') return place;
    const entry = await entryOf(draft, place.value, { id, idField: 'blocked_rule_id', direction: 'inbound' });
    if (entry.kind === 'done') await deleteBlockedNumber(draft, entry.value);
    return entry;
  });
}

/** Takes a caller off the own lists of every extension that has it. */
export async function unblockForAllExtensions(deps: AdminDeps, actor: Actor, statisticId: string): Promise<Outcome<number>> {
  return change(deps, actor, async (draft) => {
    const entries = await entriesBehind(draft, statisticId);
    if (entries.kind === 'refused') return entries;
    for (const entry of entries.value) await deleteBlockedNumber(draft, entry);
    return done(entries.value.length);
  });
}

/**
 * Blocks for the whole account what extensions block by lists of their own, which stay as they are: whoever takes the
 * account's entry away later takes nobody's own away.
 */
export async function blockForAllExtensions(deps: AdminDeps, actor: Actor, statisticId: string): Promise<Outcome<BlockedNumber>> {
  return change(deps, actor, async (draft) => {
    const entries = await entriesBehind(draft, statisticId);
    if (entries.kind === 'refused') return entries;
    const [first] = entries.value;
    if (first === undefined) return unknownStatistic(statisticId);
    const type = entries.value.some((entry) => entry.type === 'threat') ? 'threat' : 'block';
    const known = await draft.stores.blockedNumbers.find(draft.accountId, accountList(draft), first);
    if (known?.status === 'active') return done(known);
    if (known) return activate(draft, known);
    const { number, match, country } = first;
    return insertBlockedNumber(
      draft, accountList(draft), { direction: 'inbound', match, type, number, country, comment: '', status: 'active' }, 'blocked_number',
    );
  });
}

async function activate(draft: Draft, before: BlockedNumber): Promise<Outcome<BlockedNumber>> {
  const after: BlockedNumber = { ...before, status: 'active' };
  await draft.stores.blockedNumbers.update(after);
  draft.note({
    aggregate: 'blocked_number', id: before.id, change: 'updated', action: 'update-blocked-number', before, after,
  });
  return done(after);
}

async function extensionList(draft: Draft, extensionId: string): Promise<Outcome<CallRulePlace>> {
  const extension = await draft.stores.extensions.get(draft.accountId, asId<ExtensionId>(extensionId));
  return extension ? done({ scope: 'extension', scopeId: extension.id }) : extensionNotFound(extensionId);
}

async function entriesBehind(draft: Draft, statisticId: string): Promise<Outcome<readonly BlockedNumber[]>> {
  const entry = readStatisticId(statisticId);
  const entries = entry === null ? [] : await draft.stores.blockedNumbers.ofExtensions(draft.accountId, entry);
  return entries.length === 0 ? unknownStatistic(statisticId) : done(entries);
}

function unknownStatistic(id: string): Refused {
  return refused('not-found', 'blocked_statistic_id', 'No extension blocks a caller with this id.', id);
}
