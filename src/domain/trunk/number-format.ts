import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { toE164 } from '../numbering/e164.js';
import type { NumberFormat } from './trunk.js';

const E164 = /^\+[1-9][0-9]{2,14}$/;

/** A number as the peer wants it written. Whatever is not E.164 with `+` (emergency numbers, short codes) goes as it is. */
export function writeNumber(number: string, format: NumberFormat): string {
  if (!E164.test(number)) return number;
  switch (format.kind) {
    case 'e164-plus': return number;
    case 'e164': return number.slice(1);
    case 'tech-prefix': return `${format.prefix}${number.slice(1)}`;
    case 'national': return national(number, format.country);
  }
}

/**
 * A number the peer wrote, as E.164 with `+`; null where it can be none. `country` (ISO 3166-1 alpha-2) is where the trunk leads: its national forms
 * are read where the format leaves it open. A leading `+` is taken at its word in every format.
 */
export function readNumber(text: string, format: NumberFormat, country: string): string | null {
  // RFC 3966 §5.1.1: visual separators carry no meaning; parameters such as `;npdi` stand behind the number.
  const bare = (text.split(';', 1)[0] ?? '').replace(/[\s().-]/g, '');
  const digits = format.kind === 'tech-prefix' && bare.startsWith(format.prefix) ? bare.slice(format.prefix.length) : bare;
  if (digits.startsWith('+')) return E164.test(digits) ? digits : null;
  if (!/^[0-9]{3,20}$/.test(digits)) return null;
  if (format.kind === 'national') return toE164(digits, { country: format.country, areaCode: '' })?.e164 ?? null;
  const international = `+${digits}`;
  if (format.kind !== 'e164-plus' && E164.test(international)) return international;
  // Interop: carriers leave the plus out though it was agreed on; what exists with it is meant so.
  if (parsePhoneNumberFromString(international)?.isValid() === true) return international;
  return toE164(digits, { country, areaCode: '' })?.e164 ?? null;
}

/** As dialled inside the country: there ten digits in North America, with the trunk prefix elsewhere; abroad with the country's international prefix. */
function national(number: string, country: string): string {
  const code = country.toUpperCase();
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined || !isSupportedCountry(code)) return number.slice(1);
  const home = getCountryCallingCode(code) === parsed.countryCallingCode;
  return (home ? parsed.formatNational() : parsed.format('IDD', { fromCountry: code })).replace(/\D/g, '');
}
