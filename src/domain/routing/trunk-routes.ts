import type { SiteId, TrunkGatewayId } from '../ids.js';
import type { Trunk, TrunkGateway, TrunkRoute } from '../trunk/trunk.js';

/** How well a gateway is from here now: `resting` = it asked to be left alone for a while (Retry-After). */
export type GatewayFitness = 'up' | 'unknown' | 'resting' | 'down';

export interface TrunkCandidate {
  readonly trunk: Trunk;
  /** Of every gateway of the trunk; one that is missing counts as `unknown`. */
  readonly fitness: ReadonlyMap<TrunkGatewayId, GatewayFitness>;
}

/** What the choice of trunks looks at. */
export interface TrunkFacts {
  /** Every trunk of the account, disabled ones included. */
  readonly candidates: readonly TrunkCandidate[];
  /** Uniform in 0–1: spreads calls among equals. */
  readonly spread: number;
}

/** One gateway a call may go to. */
export interface TrunkHop {
  readonly trunk: Trunk;
  readonly gateway: TrunkGateway;
  /** Not meant for this call; an emergency call is tried there when nothing else is left. */
  readonly lastResort: boolean;
}

export interface TrunkWish {
  /** Where the call is charged; of an emergency call the desk's. */
  readonly siteId: SiteId;
  /** ISO 3166-1 alpha-2 of that site. */
  readonly country: string;
  /** E.164 with `+`; of emergency calls what was dialled. */
  readonly number: string;
  readonly emergency: boolean;
}

export interface TrunkRoutes {
  /** In the order in which they are tried. */
  readonly hops: readonly TrunkHop[];
  /** What was left out and why, in words; '' = nothing. */
  readonly note: string;
}

export const NO_TRUNKS: TrunkFacts = { candidates: [], spread: 0 };

/** The gateways that may take a call, in order (call policy rules 1 and 10). */
export function trunkRoutes({ candidates }: TrunkFacts, wish: TrunkWish): TrunkRoutes {
  const open = candidates.filter(({ trunk }) => trunk.enabled);
  const ranked = open.flatMap((candidate) => {
    const route = bestRoute(candidate.trunk.routes, wish);
    const near = wish.emergency && candidate.trunk.country === wish.country;
    if (route === undefined && !wish.emergency) return [];
    return [{ candidate, lastResort: route === undefined, rank: [route === undefined ? (near ? 1 : 2) : 0, ...rankOf(route)] }];
  }).sort((a, b) => compare(a.rank, b.rank));
  const hops = ranked.flatMap(({ candidate: { trunk, fitness }, lastResort }) => [...trunk.gateways]
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    .map((gateway) => ({ trunk, gateway, lastResort, fit: isFit(fitness.get(gateway.id)) })));
  const left = hops.filter(({ fit }) => !fit);
  const chosen = [...hops.filter(({ fit }) => fit), ...(wish.emergency ? left : [])];
  const note = left.map(({ trunk, gateway }) => ` Gateway ${gateway.host} of trunk ${trunk.name} is down or rests.`).join('');
  return { hops: chosen.map(({ trunk, gateway, lastResort }) => ({ trunk, gateway, lastResort })), note };
}

function isFit(fitness: GatewayFitness | undefined): boolean {
  return fitness !== 'down' && fitness !== 'resting';
}

function bestRoute(routes: readonly TrunkRoute[], { siteId, number, emergency }: TrunkWish): TrunkRoute | undefined {
  return routes
    .filter((route) => route.emergency === emergency && (route.siteId === null || route.siteId === siteId) && (emergency || number.startsWith(route.prefix)))
    .sort((a, b) => compare(rankOf(a), rankOf(b)))[0];
}

/** A route of the own site first, then the longest prefix, then priority and weight. */
function rankOf(route: TrunkRoute | undefined): readonly number[] {
  return route === undefined ? [] : [route.siteId === null ? 1 : 0, -route.prefix.length, route.priority, -route.weight];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? a.length - b.length : (a[index] ?? 0) - (b[index] ?? 0);
}
