import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/min';
import { toE164 } from '../numbering/e164.js';

/** Where a number of the telephone network lies; '' for what cannot be told. */
export interface NumberCountry {
  /** ISO 3166-1 alpha-2. */
  readonly iso: string;
  /** Without `+`. */
  readonly callingCode: string;
}

const UNKNOWN: NumberCountry = { iso: '', callingCode: '' };

/** The country of digits that somebody dialled, or was called from, in `country`. */
export function countryOfNumber(digits: string, country: string): NumberCountry {
  const iso = digits === '' ? null : toE164(digits, { country, areaCode: '' })?.country ?? null;
  return iso === null || !isSupportedCountry(iso) ? UNKNOWN : { iso, callingCode: getCountryCallingCode(iso) };
}
