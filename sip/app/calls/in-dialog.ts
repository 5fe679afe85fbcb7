import type Srf from 'drachtio-srf';
import type { Dialog, SipHeaders, SrfRequest, SrfResponse } from 'drachtio-srf';

export interface InDialogRequest {
  readonly method: 'INVITE' | 'UPDATE' | 'INFO';
  readonly headers: SipHeaders;
  /** '' without. */
  readonly body: string;
}

/** Headers that answer a challenge (401, 407) to a request of ours in a dialog; null = there is no answer. */
export type AnswerInDialog = (challenge: SrfResponse, body: string) => Promise<SipHeaders | null>;

/** A dialog, and who answers challenges in it; absent = nobody. */
export interface DialogParty {
  readonly dialog: Dialog;
  readonly credentials?: AnswerInDialog;
}

export type Acknowledge = (body?: string) => void;

export interface RunningRequest {
  /** CANCEL; only an INVITE can be cancelled. */
  cancel(): void;
}

/**
 * Sends a request in a dialog; a challenge is answered once (RFC 3261 §22.2). `onFinal` is called once: with the final response, or null
 * when it could not be sent. A 2xx to an INVITE has to be acknowledged by the caller of this.
 */
export function sendInDialog(
  srf: Srf, { dialog, credentials }: DialogParty, wanted: InDialogRequest,
  onFinal: (response: SrfResponse | null, acknowledge: Acknowledge) => void,
): RunningRequest {
  let sent: SrfRequest | undefined;
  let cancelled = false;
  let challenged = false;
  let over = false;
  const finish = (response: SrfResponse | null, acknowledge: Acknowledge): void => {
    if (over) return;
    over = true;
    onFinal(response, acknowledge);
  };
  const cancelNow = (request: SrfRequest): void => request.cancel({}, () => undefined);
  const send = (headers: SipHeaders): void => {
    sent = undefined;
    try {
      srf.request('sip:placeholder', {
        method: wanted.method, headers, stackDialogId: dialog.id, ...(wanted.body === '' ? {} : { body: wanted.body }),
      }, (error, request) => {
        if (error || request === undefined) return finish(null, () => undefined);
        sent = request;
        // RFC 3311 §5.2: an UPDATE while an offer of ours is open is refused.
        request.on('update', (_update, response) => response.send(491, undefined, {}));
        request.on('response', (response, ack) => {
          if (response.status < 200) return;
          if (challenged || cancelled || credentials === undefined || !isChallenge(response)) return finish(response, (body) => ack(body === undefined ? {} : { body }));
          challenged = true;
          credentials(response, wanted.body).catch(() => null).then((answer) => {
            if (answer === null || cancelled) finish(response, () => undefined);
            else send({ ...wanted.headers, ...answer });
          });
        });
        if (cancelled) cancelNow(request);
      });
    } catch {
      // drachtio-srf asserts when its connection is gone.
      setImmediate(() => finish(null, () => undefined));
    }
  };
  send(wanted.headers);
  return {
    cancel() {
      if (over || cancelled) return;
      cancelled = true;
      if (sent !== undefined) cancelNow(sent);
    },
  };
}

export function isChallenge({ status }: SrfResponse): boolean {
  return status === 401 || status === 407;
}
