import { z } from 'zod';

/**
 * One line of text: outer white space goes, control characters are refused (they would reach phones, logs and files).
 */
export function line(maximum: number) {
  // eslint-disable-next-line no-control-regex
  return z.string().trim().max(maximum).regex(/^[^\u0000-\u001f\u007f]*$/, 'Control characters are not allowed.');
}

export function requiredLine(maximum: number) {
  return line(maximum).min(1, 'This field may not be empty.');
}

export const email = z.email('Give an e-mail address, e.g. ada@example.com.').max(128);

/**
 * A number or its text; '0', '' and 0 ask for the next free one. What the digits may be is the numbering rules'
 * business.
 */
export const extensionNumber = z.union([z.int().min(0), z.string().trim().max(20)]).describe(
  '0 or missing asks for the next free extension of the site.',
);

export const areaCode = z.string().regex(/^\d{0,6}$/, 'An area code has at most 6 digits.');

export const country = z.string().refine(isCountry, 'Give an ISO 3166-1 country code of two letters, e.g. US.');

export const timeZone = z.string().max(64).refine(isTimeZone, 'Give an IANA time zone, e.g. Europe/Berlin.');

export const macAddress = z.string().trim().regex(
  /^([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$/,
  'A MAC address has twelve hex digits, with or without : or - between pairs.',
);

/** A plan or package by code, as number or text. */
export const planCode = z.union([z.int().min(0), z.string().trim().min(1).max(100)]);

export const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).describe('A day (UTC) or an instant.');

export const siteRef = z.object({ id: z.string(), name: z.string() });

export const heldPlan = z.object({
  name: z.string(), type: z.int(), billing_account_id: z.string(), billing_account_name: z.string(),
});

export const heldNumber = z.object({ id: z.string(), number: z.string() });

export const postalAddress = z.object({
  address_line1: requiredLine(255),
  address_line2: line(255).default(''),
  city: requiredLine(100),
  country,
  state_code: line(50),
  zip: line(20),
});

function isTimeZone(text: string): boolean {
  if (text === '') return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const COUNTRY_NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Two letters that name a region and no country. */
const NO_COUNTRY: ReadonlySet<string> = new Set(['EU', 'EZ', 'UN', 'ZZ', 'XA', 'XB']);

function isCountry(text: string): boolean {
  const code = text.toUpperCase();
  return /^[A-Z]{2}$/.test(code) && !NO_COUNTRY.has(code) && COUNTRY_NAMES.of(code) !== undefined;
}

export function countryView(code: string): { readonly code: string; readonly name: string } {
  return { code, name: COUNTRY_NAMES.of(code) ?? code };
}
