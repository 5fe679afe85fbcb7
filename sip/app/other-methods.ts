import type Srf from 'drachtio-srf';
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import { ALLOW, ALLOW_EVENTS, CAPABILITY_HEADERS } from './capabilities.js';
import { sendAnswer, type Answer } from './steps/answer.js';

/**
 * Requests outside a call that are served by nobody. They are answered alike to everyone, so that they reveal nothing
 * without authentication. Their methods are no longer than the table.
 */
const ANSWERS = {
  // RFC 3261 §11.2: what a phone or SBC that asks for life gets.
  options: { status: 200, headers: CAPABILITY_HEADERS },
  message: { status: 405, headers: { Allow: ALLOW } },
  refer: { status: 405, headers: { Allow: ALLOW } },
  // RFC 6665 §4.2.1.1: no event package is served.
  subscribe: { status: 489, headers: { 'Allow-Events': ALLOW_EVENTS } },
  // RFC 6665 §4.1.3 and RFC 6086 §4.2.2: there is no subscription and no call it could belong to.
  notify: { status: 481 },
  info: { status: 481 },
} as const satisfies Record<string, Answer>;

/** Registers the answers; the methods of the table are routed to this application. */
export function answerOtherMethods(srf: Srf): void {
  for (const method of ['options', 'message', 'refer', 'subscribe', 'notify', 'info'] as const) {
    srf[method]((_request: SrfRequest, response: SrfResponse) => sendAnswer(response, ANSWERS[method]));
  }
}

/** The last of the chain: a request of a dialog that is over (RFC 3261 §12.2.2). */
export function answerLeftOvers(srf: Srf): void {
  srf.use((request, response) => {
    if (request.method === 'ACK') return;
    sendAnswer(response, { status: request.method === 'PRACK' ? 200 : 481 });
  });
}
