import type { CallAsk, CallCounts } from '../domain/calls/call-limits.js';
import type { AccountId, DeviceId } from '../domain/ids.js';
import type { Binding, BindingEnd, Flow, RegisterContacts } from '../domain/registration/binding.js';

/** Use of a nonce: kept only while the nonce could still be replayed (RFC 7616 §3.4.5, nc). */
export interface NonceUse {
  readonly nonce: string;
  /** Hex count as number; 0 for clients that send no qop. */
  readonly count: number;
  /** Epoch ms after which the nonce is refused by its own time. */
  readonly expiresAt: number;
}

export interface RegisterCommand {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly contacts: RegisterContacts;
  readonly callId: string;
  readonly cseq: number;
  readonly flow: Flow;
  /** Per contact URI, whether its host or port differs from the source. */
  readonly natted: ReadonlySet<string>;
  readonly userAgent: string;
  readonly at: number;
  /** Granted lifetimes, decided before (floor, cap, default), by contact URI; seconds, 0 = remove. */
  readonly granted: ReadonlyMap<string, number>;
  readonly maxContacts: number;
  /** Null when the request was not authenticated by digest (never for REGISTER). */
  readonly nonce: NonceUse;
}

export type RegisterResult =
  | { readonly kind: 'registered'; readonly bindings: readonly Binding[] }
  /** A contact of the same Call-ID has an equal or higher CSeq: nothing changed (RFC 3261 §10.3 step 7). */
  | { readonly kind: 'out-of-order' }
  | { readonly kind: 'too-many-contacts'; readonly limit: number }
  /** The nonce count was used before or lies outside the window of 64: challenge again with stale=true, no failure. */
  | { readonly kind: 'nonce-replayed' };

export interface BindingEvent {
  readonly kind: 'added' | 'refreshed' | 'ended';
  readonly binding: Binding;
  /** Only with `ended`. */
  readonly end: BindingEnd | null;
}

/**
 * Live registrations. Every method may throw `StorageFault('redis')`; `bindings` and `callFacts` then answer from memory
 * instead, as far as this node saw the bindings.
 */
export interface LocationService {
  /** Atomic: nonce count, order check, contact cap and all contacts, or nothing (RFC 3261 §10.3 step 7). */
  register(command: RegisterCommand): Promise<RegisterResult>;
  /** Live bindings of each device, best q first; devices without any are missing. */
  bindings(devices: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, readonly Binding[]>>;
  /** One round trip for an INVITE: marks the nonce use, counts the call where asked, and reads the bindings of caller and targets. */
  callFacts(nonce: NonceUse | null, devices: readonly DeviceId[], ask?: CallAsk): Promise<{
    readonly nonceReplayed: boolean;
    readonly bindings: ReadonlyMap<DeviceId, readonly Binding[]>;
    /** With `ask`, unless the nonce was replayed. */
    readonly counts?: CallCounts;
  }>;
  /** Pages through an account's bindings in a stable order. */
  list(accountId: AccountId, after: string | null, size: number): Promise<{ readonly items: readonly Binding[]; readonly next: string | null }>;
  count(accountId: AccountId): Promise<number>;
  /** Drops one contact, or all of a device when `contactUri` is null; returns how many went. */
  drop(deviceId: DeviceId, contactUri: string | null, end: BindingEnd): Promise<number>;
  /** Removes what has expired by `now`, publishing an event for each; at most `limit` a call. Returns how many went. */
  sweep(now: number, limit: number): Promise<number>;
  /** Bindings behind a NAT that this node must keep open, in no order (UDP flows only). */
  nattedBindings(): Promise<readonly Binding[]>;
  /** Marks stream bindings of a process that died as ended (`flow-lost`); called once at start. */
  endStreamBindings(): Promise<number>;
  /** Events of all nodes, at most once each; returns the unsubscribe. */
  subscribe(listener: (event: BindingEvent) => void): () => void;
}
