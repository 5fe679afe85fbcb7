import type { Dialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import type { EndCause } from '../../../src/domain/calls/call-event.js';
import { ALLOW, SUPPORTED } from '../capabilities.js';
import { answerUnserved } from '../calls/dialog-requests.js';
import { causeOfBye } from '../calls/end-reasons.js';
import { answerSession } from '../calls/session-timers.js';
import { headerOf } from '../syntax/header.js';
import { sdpOf } from '../syntax/sdp-of.js';
import type { CallerMedia } from './caller-media.js';
import { DIGIT_TYPES, digitOfInfo } from './info-digit.js';

export interface CallerDialogHooks {
  readonly media: CallerMedia;
  /** The account's session interval, seconds; 0 = none. */
  readonly sessionSeconds: number;
  onGone(cause: EndCause): void;
  /** The first ACK; null = it holds no answer. */
  onAck(answer: string | null): void;
  onHold(held: boolean): void;
  /** Runs what an event from the network asks for; an error must not reach the connection it came by. */
  safely(what: () => void): void;
}

/** Answers what the caller sends inside a call to a feature code. To be called in the turn in which the dialog came to be. */
export function answerCaller(dialog: Dialog, hooks: CallerDialogHooks): void {
  const { media } = hooks;
  type Handler = (request: SrfRequest, response: SrfResponse) => void;
  const safe = (handle: Handler): Handler => (request, response) => hooks.safely(() => handle(request, response));
  // One offer at a time: another one meanwhile is glare (RFC 3261 §14.2).
  let offering = false;
  let acknowledged = false;
  /** Set while an offer of ours inside the call waits for its answer. */
  let onAnswer: ((answer: string | null) => void) | null = null;

  const accept = (request: SrfRequest, response: SrfResponse, sdp: string | null): void => {
    const headers = { Allow: ALLOW, Supported: SUPPORTED, ...answerSession(request, hooks.sessionSeconds).headers };
    response.send(200, undefined, sdp === null ? { headers } : { headers: { ...headers, 'Content-Type': 'application/sdp' }, body: sdp });
  };
  const update = async (offer: string, then: (result: Awaited<ReturnType<CallerMedia['update']>>) => void): Promise<void> => {
    const result = await media.update(offer);
    offering = false;
    hooks.safely(() => {
      if (result.kind === 'answer') hooks.onHold(result.held);
      then(result);
    });
  };
  const renegotiate: Handler = (request, response) => {
    if (offering) return response.send(491, undefined, {});
    const offer = sdpOf(request);
    // RFC 4028 §10: an UPDATE without an offer only refreshes.
    if (offer === null && request.method === 'UPDATE') return accept(request, response, null);
    offering = true;
    if (offer !== null) {
      return void update(offer, (result) => {
        if (!dialog.connected) return response.send(487, undefined, {});
        if (result.kind === 'answer') accept(request, response, result.sdp);
        else response.send(result.status, undefined, {});
      });
    }
    // RFC 3261 §14.2: a re-INVITE without an offer asks for ours; the answer is in the ACK.
    onAnswer = (answer) => {
      if (answer === null) offering = false;
      else void update(answer, () => undefined);
    };
    accept(request, response, media.offerAgain());
  };

  dialog.on('destroy', (bye, text) => hooks.safely(() => hooks.onGone(causeOfBye(bye, text, 'caller-hangup'))));
  dialog.on('ack', (ack) => hooks.safely(() => {
    // drachtio-srf tells of an ACK later than of a re-INVITE behind it: the first one is the INVITE's.
    const answered = acknowledged ? onAnswer : hooks.onAck;
    if (acknowledged) onAnswer = null;
    acknowledged = true;
    answered?.(sdpOf(ack));
  }));
  dialog.on('modify', safe(renegotiate));
  dialog.on('update', safe(renegotiate));
  dialog.on('info', safe((request, response) => {
    // Digits without an Info Package are older than packages.
    // Deviation: RFC 6086 §4.2.2 wants 469 for a package that is not served; drachtio-srf cannot send it, so it is 415.
    const info = headerOf(request, 'info-package') === undefined ? digitOfInfo(request) : { kind: 'unsupported' } as const;
    if (info.kind === 'unsupported') return response.send(415, undefined, { headers: { Accept: DIGIT_TYPES } });
    if (info.kind === 'digit') media.endpoint.feedDigit(info.digit, 'info');
    response.send(200, undefined, {});
  }));
  answerUnserved(dialog, (what) => hooks.safely(what));
}
