import type { CallRecord } from '../domain/calls/call-event.js';
import type { AccountId, CallRecordId } from '../domain/ids.js';
import type { CallQuality } from '../domain/quality/call-quality.js';
import type { StreamReport } from '../domain/quality/stream-report.js';

/** How calls sounded; folded from the call log beside the records. */
export interface CallQualityStore {
  /** Calls of which nothing was noted are missing. */
  ofCalls(accountId: AccountId, ids: readonly CallRecordId[]): Promise<ReadonlyMap<CallRecordId, CallQuality>>;
  /** Measured calls that ended since then (epoch ms) with less than a MOS, the last ones of many, newest first. */
  badCalls(accountId: AccountId, since: number, below: number, limit: number): Promise<readonly BadCall[]>;
  /** Every measurement of a call, in the order in which they were told. */
  reports(accountId: AccountId, id: CallRecordId): Promise<readonly StreamReport[]>;
}

export interface BadCall extends Pick<CallRecord, 'id' | 'caller' | 'callee'> {
  readonly mos: number;
}

export interface QualityStores {
  readonly callQuality: CallQualityStore;
}
