import type { CallCharge } from '../charges/charge.js';
import type { CallRecord } from './call-event.js';

/** Who and where one side of a call was when the call was made; '' for what is not known. */
export interface PartyAbout {
  readonly email: string;
  readonly department: string;
  readonly costCenter: string;
  readonly siteName: string;
  /** Of the phone that called or answered. */
  readonly deviceType: string;
  readonly deviceName: string;
}

export const NOBODY_KNOWN: PartyAbout = { email: '', department: '', costCenter: '', siteName: '', deviceType: '', deviceName: '' };

/** A call record as the history shows it: with names that outlive people, sites and phones, and what was noted on it later. */
export interface CallHistoryEntry extends CallRecord {
  readonly callerAbout: PartyAbout;
  readonly calleeAbout: PartyAbout;
  /** What it cost; missing where nothing was rated. */
  readonly charge?: CallCharge;
  /** A note for billing, set by hand. */
  readonly clientCode: string;
  /** Grows with every change of any record: what comes after it has changed since. */
  readonly syncOrder: number;
}

export const CALL_RESULTS = ['answered', 'no_answer', 'busy', 'rejected', 'canceled', 'call_failed', 'in_progress'] as const;
export type CallResult = (typeof CALL_RESULTS)[number];

/** The call's result in Zoom's words. */
export function callResult({ answeredAt, cause }: Pick<CallRecord, 'answeredAt' | 'cause'>): CallResult {
  if (answeredAt !== null) return 'answered';
  switch (cause) {
    case null: return 'in_progress';
    case 'busy': return 'busy';
    case 'no-answer': return 'no_answer';
    case 'declined': case 'refused': return 'rejected';
    case 'cancelled': case 'caller-hangup': return 'canceled';
    default: return 'call_failed';
  }
}
