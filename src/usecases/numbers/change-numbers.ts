import { asId, type ExtensionId, type PhoneNumberId, type SiteId } from '../../domain/ids.js';
import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { phoneNumberNotFound, siteNotFound } from '../admin/not-found.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { findNumbers, refOf } from './find-numbers.js';
import { holderText } from './number-holder.js';
import { moveNumbers } from './release-numbers.js';

export type NumberChanges = Partial<Pick<PhoneNumber, 'incoming' | 'outgoing' | 'displayName' | 'emergencyAddressStatus' | 'sipGroupId'>>;

/** Changes what is given of a number, assigned or not. */
export async function updateNumber(deps: ChangeDeps, actor: Actor, id: string, wanted: NumberChanges): Promise<Outcome<PhoneNumber>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.phoneNumbers.get(draft.accountId, asId<PhoneNumberId>(id));
    if (!before) return phoneNumberNotFound(id);
    await draft.stores.phoneNumbers.update(before.id, wanted);
    const after = { ...before, ...wanted };
    draft.note({ aggregate: 'phone_number', id: before.id, change: 'updated', action: 'update-phone-number', before, after });
    return done(after);
  });
}

/** Removes numbers nobody has, named by id or number, all or none; with them goes every permission to show them. */
export async function removeNumbers(deps: ChangeDeps, actor: Actor, named: readonly string[]): Promise<Outcome<readonly PhoneNumber[]>> {
  return change(deps, actor, async (draft) => {
    const found = await freeNumbers(draft, named);
    if (found.kind === 'refused') return found;
    await removeFreeNumbersIn(draft, found.numbers);
    return done(found.numbers);
  });
}

/** The same inside a larger change, of numbers that nobody has. */
export async function removeFreeNumbersIn(draft: Draft, numbers: readonly PhoneNumber[]): Promise<void> {
  const ids = numbers.map(({ id }) => id);
  const permitted = await draft.stores.callerIds.entries(draft.accountId, { phoneNumberIds: ids });
  const choosers = await draft.stores.callerIds.choosers(ids);
  await draft.stores.phoneNumbers.delete(ids);
  for (const before of numbers) {
    draft.note({ aggregate: 'phone_number', id: before.id, change: 'deleted', action: 'remove-phone-number', before, after: null });
  }
  for (const { id } of permitted) draft.announce({ aggregate: 'customized_number', id, change: 'deleted' });
  for (const id of choosers) draft.announce({ aggregate: 'caller_id_choice', id, change: 'deleted' });
}

/** Moves numbers nobody has to a site, all or none; a direct number moves with its holder alone. */
export async function moveFreeNumbers(
  deps: ChangeDeps, actor: Actor, siteId: string, named: readonly string[],
): Promise<Outcome<readonly PhoneNumber[]>> {
  return change(deps, actor, async (draft) => {
    const site = await draft.stores.sites.get(draft.accountId, asId<SiteId>(siteId));
    if (!site) return siteNotFound(siteId);
    const found = await freeNumbers(draft, named);
    if (found.kind === 'refused') return found;
    await moveNumbers(draft, found.numbers, site.id);
    return done(found.numbers);
  });
}

async function freeNumbers(
  draft: Draft, named: readonly string[],
): Promise<{ readonly kind: 'found'; readonly numbers: readonly PhoneNumber[] } | Refused> {
  const found = await findNumbers(draft, named.map(refOf), 'phone_numbers');
  if (found.kind === 'refused') return found;
  const refusals: Refused[] = [];
  for (const [index, { number, extensionId }] of found.numbers.entries()) {
    if (extensionId === null) continue;
    const whose = await holderOf(draft, extensionId);
    refusals.push(refused('conflict', `phone_numbers[${index}]`, `${number} is assigned to ${whose}. Unassign it first.`, number));
  }
  return refusals.length > 0 ? allOf(refusals) : found;
}

async function holderOf(draft: Draft, id: ExtensionId): Promise<string> {
  const extension = await draft.stores.extensions.get(draft.accountId, id);
  return extension === null ? 'somebody' : holderText(draft, extension);
}
