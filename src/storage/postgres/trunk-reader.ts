import { asId, type RoutingRuleId, type SiteId, type TrunkId } from '../../domain/ids.js';
import type { ConfigEvent } from '../../domain/events.js';
import type { RoutingRule } from '../../domain/trunk/routing-rule.js';
import { idsOf, replace } from './affected.js';
import type { Queries } from './database.js';
import { routingRuleOf } from './routing-rule-store.js';
import { CHUNK, everyChunk, named, picked, type RowPick } from './row-chunks.js';
import type { TrunkIndex } from './trunk-index.js';
import { withRoutes, type HeldTrunk } from './trunk-store.js';

/** Reads what the trunk index holds, as the directory's reader does. */
export class TrunkReader {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  trunks = async (pick: RowPick<TrunkId>): Promise<readonly HeldTrunk[]> => withRoutes(
    this.#queries, await this.#queries.selectFrom('trunks').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute(),
  );

  rules = async (pick: RowPick<RoutingRuleId>): Promise<readonly RoutingRule[]> =>
    (await this.#queries.selectFrom('routing_rules').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute()).map(routingRuleOf);

  async load(index: TrunkIndex): Promise<void> {
    for await (const chunk of everyChunk(this.trunks)) for (const held of chunk) index.putTrunk(held);
    for await (const chunk of everyChunk(this.rules)) for (const rule of chunk) index.putRule(rule);
  }

  /** Reads what the events name; the change returned is made in one go. */
  async affected(index: TrunkIndex, events: readonly ConfigEvent[]): Promise<() => void> {
    const trunkIds = idsOf<TrunkId>(events, 'trunk');
    const ruleIds = idsOf<RoutingRuleId>(events, 'routing_rule');
    const trunks = await named(this.trunks, trunkIds);
    const rules = await named(this.rules, ruleIds);
    return () => {
      replace(trunkIds, trunks, (held) => index.putTrunk(held), (id) => index.removeTrunk(id));
      replace(ruleIds, rules, (rule) => index.putRule(rule), (id) => index.removeRule(id));
      for (const { aggregate, aggregateId, change } of events) {
        if (aggregate === 'site' && change === 'deleted') index.removeSite(asId<SiteId>(aggregateId));
      }
    };
  }
}
