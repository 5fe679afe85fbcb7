import type { AccountId, CallRecordId, DeviceId } from '../domain/ids.js';
import type { CallParty, EndCause } from '../domain/calls/call-event.js';
import type { Binding } from '../domain/registration/binding.js';

/** A call that is up or being set up on this node. */
export interface LiveCall {
  readonly id: CallRecordId;
  readonly accountId: AccountId;
  readonly state: 'routing' | 'ringing' | 'answered' | 'held';
  readonly caller: CallParty;
  readonly callee: CallParty;
  readonly dialled: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly emergency: boolean;
}

/** Calls as the API sees them: list and hang up. Implemented by the SIP application. */
export interface CallControl {
  list(accountId: AccountId): readonly LiveCall[];
  /** BYE or CANCEL on every leg. `emergency` calls are never hung up by API. */
  hangUp(id: CallRecordId, cause: EndCause): Promise<'done' | 'unknown' | 'emergency'>;
  /** Whether the SIP side is connected to its edge. */
  ready(): boolean;
}

/** Sends an OPTIONS to keep a NAT open; resolves whether the phone answered. */
export interface NatPinger {
  ping(binding: Binding): Promise<boolean>;
}

/** An address from which the edge takes nothing; instants are epoch ms. */
export interface BannedSource {
  readonly address: string;
  readonly reason: 'flood' | 'unknown-users' | 'by-hand';
  readonly since: number;
  readonly until: number;
  /** How many bans of this address in a row; each lasts twice as long as the one before. */
  readonly times: number;
}

/** Overload control and abuse protection of this node's edge. */
export interface SipProtection {
  readonly level: 'normal' | 'refuse-new' | 'refreshes-only';
  /** 0 to 1, of new work, at the level `refuse-new`. */
  readonly refusedShare: number;
  readonly load: { readonly loopDelayMs: number; readonly answerMs: number; readonly pending: number };
  readonly limits: {
    readonly sourceMessagesPerSecond: number; readonly userRequestsPerSecond: number; readonly unknownUsers: number;
    readonly unknownUserWindowMs: number; readonly banSeconds: number; readonly longestBanSeconds: number;
    readonly loopDelayMs: number; readonly answerMs: number; readonly pendingRequests: number;
  };
  readonly trustedSources: readonly string[];
  readonly emergencyUsers: readonly string[];
  /** Addresses with a live binding, and addresses banned now. */
  readonly liveSources: number;
  readonly bannedSources: number;
  /** Since the start, by name. */
  readonly counters: Readonly<Record<string, number>>;
}

/** A binding made before the edge started. */
export interface KnownBinding {
  readonly address: string;
  /** User part of its address-of-record. */
  readonly user: string;
  /** It still has. */
  readonly seconds: number;
}

/** What the edge beside the control protocol offers; `unsupported` with a drachtio-server. */
export interface EdgeAdmin {
  drain(): Promise<'done' | 'unsupported'>;
  metrics(): Promise<Readonly<Record<string, number>> | 'unsupported'>;
  protection(): Promise<SipProtection | 'unsupported'>;
  /** Bans in force, by address. */
  banned(): Promise<readonly BannedSource[] | 'unsupported'>;
  /** `trusted`, `live`: refused, because the address is on the allow-list or has live bindings. */
  ban(address: string, seconds: number, despiteBindings: boolean): Promise<'done' | 'trusted' | 'live' | 'unsupported'>;
  lift(address: string): Promise<'done' | 'unknown' | 'unsupported'>;
  /** User parts whose INVITEs are never shed, instead of those before. */
  setEmergencyUsers(users: readonly string[]): Promise<'done' | 'unsupported'>;
  knowBindings(bindings: readonly KnownBinding[]): Promise<'done' | 'unsupported'>;
}

/**
 * This node's calls as hot desking asks for them: any dialog or attempt of a device, calls to feature codes excepted. Answered
 * from memory, so that it may be asked inside a transaction; calls of other nodes are read from the call records.
 */
export interface DeviceCalls {
  inCall(deviceIds: readonly DeviceId[]): ReadonlySet<DeviceId>;
  /** Calls `listener` when the last call of a device is over; returns the unsubscribe. */
  onCallsOver(listener: (deviceId: DeviceId) => void): () => void;
}

/** What became of asking a phone to read its labels again. */
export type ResyncResult =
  | { readonly kind: 'answered'; readonly status: number }
  /** No live contact, or none that answered. */
  | { readonly kind: 'unreachable' }
  /** The phone's family would restart for a new label, or nothing is known of it: its label stays. */
  | { readonly kind: 'unsupported' }
  /** A newer session of the device was announced before. */
  | { readonly kind: 'outdated' };

/** Tells one phone, and no other phone of the extension, that who acts on it has changed. */
export interface DeviceNotifier {
  /** `fence` is the session's: a lower one than the last sent to the device is not sent. */
  resync(deviceId: DeviceId, fence: number): Promise<ResyncResult>;
}
