import type { DialogParty } from './in-dialog.js';
import type Srf from 'drachtio-srf';
import type { Dialog, SipFailure, SrfRequest, SrfResponse, UnansweredOffer } from 'drachtio-srf';
import { flowUri } from '../steps/flow-of.js';
import type { PhoneTarget } from './ring-target.js';

/**
 * How long a phone may be silent. Interop: there is no sign of unreachable UDP peers before 32 s, so a phone that gives no
 * 18x for this long is given up.
 */
export const SILENCE_MS = 5_000;

/** What a phone took the call with: a dialog, or an offer that the caller's ACK still has to answer. */
export type Taken = (
  | { readonly kind: 'dialog'; readonly dialog: Dialog; readonly response: SrfResponse }
  | { readonly kind: 'offer'; readonly offer: UnansweredOffer; readonly response: SrfResponse }
) & Pick<DialogParty, 'credentials'>;

export interface BranchEvents {
  /** `branch`: whose media the response is about, where that has another name. */
  provisional(status: number, response: SrfResponse, branch?: string): void;
  taken(taken: Taken): void;
  /** Final status; 0 when the phone never responded or could not be reached. */
  failed(status: number, response: SrfResponse | null): void;
}

export interface Branch {
  /** CANCEL, as soon as there is something to cancel. */
  cancel(reason: string): void;
}

export interface BranchInvite {
  readonly headers: Record<string, string>;
  /** '' for a call without offer. */
  readonly body: string;
}

/** Sends one INVITE to one phone, along the path its REGISTER came by. */
export function inviteBranch(srf: Srf, target: PhoneTarget, invite: BranchInvite, events: BranchEvents): Branch {
  let sent: SrfRequest | undefined;
  let cancelReason: string | undefined;
  let over = false;
  const cancelNow = (request: SrfRequest, reason: string): void => {
    request.cancel({ headers: { Reason: reason } }, () => undefined);
  };
  const silence = setTimeout(() => {
    branch.cancel('SIP;cause=408;text="No response"');
    events.failed(0, null);
  }, SILENCE_MS);

  const finished = (error: unknown, result?: Dialog | UnansweredOffer): void => {
    over = true;
    clearTimeout(silence);
    if (error || result === undefined) {
      const failure = isSipFailure(error) ? error : null;
      // The edge says 408 and 503 by itself where nobody answers or no way leads there.
      const unreached = failure === null || failure.status === 408 || failure.status === 503;
      events.failed(unreached ? 0 : failure.status, failure?.res ?? null);
    } else if (isOffer(result)) events.taken({ kind: 'offer', offer: result, response: result.res });
    else events.taken({ kind: 'dialog', dialog: result, response: result.res });
  };

  const branch: Branch = {
    cancel(reason) {
      if (over || cancelReason !== undefined) return;
      clearTimeout(silence);
      cancelReason = reason;
      if (sent !== undefined) cancelNow(sent, reason);
    },
  };

  try {
    srf.createUAC(target.binding.contactUri, {
      headers: invite.headers,
      proxy: flowUri(target.binding.flow),
      ...(invite.body === '' ? { noAck: true } : { localSdp: invite.body }),
    }, {
      cbRequest(_error, request) {
        sent = request;
        if (request !== undefined && cancelReason !== undefined) cancelNow(request, cancelReason);
      },
      cbProvisional(response) {
        // A 100 of a phone says nothing: it may come from a proxy on the way.
        if (response.status === 100) return;
        clearTimeout(silence);
        events.provisional(response.status, response);
      },
    }, finished);
  } catch (error) {
    // drachtio-srf asserts when its connection is gone.
    setImmediate(() => finished(error));
  }
  return branch;
}

/** ACK and BYE for an answer that nobody wants any more (RFC 3261 §13.2.2.4). */
export function endTaken(taken: Taken, headers: Record<string, string> = {}): void {
  if (taken.kind === 'dialog') taken.dialog.destroy({ headers }, () => undefined);
  else taken.offer.destroy().catch(() => undefined);
}

function isSipFailure(error: unknown): error is SipFailure {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

function isOffer(result: Dialog | UnansweredOffer): result is UnansweredOffer {
  return 'ack' in result && 'sdp' in result;
}
