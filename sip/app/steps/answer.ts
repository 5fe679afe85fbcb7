import type { SipHeaders, SrfResponse } from 'drachtio-srf';
import { REASONS, type Reason, type ReasonRow } from '../../../src/domain/reasons.js';

/** A final response as a value: what a step decided, sent at one place. */
export interface Answer {
  readonly status: number;
  /** Absent = the status's own phrase. */
  readonly phrase?: string;
  readonly headers?: Readonly<SipHeaders>;
}

/** Sends a final response; one that was sent already stays the only one. */
export function sendAnswer(response: SrfResponse, answer: Answer): void {
  if (response.finalResponseSent) return;
  response.send(answer.status, answer.phrase, answer.headers === undefined ? {} : { headers: { ...answer.headers } });
}

/**
 * 401 with one WWW-Authenticate line an algorithm.
 * Interop: drachtio-srf joins headers of one name with a comma, which RFC 3261 §7.3 forbids for challenges; a line break
 * inside the value makes them separate lines on the wire.
 */
export function challengeAnswer(challenges: readonly string[]): Answer {
  return { status: 401, headers: { 'WWW-Authenticate': challenges.join('\r\nWWW-Authenticate: ') } };
}

/**
 * A refusal by its row of the reasons table, with the Q.850 cause in a Reason header (RFC 3326). `status` is for a refusal
 * that a phone worded more closely than the table.
 */
export function refusalAnswer(
  reason: Reason, options: { readonly headers?: Readonly<SipHeaders>; readonly status?: number } = {},
): Answer {
  const row: ReasonRow = REASONS[reason];
  const headers = { Reason: q850(row.q850, row.told ?? row.text), ...options.headers };
  return options.status === undefined || options.status === row.sip
    ? { status: row.sip, phrase: row.phrase, headers }
    : { status: options.status, headers };
}

/** Value of a Reason header (RFC 3326 §2). */
export function q850(cause: number, text: string): string {
  return `Q.850;cause=${cause};text="${text.replace(/["\\]/g, "'")}"`;
}

/** 503 with a Retry-After of 5–15 s: phones that were turned away together do not come back together. */
export function unavailableAnswer(jitter: () => number, reason: Reason = 'storage-unavailable'): Answer {
  return refusalAnswer(reason, { headers: { 'Retry-After': String(5 + Math.floor(jitter() * 11)) } });
}
