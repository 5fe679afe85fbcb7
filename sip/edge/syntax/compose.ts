import { canonicalName } from './header-names.js';
import { scanNameAddr } from './name-addr.js';
import { ParsedRequest, ParsedResponse } from './parsed-message.js';
import type { PartialRequest, SipMessage, SipRequest } from './message.js';
import { oneLine } from './text.js';
import { scanVia, viaWithSource } from './via.js';

/** A header to write: name as it shall appear, value on one line. */
export type HeaderPair = readonly [name: string, value: string];

export interface ResponseParts {
  /** Added to To when the request had none there; not on 100 (RFC 3261 §8.2.6.2). */
  readonly toTag?: string | undefined;
  /**
   * Written in this order behind the mandatory ones. From, To, Call-ID and CSeq given here replace those of the
   * request; Via, Record-Route and Content-Length are left out: they are ours.
   */
  readonly headers?: readonly HeaderPair[] | undefined;
  /** latin1 text; its Content-Type is among `headers`. */
  readonly body?: string | undefined;
}

const OURS: ReadonlySet<string> = new Set(['via', 'record-route', 'content-length']);
const FROM_REQUEST: ReadonlySet<string> = new Set(['from', 'to', 'call-id', 'cseq']);
/** Methods whose responses form a dialog and therefore carry the route set (RFC 3261 §12.1.1, RFC 6665 §4.4.1). */
const DIALOG_FORMING: ReadonlySet<string> = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);

/**
 * A response to this request (RFC 3261 §8.2.6): Via lines, From, To, Call-ID and CSeq copied, Timestamp into a 100,
 * Record-Route where a dialog may come of it; Content-Length computed.
 * @returns the whole message, latin1
 */
