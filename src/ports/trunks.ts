import type { AccountId, TrunkGatewayId, TrunkId } from '../domain/ids.js';
import type { Trunk, TrunkGateway } from '../domain/trunk/trunk.js';

/** Trunks as the call path sees them: in memory, like the directory they are part of. */
export interface TrunkDirectory {
  trunk(id: TrunkId): Trunk | undefined;
  /** Every one of the account, disabled ones included, oldest first. */
  trunks(accountId: AccountId): readonly Trunk[];
}

export type GatewayState = 'up' | 'down' | 'unknown';

/** Why a gateway is as it is; instants are epoch ms. */
export interface GatewayHealth {
  readonly state: GatewayState;
  readonly since: number;
  /** Answers or silences in a row since it last changed its mind. */
  readonly streak: number;
  /** Not to be tried before (Retry-After of a 503); null = at once. */
  readonly restsUntil: number | null;
  /** What was seen last, in words a person can act on. */
  readonly lastSeen: string;
  readonly roundTripMs: number | null;
}

/** How well each gateway is from this node; reported by probes and by calls. */
export interface TrunkHealth {
  of(id: TrunkGatewayId): GatewayHealth;
  /** A call's attempt or a probe came to this; `retryAfterMs` of a 503, null without. */
  report(id: TrunkGatewayId, seen: { readonly kind: 'answered' | 'silent' | 'refused' | 'unreachable'; readonly status: number; readonly retryAfterMs: number | null }): void;
}

/** Which trunk's peer sent a request, by the address it came from; several trunks may share one. */
export interface TrunkSources {
  /** Those of the account whose gateways or sources hold the address; empty = nobody we know. */
  trunksAt(accountId: AccountId, address: string): readonly { readonly trunk: Trunk; readonly gateway: TrunkGateway }[];
}

/** The secret that a trunk's peer challenges for; null where it has none. */
export interface TrunkSecrets {
  password(id: TrunkId): Promise<string | null>;
}
