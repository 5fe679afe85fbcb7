import type Srf from 'drachtio-srf';
import type { Dialog, SipFailure, SipHeaders, SrfRequest, SrfResponse, UnansweredOffer } from 'drachtio-srf';
import type { Trunk } from '../../../src/domain/trunk/trunk.js';
import type { AnswerTrunkChallenge } from '../../../src/usecases/trunks/trunk-credentials.js';
import type { Taken } from '../calls/branch.js';
import { viaTransport } from '../syntax/header.js';
import { goesOnWithoutLocation } from './location-body.js';
import { answersInDialog } from './challenged-in-dialog.js';
import { credentialsFor } from './challenged-invite.js';

export interface TrunkInvite {
  /** Request-URI; leads to the gateway by RFC 3263. */
  readonly uri: string;
  readonly headers: SipHeaders;
  /** '' for a call without offer. */
  readonly body: string;
  /** What goes out instead where the gateway may dislike the location that is in this one. */
  readonly withoutLocation?: Omit<TrunkInvite, 'withoutLocation'>;
}

export interface TrunkLegEvents {
  trying(): void;
  provisional(status: number, response: SrfResponse): void;
  taken(taken: Taken): void;
  /** `response` is null where the request never left. */
  failed(status: number, response: SrfResponse | null): void;
}

export interface TrunkLeg {
  /** CANCEL, as soon as there is something to cancel. */
  cancel(reason: string): void;
}

export interface TrunkLegDeps {
  readonly srf: Srf;
  readonly answerChallenge: AnswerTrunkChallenge;
}

/** One INVITE to one gateway; a challenge of the trunk's own realm is answered once, and a location that is not taken is left out. */
export function inviteTrunk({ srf, answerChallenge }: TrunkLegDeps, trunk: Trunk, invite: TrunkInvite, events: TrunkLegEvents): TrunkLeg {
  let sent: SrfRequest | undefined;
  let cancelReason: string | undefined;
  let over = false;
  let challenged = false;
  let going: TrunkInvite = invite;

  const cancelNow = (request: SrfRequest, reason: string): void => request.cancel({ headers: { Reason: reason } }, () => undefined);
  const finish = (tell: () => void): void => {
    if (over) return;
    over = true;
    tell();
  };
  const failed = (error: unknown): void => {
    const failure = isSipFailure(error) ? error : null;
    const response = failure?.res ?? null;
    const request = sent;
    if (response !== null && going.withoutLocation !== undefined && cancelReason === undefined && goesOnWithoutLocation(response.status)) {
      going = going.withoutLocation;
      challenged = false;
      return send(going.headers);
    }
    if (response === null || request === undefined || challenged || cancelReason !== undefined || (response.status !== 401 && response.status !== 407)) {
      return finish(() => events.failed(failure?.status ?? 0, response));
    }
    challenged = true;
    credentialsFor(answerChallenge, { trunk, sent: request, uri: going.uri, body: going.body }, response).catch(() => null).then((answer) => {
      if (answer === null || cancelReason !== undefined) finish(() => events.failed(response.status, response));
      else send({ ...going.headers, ...answer }, serverOf(response, request));
    });
  };
  const send = (headers: SipHeaders, proxy?: string): void => {
    sent = undefined;
    try {
      srf.createUAC(going.uri, { headers, ...(proxy === undefined ? {} : { proxy }), ...(going.body === '' ? { noAck: true } : { localSdp: going.body }) }, {
        cbRequest(_error, request) {
          sent = request;
          if (request !== undefined && cancelReason !== undefined) cancelNow(request, cancelReason);
        },
        cbProvisional(response) {
          if (response.status === 100) events.trying();
          else events.provisional(response.status, response);
        },
      }, (error: unknown, result?: Dialog | UnansweredOffer) => {
        if (error || result === undefined) return failed(error);
        const response = result.res;
        const credentials = answersInDialog(answerChallenge, trunk);
        finish(() => events.taken('ack' in result && 'sdp' in result ? { kind: 'offer', offer: result, response, credentials } : { kind: 'dialog', dialog: result, response, credentials }));
      });
    } catch (error) {
      // drachtio-srf asserts when its connection is gone.
      setImmediate(() => failed(error));
    }
  };

  send(invite.headers);
  return {
    cancel(reason) {
      if (over || cancelReason !== undefined) return;
      cancelReason = reason;
      if (sent !== undefined) cancelNow(sent, reason);
    },
  };
}

/** RFC 3261 §22.3: the answer goes to the very server that asked, whatever else the gateway's name leads to. */
function serverOf(challenge: SrfResponse, sent: SrfRequest): string {
  const address = challenge.source_address ?? '';
  const host = address.includes(':') ? `[${address}]` : address;
  return `sip:${host}:${challenge.source_port ?? 5060};transport=${viaTransport(sent)}`;
}

function isSipFailure(error: unknown): error is SipFailure {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}
