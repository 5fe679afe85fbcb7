import type { SipRequest } from '../syntax/message.js';

/** What an application's final answer says about whoever asked. */
export type AnswerFacts =
  | { readonly kind: 'bound'; readonly seconds: number }
  | { readonly kind: 'unbound' | 'taken' | 'challenged' | 'failed' | 'nothing' };

/** The headers of the answer that matter; undefined when absent. */
export interface AnswerHeaders {
  readonly contact: string | undefined;
  readonly expires: string | undefined;
  readonly wwwAuthenticate: string | undefined;
}

const NOTHING: AnswerFacts = { kind: 'nothing' };

/** Reads an answer to a request outside dialogs. */
export function answerFacts(request: SipRequest, status: number, headers: () => AnswerHeaders): AnswerFacts {
  if (status >= 200 && status < 300) return request.method === 'REGISTER' ? registered(request, headers()) : taken(request);
  const hasCredentials = request.has('authorization');
  if (status === 401) {
    if (!hasCredentials) return { kind: 'challenged' };
    // RFC 7616 §3.3: the password was right, the nonce too old.
    return /stale="?true/i.test(headers().wwwAuthenticate ?? '') ? NOTHING : { kind: 'failed' };
  }
  // With credentials, 403 and 404 speak of the number called and not of the caller.
  const isFailure = (status === 403 || status === 404) && (!hasCredentials || request.method === 'REGISTER');
  return isFailure ? { kind: 'failed' } : NOTHING;
}

/** A 200 to OPTIONS is given to everybody: it says nothing of the user. */
const taken = (request: SipRequest): AnswerFacts => (request.has('authorization') ? { kind: 'taken' } : NOTHING);

/** RFC 3261 §10.3 step 8: the answer lists every current binding, each with its lifetime. */
function registered(request: SipRequest, { contact, expires }: AnswerHeaders): AnswerFacts {
  if (!request.hasContact) return { kind: 'taken' };
  const isRemoval = request.first('expires') === '0' || request.all('contact').every((value) => /;\s*expires\s*=\s*0*(?:;|$|,)/i.test(value));
  let seconds = 0;
  for (const match of (contact ?? '').matchAll(/;\s*expires\s*=\s*"?(\d{1,9})/gi)) seconds = Math.max(seconds, Number(match[1]));
  if (seconds === 0) seconds = Number(/^\s*(\d{1,9})/.exec(expires ?? '')?.[1] ?? 0);
  if (seconds === 0) return { kind: 'unbound' };
  // Another phone of the same user may still be there: its binding ends when it said.
  return isRemoval ? { kind: 'taken' } : { kind: 'bound', seconds };
}
