import type { WireHeader } from '../dialog/app-headers.js';
import { SINGLES, displayName, headerId } from '../syntax/header-names.js';
import type { SipRequest } from '../syntax/message.js';
import { oneLine } from '../syntax/text.js';

/** What a proxy changes in a request it forwards (RFC 3261 §16.6). */
export interface Forwarding {
  readonly uri: string;
  /** Written in place of those received. */
  readonly routes: readonly string[];
  /** In front of those received. */
  readonly recordRoutes: readonly string[];
  /** In front of those received of the same name. */
  readonly leading?: readonly WireHeader[];
  /** Given by the application; one that may stand once replaces the one received. */
  readonly headers: readonly WireHeader[];
}

/** In long form, so that CANCEL and ACK can be made of the request. */
const LONG: ReadonlySet<string> = new Set(['via', 'from', 'to', 'call-id', 'cseq']);
const WRITTEN_ANEW: ReadonlySet<string> = new Set(['max-forwards', 'route', 'content-length']);

const isSingle = (name: string): boolean => {
  const id = headerId(name);
  return id < 31 && (SINGLES & (1 << id)) !== 0;
};

/** The copy that goes on, without our Via; every other header stays as it was, in its place. */
export function forwardedRequest(request: SipRequest, forwarding: Forwarding): string {
  const replaced = new Set(forwarding.headers.map(([name]) => name.toLowerCase()).filter(isSingle));
  let text = `${request.method} ${forwarding.uri} SIP/2.0\r\n`;
  // RFC 3261 §16.6 step 3: one less, or 70 where there is none.
  text += `Max-Forwards: ${request.maxForwards === undefined ? 70 : Math.max(0, request.maxForwards - 1)}\r\n`;
  for (const route of forwarding.recordRoutes) text += `Record-Route: ${route}\r\n`;
  if (forwarding.routes.length > 0) text += `Route: ${forwarding.routes.join(', ')}\r\n`;
  for (const [name, value] of forwarding.leading ?? []) text += `${name}: ${value}\r\n`;
  for (const field of request.headers) {
    if (WRITTEN_ANEW.has(field.name) || replaced.has(field.name)) continue;
    text += LONG.has(field.name) ? `${displayName(field.name)}: ${field.value}\r\n` : request.raw.slice(field.start, field.end);
  }
  for (const [name, value] of forwarding.headers) text += `${oneLine(name)}: ${oneLine(value)}\r\n`;
  const { body } = request;
  return `${text}Content-Length: ${body.length}\r\n\r\n${body}`;
}
