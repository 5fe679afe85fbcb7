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

/** How our registration with a trunk's peer stands, as this node knows it; instants are epoch ms. */
export interface RegistrationView {
  /** `elsewhere`: another node of ours keeps it; `off`: the trunk registers nowhere now. */
  readonly state: 'registered' | 'trying' | 'failed' | 'elsewhere' | 'off';
  /** Of the last change of state. */
  readonly since: number;
  /** Where it is held, or was last tried; null = nowhere yet. */
  readonly gatewayId: TrunkGatewayId | null;
  readonly expiresAt: number | null;
  /** When it is refreshed or tried again. */
  readonly nextAt: number | null;
  /** What was seen last, in words a person can act on. */
  readonly lastSeen: string;
}

/** One thing a test of a trunk did and saw. */
export interface TrunkTestStep {
  readonly step: 'lookup' | 'options' | 'registration' | 'call';
  /** Null for a step about the trunk as a whole. */
  readonly gatewayId: TrunkGatewayId | null;
  readonly passed: boolean;
  /** Of the response; null = none came. */
  readonly status: number | null;
  readonly roundTripMs: number | null;
  readonly seen: string;
  /** What to do; '' = nothing. */
  readonly advice: string;
}

/** What a node sees of trunks beside their configuration. */
export interface TrunkWatch {
  health(gateway: TrunkGateway): GatewayHealth;
  /** Where its name led when it was last asked; null = not asked yet. */
  located(gateway: TrunkGateway): LocatedGateway | null;
  /** Null for a trunk that does not register. */
  registration(trunk: Trunk): RegistrationView | null;
  /** Asks now. */
  locate(gateway: TrunkGateway): Promise<LocatedGateway>;
  /**
   * Tries a trunk now, enabled or not: looks up and asks each gateway, looks at the registration and, given a number (E.164 with `+`),
   * begins a call to it that is cancelled when it rings. Takes at most a minute; `busy` while a test of the trunk is under way.
   */
  test(trunk: Trunk, number: string | null): Promise<readonly TrunkTestStep[] | 'busy'>;
}

/** What a call that was begun for a test came to. */
export interface CallTrial {
  /** Of the last response; 0 = none came. */
  readonly status: number;
  /** What the peer said beside: Reason, Warning or its own words; '' = nothing. */
  readonly why: string;
  /** Until the first response that is no 100; null = none came. */
  readonly answeredAfterMs: number | null;
}

/** What the SIP application does for trunks beside calls. Nothing rejects; without an edge every answer says so. */
export interface TrunkSip {
  /** OPTIONS (RFC 3261 §11); whatever is known after `patienceMs` at most. */
  ask(trunk: Trunk, gateway: TrunkGateway, patienceMs: number): Promise<GatewaySighting>;
  /** Null for a trunk that does not register. */
  registration(trunk: Trunk): RegistrationView | null;
  /** A call without sound to the number as the peer wants it, cancelled at the first 18x and ended when it is answered. */
  tryCall(trunk: Trunk, gateway: TrunkGateway, number: string, patienceMs: number): Promise<CallTrial>;
}

/** Which node registers with a trunk's peer: one at a time. Throws `StorageFault('redis')`. */
export interface TrunkLeases {
  /** Takes the lease, or lengthens one's own; false while another node has it. */
  hold(id: TrunkId, holder: string, ttlMs: number): Promise<boolean>;
  release(id: TrunkId, holder: string): Promise<void>;
}

/** Something that a node sees wrong with a trunk. */
export interface TrunkTrouble {
  readonly nodeId: string;
  readonly trunkId: TrunkId;
  /** A gateway's id, or `registration`. */
  readonly part: string;
}

/** What all nodes see, each for as long as it says so every few seconds. Throws `StorageFault('redis')`. */
export interface TrunkTroubles {
  /** Replaces what the node said before; resolves with what all say. */
  tell(nodeId: string, troubles: readonly Omit<TrunkTrouble, 'nodeId'>[], now: number): Promise<readonly TrunkTrouble[]>;
}
