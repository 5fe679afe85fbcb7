import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { toE164 } from './e164.js';
import type { PhoneNumberType } from './phone-number.js';

export interface PoolNumber {
  /** E.164 with `+`. */
  readonly number: string;
  readonly country: string | null;
  readonly numberType: PhoneNumberType;
}

/** Visual separators (RFC 3966 §5.1.1) and spaces. */
const SEPARATORS = /[\s().\-/]/g;
/** Short codes and extensions are no numbers of the network. */
const SHORTEST = /^\+?\d{7,15}$/;

/**
 * Reads a number as administrators write it: international with `+`, or in a national form of `country` (ISO 3166-1 alpha-2).
 * Null when it is none that the numbering plan allows.
 */
export function readPoolNumber(text: string, country: string): PoolNumber | null {
  const digits = text.replace(SEPARATORS, '');
  if (!SHORTEST.test(digits)) return null;
  const read = toE164(digits, { country, areaCode: '' });
  return read === null ? null : { number: read.e164, country: read.country, numberType: typeOf(read.e164) };
}

function typeOf(e164: string): PhoneNumberType {
  const parsed = parsePhoneNumberFromString(e164);
  if (parsed?.getType() === 'TOLL_FREE') return 'tollfree';
  return parsed?.country === undefined && parsed?.getPossibleCountries().length === 0 ? 'international' : 'toll';
}

/** The form that numbers are looked up by: E.164 with `+`, or null for what can be none. `+` may have become a space in a query. */
export function e164Text(text: string): string | null {
  const digits = text.replace(SEPARATORS, '').replace(/^\+/, '');
  return /^[1-9]\d{4,14}$/.test(digits) ? `+${digits}` : null;
}
