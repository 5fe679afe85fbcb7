import type { SrfRequest } from 'drachtio-srf';
import type { EndCause } from '../../../src/domain/calls/call-event.js';
import { q850 } from '../steps/answer.js';

const BY_CAUSE: Partial<Readonly<Record<EndCause, string>>> = {
  'max-duration': q850(102, 'Longest call duration reached'),
  'admin': q850(16, 'Ended by an administrator'),
  'shutdown': q850(41, 'The system is stopping'),
  'session-expired': q850(102, 'The other phone is gone'),
  'failed': q850(41, 'The other phone failed'),
};

/** Reason header of the BYE to the leg that did not hang up: the other leg's own words first (RFC 3326 §2). */
export function byeHeaders(cause: EndCause, given: string | undefined): Record<string, string> {
  const reason = given ?? BY_CAUSE[cause];
  return reason === undefined ? {} : { Reason: reason };
}

/** Why the edge ended a dialog by itself (drachtio wire protocol §3.2). */
const CAUSE_OF_EDGE_BYE: Readonly<Record<string, EndCause>> = {
  'Session timer expired': 'session-expired', 'ACK timeout': 'failed',
  'CANCEL after 200 OK': 'cancelled', 'ACK-BYE due to cancel race condition': 'cancelled',
};

/** How a call ended that got a BYE: by the edge, which says why in `text`, or by the side that hung up. */
export function causeOfBye(bye: SrfRequest, text: string, hungUp: EndCause): EndCause {
  return bye.source === 'application' ? CAUSE_OF_EDGE_BYE[text] ?? 'failed' : hungUp;
}
