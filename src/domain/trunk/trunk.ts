import type { AccountId, SiteId, TrunkGatewayId, TrunkId, TrunkRouteId } from '../ids.js';

/** One address of a trunk's peer. */
export interface TrunkGateway {
  readonly id: TrunkGatewayId;
  /** Name or address; a name is located by RFC 3263. */
  readonly host: string;
  /** 0 = what the name's records say, else the transport's usual port. */
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** Lower is tried first. */
  readonly priority: number;
  /** Share among those of equal priority; 0 = only when no other is left (RFC 2782 in spirit). */
  readonly weight: number;
  /** Where its calls come from (address or CIDR), besides what its host resolves to. */
  readonly sources: readonly string[];
}

/** How the two sides know each other; secrets are sealed elsewhere and never part of this. */
export type TrunkAuthentication =
  /** By the peer's addresses alone. */
  | { readonly kind: 'address' }
  /** The peer challenges our requests (401/407) for this realm; '' = the first realm that a gateway's own address names. */
  | { readonly kind: 'digest'; readonly userName: string; readonly realm: string }
  /** As above, and we register there (RFC 3261 §10), so that calls reach us; `aor` = `sip:user@domain`. */
  | { readonly kind: 'registration'; readonly userName: string; readonly realm: string; readonly aor: string; readonly expiresSeconds: number };

/** How numbers are written in a direction; `tech-prefix` puts digits of the carrier before the E.164 digits. */
export type NumberFormat =
  | { readonly kind: 'e164-plus' }
  | { readonly kind: 'e164' }
  | { readonly kind: 'national'; readonly country: string }
  | { readonly kind: 'tech-prefix'; readonly prefix: string };

/** What crosses the border to and from the peer besides the session itself. */
export interface TrunkBorder {
  readonly numberOut: NumberFormat;
  readonly numberIn: NumberFormat;
  /** Where the caller's identity is written (RFC 3325); From always carries what may be shown. */
  readonly callerIdentity: 'from' | 'p-asserted-identity' | 'p-preferred-identity';
  /** Whether the peer is inside our trust domain: then P-Asserted-Identity goes along with Privacy: id (RFC 3325 §7), and theirs counts. */
  readonly trusted: boolean;
  /** How a diverted call says so: RFC 5806 or RFC 7044. */
  readonly diversion: 'none' | 'diversion' | 'history-info';
  /** Names of further headers that are passed on, both ways; lower case. Everything else stays on its side. */
  readonly passHeaders: readonly string[];
  /** Whether emergency calls carry the desk's address as PIDF-LO (RFC 6442). */
  readonly location: boolean;
}

export interface TrunkMedia {
  /** RTP names in order of preference; empty = whatever the phone offers. */
  readonly codecs: readonly string[];
  readonly dtmf: 'rfc4733' | 'info';
  readonly srtp: 'off' | 'optional' | 'required';
  /** Whether sound goes through our own relay or rtpengine: always, or where NAT and browsers ask for it. */
  readonly anchor: 'auto' | 'always';
}

/** Most that may be up or begin at once; 0 = no limit. Emergency calls are never limited. */
export interface TrunkLimits {
  readonly concurrentCalls: number;
  readonly callsPerSecond: number;
}

/** Calls that a trunk takes: those to `prefix` from `siteId`. */
export interface TrunkRoute {
  readonly id: TrunkRouteId;
  /** Null = every site of the account; a route of the caller's own site is preferred to those. */
  readonly siteId: SiteId | null;
  /** E.164 with `+`; '' = every number. The longest one wins within a site. */
  readonly prefix: string;
  /** Lower is tried first among equally good ones. */
  readonly priority: number;
  readonly weight: number;
  /** Takes emergency calls of the site (of all sites where it is null), and no others. */
  readonly emergency: boolean;
}

/** A SIP peer that reaches the telephone network: a carrier, or the session border controller in front of one. */
export interface Trunk {
  readonly id: TrunkId;
  readonly accountId: AccountId;
  readonly name: string;
  /** A disabled trunk takes no calls, sends none and is not probed. */
  readonly enabled: boolean;
  /** ISO 3166 of the network it leads into: last resort for emergency calls of desks there, and home of national numbers. */
  readonly country: string;
  readonly authentication: TrunkAuthentication;
  /** At least one. */
  readonly gateways: readonly TrunkGateway[];
  readonly routes: readonly TrunkRoute[];
  readonly border: TrunkBorder;
  readonly media: TrunkMedia;
  readonly limits: TrunkLimits;
  /** RFC 4028; 0 = no session timer towards the peer. */
  readonly sessionExpiresSeconds: number;
  /** Seconds between two OPTIONS to each gateway; 0 = it is never asked and counts as up until a call fails. */
  readonly probeSeconds: number;
  readonly version: number;
}
