import type { SiteId, UserId } from '../ids.js';

/**
 * What somebody may see and change with a permission: the whole account, what is at some sites, and what is their own. What no part of it
 * names is out of reach.
 */
export interface Reach {
  readonly account: boolean;
  readonly siteIds: ReadonlySet<SiteId>;
  /** Whose own things are reached besides; null = nobody's. */
  readonly own: UserId | null;
}

/** Where a thing is, and whose. */
export interface Place {
  /** None = no site's: only the whole account reaches it; a call between two sites is at both. */
  readonly siteIds: readonly SiteId[];
  /** People who count as its owners: a phone's user, a session's guest. */
  readonly owners: readonly UserId[];
}

/** The machine itself, and whoever administers everything. */
export const WHOLE_ACCOUNT: Reach = { account: true, siteIds: new Set(), own: null };
export const NOWHERE: Reach = { account: false, siteIds: new Set(), own: null };
/** What is set once for everybody. */
export const ACCOUNT_PLACE: Place = { siteIds: [], owners: [] };

export function sitesReach(siteIds: Iterable<SiteId>): Reach {
  return { account: false, siteIds: new Set(siteIds), own: null };
}

/** Everything that one of them reaches; `own` is the same person in all that name one. */
export function joinReaches(reaches: readonly Reach[]): Reach {
  return {
    account: reaches.some(({ account }) => account),
    siteIds: new Set(reaches.flatMap(({ siteIds }) => [...siteIds])),
    own: reaches.find(({ own }) => own !== null)?.own ?? null,
  };
}

export function reaches(reach: Reach, { siteIds, owners }: Place): boolean {
  return reach.account || siteIds.some((id) => reach.siteIds.has(id)) || (reach.own !== null && owners.includes(reach.own));
}

/** Whether `outer` reaches whatever `inner` does. */
export function covers(outer: Reach, inner: Reach): boolean {
  if (outer.account) return true;
  return !inner.account && [...inner.siteIds].every((id) => outer.siteIds.has(id)) && (inner.own === null || inner.own === outer.own);
}

/** The sites whose things a list may show; null = all. */
export function sitesOf(reach: Reach): readonly SiteId[] | null {
  return reach.account ? null : [...reach.siteIds];
}
