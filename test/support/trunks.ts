/** Trunks as values, for tests of policy and calls. */
import { asId, type AccountId, type TrunkGatewayId, type TrunkId, type TrunkRouteId } from '../../src/domain/ids.js';
import type { TrunkFacts } from '../../src/domain/routing/trunk-routes.js';
import type { Trunk, TrunkGateway, TrunkRoute } from '../../src/domain/trunk/trunk.js';

let made = 0;
const nextId = (noun: string): string => `${noun}-${(made += 1)}`;

export function aGateway(host: string, changes: Partial<TrunkGateway> = {}): TrunkGateway {
  return { id: asId<TrunkGatewayId>(nextId('gateway')), host, port: 5060, transport: 'udp', priority: 1, weight: 1, sources: [], ...changes };
}

export function aRoute(changes: Partial<TrunkRoute> = {}): TrunkRoute {
  return { id: asId<TrunkRouteId>(nextId('route')), siteId: null, prefix: '', priority: 1, weight: 1, emergency: false, ...changes };
}

/** A trunk in the US that takes every number of every site; known by address, E.164 with plus, identity in From. */
export function aTrunk(accountId: AccountId, gateways: readonly TrunkGateway[], changes: Partial<Trunk> = {}): Trunk {
  const id = asId<TrunkId>(nextId('trunk'));
  return {
    id, accountId, name: id, enabled: true, country: 'US', authentication: { kind: 'address' }, gateways, routes: [aRoute()],
    border: {
      numberOut: { kind: 'e164-plus' }, numberIn: { kind: 'e164-plus' }, callerIdentity: 'from', trusted: false, diversion: 'none', passHeaders: [], location: false,
    },
    media: { codecs: [], dtmf: 'rfc4733', srtp: 'off', anchor: 'auto' }, limits: { concurrentCalls: 0, callsPerSecond: 0 },
    sessionExpiresSeconds: 0, probeSeconds: 0, version: 1, ...changes,
  };
}

/** Those trunks, of whose gateways nothing is known. */
export function trunkFacts(...trunks: readonly Trunk[]): TrunkFacts {
  return { candidates: trunks.map((trunk) => ({ trunk, fitness: new Map() })), spread: 0.5 };
}
