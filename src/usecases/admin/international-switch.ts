import type { SiteId } from '../../domain/ids.js';
import type { Draft } from '../change.js';
import { refused, type Refused } from '../outcome.js';
import { chainOf } from './setting-places.js';
import { readSettings } from './settings.js';

/** What a new user or common area of the site begins with. */
export async function startsInternational(draft: Draft, siteId: SiteId): Promise<boolean> {
  return (await switchAt(draft, siteId)).value.enable;
}

/** Refuses to set the switch of a user or common area while the account or the site locks it; null = it may be set. */
export async function lockedInternational(draft: Draft, siteId: SiteId, wanted: boolean | undefined): Promise<Refused | null> {
  if (wanted === undefined) return null;
  const { lockedBy } = await switchAt(draft, siteId);
  return lockedBy === null ? null : refused(
    'conflict', 'policy.international_calling', `The ${lockedBy} has locked this setting. Change or unlock it there.`, String(wanted),
  );
}

async function switchAt(draft: Draft, siteId: SiteId) {
  return (await readSettings(draft.stores, draft.accountId, chainOf(draft.accountId, { siteId }), ['international_calling'])).get('international_calling');
}
