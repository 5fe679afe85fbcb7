import { DISPLAY, LWS, TOKEN, skip, skipBack, skipQuoted, skipUri } from './charset.js';
import { sameName } from './header-names.js';
import { MALFORMED, nextParameter, parameterSpan, parseParameters, splitComma, unquoted } from './lists.js';
import type { Parameter } from './lists.js';
import { unfolded } from './text.js';

/** `"Ann" <sip:ann@example.com>;tag=1` (RFC 3261 §20.10, §20.20, §20.39). */
export interface NameAddr {
  /** Without quotes and backslashes; undefined when there is none. */
  readonly displayName: string | undefined;
  /** Between the brackets, or the bare addr-spec up to the first `;`. */
  readonly uri: string;
  readonly parameters: readonly Parameter[];
}

/** Spans found by `scanNameAddr`; one object reused, read it before the next call. */
export const nameAddrSpan = { nameStart: 0, nameEnd: 0, uriStart: 0, uriEnd: 0, behind: 0 };

/** scheme ":" and only URI characters; broken escapes are none; @returns the first position that is none, -1 without a scheme */
function scanAddrSpec(text: string, start: number, end: number, bare: boolean): number {
  const colon = skip(text, start, end, TOKEN);
  if (colon === start || colon >= end || text.charCodeAt(colon) !== 0x3a) return -1;
  let at = skipUri(text, colon + 1, end);
  if (bare) {
    // RFC 3261 §20: a URI with comma, question mark or semicolon must stand in brackets
    for (let inside = colon + 1; inside < at; inside += 1) {
      const code = text.charCodeAt(inside);
      if (code === 0x3f) return -1;
      if (code === 0x3b || code === 0x2c) at = inside;
    }
  }
  return at === colon + 1 ? -1 : at;
}

/**
 * ( name-addr / addr-spec ) at `start`; fills `nameAddrSpan`, whose `behind` is where the header parameters start.
 * @returns false at a syntax error
 */
export function scanNameAddr(text: string, start: number, end: number): boolean {
  let at = skip(text, start, end, LWS);
  nameAddrSpan.nameStart = at;
  if (at >= end) return false;
  if (text.charCodeAt(at) === 0x22) {
    at = skipQuoted(text, at, end);
    if (at < 0) return false;
    nameAddrSpan.nameEnd = at;
    at = skip(text, at, end, LWS);
    if (text.charCodeAt(at) !== 0x3c) return false;
  } else if (text.charCodeAt(at) !== 0x3c) {
    // RFC 4475 §3.1.1.6: no blank is needed between the display name and "<"
    const bracket = skip(text, at, end, DISPLAY | LWS);
    if (bracket >= end || text.charCodeAt(bracket) !== 0x3c) {
      nameAddrSpan.nameEnd = at;
      nameAddrSpan.uriStart = at;
      const uriEnd = scanAddrSpec(text, at, end, true);
      if (uriEnd < 0) return false;
      nameAddrSpan.uriEnd = uriEnd;
      nameAddrSpan.behind = uriEnd;
      return true;
    }
    nameAddrSpan.nameEnd = skipBack(text, at, bracket, LWS);
    at = bracket;
  } else {
    nameAddrSpan.nameEnd = at;
  }
  nameAddrSpan.uriStart = at + 1;
  const uriEnd = scanAddrSpec(text, at + 1, end, false);
  if (uriEnd < 0 || uriEnd >= end || text.charCodeAt(uriEnd) !== 0x3e) return false;
  nameAddrSpan.uriEnd = uriEnd;
  nameAddrSpan.behind = uriEnd + 1;
  return true;
}

/**
 * One From, To, Contact element, Refer-To, Route element, …
 * @param value may hold folds; a comma list goes through `splitComma` first
 * @returns undefined at a syntax error
 */
export function parseNameAddr(value: string): NameAddr | undefined {
  const text = unfolded(value, 0, value.length);
  if (!scanNameAddr(text, 0, text.length)) return undefined;
  const { nameStart, nameEnd, uriStart, uriEnd, behind } = nameAddrSpan;
  const parameters = parseParameters(text, behind, text.length);
  if (parameters === undefined) return undefined;
  const name = text.slice(nameStart, nameEnd);
  return {
    displayName: name === '' ? undefined : name.startsWith('"') ? unquoted(name.slice(1, -1)) : name,
    uri: text.slice(uriStart, uriEnd),
    parameters,
  };
}

/** A whole Contact header: `*`, or every element of all its lines. */
export type Contacts = { readonly kind: 'all' } | { readonly kind: 'list'; readonly contacts: readonly NameAddr[] };

/**
 * @param values the header lines, `message.all('contact')`
 * @returns undefined when one element is malformed, or `*` stands beside another (RFC 3261 §10.3 step 6)
 */
export function parseContacts(values: readonly string[]): Contacts | undefined {
  const elements = values.flatMap((value) => splitComma(value));
  if (elements.length === 1 && elements[0] === '*') return { kind: 'all' };
  const contacts: NameAddr[] = [];
  for (const element of elements) {
    const contact = parseNameAddr(element);
    if (contact === undefined) return undefined;
    contacts.push(contact);
  }
  return { kind: 'list', contacts };
}

/** Outcome of reading a From or To in place. */
export type Tag = { readonly kind: 'ok'; readonly tag: string | undefined } | { readonly kind: 'bad' };

const BAD: Tag = { kind: 'bad' };
const NO_TAG: Tag = { kind: 'ok', tag: undefined };

/**
 * Checks a From or To value and takes its tag out (a token, once).
 * @param repeated whether a second tag is overlooked. Interop: sipp scenarios and some servers add their tag to a To that
 *   has it already; in a response the first one is ours to match, and refusing the response would only lose the call
 */
export function scanTag(text: string, start: number, end: number, repeated = false): Tag {
  if (!scanNameAddr(text, start, end)) return BAD;
  if (nameAddrSpan.behind === end) return NO_TAG;
  let tagStart = -1;
  let tagEnd = -1;
  let at = nameAddrSpan.behind;
  while (at < end) {
    at = nextParameter(text, at, end);
    if (at < 0) return BAD;
    const { nameStart, nameEnd, valueStart, valueEnd } = parameterSpan;
    if (nameEnd - nameStart !== 3 || !sameName(text, nameStart, 'tag')) continue;
    if (valueStart < 0 || skip(text, valueStart, valueEnd, TOKEN) !== valueEnd) return BAD;
    if (tagStart >= 0) {
      if (!repeated) return BAD;
      continue;
    }
    tagStart = valueStart;
    tagEnd = valueEnd;
  }
  return tagStart < 0 ? NO_TAG : { kind: 'ok', tag: text.slice(tagStart, tagEnd) };
}

/** Checks a Contact value in place: `*`, or a list of ( name-addr / addr-spec ) *( SEMI contact-params ). */
export function isContactList(text: string, start: number, end: number): boolean {
  if (end - start === 1 && text.charCodeAt(start) === 0x2a) return true;
  let at = start;
  for (;;) {
    if (!scanNameAddr(text, at, end)) return false;
    at = nameAddrSpan.behind;
    let next = nextParameter(text, at, end);
    while (next >= 0) {
      at = next;
      next = nextParameter(text, at, end);
    }
    if (next === MALFORMED) return false;
    at = skip(text, at, end, LWS);
    if (at === end) return true;
    if (text.charCodeAt(at) !== 0x2c) return false;
    at += 1;
  }
}
