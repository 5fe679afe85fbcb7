import type { SiteId, TrunkGatewayId } from '../ids.js';
import { mayBeTried, type GatewayHealth } from './gateway-health.js';
import { readShape, translated } from './number-shape.js';
import type { RoutingRule } from './routing-rule.js';
import { drawOrder, type Weighted } from './spread.js';
import type { Trunk, TrunkGateway, TrunkRoute } from './trunk.js';

export interface SelectionFacts {
  /** Of the account, disabled ones included. */
  readonly trunks: readonly Trunk[];
  /** Of the account, in their order. */
  readonly rules: readonly RoutingRule[];
  /** Of whom the call is: the caller's, for emergency calls the desk's. */
  readonly siteId: SiteId;
  /** ISO 3166-1 alpha-2 of that site. */
  readonly country: string;
  /** E.164 with `+`; of an emergency call whatever goes out. */
  readonly number: string;
  readonly emergency: boolean;
  readonly health: (id: TrunkGatewayId) => GatewayHealth;
  /** Epoch ms. */
  readonly at: number;
  /** 0 ≤ x < 1, drawn for this call. */
  readonly spread: number;
}

/** Where to try a call. */
export interface SelectedGateway {
  readonly trunk: Trunk;
  readonly gateway: TrunkGateway;
  /** To be written by the trunk's format: the number, or what a routing rule made of it. */
  readonly number: string;
  /** An emergency call that leaves by a trunk which nobody meant for it, abroad perhaps. */
  readonly lastResort: boolean;
  /** Why it is here, in words. */
  readonly why: string;
}

export interface GatewaySelection {
  /** In the order to be tried; empty = nothing takes the call. */
  readonly gateways: readonly SelectedGateway[];
  /** Why others were left out, or come last: one sentence each, for explanations and logs. */
  readonly notes: readonly string[];
}

interface Choice extends Weighted {
  readonly trunk: Trunk;
  readonly number: string;
  readonly lastResort: boolean;
  readonly why: string;
}

/**
 * The gateways for a call (call policy rules 1 and 10), each trunk once. A routing rule that fits decides alone. Otherwise routes of the caller's site come
 * before the account's, longer prefixes before shorter ones, then priority and weight; what comes later is tried when what came before fails.
 * Gateways that are down or rest are left out. An emergency call goes by the emergency routes of the site, those of all sites, then any trunk of the
 * desk's country; then the same ones again that are down or rest; then all others as last resort: a trunk that seems down but knows the desk's
 * emergency centre is better than one that is up abroad.
 */
export function selectGateways(facts: SelectionFacts): GatewaySelection {
  const enabled = facts.trunks.filter((trunk) => trunk.enabled);
  const notes = facts.trunks.filter((trunk) => !trunk.enabled).map(({ name }) => `Trunk ${name} is disabled.`);
  return facts.emergency ? forEmergency(facts, enabled, notes) : forNumber(facts, enabled, notes);
}

function forNumber(facts: SelectionFacts, enabled: readonly Trunk[], notes: string[]): GatewaySelection {
  const ruled = byRule(facts, enabled, notes);
  const tiers = ruled === null ? routeTiers(facts, enabled) : [[ruled]];
  const { tried, others } = place(facts, tiers);
  return { gateways: tried, notes: [...notes, ...others.map(({ note }) => note)] };
}

function forEmergency(facts: SelectionFacts, enabled: readonly Trunk[], notes: string[]): GatewaySelection {
  const emergency = (siteId: SiteId | null, why: string): readonly Choice[] => enabled.flatMap((trunk) => trunk.routes
    .filter((route) => route.emergency && route.siteId === siteId)
    .map((route) => ({ trunk, number: facts.number, lastResort: false, why, priority: route.priority, weight: route.weight })));
  const whole = (trunks: readonly Trunk[], lastResort: boolean, why: string): readonly Choice[] =>
    trunks.map((trunk) => ({ trunk, number: facts.number, lastResort, why, priority: 0, weight: 1 }));
  const near = enabled.filter(({ country }) => country.toUpperCase() === facts.country.toUpperCase());
  const meant = place(facts, [
    emergency(facts.siteId, 'emergency route of the site'), emergency(null, 'emergency route of all sites'), whole(near, false, `leads into ${facts.country}`),
  ]);
  const known = new Set([...meant.tried, ...meant.others.map(({ entry }) => entry)].map(({ trunk }) => trunk.id));
  const rest = place(facts, [whole(enabled.filter(({ id }) => !known.has(id)), true, 'last resort')]);
  const seemingly = ({ others }: Placed): readonly SelectedGateway[] => others.map(({ entry }) => entry);
  return {
    gateways: [...meant.tried, ...seemingly(meant), ...rest.tried, ...seemingly(rest)],
    notes: [...notes, ...[...meant.others, ...rest.others].map(({ note }) => `${note} It is tried after the others.`)],
  };
}

