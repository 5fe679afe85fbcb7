import { getCountries, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/min';

export interface CountryOrRegion {
  /** ISO 3166-1 alpha-2. */
  readonly isoCode: string;
  /** Calling code without `+`; several countries may share one. */
  readonly callingCode: string;
}

/** Every country and region that has telephone numbers of its own, by ISO code. */
export const COUNTRIES_AND_REGIONS: readonly CountryOrRegion[] = [...getCountries()].sort()
  .map((isoCode) => ({ isoCode, callingCode: getCountryCallingCode(isoCode) }));

/** Calling code without `+` of an ISO 3166-1 alpha-2 code, any case; null where there are no telephone numbers of its own. */
export function callingCodeOf(isoCode: string): string | null {
  const code = isoCode.toUpperCase();
  return isSupportedCountry(code) ? getCountryCallingCode(code) : null;
}
