import type { AccountId, SiteId } from '../domain/ids.js';
import type { Directory } from '../ports/directory.js';

interface Holder {
  readonly accountId: AccountId;
  readonly siteId: SiteId;
  readonly internationalCalling: boolean;
}

/** A user or common area with the switch for international calls that holds: the own one, unless account or site locks the setting. */
export function withInternationalCalling<H extends Holder>(directory: Directory, holder: H): H {
  const { value, lockedBy } = directory.setting('international_calling', { accountId: holder.accountId, siteId: holder.siteId });
  return lockedBy === null || value.enable === holder.internationalCalling ? holder : { ...holder, internationalCalling: value.enable };
}
