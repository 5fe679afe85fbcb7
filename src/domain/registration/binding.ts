import type { DeviceId } from '../ids.js';

/** The path a REGISTER came by: what a call to this binding must use again (its NAT hole, its connection). */
export interface Flow {
  /** Token of the top Via, lower case: udp, tcp, tls, ws, wss. */
  readonly transport: string;
  readonly address: string;
  readonly port: number;
}

/** One contact of one AOR (RFC 3261 §10). Instants are epoch milliseconds. */
export interface Binding {
  readonly deviceId: DeviceId;
  /** The Contact URI as registered, verbatim: Request-URI of calls to it. */
  readonly contactUri: string;
  /** Contact parameters other than expires and q, verbatim, e.g. `;+sip.instance="<urn:uuid:…>"`. */
  readonly contactParams: string;
  /** q × 1000 as integer, 0–1000 (RFC 3261 §20.10). */
  readonly q: number;
  readonly expiresAt: number;
  readonly callId: string;
  readonly cseq: number;
  readonly flow: Flow;
  /** The Contact's host or port differs from the source: a NAT is in between, and wants keeping open. */
  readonly behindNat: boolean;
  readonly userAgent: string;
  readonly registeredAt: number;
}

/** What the wire asks of one contact in a REGISTER; `seconds` is null where neither `expires` nor `Expires` was given. */
export interface ContactRequest {
  readonly uri: string;
  readonly params: string;
  readonly q: number;
  readonly seconds: number | null;
}

/** A REGISTER's contacts: none (query), the wildcard (remove all), or a list (RFC 3261 §10.2). */
export type RegisterContacts =
  | { readonly kind: 'query' }
  | { readonly kind: 'remove-all' }
  | { readonly kind: 'contacts'; readonly contacts: readonly ContactRequest[] };

export type BindingEnd = 'expired' | 'unregistered' | 'replaced' | 'dropped' | 'flow-lost';
