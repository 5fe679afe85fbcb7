import type { AccountId, CommonAreaId, ExtensionId, SiteId, UserId } from '../ids.js';

/** Any dialable target inside the account. */
export type ExtensionOwner =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'common_area'; readonly id: CommonAreaId };

export interface Extension {
  readonly id: ExtensionId;
  readonly accountId: AccountId;
  readonly siteId: SiteId;
  /** The digits as dialled inside the site, without site code. */
  readonly number: string;
  readonly owner: ExtensionOwner;
}
