import type { AccountId, CallRecordId } from '../domain/ids.js';
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