/** The trunk of the first rule that fits; null = the routes decide. */
function byRule({ rules, siteId, number }: SelectionFacts, enabled: readonly Trunk[], notes: string[]): Choice | null {
  const inOrder = [...rules.filter((rule) => rule.siteId === siteId), ...rules.filter((rule) => rule.siteId === null)];
  for (const rule of inOrder) {
    const reading = readShape(rule.numberPattern);
    const parts = reading.kind === 'shape' ? reading.shape.match(number) : null;
    if (parts === null) continue;
    if (rule.trunkId === null) {
      notes.push(`Routing rule ${rule.name} leaves the number to the routes.`);
      return null;
    }
    const trunk = enabled.find(({ id }) => id === rule.trunkId);
    if (trunk !== undefined) {
      return { trunk, number: translated(number, rule.translation, parts), lastResort: false, why: `routing rule ${rule.name}`, priority: 0, weight: 1 };
    }
    notes.push(`The trunk of routing rule ${rule.name} is disabled: the rule is passed over.`);
  }
  return null;
}

/** Choices of equal rank together: own site before account, longer prefixes before shorter ones. */
function routeTiers({ siteId, number }: SelectionFacts, enabled: readonly Trunk[]): readonly (readonly Choice[])[] {
  const fitting = enabled.flatMap((trunk) => trunk.routes
    .filter((route) => !route.emergency && (route.siteId === null || route.siteId === siteId) && number.startsWith(route.prefix))
    .map((route) => ({ rank: rankOf(route), choice: choiceOf(trunk, route, number) })));
  const ranks = [...new Set(fitting.map(({ rank }) => rank))].sort((a, b) => a - b);
  return ranks.map((wanted) => fitting.filter(({ rank }) => rank === wanted).map(({ choice }) => choice));
}

function rankOf({ siteId, prefix }: TrunkRoute): number {
  return (siteId === null ? 100 : 0) + (50 - prefix.length);
}

function choiceOf(trunk: Trunk, route: TrunkRoute, number: string): Choice {
  const whose = route.siteId === null ? 'route' : 'route of the site';
  const why = route.prefix === '' ? `${whose} for all numbers` : `${whose} for ${route.prefix}`;
  return { trunk, number, lastResort: false, why, priority: route.priority, weight: route.weight };
}

interface Placed {
  readonly tried: readonly SelectedGateway[];
  /** Down or resting. */
  readonly others: readonly { readonly entry: SelectedGateway; readonly note: string }[];
}

function place(facts: SelectionFacts, tiers: readonly (readonly Choice[])[]): Placed {
  const tried: SelectedGateway[] = [];
  const others: { entry: SelectedGateway; note: string }[] = [];
  const seen = new Set<string>();
  let { spread } = facts;
  for (const tier of tiers) {
    const choices = drawOrder(tier, spread);
    spread = choices.spread;
    for (const { trunk, number, lastResort, why } of choices.items) {
      if (seen.has(trunk.id)) continue;
      seen.add(trunk.id);
      const gateways = drawOrder(trunk.gateways, spread);
      spread = gateways.spread;
      for (const gateway of gateways.items) {
        const entry = { trunk, gateway, number, lastResort, why };
        const health = facts.health(gateway.id);
        if (mayBeTried(health, facts.at)) tried.push(entry);
        else others.push({ entry, note: noteOf(entry, health, facts.at) });
      }
    }
  }
  return { tried, others };
}

function noteOf({ trunk, gateway }: SelectedGateway, { state, since, restsUntil, lastSeen }: GatewayHealth, at: number): string {
  const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
  const what = state === 'down' ? `is down for ${seconds(at - since)} s` : `rests for ${seconds((restsUntil ?? at) - at)} s`;
  return `Gateway ${gateway.host} of trunk ${trunk.name} ${what}: ${lastSeen}`;
}
