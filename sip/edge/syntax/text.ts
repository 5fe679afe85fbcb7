import { LWS, skip, skipBack } from './charset.js';

/**
 * A copy that does not keep the datagram alive: V8 makes substrings of 13 and more characters views on the whole text.
 * To be used on whatever is stored beyond the handling of one message.
 */
export function copied(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'latin1').toString('latin1');
}

/** A header value on one line: each fold becomes one blank (RFC 3261 §7.3.1). */
export function unfolded(text: string, start: number, end: number): string {
  let fold = text.indexOf('\r', start);
  if (fold < 0 || fold >= end) return text.slice(start, end);
  let value = '';
  let from = start;
  while (fold >= 0 && fold < end) {
    value += `${text.slice(from, skipBack(text, from, fold, LWS))} `;
    from = skip(text, fold, end, LWS);
    fold = text.indexOf('\r', from);
  }
  return value + text.slice(from, end);
}

/** Text of ours or of an application, made harmless for one header line: line ends and NUL become blanks. */
export function oneLine(text: string): string {
  if (!text.includes('\n') && !text.includes('\r') && !text.includes('\0')) return text;
  let clean = '';
  for (const character of text) clean += character === '\n' || character === '\r' || character === '\0' ? ' ' : character;
  return clean;
}
