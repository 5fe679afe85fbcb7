import type { AccountId, RoutingRuleId, SiteId, TrunkId } from '../domain/ids.js';
import type { RoutingRule } from '../domain/trunk/routing-rule.js';
import type { Trunk } from '../domain/trunk/trunk.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface TrunkStore {
  get(accountId: AccountId, id: TrunkId): Promise<Trunk | null>;
  byName(accountId: AccountId, name: string): Promise<Trunk | null>;
  /** Oldest first. */
  page(accountId: AccountId, page: PageRequest): Promise<Page<Trunk>>;
  count(accountId: AccountId): Promise<number>;
  /** `sealedPassword` comes from a `SecretBox` with the trunk's id as context; '' = none. */
  insert(trunk: Trunk, sealedPassword: string): Promise<void>;
  /** Gateways and routes are replaced as a whole. */
  update(trunk: Trunk, sealedPassword?: string): Promise<void>;
  /** Routing rules that lead to it stay and lead nowhere. */
  delete(id: TrunkId): Promise<void>;
  sealedPassword(id: TrunkId): Promise<string>;
}

export interface RoutingRuleStore {
  get(accountId: AccountId, id: RoutingRuleId): Promise<RoutingRule | null>;
  /** In the order they are looked at: those of sites by site, then the account's. `siteId` null = of every place. */
  all(accountId: AccountId, siteId: SiteId | null): Promise<readonly RoutingRule[]>;
  insert(rule: RoutingRule): Promise<void>;
  update(rule: RoutingRule): Promise<void>;
  delete(id: RoutingRuleId): Promise<void>;
}

export interface TrunkStores {
  readonly trunks: TrunkStore;
  readonly routingRules: RoutingRuleStore;
}
