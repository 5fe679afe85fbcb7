import type { AccountId, CallRecordId, DeviceId, ExtensionId, HotDeskSessionId, SiteId, TrunkGatewayId, TrunkId, UserId } from '../ids.js';
import type { AddressOrigin } from '../emergency/desk-address.js';
import type { MediaEnd } from '../quality/call-quality.js';
import type { StreamReport } from '../quality/stream-report.js';
import type { Reason } from '../reasons.js';
import type { CallSide } from './call-side.js';

/** How a call ended; closed list. */
export type EndCause =
  | 'caller-hangup' | 'callee-hangup' | 'refused' | 'busy' | 'no-answer' | 'declined' | 'cancelled' | 'failed'
  | 'max-duration' | 'admin' | 'session-expired' | 'flow-lost' | 'shutdown' | 'lost';

/** One ringing branch, or one attempt at a trunk's gateway, and what became of it. */
export interface CallLeg {
  /** Null for a leg to a trunk. */
  readonly deviceId: DeviceId | null;
  /** The trunk and its gateway; missing or null for a leg to a phone. */
  readonly trunkId?: TrunkId | null;
  readonly gatewayId?: TrunkGatewayId | null;
  /** Request-URI of the leg. */
  readonly contactUri: string;
  readonly startedAt: number;
  readonly ringingAt: number | null;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** Final SIP status of the INVITE; 0 = none came, 487 after our CANCEL. */
  readonly status: number;
  readonly result: 'answered' | 'cancelled' | 'completed-elsewhere' | 'failed' | 'redirected' | 'no-answer' | 'open';
}

/** One side of a call: whoever acted, and where. */
export interface CallParty {
  readonly extensionId: ExtensionId | null;
  readonly extensionNumber: string;
  readonly userId: UserId | null;
  /** The phone that called; of the called side the one that answered, null until then. */
  readonly deviceId: DeviceId | null;
  readonly siteId: SiteId | null;
  readonly name: string;
  /** The hot-desk session under which the party acted; null = not a guest. */
  readonly hotDeskSessionId: HotDeskSessionId | null;
  /** E.164 or dialled digits when the party is no extension. */
  readonly number: string;
  /** The trunk by which the party calls, or took the call; missing or null inside the account. */
  readonly trunkId?: TrunkId | null;
  /** The number outside as the telephone network knows it, with `+`; missing where it could not be read. */
  readonly e164?: string;
}

/** Where help was sent, as it was when the call was made; '' = nothing known. */
export interface EmergencyDesk {
  readonly addressId: string;
  /** On one line. */
  readonly address: string;
  /** Whose address it was. */
  readonly origin: AddressOrigin | '';
  readonly locationId: string;
  readonly location: string;
  /** E.164, to be called back at. */
  readonly elin: string;
}

/** The call that somebody sent on to the telephone network, told in the record of the call that this became. */
export interface ForwardedCall {
  readonly callId: CallRecordId;
  /** Who sent it on, and pays. */
  readonly extensionId: ExtensionId;
  /** The own number it had come by; '' = none. */
  readonly number: string;
  /** A phone (302), the call handling of the extension, or the number itself. */
  readonly by: 'phone' | 'handling' | 'number';
}

interface CallEventBase {
  readonly callId: CallRecordId;
  readonly accountId: AccountId;
  readonly at: number;
}

/** What is written to the call log while a call lives; `foldCallRecord` makes the record of them. */
export type CallEvent =
  | (CallEventBase & {
    readonly kind: 'attempted';
    readonly nodeId: string;
    /** Call-ID header of the caller's INVITE. */
    readonly sipCallId: string;
    readonly direction: 'internal' | 'outbound' | 'inbound';
    readonly dialled: string;
    readonly caller: CallParty;
    readonly callee: CallParty;
    readonly emergency: boolean;
    /** Of emergency calls only. */
    readonly emergencyDesk?: EmergencyDesk;
    /** Of a call that was sent on to the telephone network. */
    readonly forwarded?: ForwardedCall;
  })
  | (CallEventBase & {
    readonly kind: 'answered';
    readonly legDeviceId: DeviceId | null;
    /** Under which the answering phone rang; absent in events of before hot desking and without a phone. */
    readonly legHotDeskSessionId?: HotDeskSessionId | null;
    /** The trunk that took the call; missing or null for a phone. */
    readonly legTrunkId?: TrunkId | null;
    /** Where both ends of the sound are; missing in events of before that was noted. */
    readonly ends?: Readonly<Record<CallSide, MediaEnd>>;
  })
  | (CallEventBase & {
    /** How the call sounded, as somebody measured it; comes while the call is up or soon after its end. */
    readonly kind: 'quality';
    readonly reports: readonly StreamReport[];
  })
  | (CallEventBase & {
    readonly kind: 'ended';
    readonly cause: EndCause;
    readonly reason: Reason | null;
    /** SIP status given to the caller; 200 for an answered call. */
    readonly status: number;
    readonly legs: readonly CallLeg[];
    readonly holdMs: number;
  });

/** One row of the call history. Times are epoch milliseconds. */
export interface CallRecord {
  readonly id: CallRecordId;
  readonly accountId: AccountId;
  readonly nodeId: string;
  readonly sipCallId: string;
  readonly direction: 'internal' | 'outbound' | 'inbound';
  readonly dialled: string;
  readonly caller: CallParty;
  readonly callee: CallParty;
  readonly emergency: boolean;
  /** Of emergency calls only. */
  readonly emergencyDesk?: EmergencyDesk;
  readonly forwarded?: ForwardedCall;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly cause: EndCause | null;
  readonly reason: Reason | null;
  readonly status: number | null;
  readonly answeredBy: DeviceId | null;
  readonly legs: readonly CallLeg[];
  readonly holdMs: number;
}
