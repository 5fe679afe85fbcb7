import type { AccountId, TrunkGatewayId, TrunkId } from '../domain/ids.js';
import type { GatewayHealth, GatewaySighting } from '../domain/trunk/gateway-health.js';
import type { RoutingRule } from '../domain/trunk/routing-rule.js';
import type { Trunk, TrunkGateway } from '../domain/trunk/trunk.js';

/** Trunks as the call path sees them: in memory, like the directory they are part of. */
export interface TrunkDirectory {
  trunk(id: TrunkId): Trunk | undefined;
  /** Every one of the account, disabled ones included, oldest first. */
  trunks(accountId: AccountId): readonly Trunk[];
  /** Every one of every account, in no order: for work that looks at all of them. */
  all(): readonly Trunk[];
  /** In the order they are looked at within a site, and within the account. */
  rules(accountId: AccountId): readonly RoutingRule[];
  /** Sealed by a `SecretBox` with the trunk's id as context; '' = none. */
  sealedPassword(id: TrunkId): string;
}

/** How well each gateway is from this node; reported by probes and by calls. */
export interface TrunkHealth {
  of(id: TrunkGatewayId): GatewayHealth;
  /** A call's attempt or a probe came to this. Unknown gateways are remembered until the trunks are next looked through. */
  report(id: TrunkGatewayId, seen: GatewaySighting): void;
}

/** Which trunk's peer sent a request, by the address it came from; several trunks may share one. */
export interface TrunkSources {
  /** Those of the account whose gateways or sources hold the address, disabled ones left out; empty = nobody we know. */
  trunksAt(accountId: AccountId, address: string): readonly { readonly trunk: Trunk; readonly gateway: TrunkGateway }[];
}

/** The secret that a trunk's peer challenges for; null where it has none. Answered from memory. */
export interface TrunkSecrets {
  password(id: TrunkId): Promise<string | null>;
}

export type LocatedGateway =
  /** In the order to be tried; at least one. */
  | { readonly kind: 'found'; readonly servers: readonly { readonly address: string; readonly port: number }[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** Where a gateway's name leads by RFC 3263, asked anew each time; never rejects. */
export interface GatewayLocator {
  locate(gateway: Pick<TrunkGateway, 'host' | 'port' | 'transport'>): Promise<LocatedGateway>;
}
