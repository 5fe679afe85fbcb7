import { CONTENT_LENGTH, scanName, scanned } from './header-names.js';
import { LWS, TOKEN, digits, isOf, skip, skipBack } from './charset.js';

/** What came out of a byte stream. */
export type StreamEvent =
  /** One message; where its Content-Length is unusable, the header section alone, followed by a fault. */
  | { readonly kind: 'message'; readonly raw: string }
  /** CRLF CRLF between messages: to be answered with CRLF (RFC 5626 §4.4.1). */
  | { readonly kind: 'keepalive-ping' }
  /** A single CRLF between messages: the answer to our ping, or nothing at all. */
  | { readonly kind: 'keepalive-pong' }
  /** The stream cannot be read on and must be closed. */
  | { readonly kind: 'fault'; readonly reason: FramingFault };

export type FramingFault = 'message-too-large' | 'bad-content-length' | 'not-sip';

const CR = 13;
const LF = 10;
const EMPTY = Buffer.alloc(0);
const FIRST_ALLOCATION = 2048;

/**
 * Cuts a stream into messages by Content-Length (RFC 3261 §18.3). Bytes may arrive in any portions; each is looked at
 * a bounded number of times. After a fault everything further is ignored.
 * Interop: a message without Content-Length is taken as one without body (RFC 3261 §20.14 wants it on streams).
 */
export class StreamFramer {
  readonly #maxMessageBytes: number;
  /** The unfinished message: `#pending` holds `#length` bytes of it. */
  #pending: Buffer = EMPTY;
  #length = 0;
  /** Where the search for the end of the headers goes on. */
  #searched = 0;
  /** Whole length once the headers are complete, else 0. */
  #expected = 0;
  #halfPing = false;
  #dead = false;

  constructor(maxMessageBytes = 65_536) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Whether a message has begun and not ended. */
  get midMessage(): boolean {
    return this.#length > 0;
  }

  /** @returns what the new bytes completed, in order */
  push(chunk: Buffer): readonly StreamEvent[] {
    const events: StreamEvent[] = [];
    if (this.#dead || chunk.length === 0) return events;
    let bytes = chunk;
    let end = chunk.length;
    if (this.#length > 0) {
      this.#append(chunk);
      bytes = this.#pending;
      end = this.#length;
    }
    let at = 0;
    while (at < end && !this.#dead) {
      const begin = this.#searched === 0 ? this.#skipKeepalives(bytes, at, end, events) : at;
      const next = this.#take(bytes, begin, end, events);
      at = begin;
      if (next < 0) break;
      at = next;
    }
    this.#keep(bytes, at, end);
    return events;
  }

  /** CRLFs between messages become events; the second one of a ping may come in the next portion. */
  #skipKeepalives(bytes: Buffer, start: number, end: number, events: StreamEvent[]): number {
    let at = start;
    while (at + 1 < end && bytes[at] === CR && bytes[at + 1] === LF) {
      const whole = !this.#halfPing && bytes[at + 2] === CR && bytes[at + 3] === LF && at + 3 < end;
      events.push(this.#halfPing || whole ? { kind: 'keepalive-ping' } : { kind: 'keepalive-pong' });
      this.#halfPing = !this.#halfPing && !whole;
      at += whole ? 4 : 2;
    }
    return at;
  }

  /** @returns the offset behind one whole message, -1 when there is none yet */
  #take(bytes: Buffer, begin: number, end: number, events: StreamEvent[]): number {
    if (begin >= end || (bytes[begin] === CR && begin + 1 === end)) return -1;
    this.#halfPing = false;
    if (this.#expected === 0) {
      // a TLS hello, an HTTP/2 preface in binary, noise: not worth waiting for the deadline
      if (!isOf(String.fromCharCode(bytes[begin]!), 0, TOKEN)) return this.#fail('not-sip', events);
      const found = bytes.subarray(0, end).indexOf('\r\n\r\n', Math.max(begin, begin + this.#searched - 3), 'latin1');
      if (found < 0) {
        this.#searched = end - begin;
        return this.#searched > this.#maxMessageBytes ? this.#fail('message-too-large', events) : -1;
      }
      const headerBytes = found + 4 - begin;
      if (headerBytes > this.#maxMessageBytes) return this.#fail('message-too-large', events);
      const length = contentLength(bytes.toString('latin1', begin, found + 4));
      if (length < 0) {
        events.push({ kind: 'message', raw: bytes.toString('latin1', begin, found + 4) });
        return this.#fail('bad-content-length', events);
      }
      if (headerBytes + length > this.#maxMessageBytes) return this.#fail('message-too-large', events);
      this.#expected = headerBytes + length;
      this.#searched = headerBytes;
    }
    if (end - begin < this.#expected) return -1;
    const behind = begin + this.#expected;
    events.push({ kind: 'message', raw: bytes.toString('latin1', begin, behind) });
    this.#expected = 0;
    this.#searched = 0;
    return behind;
  }

  #fail(reason: FramingFault, events: StreamEvent[]): number {
    this.#dead = true;
    events.push({ kind: 'fault', reason });
    return -1;
  }

  /** Keeps [at, end) for the next portion. */
  #keep(bytes: Buffer, at: number, end: number): void {
    const rest = end - at;
    if (this.#dead || rest === 0) {
      this.#pending = EMPTY;
      this.#length = 0;
      return;
    }
    if (bytes === this.#pending) {
      if (at > 0) bytes.copyWithin(0, at, end);
    } else {
      this.#pending = Buffer.allocUnsafe(Math.max(FIRST_ALLOCATION, rest));
      bytes.copy(this.#pending, 0, at, end);
    }
    this.#length = rest;
  }

  /** Doubling growth: the copies of one message together cost no more than twice its length. */
  #append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#pending.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, this.#pending.length * 2));
      this.#pending.copy(grown, 0, 0, this.#length);
      this.#pending = grown;
    }
    chunk.copy(this.#pending, this.#length);
    this.#length = length;
  }
}

/**
 * @param headers a header section with its empty line
 * @returns 0 when there is no Content-Length, -1 when it is malformed or comes twice (RFC 4475 §3.3.9)
 */
function contentLength(headers: string): number {
  let length = -2;
  let lineEnd = headers.indexOf('\r\n');
  while (lineEnd >= 0 && lineEnd + 2 < headers.length) {
    const start = lineEnd + 2;
    lineEnd = headers.indexOf('\r\n', start);
    const letter = headers.charCodeAt(start) | 0x20;
    if (letter !== 0x63 && letter !== 0x6c) continue;
    scanName(headers, start, -1);
    if (scanned.id !== CONTENT_LENGTH) continue;
    const colon = skip(headers, scanned.end, headers.length, LWS);
    if (headers.charCodeAt(colon) !== 0x3a || length !== -2) return -1;
    // a fold inside the number is no number; one before it is fine
    while (isFold(headers, lineEnd)) lineEnd = headers.indexOf('\r\n', lineEnd + 2);
    const valueStart = skip(headers, colon + 1, lineEnd, LWS);
    length = digits(headers, valueStart, skipBack(headers, valueStart, lineEnd, LWS), Number.MAX_SAFE_INTEGER / 16);
    if (length < 0) return -1;
  }
  return length === -2 ? 0 : length;
}

function isFold(headers: string, lineEnd: number): boolean {
  const next = headers.charCodeAt(lineEnd + 2);
  return next === 0x20 || next === 0x09;
}
