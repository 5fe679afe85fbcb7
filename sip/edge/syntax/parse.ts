import { DIGIT, LWS, TOKEN, WORD, digits, skip } from './charset.js';
import { CALL_ID, CONTACT, CONTENT_LENGTH, CSEQ, FROM, MAX_FORWARDS, TO, VIA } from './header-names.js';
import type { HeaderId } from './header-names.js';
import { scanHeaders } from './header-index.js';
import type { HeaderScan } from './header-index.js';
import type { CSeq, InvalidMessage, ParseResult, Via } from './message.js';
import { isContactList, scanTag } from './name-addr.js';
import { ParsedRequest, ParsedResponse } from './parsed-message.js';
import type { MessageParts } from './parsed-message.js';
import { scanStartLine } from './start-line.js';
import { scanVia } from './via.js';

/** RFC 3261 §8.1.1.5 */
const MAX_CSEQ = 0x7fffffff;
/** RFC 3261 §20.22 */
const MAX_HOPS = 255;

/**
 * Reads one whole message: a datagram, or what the stream framer cut out. Strict by RFC 3261 §7, §19, §25; lenient
 * where drachtio-server is: Max-Forwards, Contact and branch may be missing, From may have no tag.
 * @param text latin1, one character a byte; never throws, whatever it holds, and takes linear time
 */
export function parseMessage(text: string): ParseResult {
  // RFC 3261 §7.5: empty lines before the start line are ignored
  let start = 0;
  while (text.charCodeAt(start) === 13 && text.charCodeAt(start + 1) === 10) start += 2;
  const raw = start === 0 ? text : text.slice(start);
  const lineEnd = raw.indexOf('\r\n');
  if (lineEnd < 0) return { kind: 'invalid', status: 400, reason: 'Bad Start Line', drop: true };
  const line = scanStartLine(raw, lineEnd);
  const scan = scanHeaders(raw, lineEnd + 2);
  const via = scan.spans[VIA * 2]! < 0 ? undefined : scanVia(raw, scan.spans[VIA * 2]!, scan.spans[VIA * 2 + 1]!);

  if (line.kind === 'bad') return refused(scan, via, line.method, line.status, line.reason);
  const method = line.kind === 'request' ? line.method : undefined;
  if (via === undefined) return refused(scan, via, '', 400, 'Bad Via Header');
  if (scan.problem !== undefined) return refused(scan, via, method, 400, scan.problem);

  const spans = scan.spans;
  const cseq = scanCSeq(raw, spans[CSEQ * 2]!, spans[CSEQ * 2 + 1]!);
  if (cseq === undefined) return refused(scan, via, method, 400, fault('CSeq', CSEQ, scan));
  // RFC 3261 §8.2.1 asks for nothing else; RFC 4475 §3.1.2.17, §3.1.2.18
  if (method !== undefined && cseq.method !== method) return refused(scan, via, method, 400, 'Bad CSeq Header');
  const callIdStart = spans[CALL_ID * 2]!;
  const callIdEnd = spans[CALL_ID * 2 + 1]!;
  if (!isCallId(raw, callIdStart, callIdEnd)) return refused(scan, via, method, 400, fault('Call-ID', CALL_ID, scan));
  const from = scanTag(raw, spans[FROM * 2]!, spans[FROM * 2 + 1]!);
  if (spans[FROM * 2]! < 0 || from.kind === 'bad') return refused(scan, via, method, 400, fault('From', FROM, scan));
  const to = scanTag(raw, spans[TO * 2]!, spans[TO * 2 + 1]!, method === undefined);
  if (spans[TO * 2]! < 0 || to.kind === 'bad') return refused(scan, via, method, 400, fault('To', TO, scan));

  let maxForwards: number | undefined;
  if (spans[MAX_FORWARDS * 2]! >= 0) {
    maxForwards = digits(raw, spans[MAX_FORWARDS * 2]!, spans[MAX_FORWARDS * 2 + 1]!, MAX_HOPS);
    if (maxForwards < 0) return refused(scan, via, method, 400, 'Bad Max-Forwards Header');
  }
  const contact = spans[CONTACT * 2]!;
  if (method !== undefined && contact >= 0 && !isContactList(raw, contact, spans[CONTACT * 2 + 1]!)) {
    return refused(scan, via, method, 400, 'Bad Contact Header');
  }

  let end = raw.length;
  if (spans[CONTENT_LENGTH * 2]! >= 0) {
    const length = digits(raw, spans[CONTENT_LENGTH * 2]!, spans[CONTENT_LENGTH * 2 + 1]!, Number.MAX_SAFE_INTEGER / 16);
    // RFC 3261 §18.3: a datagram that ends too early is an error, what follows the body is ignored
    if (length < 0 || scan.bodyStart + length > end) return refused(scan, via, method, 400, 'Bad Content-Length Header');
    end = scan.bodyStart + length;
  }
  const parts: MessageParts = {
    raw: end === raw.length ? raw : raw.slice(0, end),
    index: scan.index,
    bodyStart: scan.bodyStart,
    via,
    callId: raw.slice(callIdStart, callIdEnd),
    cseq,
    fromTag: from.tag,
    toTag: to.tag,
    maxForwards,
    hasContact: contact >= 0,
  };
  return {
    kind: 'message',
    message: line.kind === 'request'
      ? new ParsedRequest(parts, line.method, line.uri)
      : new ParsedResponse(parts, line.status, line.reason),
  };
}

function fault(name: string, id: HeaderId, scan: HeaderScan): string {
  return `${scan.spans[id * 2]! < 0 ? 'Missing' : 'Bad'} ${name} Header`;
}

/**
 * @param method undefined for a response, empty when it could not be read: then nothing is answered
 */
function refused(
  scan: HeaderScan, via: Via | undefined, method: string | undefined, status: number, reason: string,
): InvalidMessage {
  // RFC 3261 §18.1.2 (bad responses are discarded), §17 (no response to ACK); drachtio-server: no word to a bad Via
  if (via === undefined || method === undefined || method === '' || method === 'ACK') {
    return { kind: 'invalid', status, reason, drop: true };
  }
  const { index } = scan;
  return {
    kind: 'invalid',
    status,
    reason,
    drop: false,
    partial: {
      method,
      vias: index.all('via'),
      from: index.first('from'),
      to: index.first('to'),
      callId: index.first('call-id'),
      cseq: index.first('cseq'),
    },
  };
}

/** 1*DIGIT LWS Method (RFC 3261 §25.1); undefined when absent or anything else. */
function scanCSeq(raw: string, start: number, end: number): CSeq | undefined {
  if (start < 0) return undefined;
  const numberEnd = skip(raw, start, end, DIGIT);
  const number = digits(raw, start, numberEnd, MAX_CSEQ);
  const methodStart = skip(raw, numberEnd, end, LWS);
  if (number < 0 || methodStart === numberEnd || methodStart === end) return undefined;
  if (skip(raw, methodStart, end, TOKEN) !== end) return undefined;
  return { number, method: raw.slice(methodStart, end) };
}

/** word [ "@" word ] (RFC 3261 §25.1) */
function isCallId(raw: string, start: number, end: number): boolean {
  if (start < 0) return false;
  const at = skip(raw, start, end, WORD);
  if (at === start) return false;
  if (at === end) return true;
  return raw.charCodeAt(at) === 0x40 && at + 1 < end && skip(raw, at + 1, end, WORD) === end;
}
