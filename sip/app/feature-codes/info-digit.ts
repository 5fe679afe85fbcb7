import type { SipMessage } from 'drachtio-srf';
import { bodyOf } from '../syntax/header.js';

/** What an INFO says: a key, nothing (a keep-alive, a hook flash), or what is not understood here. */
export type InfoDigit = { readonly kind: 'digit'; readonly digit: string } | { readonly kind: 'nothing' } | { readonly kind: 'unsupported' };

/** Media types of digits, for the Accept of a 415. */
export const DIGIT_TYPES = 'application/dtmf-relay, application/dtmf';

const NOTHING: InfoDigit = { kind: 'nothing' };
/** Event numbers of RFC 4733 §3.2 behind the ten digits; 16 is a hook flash. */
const BY_EVENT: readonly string[] = ['*', '#', 'A', 'B', 'C', 'D'];

/**
 * Reads a digit of SIP INFO. `application/dtmf-relay` has lines `Signal=5` and `Duration=160`, `application/dtmf` the key alone.
 * Interop: both come with either content, with or without blanks, and with `*` and `#` as characters or as 10 and 11.
 */
export function digitOfInfo(info: SipMessage): InfoDigit {
  const body = bodyOf(info);
  // RFC 2976: an INFO without a body is a sign of life.
  if (body === null) return NOTHING;
  const type = body.contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/dtmf-relay' && type !== 'application/dtmf') return { kind: 'unsupported' };
  const text = body.body.slice(0, 256);
  const signal = /^[ \t]*signal[ \t]*=([^\r\n]*)/im.exec(text)?.[1] ?? (type === 'application/dtmf' ? text : '');
  const key = signal.trim().toUpperCase();
  if (/^[0-9*#A-D]$/.test(key)) return { kind: 'digit', digit: key };
  const event = /^1[0-5]$/.test(key) ? BY_EVENT[Number(key) - 10] : undefined;
  return event === undefined ? NOTHING : { kind: 'digit', digit: event };
}
