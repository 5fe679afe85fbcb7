import type { AccountId } from '../../src/domain/ids.js';
import type { Trunk, TrunkGateway, TrunkRoute } from '../../src/domain/trunk/trunk.js';
import { newId } from './sample-account.js';

export function aGateway(changes: Partial<TrunkGateway> = {}): TrunkGateway {
  return { id: newId(), host: 'sip.carrier.example', port: 0, transport: 'udp', priority: 1, weight: 10, sources: [], ...changes };
}

export function aRoute(changes: Partial<TrunkRoute> = {}): TrunkRoute {
  return { id: newId(), siteId: null, prefix: '', priority: 1, weight: 10, emergency: false, ...changes };
}

/** A trunk of the account that everybody may call out by. */
export function aTrunk(accountId: AccountId, changes: Partial<Trunk> = {}): Trunk {
  const id = newId<Trunk['id']>();
  return {
    id, accountId, name: `Trunk ${id}`, enabled: true, country: 'US', authentication: { kind: 'address' }, gateways: [aGateway()], routes: [aRoute()],
    border: {
      numberOut: { kind: 'e164-plus' }, numberIn: { kind: 'e164-plus' }, callerIdentity: 'p-asserted-identity', trusted: true, diversion: 'none', passHeaders: [],
      location: false,
    },
    media: { codecs: [], dtmf: 'rfc4733', srtp: 'off', anchor: 'auto' },
    limits: { concurrentCalls: 0, callsPerSecond: 0 }, sessionExpiresSeconds: 0, probeSeconds: 30, version: 1, ...changes,
  };
}
