import type { SrfResponse } from 'drachtio-srf';
import { bodyOf, typeOf } from '../syntax/header.js';
import type { CallAttempt } from './call.js';

/** What the caller hears of before the final response. */
export class CallerProgress {
  /** A description went to the caller: it is bound to it until the final response (RFC 3261 §13.2.1). */
  described = false;

  constructor(private readonly attempt: Pick<CallAttempt, 'request' | 'response' | 'media'>, private readonly safely: (what: () => void) => void) {}

  /**
   * A provisional response of the called side; `from` is null when its body is not for the caller. Without an offer from the caller,
   * SDP in it would be one nobody could answer (RFC 3262 §5).
   */
  relay(status: number, from: { readonly branch: string; readonly response: SrfResponse } | null): void {
    const { request, response, media } = this.attempt;
    const early = from === null || bodyOf(request) === null ? null : bodyOf(from.response);
    media.early(from?.branch ?? '', early, (body) => this.safely(() => {
      if (response.finalResponseSent) return;
      if (body !== null) this.described = true;
      response.send(status, undefined, { headers: typeOf(body), body: body?.body ?? '' });
    }));
  }
}
