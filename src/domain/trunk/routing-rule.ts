import type { AccountId, RoutingRuleId, SiteId, TrunkId } from '../ids.js';

/** Numbers of a shape lead to one trunk before any route is looked at. */
export interface RoutingRule {
  readonly id: RoutingRuleId;
  readonly accountId: AccountId;
  /** Null = every site; rules of the caller's own site come before those. */
  readonly siteId: SiteId | null;
  readonly name: string;
  /** What the whole E.164 number must look like (`number-shape.ts`). */
  readonly numberPattern: string;
  /** What is dialled instead: text with `$1` … for the pattern's groups; '' = the number as it is. */
  readonly translation: string;
  /** Null = the rule is kept and leads nowhere: such numbers go by the routes. */
  readonly trunkId: TrunkId | null;
  /** Lower is looked at first; rules of a site are numbered from 1, so are those of the account. */
  readonly order: number;
}
