import type Srf from 'drachtio-srf';
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { EndCause } from '../../../src/domain/calls/call-event.js';
import { ALLOW, SUPPORTED } from '../capabilities.js';
import { bodyOf, headerOf, tokensOf, typeOf, type Body } from '../syntax/header.js';
import { answerUnserved } from './dialog-requests.js';
import { causeOfBye } from './end-reasons.js';
import { putsOnHold } from './hold.js';
import { sendInDialog, type Acknowledge, type DialogParty, type RunningRequest } from './in-dialog.js';
import type { MediaPath } from './media-path.js';
import { answerSession, keepSession, type SessionTimer } from './session-timers.js';

export type Side = 'caller' | 'callee';

/** One established side of a call. */
export interface Leg extends DialogParty {
  readonly side: Side;
  timer: SessionTimer;
  /** Whether the phone said that it takes UPDATE (RFC 3311 §4). */
  readonly allowsUpdate: boolean;
  /** Who waits for the ACK of a 2xx that carried an offer; null = nobody. */
  onAck: ((answer: string) => void) | null;
}

/** @param said the phone's INVITE, or its 2xx to ours */
export function createLeg(side: Side, party: DialogParty, timer: SessionTimer, said: SrfRequest | SrfResponse): Leg {
  return { side, ...party, timer, allowsUpdate: tokensOf(said, 'allow').includes('update'), onAck: null };
}

export interface BridgeHooks {
  readonly srf: Srf;
  readonly media: MediaPath;
  readonly sessionSeconds: number;
  /** The other leg, null unless both stand. */
  peerOf(side: Side): Leg | null;
  /** @param bye of that side, or of the edge for it */
  onGone(side: Side, cause: EndCause, bye: SrfRequest): void;
  onHold(side: Side, held: boolean): void;
  /** Runs what an event from the network asks for; an error must not reach the connection it came by. */
  safely(what: () => void): void;
}

/** RFC 3261 §13.3.1.4: how long a 2xx waits for its ACK, 64*T1. */
const ACK_PATIENCE_MS = 32_000;

/** What the two legs of a call pass to each other, and what each is answered here. */
export interface Bridge {
  /** Listens to a leg; to be called in the same turn in which its dialog came to be. */
  join(leg: Leg): void;
}

export function createBridge(hooks: BridgeHooks): Bridge {
  // One offer at a time on the whole call: an offer from the other side meanwhile is glare (RFC 3261 §14.2).
  let offering = false;

  const relayOffer = (leg: Leg, request: SrfRequest, response: SrfResponse): void => {
    const peer = hooks.peerOf(leg.side);
    if (peer === null || offering) return response.send(491, undefined, {});
    const offer = bodyOf(request);
    const session = answerSession(request, hooks.sessionSeconds);
    if (offer === null && request.method === 'UPDATE') {
      // A refresh concerns one leg only (RFC 4028 §10).
      leg.timer = session.timer ?? leg.timer;
      return response.send(200, undefined, { headers: { Allow: ALLOW, Supported: SUPPORTED, ...session.headers } });
    }
    offering = true;
    const method = request.method === 'UPDATE' && peer.allowsUpdate ? 'UPDATE' : 'INVITE';
    let running: RunningRequest | undefined;
    let cancelled = false;
    request.on('cancel', () => {
      cancelled = true;
      running?.cancel();
    });
    const refuse = (status: number): void => {
      // RFC 3261 §14.1: a refused change leaves the session as it was.
      offering = false;
      response.send(status, undefined, {});
    };
    hooks.media.pass(leg.side, 'offer', offer, (passed) => hooks.safely(() => {
      if (cancelled) return refuse(487);
      running = sendInDialog(hooks.srf, peer, {
        method, body: passed?.body ?? '', headers: { Allow: ALLOW, ...keepSession(peer.timer), ...typeOf(passed) },
      }, (final, acknowledge) => hooks.safely(() => {
        if (final === null || final.status >= 300) return refuse(final === null ? 500 : forwarded(final.status));
        hooks.media.pass(peer.side, offer === null ? 'offer' : 'answer', bodyOf(final), (answer) => hooks.safely(() => accepted(answer, acknowledge)));
      }));
    }), () => hooks.safely(() => refuse(488)));

    const accepted = (answer: Body | null, acknowledge: Acknowledge): void => {
      leg.timer = session.timer;
      const headers = { Allow: ALLOW, Supported: SUPPORTED, ...session.headers, ...typeOf(answer) };
      response.send(200, undefined, { headers, body: answer?.body ?? '' });
      if (offer === null && method === 'INVITE') return awaitAnswer(leg, acknowledge);
      offering = false;
      if (method === 'INVITE') acknowledge();
      if (offer !== null) hooks.onHold(leg.side, putsOnHold(offer.body));
    };
  };

  /** The offer went the other way, in the 200: its answer comes with the ACK (RFC 3261 §14.2). */
  const awaitAnswer = (leg: Leg, acknowledge: Acknowledge): void => {
    // RFC 3261 §14.2 leaves no other end: without the ACK the exchange would block every later one.
    const late = setTimeout(() => hooks.safely(() => leg.onAck?.('')), ACK_PATIENCE_MS);
    leg.onAck = (answer) => {
      clearTimeout(late);
      leg.onAck = null;
      const body = answer === '' ? null : { body: answer, contentType: 'application/sdp' };
      hooks.media.pass(leg.side, 'answer', body, (passed) => hooks.safely(() => {
        offering = false;
        acknowledge(passed?.body);
        hooks.onHold(leg.side, putsOnHold(answer));
      }));
    };
  };

  const relayInfo = (leg: Leg, request: SrfRequest, response: SrfResponse): void => {
    const peer = hooks.peerOf(leg.side);
    if (peer === null) return response.send(480, undefined, {});
    const body = bodyOf(request);
    const infoPackage = headerOf(request, 'info-package');
    sendInDialog(hooks.srf, peer, {
      method: 'INFO', body: body?.body ?? '',
      headers: { ...typeOf(body), ...(infoPackage === undefined ? {} : { 'Info-Package': infoPackage }) },
    }, (final) => hooks.safely(() => {
      if (final === null) return response.send(500, undefined, {});
      const answer = bodyOf(final);
      response.send(forwarded(final.status), undefined, { headers: typeOf(answer), body: answer?.body ?? '' });
    }));
  };

  return {
    join(leg) {
      const { dialog, side } = leg;
      type Handler = (request: SrfRequest, response: SrfResponse) => void;
      const safe = (handle: Handler): Handler => (request, response) => hooks.safely(() => handle(request, response));
      dialog.on('destroy', (bye, text) => hooks.safely(() => {
        const cause = causeOfBye(bye, text, side === 'caller' ? 'caller-hangup' : 'callee-hangup');
        // RFC 3261 §14.2: an answer that will not come any more; the BYE follows.
        leg.onAck?.('');
        hooks.onGone(side, cause, bye);
      }));
      dialog.on('ack', (ack) => hooks.safely(() => leg.onAck?.(ack.body ?? '')));
      dialog.on('modify', safe((request, response) => relayOffer(leg, request, response)));
      dialog.on('update', safe((request, response) => relayOffer(leg, request, response)));
      dialog.on('info', safe((request, response) => relayInfo(leg, request, response)));
      answerUnserved(dialog, (what) => hooks.safely(what));
    },
  };
}

/** A phone's challenge is meant for us, not for the other phone, which could not answer it. */
function forwarded(status: number): number {
  return status === 401 || status === 407 ? 500 : status;
}
