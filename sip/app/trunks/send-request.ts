import type Srf from 'drachtio-srf';
import type { SipHeaders, SrfResponse } from 'drachtio-srf';

export type RequestReply =
  | { readonly kind: 'response'; readonly response: SrfResponse; readonly roundTripMs: number }
  | { readonly kind: 'silent' }
  /** The network said so, or the edge finds no way. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** Nothing was sent. */
  | { readonly kind: 'no-edge' };

export interface PlainRequest {
  readonly method: string;
  readonly uri: string;
  readonly proxy: string;
  readonly headers: SipHeaders;
}

/** In words, for those who asked. */
export const NO_EDGE = 'This node is not connected to its SIP edge.';

/** Sends one request outside dialogs and waits for its final response, `patienceMs` at most; never rejects. */
export function sendRequest(srf: Srf | null, { method, uri, proxy, headers }: PlainRequest, patienceMs: number): Promise<RequestReply> {
  if (srf === null) return Promise.resolve({ kind: 'no-edge' });
  return new Promise((resolve) => {
    const begun = performance.now();
    const late = setTimeout(() => resolve({ kind: 'silent' }), patienceMs);
    late.unref();
    const end = (reply: RequestReply): void => {
      clearTimeout(late);
      resolve(reply);
    };
    try {
      srf.request(uri, { method, proxy, headers }, (error, request) => {
        if (error || request === undefined) return end({ kind: 'unreachable', why: textOf(error) });
        request.on('response', (response) => {
          if (response.status < 200) return;
          // Interop: the edge and drachtio-server answer by themselves where nobody does, and such a response came from no address.
          if (!isOwn(response)) end({ kind: 'response', response, roundTripMs: performance.now() - begun });
          else if (response.status === 408) end({ kind: 'silent' });
          else end({ kind: 'unreachable', why: '' });
        });
      });
    } catch {
      // drachtio-srf asserts when its connection is gone.
      end({ kind: 'no-edge' });
    }
  });
}

/** Whether the server at our side made the response because nothing came from the network. */
export function isOwn(response: SrfResponse): boolean {
  return response.source_address === undefined || response.source_address === '';
}

/** RFC 3261 §20.33: seconds, then perhaps a comment and parameters; null without. */
export function retryAfterOf(response: SrfResponse): number | null {
  const seconds = /^\s*(\d{1,9})/.exec(response.get('Retry-After') ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error === 'string' ? error : '';
}
