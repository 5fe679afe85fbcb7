import type Srf from 'drachtio-srf';
import type { Dialog, SipHeaders, SrfRequest, SrfResponse } from 'drachtio-srf';

export interface InDialogRequest {
  readonly method: 'INVITE' | 'UPDATE' | 'INFO';
  readonly headers: SipHeaders;
  /** '' without. */
  readonly body: string;
}

export type Acknowledge = (body?: string) => void;

export interface RunningRequest {
  /** CANCEL; only an INVITE can be cancelled. */
  cancel(): void;
}

/**
 * Sends a request in a dialog. `onFinal` is called once: with the final response, or null when it could not be sent.
 * A 2xx to an INVITE has to be acknowledged by the caller of this.
 */
export function sendInDialog(
  srf: Srf, dialog: Dialog, wanted: InDialogRequest,
  onFinal: (response: SrfResponse | null, acknowledge: Acknowledge) => void,
): RunningRequest {
  let sent: SrfRequest | undefined;
  let cancelled = false;
  let over = false;
  const finish = (response: SrfResponse | null, acknowledge: Acknowledge): void => {
    if (over) return;
    over = true;
    onFinal(response, acknowledge);
  };
  const cancelNow = (request: SrfRequest): void => request.cancel({}, () => undefined);
  try {
    srf.request('sip:placeholder', {
      method: wanted.method, headers: { ...wanted.headers }, stackDialogId: dialog.id,
      ...(wanted.body === '' ? {} : { body: wanted.body }),
    }, (error, request) => {
      if (error || request === undefined) return finish(null, () => undefined);
      sent = request;
      // RFC 3311 §5.2: an UPDATE while an offer of ours is open is refused.
      request.on('update', (_update, response) => response.send(491, undefined, {}));
      request.on('response', (response, ack) => {
        if (response.status >= 200) finish(response, (body) => ack(body === undefined ? {} : { body }));
      });
      if (cancelled) cancelNow(request);
    });
  } catch {
    // drachtio-srf asserts when its connection is gone.
    setImmediate(() => finish(null, () => undefined));
  }
  return {
    cancel() {
      if (over || cancelled) return;
      cancelled = true;
      if (sent !== undefined) cancelNow(sent);
    },
  };
}
