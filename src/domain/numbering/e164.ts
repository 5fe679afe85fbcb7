import type { CountryCode, PhoneNumber } from 'libphonenumber-js/min';
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

export interface NationalContext {
  /** ISO 3166-1 alpha-2 of who dials: decides national and international prefixes. */
  readonly country: string;
  /** Prefixed to local forms; '' = none. A leading national prefix (0) does not matter. */
  readonly areaCode: string;
}

export interface E164Number {
  readonly e164: string;
  /** ISO 3166-1 alpha-2; null for numbers of no country (satellite, international services). */
  readonly country: string | null;
}

/** Local subscriber numbers are shorter than national ones; longer digits are never taken for one. */
const LOCAL_DIGITS = { least: 5, most: 8, northAmerica: 7 } as const;

/**
 * Reads digits (optionally with a leading `+`) as a telephone number: `+`, the country's own international prefix, `00`,
 * `011`, national with or without its prefix, and the local form behind the area code. Null when no reading is possible.
 */
export function toE164(digits: string, context: NationalContext): E164Number | null {
  const country = supported(context.country);
  let possible: PhoneNumber | null = null;
  for (const reading of readings(digits, country, context.areaCode)) {
    const number = parsePhoneNumberFromString(reading, country === null ? {} : { defaultCountry: country });
    if (number?.isValid() === true) return asE164(number, country);
    // Numbering plans grow faster than tables of them: a length that fits is good enough for a full number.
    if (possible === null && number?.isPossible() === true && digits.length > LOCAL_DIGITS.northAmerica) possible = number;
  }
  return possible === null ? null : asE164(possible, country);
}

/** What the digits may stand for, likeliest first. */
function readings(digits: string, country: CountryCode | null, areaCode: string): readonly string[] {
  if (digits.startsWith('+')) return [digits];
  const list: string[] = [];
  if (country !== null && areaCode !== '' && isLocalForm(digits, country)) list.push(...withAreaCode(digits, areaCode, country));
  // Fewer digits make a number only behind an area code: unknown extensions must not ring strangers.
  if (digits.length > 6) list.push(digits);
  // Interop: both prefixes are known world-wide from address books, whatever the country's own is.
  if (digits.startsWith('00')) list.push(`+${digits.slice(2)}`);
  if (digits.startsWith('011')) list.push(`+${digits.slice(3)}`);
  return list;
}

function isLocalForm(digits: string, country: CountryCode): boolean {
  if (digits.startsWith('0')) return false;
  if (getCountryCallingCode(country) === '1') return digits.length === LOCAL_DIGITS.northAmerica;
  return digits.length >= LOCAL_DIGITS.least && digits.length <= LOCAL_DIGITS.most;
}

/** With and without a leading 0: it is a prefix in most countries, a part of the number in Italy. */
function withAreaCode(digits: string, areaCode: string, country: CountryCode): readonly string[] {
  const bare = areaCode.replace(/\D/g, '').replace(/^0/, '');
  if (bare === '') return [];
  return getCountryCallingCode(country) === '1' ? [bare + digits] : [`0${bare}${digits}`, bare + digits];
}

function asE164(number: PhoneNumber, acting: CountryCode | null): E164Number {
  const sharesActingCode = acting !== null && getCountryCallingCode(acting) === number.countryCallingCode;
  const country = number.country ?? (sharesActingCode ? acting : number.getPossibleCountries()[0]);
  return { e164: number.number, country: country ?? null };
}

function supported(country: string): CountryCode | null {
  const code = country.toUpperCase();
  return isSupportedCountry(code) ? code : null;
}
