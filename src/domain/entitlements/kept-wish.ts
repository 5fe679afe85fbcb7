import type { EntitlementWishId, UserId } from '../ids.js';
import type { Wish } from './entitlements.js';

/** `pending`: written with the person and not tried yet. `open`: tried in vain, and tried again when the account changes. */
export const WISH_STATES = ['pending', 'open', 'resolved', 'dismissed'] as const;
export type WishState = (typeof WISH_STATES)[number];

/** A wish with who asked for it, and what became of it. */
export interface KeptWish {
  readonly id: EntitlementWishId;
  readonly userId: UserId;
  /** The attribute it came in, e.g. `phoneNumbers`. */
  readonly attribute: string;
  readonly wish: Wish;
  /** `scim`, `saml`, or `groups`: what mappings give members. */
  readonly source: string;
  readonly state: WishState;
  readonly askedBy: string;
  readonly requestId: string;
  readonly askedAt: number;
  /** Why it could not be granted, with the remedy; '' before it was tried. */
  readonly reason: string;
  readonly tries: number;
  readonly triedAt: number | null;
  /** The account's version at the last try: nothing is tried again while nothing has changed. */
  readonly triedVersion: number | null;
  readonly settledAt: number | null;
}

/** Whether two wishes ask for the same. */
export function sameWish(a: Wish, b: Wish): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(wish: Wish): readonly (readonly [string, unknown])[] {
  return Object.entries(wish).sort(([a], [b]) => (a < b ? -1 : 1));
}
