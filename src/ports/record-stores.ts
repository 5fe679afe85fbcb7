import type { CallHistoryEntry, CallResult } from '../domain/calls/call-history.js';
import type { CallRecord } from '../domain/calls/call-event.js';
import type { AggregateKind } from '../domain/events.js';
import type { AccountId, CallRecordId, EventId, SiteId, UserId } from '../domain/ids.js';
import type { Page, PageRequest } from './admin-stores.js';
import type { DeviceUse } from './hot-desk-stores.js';

/** What is given narrows; of several values one must fit. */
export interface CallRecordFilter {
  /** Epoch ms, both included. */
  readonly from: number;
  readonly to: number;
  /** Which instant of a call must lie between them; also the order. Default: its start. A call that is up has no end. */
  readonly time?: 'start' | 'end';
  /** Calls this person made or got, without those they deleted from their own history. */
  readonly userId?: UserId;
  /** As the person sees them with `userId` (a call from a colleague is inbound), else as the account does. */
  readonly directions?: readonly CallRecord['direction'][];
  readonly connectTypes?: readonly ('internal' | 'external')[];
  readonly siteIds?: readonly SiteId[];
  /** Only with a side at one of these sites, whatever else is asked: as far as the reader's reach goes. */
  readonly within?: readonly SiteId[];
  readonly emergency?: boolean;
  /** Only calls that cost something. */
  readonly charged?: true;
  readonly results?: readonly CallResult[];
  /** Whether a side is an extension, or a number of the telephone network; at least one side must be of a kind given. */
  readonly numbers?: readonly ('extension' | 'network')[];
  readonly extensionTypes?: readonly ('user' | 'common_area')[];
  /** What was called; '' is a number or a feature code. */
  readonly calleeTypes?: readonly ('' | 'user' | 'common_area')[];
  /** Part of the extension number or number of either side. */
  readonly number?: string;
  /** Of either side, at the time of the call. */
  readonly department?: string;
  readonly costCenter?: string;
  readonly keyword?: string;
  /** Measured calls that sounded well, or badly. */
  readonly quality?: 'good' | 'bad';
}

/** `newest` first without an anchor; else those that changed after it, oldest change first, or before it, newest first. */
export type SyncSpan = 'newest' | { readonly after: number } | { readonly before: number };

export interface CallRecordStore extends DeviceUse {
  get(accountId: AccountId, id: CallRecordId): Promise<CallHistoryEntry | null>;
  /** Newest first. */
  page(accountId: AccountId, filter: CallRecordFilter, page: PageRequest): Promise<Page<CallHistoryEntry>>;
  /** One page's rows without counting all of them: for reading a whole span piece by piece. */
  rows(accountId: AccountId, filter: CallRecordFilter, page: PageRequest): Promise<Page<CallHistoryEntry>>;
  /** Finished calls of a person by their last change. */
  changedCalls(accountId: AccountId, userId: UserId, span: SyncSpan, limit: number): Promise<readonly CallHistoryEntry[]>;
  setClientCode(accountId: AccountId, id: CallRecordId, clientCode: string): Promise<void>;
  /** Takes the call out of the person's own history; the record stays. */
  hide(accountId: AccountId, userId: UserId, id: CallRecordId, at: number): Promise<void>;
  isHidden(userId: UserId, id: CallRecordId): Promise<boolean>;
}

export interface AuditEntry {
  readonly id: EventId;
  readonly accountId: AccountId;
  readonly at: number;
  /** Who: `client:<id>`, `system`, `cli`. */
  readonly actor: string;
  /** From where: IP address, or '' for the machine itself. */
  readonly address: string;
  readonly requestId: string;
  readonly aggregate: AggregateKind;
  readonly aggregateId: string;
  readonly action: string;
  /** Changed fields before and after, secrets masked. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** What is given narrows. */
export interface AuditFilter {
  readonly actor?: string;
  readonly aggregates?: readonly AggregateKind[];
  readonly aggregateId?: string;
  readonly action?: string;
  readonly requestId?: string;
}

export interface AuditStore {
  append(entry: AuditEntry): Promise<void>;
  /** All of them with few statements. */
  appendAll(entries: readonly AuditEntry[]): Promise<void>;
  /** Newest first; `from` and `to` (epoch ms) included. */
  page(accountId: AccountId, from: number, to: number, page: PageRequest, filter?: AuditFilter): Promise<Page<AuditEntry>>;
  /** One page's rows without counting all of them. */
  rows(accountId: AccountId, from: number, to: number, page: PageRequest, filter?: AuditFilter): Promise<Page<AuditEntry>>;
}

export interface RecordStores {
  readonly callRecords: CallRecordStore;
  readonly audit: AuditStore;
}
