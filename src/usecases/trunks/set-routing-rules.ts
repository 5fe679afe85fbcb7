import { asId, type RoutingRuleId, type SiteId, type TrunkId } from '../../domain/ids.js';
import { readShape, translationProblem } from '../../domain/trunk/number-shape.js';
import type { RoutingRule } from '../../domain/trunk/routing-rule.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

/** Rules of an account; calls may look at each. */
const MOST_RULES = 200;

export interface RoutingRuleWish {
  readonly name: string;
  readonly numberPattern: string;
  readonly translation: string;
  /** Null = the numbers go by the routes. */
  readonly trunkId: string | null;
  /** Null = all sites. */
  readonly siteId: string | null;
}
export type RoutingRuleChanges = { readonly [Field in Exclude<keyof RoutingRuleWish, 'siteId'> | 'order']?: (RoutingRuleWish & { readonly order: number })[Field] | undefined };

export const routingRuleNotFound = (id: string): Refused => refused('not-found', 'routingRuleId', 'There is no routing rule with this id.', id);

/** Adds a rule after those of its place. */
export async function addRoutingRule(deps: ChangeDeps, actor: Actor, wanted: RoutingRuleWish): Promise<Outcome<RoutingRule>> {
  return change(deps, actor, async (draft) => {
    const all = await draft.stores.routingRules.all(draft.accountId, null);
    if (all.length >= MOST_RULES) return refused('conflict', 'name', `An account has at most ${MOST_RULES} routing rules. Remove one first.`);
    if (wanted.siteId !== null && await draft.stores.sites.get(draft.accountId, asId<SiteId>(wanted.siteId)) === null) {
      return refused('invalid', 'site_id', 'There is no site with this id. GET /v2/phone/sites lists them.', wanted.siteId);
    }
    const siteId = wanted.siteId === null ? null : asId<SiteId>(wanted.siteId);
    const rule: RoutingRule = {
      id: asId<RoutingRuleId>(draft.newId()), accountId: draft.accountId, siteId, name: wanted.name, numberPattern: wanted.numberPattern, translation: wanted.translation,
      trunkId: wanted.trunkId === null ? null : asId<TrunkId>(wanted.trunkId), order: neighbours(all, siteId).length + 1,
    };
    const problem = await problemOf(draft, rule, all);
    if (problem !== null) return problem;
    await draft.stores.routingRules.insert(rule);
    draft.note({ aggregate: 'routing_rule', id: rule.id, change: 'created', action: 'add-routing-rule', before: null, after: rule });
    return done(rule);
  });
}

/** Changes what is given; with another order the rules of its place move up or down to make room. */
export async function updateRoutingRule(deps: ChangeDeps, actor: Actor, id: string, wanted: RoutingRuleChanges): Promise<Outcome<RoutingRule>> {
  return change(deps, actor, async (draft) => {
    const all = await draft.stores.routingRules.all(draft.accountId, null);
    const before = all.find((rule) => rule.id === id);
    if (before === undefined) return routingRuleNotFound(id);
    const others = neighbours(all, before.siteId).filter((rule) => rule.id !== id);
    if (wanted.order !== undefined && wanted.order > others.length + 1) {
      return refused('invalid', 'order', `There are ${others.length + 1} rules here: give a place from 1 to ${others.length + 1}.`, String(wanted.order));
    }
    const after: RoutingRule = {
      ...before, name: wanted.name ?? before.name, numberPattern: wanted.numberPattern ?? before.numberPattern, translation: wanted.translation ?? before.translation,
      trunkId: wanted.trunkId === undefined ? before.trunkId : wanted.trunkId === null ? null : asId<TrunkId>(wanted.trunkId), order: wanted.order ?? before.order,
    };
    const problem = await problemOf(draft, after, all);
    if (problem !== null) return problem;
    await draft.stores.routingRules.update(after);
    draft.note({ aggregate: 'routing_rule', id: after.id, change: 'updated', action: 'update-routing-rule', before, after });
    await number(draft, others.toSpliced(after.order - 1, 0, after));
    return done(after);
  });
}

export async function removeRoutingRule(deps: ChangeDeps, actor: Actor, id: string): Promise<Outcome<RoutingRule>> {
  return change(deps, actor, async (draft) => {
    const all = await draft.stores.routingRules.all(draft.accountId, null);
    const rule = all.find((each) => each.id === id);
    if (rule === undefined) return routingRuleNotFound(id);
    await draft.stores.routingRules.delete(rule.id);
    draft.note({ aggregate: 'routing_rule', id: rule.id, change: 'deleted', action: 'remove-routing-rule', before: rule, after: null });
    await number(draft, neighbours(all, rule.siteId).filter((each) => each.id !== id));
    return done(rule);
  });
}

function neighbours(all: readonly RoutingRule[], siteId: SiteId | null): readonly RoutingRule[] {
  return all.filter((rule) => rule.siteId === siteId);
}

/** Writes the places 1, 2 … of those that moved. */
async function number(draft: Draft, inOrder: readonly RoutingRule[]): Promise<void> {
  for (const [index, rule] of inOrder.entries()) {
    if (rule.order === index + 1) continue;
    await draft.stores.routingRules.update({ ...rule, order: index + 1 });
    draft.announce({ aggregate: 'routing_rule', id: rule.id, change: 'updated' });
  }
}

async function problemOf(draft: Draft, rule: RoutingRule, all: readonly RoutingRule[]): Promise<Refused | null> {
  const namesake = neighbours(all, rule.siteId).find(({ name, id }) => name === rule.name && id !== rule.id);
  if (namesake !== undefined) return refused('conflict', 'name', 'Another routing rule of this place has this name.', rule.name);
  const reading = readShape(rule.numberPattern);
  if (reading.kind === 'invalid') return refused('invalid', 'number_pattern', reading.text, rule.numberPattern);
  const translation = translationProblem(rule.translation, reading.shape);
  if (translation !== null) return refused('invalid', 'translation', translation, rule.translation);
  if (rule.trunkId === null || await draft.stores.trunks.get(draft.accountId, rule.trunkId) !== null) return null;
  return refused('invalid', 'sip_group_id', 'There is no SIP group with this id. GET /v2/phone/sip_groups lists them.', rule.trunkId);
}
