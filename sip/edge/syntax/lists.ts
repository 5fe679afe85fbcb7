import { LWS, TOKEN, VALUE, skip, skipBack, skipQuoted } from './charset.js';

/**
 * Splits a header value at the commas that separate elements, not those inside quotes or `<…>` (RFC 3261 §7.3.1).
 * @returns trimmed elements; empty ones are left out
 */
export function splitComma(value: string): readonly string[] {
  return splitAt(value, 0x2c);
}

function splitAt(value: string, separator: number): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let bracketed = false;
  let at = 0;
  const take = (end: number): void => {
    const start = skip(value, from, end, LWS);
    const stop = skipBack(value, start, end, LWS);
    if (stop > start) parts.push(value.slice(start, stop));
    from = end + 1;
  };
  while (at < value.length) {
    const code = value.charCodeAt(at);
    if (code === 0x22 && !bracketed) {
      const behind = skipQuoted(value, at, value.length);
      at = behind < 0 ? value.length : behind;
      continue;
    }
    if (code === 0x3c) bracketed = true;
    else if (code === 0x3e) bracketed = false;
    else if (code === separator && !bracketed) take(at);
    at += 1;
  }
  take(value.length);
  return parts;
}

/** A `;name=value` of a header or a URI. */
export interface Parameter {
  /** Lower case. */
  readonly name: string;
  /** As written, without its quotes; undefined when there is no `=`. */
  readonly value: string | undefined;
}

/** @returns the value, `true` for a flag without value, undefined when absent; the first one of that name */
export function parameter(parameters: readonly Parameter[], name: string): string | true | undefined {
  for (const entry of parameters) {
    if (entry.name === name) return entry.value ?? true;
  }
  return undefined;
}

/** Text between quotes with its `\x` pairs resolved (RFC 3261 §25.1 quoted-pair). */
export function unquoted(text: string): string {
  if (!text.includes('\\')) return text;
  let plain = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && at + 1 < text.length) at += 1;
    plain += text[at]!;
  }
  return plain;
}

/** Spans of one parameter; one object reused, read it before the next call. `valueStart` -1: no value; quotes included. */
export const parameterSpan = { nameStart: 0, nameEnd: 0, valueStart: -1, valueEnd: -1 };

/** Outcomes of `nextParameter` that are no position. */
export const NO_MORE = -1;
export const MALFORMED = -2;

/**
 * One of *( SEMI generic-param ) (RFC 3261 §25.1), e.g. behind the `>` of a From; fills `parameterSpan`.
 * @param start where the parameter's `;` is, blanks before it allowed
 * @returns the position behind it and behind blanks; NO_MORE when there is no `;` here, MALFORMED at a syntax error
 */
export function nextParameter(text: string, start: number, end: number): number {
  const semicolon = skip(text, start, end, LWS);
  if (semicolon >= end || text.charCodeAt(semicolon) !== 0x3b) return NO_MORE;
  const nameStart = skip(text, semicolon + 1, end, LWS);
  const nameEnd = skip(text, nameStart, end, TOKEN);
  if (nameEnd === nameStart) return MALFORMED;
  parameterSpan.nameStart = nameStart;
  parameterSpan.nameEnd = nameEnd;
  parameterSpan.valueStart = -1;
  parameterSpan.valueEnd = -1;
  const at = skip(text, nameEnd, end, LWS);
  if (at >= end || text.charCodeAt(at) !== 0x3d) return at;
  const valueStart = skip(text, at + 1, end, LWS);
  const quoted = valueStart < end && text.charCodeAt(valueStart) === 0x22;
  const valueEnd = quoted ? skipQuoted(text, valueStart, end) : skip(text, valueStart, end, VALUE);
  if (valueEnd <= valueStart) return MALFORMED;
  parameterSpan.valueStart = valueStart;
  parameterSpan.valueEnd = valueEnd;
  return skip(text, valueEnd, end, LWS);
}

/** `nextParameter` into a list; undefined at a syntax error or when something follows. */
export function parseParameters(text: string, start = 0, end = text.length): readonly Parameter[] | undefined {
  const parameters: Parameter[] = [];
  let at = skip(text, start, end, LWS);
  while (at < end) {
    at = nextParameter(text, at, end);
    if (at < 0) return undefined;
    const { nameStart, nameEnd, valueStart, valueEnd } = parameterSpan;
    const quoted = valueStart >= 0 && text.charCodeAt(valueStart) === 0x22;
    parameters.push({
      name: text.slice(nameStart, nameEnd).toLowerCase(),
      value: valueStart < 0 ? undefined
        : quoted ? unquoted(text.slice(valueStart + 1, valueEnd - 1))
          : text.slice(valueStart, valueEnd),
    });
  }
  return parameters;
}
