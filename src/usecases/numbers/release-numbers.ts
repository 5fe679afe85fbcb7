import type { CallingPlanCode } from '../../domain/licensing/plans.js';
import { numberLimit } from '../../domain/licensing/number-limits.js';
import type { ExtensionId, SiteId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import type { Draft } from '../change.js';
import { refused, type Refused } from '../outcome.js';

/** Makes a number free for anybody, inside a larger change. */
export async function releaseNumber(draft: Draft, before: PhoneNumber, action: string): Promise<PhoneNumber> {
  const changes = { extensionId: null, assignedOrder: null };
  await draft.stores.phoneNumbers.update(before.id, changes);
  const after = { ...before, ...changes };
  draft.note({ aggregate: 'phone_number', id: before.id, change: 'updated', action, before, after });
  return after;
}

/** For an extension that is going: its numbers are free, and what it might show beside them is forgotten. */
export async function forgetNumbersOf(draft: Draft, extension: Pick<Extension, 'id'>): Promise<void> {
  await releaseAll(draft, extension.id);
  await forgetPermissions(draft, extension.id);
  if (await draft.stores.callerIds.choice(extension.id) === null) return;
  await draft.stores.callerIds.clearChoice(extension.id);
  draft.announce({ aggregate: 'caller_id_choice', id: extension.id, change: 'deleted' });
}

/**
 * After a change of plans: without any calling plan the direct numbers go with the last one (call-policy rule 5). Refuses a
 * plan under which the holder has more numbers than it allows, since nobody could tell which ones to give up.
 */
export async function fitNumbersToPlans(
  draft: Draft, extension: Pick<Extension, 'id'>, plans: readonly CallingPlanCode[], field: string,
): Promise<Refused | null> {
  const limit = numberLimit(plans);
  if (limit === 0) {
    await releaseAll(draft, extension.id);
    return null;
  }
  const held = await draft.stores.phoneNumbers.of(extension.id);
  return held.length <= limit ? null : refused(
    'conflict', field,
    `${held.length} numbers are assigned, and the plans that are left allow ${limit}. Unassign ${held.length - limit} of them first.`,
  );
}

/** A direct number belongs to the site of its holder: it moves along. */
export async function moveNumbersWith(draft: Draft, extension: Pick<Extension, 'id'>, siteId: SiteId): Promise<void> {
  await moveNumbers(draft, await draft.stores.phoneNumbers.of(extension.id), siteId);
}

/**
 * For a site that is going: its numbers, assigned or not, belong to another one, and nobody shows numbers because of it any
 * more. Without another site it has no numbers left, since those keep it.
 */
export async function handOverSiteNumbers(draft: Draft, from: Pick<Site, 'id'>, to: Pick<Site, 'id'> | null): Promise<null> {
  if (to !== null) await moveNumbers(draft, await draft.stores.phoneNumbers.ofSite(from.id), to.id);
  await forgetPermissions(draft, from.id);
  return null;
}

/** Moves numbers inside a larger change, with one statement. */
export async function moveNumbers(draft: Draft, numbers: readonly PhoneNumber[], siteId: SiteId): Promise<void> {
  const moving = numbers.filter((number) => number.siteId !== siteId);
  if (moving.length === 0) return;
  await draft.stores.phoneNumbers.setSite(moving.map(({ id }) => id), siteId);
  for (const before of moving) {
    draft.note({
      aggregate: 'phone_number', id: before.id, change: 'updated', action: 'move-phone-number', before, after: { ...before, siteId },
    });
  }
}

/** Forgets which numbers a site or an extension might show beside its own. */
export async function forgetPermissions(draft: Draft, scopeId: SiteId | ExtensionId): Promise<void> {
  const entries = await draft.stores.callerIds.entries(draft.accountId, { scopeId });
  if (entries.length === 0) return;
  await draft.stores.callerIds.delete(entries.map(({ id }) => id));
  for (const { id } of entries) draft.announce({ aggregate: 'customized_number', id, change: 'deleted' });
}

async function releaseAll(draft: Draft, extensionId: ExtensionId): Promise<void> {
  for (const number of await draft.stores.phoneNumbers.of(extensionId)) await releaseNumber(draft, number, 'release-phone-number');
}
