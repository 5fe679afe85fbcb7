import { composeResponse } from '../syntax/compose.js';
import type { SipRequest } from '../syntax/message.js';
import type { SendOutcome, ServerTransaction } from '../transaction/server-transaction.js';
import { hasOption, wireHeaders, type WireHeader } from './app-headers.js';
import { appHeader, type AppHeader, type AppSip } from './app-text.js';
import { newTag } from './random-ids.js';

/** What we answer to methods nobody may send outside a dialog (RFC 3261 §21.4.6). */
export const ALLOWED_METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, MESSAGE, INFO, NOTIFY, SUBSCRIBE, PUBLISH, UPDATE, PRACK, REFER';

export const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

export interface AnswerOptions {
  readonly headers?: readonly WireHeader[];
  /** Default: a fresh one. */
  readonly toTag?: string;
}

/** A response the edge gives by itself, in the request's transaction. */
export function answer(
  transaction: ServerTransaction, status: number, reason: string, options: AnswerOptions = {},
): SendOutcome {
  const toTag = status === 100 ? undefined : (options.toTag ?? newTag());
  const text = composeResponse(transaction.request, status, reason, { toTag, headers: options.headers });
  return transaction.respond(status, latin1(text));
}

/** Largest message we put together for an application: more does not fit a datagram. */
export const MAX_MESSAGE_BYTES = 65_000;

export type Composed =
  | { readonly kind: 'text'; readonly text: string }
  /** The application gets NOK with this reason. */
  | { readonly kind: 'refused'; readonly reason: string };

const FROM_REQUEST: ReadonlySet<string> = new Set(['from', 'to', 'call-id', 'cseq']);

export interface AppResponseParts {
  readonly request: SipRequest;
  readonly status: number;
  readonly reason: string;
  readonly toTag: string;
  /** Our `host:port` towards this peer, for `@localhost`. */
  readonly hostPort: string;
  /** Written in front of the application's headers. */
  readonly leading: readonly WireHeader[];
  /** Canonical names of the application's headers to leave out. */
  readonly except?: ReadonlySet<string>;
}

/** A response out of an application's text (drachtio wire protocol §6, §8.1). */
export function composeAppResponse(sip: AppSip, parts: AppResponseParts): Composed {
  const headers = [
    ...parts.leading,
    ...wireHeaders(sip.headers, parts.except ?? FROM_REQUEST, parts.hostPort),
  ];
  const missing = withContentType(sip.headers, sip.body, headers);
  if (missing !== undefined) return { kind: 'refused', reason: missing };
  const text = composeResponse(parts.request, parts.status, parts.reason, {
    toTag: parts.status === 100 ? undefined : parts.toTag, headers, body: sip.body,
  });
  return text.length > MAX_MESSAGE_BYTES ? { kind: 'refused', reason: 'message too large' } : { kind: 'text', text };
}

/**
 * drachtio wire protocol §6.6: a body that looks like SDP gets its Content-Type.
 * @returns the refusal when a body of another kind has none
 */
export function withContentType(given: readonly AppHeader[], body: string, headers: WireHeader[]): string | undefined {
  if (body === '' || given.some((header) => header.name === 'content-type')) return undefined;
  if (!body.startsWith('v=0')) return 'missing content-type';
  headers.push(['Content-Type', 'application/sdp']);
  return undefined;
}

/** Whether the application asks for a reliable provisional response (RFC 3262 §3). */
export const wantsReliability = (sip: AppSip): boolean => hasOption(appHeader(sip, 'require'), '100rel');

/** Whether the peer understands (or insists on) an option tag. */
export const supports = (request: SipRequest, option: string): boolean =>
  request.all('supported').some((value) => hasOption(value, option)) || requires(request, option);

export const requires = (request: SipRequest, option: string): boolean =>
  request.all('require').some((value) => hasOption(value, option));
