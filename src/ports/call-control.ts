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

/** What the edge beside the control protocol offers; `unsupported` with a drachtio-server. */
export interface EdgeAdmin {
  drain(): Promise<'done' | 'unsupported'>;
  metrics(): Promise<Readonly<Record<string, number>> | 'unsupported'>;
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
