import type { AccountId, RoutingRuleId, SiteId, TrunkId } from '../../domain/ids.js';
import type { RoutingRule } from '../../domain/trunk/routing-rule.js';
import type { Trunk } from '../../domain/trunk/trunk.js';
import type { TrunkDirectory } from '../../ports/trunks.js';
import { GroupIndex } from './group-index.js';
import type { HeldTrunk } from './trunk-store.js';

/** The maps behind `TrunkDirectory`; put and remove as in the directory's own index. */
export class TrunkIndex implements TrunkDirectory {
  readonly #trunks = new Map<TrunkId, HeldTrunk>();
  readonly #trunksOf = new GroupIndex<Trunk>();
  readonly #rules = new Map<RoutingRuleId, RoutingRule>();
  readonly #rulesOf = new Map<AccountId, readonly RoutingRule[]>();

  trunk(id: TrunkId): Trunk | undefined {
    return this.#trunks.get(id)?.trunk;
  }
  trunks(accountId: AccountId): readonly Trunk[] {
    return this.#trunksOf.get(accountId);
  }
  all(): readonly Trunk[] {
    return [...this.#trunks.values()].map(({ trunk }) => trunk);
  }
  rules(accountId: AccountId): readonly RoutingRule[] {
    return this.#rulesOf.get(accountId) ?? [];
  }
  sealedPassword(id: TrunkId): string {
    return this.#trunks.get(id)?.sealedPassword ?? '';
  }

  putTrunk(held: HeldTrunk): void {
    this.#trunks.set(held.id, held);
    this.#trunksOf.add(held.trunk.accountId, held.trunk);
  }
  removeTrunk(id: TrunkId): void {
    const old = this.#trunks.get(id);
    if (old === undefined) return;
    this.#trunksOf.remove(old.trunk.accountId, id);
    this.#trunks.delete(id);
    for (const rule of [...this.#rules.values()]) if (rule.trunkId === id) this.putRule({ ...rule, trunkId: null });
  }

  putRule(rule: RoutingRule): void {
    this.#rules.set(rule.id, rule);
    this.#orderRules(rule.accountId);
  }
  removeRule(id: RoutingRuleId): void {
    const old = this.#rules.get(id);
    this.#rules.delete(id);
    if (old !== undefined) this.#orderRules(old.accountId);
  }

  /** What a site takes along when it goes. */
  removeSite(siteId: SiteId): void {
    for (const held of [...this.#trunks.values()]) {
      const routes = held.trunk.routes.filter((route) => route.siteId !== siteId);
      if (routes.length < held.trunk.routes.length) this.putTrunk({ ...held, trunk: { ...held.trunk, routes } });
    }
    for (const rule of [...this.#rules.values()]) if (rule.siteId === siteId) this.removeRule(rule.id);
  }

  #orderRules(accountId: AccountId): void {
    const rules = [...this.#rules.values()].filter((rule) => rule.accountId === accountId);
    this.#rulesOf.set(accountId, rules.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)));
  }
}
