import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { callingCodeOf } from './countries.js';
import { toE164 } from './e164.js';

/** A whole number, or the beginning of many; E.164 with `+`. */
export interface NumberPattern {
  readonly match: 'number' | 'prefix';
  readonly number: string;
  /** ISO 3166-1 alpha-2 of a whole number, as far as its digits tell; a prefix has the country it was given. */
  readonly country: string | null;
}

export type PatternReading =
  | { readonly kind: 'pattern'; readonly pattern: NumberPattern }
  /** One sentence that names the remedy. */
  | { readonly kind: 'invalid'; readonly text: string };

export interface PatternContext {
  /** ISO 3166-1 alpha-2 that was given with the digits; null = none. */
  readonly country: string | null;
  /** Whose national forms are read where none was given. */
  readonly home: string;
}

/** Shortest international number that is taken without its `+`; shorter ones are national or wrong. */
const LEAST_INTERNATIONAL_DIGITS = 8;
/** Countries whose national numbers keep their leading zero after the calling code. */
const ZERO_KEPT: ReadonlySet<string> = new Set(['IT', 'SM', 'VA']);

/**
 * Reads what an administrator types as number or prefix: visual separators do not matter; `+`, digits that begin with the
 * country's calling code, or a national form where a country is given (a whole number: also of the home country).
 */
export function readNumberPattern(text: string, match: NumberPattern['match'], context: PatternContext): PatternReading {
  const digits = text.replace(/[\s().\-/]/g, '');
  if (!/^\+?[0-9]{1,20}$/.test(digits)) return invalid(match);
  return match === 'prefix' ? readPrefix(digits, context.country) : readWhole(digits, context);
}

/** The digits of an extension, as somebody blocks a colleague; null when the text is none. */
export function readExtensionDigits(text: string): string | null {
  const digits = text.trim();
  return /^[1-9][0-9]{0,5}$/.test(digits) ? digits : null;
}

function readPrefix(digits: string, country: string | null): PatternReading {
  const international = internationalPrefix(digits, country);
  if (!/^\+[1-9][0-9]{0,14}$/.test(international)) return invalid('prefix');
  return { kind: 'pattern', pattern: { match: 'prefix', number: international, country } };
}

function internationalPrefix(digits: string, country: string | null): string {
  if (digits.startsWith('+')) return digits;
  const code = country === null ? null : callingCodeOf(country);
  if (code === null || country === null || digits.startsWith(code)) return `+${digits}`;
  return `+${code}${ZERO_KEPT.has(country) ? digits : digits.replace(/^0/, '')}`;
}

function readWhole(digits: string, { country, home }: PatternContext): PatternReading {
  if (digits.startsWith('+')) {
    return /^\+[1-9][0-9]{4,14}$/.test(digits) ? whole(digits, countryOf(digits) ?? country) : invalid('number');
  }
  if (country === null && digits.length >= LEAST_INTERNATIONAL_DIGITS && /^[1-9][0-9]{0,14}$/.test(digits)) {
    const international = `+${digits}`;
    // Ten digits of home may look like another country's number without its plus: what exists there is meant.
    const atHome = existing(international, home) === null ? existing(digits, home) : null;
    const meant = atHome ?? international;
    return whole(meant, countryOf(meant));
  }
  const national = toE164(digits, { country: country ?? home, areaCode: '' });
  return national === null ? invalid('number') : whole(national.e164, national.country);
}

function whole(number: string, country: string | null): PatternReading {
  return { kind: 'pattern', pattern: { match: 'number', number, country } };
}

/** E.164 of a number that its country's numbering plan has; null for any other. */
function existing(text: string, home: string): string | null {
  const country = home.toUpperCase();
  const number = parsePhoneNumberFromString(text, isSupportedCountry(country) ? { defaultCountry: country } : {});
  return number?.isValid() === true ? number.number : null;
}

function countryOf(e164: string): string | null {
  return toE164(e164, { country: '', areaCode: '' })?.country ?? null;
}

function invalid(match: NumberPattern['match']): PatternReading {
  return {
    kind: 'invalid',
    text: match === 'prefix' ? 'A prefix begins with the country code, e.g. +1900.'
      : 'Give the international form (+15551234567), or the country.',
  };
}
