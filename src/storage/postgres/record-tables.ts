import type { ColumnType } from 'kysely';
import type { AccountId, CallRecordId, DeviceId, EventId, SiteId, UserId } from '../../domain/ids.js';
import type { CallLeg, CallParty, CallRecord, EmergencyDesk, ForwardedCall } from '../../domain/calls/call-event.js';
import type { PartyAbout } from '../../domain/calls/call-history.js';
import type { AggregateKind, ConfigEvent } from '../../domain/events.js';
import type { Instant, InstantOrNull, Json, JsonOrNull } from './column-types.js';

/** What was written before a field was known leaves it out. */
export type StoredParty = Omit<CallParty, 'hotDeskSessionId'> & { readonly hotDeskSessionId?: CallParty['hotDeskSessionId'] };

export interface CallRecordsTable {
  readonly id: CallRecordId;
  readonly account_id: AccountId;
  readonly node_id: string;
  readonly sip_call_id: string;
  readonly direction: CallRecord['direction'];
  readonly dialled: string;
  readonly caller: Json<StoredParty>;
  readonly callee: Json<StoredParty>;
  readonly caller_user_id: UserId | null;
  readonly callee_user_id: UserId | null;
  /** Made by PostgreSQL of `caller`. */
  readonly caller_device_id: ColumnType<DeviceId | null, never, never>;
  readonly caller_site_id: SiteId | null;
  readonly callee_site_id: SiteId | null;
  readonly emergency: boolean;
  readonly emergency_desk: JsonOrNull<EmergencyDesk>;
  readonly forwarded: JsonOrNull<ForwardedCall>;
  readonly started_at: Instant;
  readonly answered_at: InstantOrNull;
  readonly ended_at: InstantOrNull;
  readonly cause: CallRecord['cause'];
  readonly reason: CallRecord['reason'];
  readonly status: number | null;
  readonly answered_by: DeviceId | null;
  readonly legs: Json<readonly CallLeg[]>;
  readonly hold_ms: number;
  readonly search: string;
  readonly caller_about: Json<Partial<PartyAbout>>;
  readonly callee_about: Json<Partial<PartyAbout>>;
  readonly client_code: ColumnType<string, string | undefined, string>;
  readonly sync_order: ColumnType<number, never, number>;
}

export interface HiddenCallsTable {
  readonly account_id: AccountId;
  readonly user_id: UserId;
  readonly call_id: CallRecordId;
  readonly hidden_at: Instant;
}

export interface CallEventsTable {
  readonly stream_id: string;
  readonly call_id: CallRecordId;
  readonly account_id: AccountId;
  readonly kind: string;
  readonly at: Instant;
  readonly event: Json<unknown>;
}

/** One row; its lock is the turn to fold. */
export interface CallFoldTurnTable {
  readonly id: number;
}

export interface AuditLogTable {
  readonly id: EventId;
  readonly account_id: AccountId;
  readonly at: Instant;
  readonly actor: string;
  readonly address: string;
  readonly request_id: string;
  readonly aggregate: AggregateKind;
  readonly aggregate_id: string;
  readonly action: string;
  readonly before: JsonOrNull<Readonly<Record<string, unknown>>>;
  readonly after: JsonOrNull<Readonly<Record<string, unknown>>>;
}

export interface OutboxTable {
  readonly id: EventId;
  readonly account_id: AccountId;
  readonly aggregate: AggregateKind;
  readonly aggregate_id: string;
  readonly change: ConfigEvent['change'];
  readonly version: number;
  readonly at: Instant;
  /** Until then the process that wrote or claimed the row delivers it, and sweepers leave it alone. */
  readonly claimed_until: Instant;
  readonly sent_at: InstantOrNull;
}