export function composeResponse(request: SipRequest, status: number, reason: string, parts: ResponseParts = {}): string {
  let text = `SIP/2.0 ${status} ${oneLine(reason)}\r\n`;
  for (const via of request.all('via')) text += `Via: ${via}\r\n`;
  if (status > 100 && status < 300 && DIALOG_FORMING.has(request.method)) {
    for (const route of request.all('record-route')) text += `Record-Route: ${route}\r\n`;
  }
  const given = new Map<string, string>();
  for (const [name, value] of parts.headers ?? []) {
    const canonical = canonicalName(name);
    if (FROM_REQUEST.has(canonical)) given.set(canonical, oneLine(value));
  }
  text += `From: ${given.get('from') ?? request.first('from') ?? ''}\r\n`;
  let to = given.get('to');
  if (to === undefined) {
    to = request.first('to') ?? '';
    if (request.toTag === undefined && status > 100 && parts.toTag !== undefined) to += `;tag=${parts.toTag}`;
  }
  text += `To: ${to}\r\nCall-ID: ${given.get('call-id') ?? request.callId}\r\n`;
  text += `CSeq: ${given.get('cseq') ?? `${request.cseq.number} ${request.cseq.method}`}\r\n`;
  if (status === 100) {
    const timestamp = request.first('timestamp');
    if (timestamp !== undefined) text += `Timestamp: ${timestamp}\r\n`;
  }
  for (const [name, value] of parts.headers ?? []) {
    const canonical = canonicalName(name);
    if (!OURS.has(canonical) && !FROM_REQUEST.has(canonical)) text += `${oneLine(name)}: ${oneLine(value)}\r\n`;
  }
  const body = parts.body ?? '';
  return `${text}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** What a stateless answer to an unusable request is made of. */
export interface Rejection {
  readonly status: number;
  readonly reason: string;
  readonly partial: PartialRequest;
  /** Where the request came from, for received and rport. */
  readonly source: { readonly address: string; readonly port: number };
  readonly toTag: string;
  readonly headers?: readonly HeaderPair[] | undefined;
}

/**
 * The answer to a request that `parseMessage` found invalid (and not `drop`): what could be read is echoed, what could
 * not is left out (RFC 3261 §8.2.6, §16.3 step 1).
 */
export function composeRejection(rejection: Rejection): string {
  const { partial, source } = rejection;
  let text = `SIP/2.0 ${rejection.status} ${oneLine(rejection.reason)}\r\n`;
  partial.vias.forEach((value, position) => {
    text += `Via: ${oneLine(position === 0 ? viaValueWithSource(value, source.address, source.port) : value)}\r\n`;
  });
  if (partial.from !== undefined) text += `From: ${oneLine(partial.from)}\r\n`;
  if (partial.to !== undefined) text += `To: ${oneLine(toWithTag(partial.to, rejection.toTag))}\r\n`;
  if (partial.callId !== undefined) text += `Call-ID: ${oneLine(partial.callId)}\r\n`;
  if (partial.cseq !== undefined) text += `CSeq: ${oneLine(partial.cseq)}\r\n`;
  for (const [name, value] of rejection.headers ?? []) text += `${oneLine(name)}: ${oneLine(value)}\r\n`;
  return `${text}Content-Length: 0\r\n\r\n`;
}

/** A malformed To is echoed as it is: a tag behind an open quote would be no tag. */
function toWithTag(to: string, tag: string): string {
  return scanNameAddr(to, 0, to.length) && !to.toLowerCase().includes('tag=') ? `${to};tag=${tag}` : to;
}

function viaValueWithSource(value: string, address: string, port: number): string {
  const via = scanVia(value, 0, value.length);
  if (via === undefined) return value;
  return viaWithSource(value.slice(0, via.end), via, address, port) + value.slice(via.end);
}

export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** All headers in order, Via included; Content-Length is left out and computed. */
  readonly headers: readonly HeaderPair[];
  readonly body?: string | undefined;
}

/** A whole request, latin1. */
export function composeRequest(parts: RequestParts): string {
  let text = `${parts.method} ${parts.uri} SIP/2.0\r\n`;
  for (const [name, value] of parts.headers) {
    if (canonicalName(name) !== 'content-length') text += `${oneLine(name)}: ${oneLine(value)}\r\n`;
  }
  const body = parts.body ?? '';
  return `${text}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/**
 * Puts a Via line in front of the other headers (RFC 3261 §16.6 step 8); nothing else changes.
 * @param viaLine without line end: `Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx;rport`
 */
export function withTopVia(raw: string, viaLine: string): string {
  const behindStartLine = raw.indexOf('\r\n') + 2;
  return `${raw.slice(0, behindStartLine)}${viaLine}\r\n${raw.slice(behindStartLine)}`;
}

/**
 * Writes the packet's source into the top Via (RFC 3261 §18.2.1, RFC 3581 §4): `rport` always, `received` when the host
 * differs; those the client wrote are removed. Every other byte stays.
 * @param message as parsed
 * @param address IP literal without brackets
 * @returns a message of the same kind; the given one is unchanged
 */
export function withReceived<M extends SipMessage>(message: M, address: string, port: number): M;
export function withReceived(message: SipMessage, address: string, port: number): SipMessage {
  if (message instanceof ParsedRequest || message instanceof ParsedResponse) return message.from(address, port);
  throw new TypeError('withReceived takes messages made by parseMessage');
}

/**
 * The text as an application may see it: header lines whose name holds `%` are taken out. drachtio-srf unescapes names,
 * so `C%6Fntact` would become a Contact there that nobody here has seen (RFC 4475 §3.1.1.5).
 */
export function withoutEscapedNames(message: SipMessage): string {
  const headerEnd = message.bodyStart;
  const percent = message.raw.indexOf('%');
  if (percent < 0 || percent >= headerEnd) return message.raw;
  let text = '';
  let from = 0;
  for (const field of message.headers) {
    if (!field.rawName.includes('%')) continue;
    text += message.raw.slice(from, field.start);
    from = field.end;
  }
  return text + message.raw.slice(from);
}
