import type { FeatureCodes } from '../identity/account.js';
import type { Dialled, Feature } from './dialled.js';
import { emergencyNumbers, emergencyTestNumber, isEmergency } from './emergency.js';
import { toE164 } from './e164.js';
import { readRequestUri } from './request-uri.js';

/** Whose digits are read: the desk's country for emergencies, the acting person's site for everything else. */
export interface NumberingContext {
  /** ISO 3166-1 alpha-2 of the device's site. */
  readonly country: string;
  /** ISO 3166-1 alpha-2 of the acting party's site. */
  readonly actingCountry: string;
  /** Prefixed to local-form numbers; '' = none. */
  readonly areaCode: string;
  readonly featureCodes: FeatureCodes;
  /** Site code of the acting party's site; null = none. */
  readonly siteCode: string | null;
  /** Every site code of the account. */
  readonly siteCodes: readonly string[];
  /** Lengths of short extensions at the acting site: settles whether digits are short or begin with a site code. */
  readonly extensionLengths?: readonly number[];
  /** Whether somebody has this extension; with it the reading that exists is taken, and digits nobody has may be a local number. */
  readonly isExtension?: (siteCode: string | null, number: string) => boolean;
}

const CODE_NAMES: Readonly<Record<Feature, keyof FeatureCodes>> = {
  'hot-desk-sign-in': 'hotDeskSignIn',
  'hot-desk-sign-out': 'hotDeskSignOut',
  'device-lock': 'deviceLock',
  'phone-activation': 'phoneActivation',
};
const FEATURES: readonly Feature[] = ['hot-desk-sign-in', 'hot-desk-sign-out', 'device-lock', 'phone-activation'];

/**
 * Reads a Request-URI (call-policy rule 4): emergency, feature code, extension, number, else unknown. Total over all texts.
 * The number parse is only reached by digits that can be no extension.
 */
export function parseDialled(requestUri: string, context: NumberingContext): Dialled {
  const target = readRequestUri(requestUri);
  if (target.kind === 'service') return serviceCall(target.service, context.country);
  const digits = target.text;
  return emergencyCall(digits, context.country)
    ?? featureCode(digits, context.featureCodes)
    ?? plainCall(withoutTerminator(digits), context);
}

/** What may be kept of the dialled digits in records, logs and events: never what could be a PIN. */
export function recordableDigits(dialled: Dialled, featureCodes: FeatureCodes): string {
  switch (dialled.kind) {
    case 'feature-code':
      // An extension should be there, but somebody may have dialled a PIN.
      return codeOf(dialled.feature, featureCodes) + 'x'.repeat(dialled.argument.length);
    case 'emergency':
      return dialled.number;
    case 'extension':
    case 'number':
      return dialled.digits;
    case 'unknown':
      return withoutSecrets(dialled.digits, featureCodes);
  }
}

function serviceCall(service: 'sos' | 'test.sos', country: string): Dialled {
  const test = emergencyTestNumber(country);
  if (service === 'sos') return { kind: 'emergency', number: emergencyNumbers(country)[0] ?? '112', test: false };
  return test === null ? { kind: 'unknown', digits: 'urn:service:test.sos' } : { kind: 'emergency', number: test, test: true };
}

function emergencyCall(text: string, country: string): Dialled | null {
  const digits = withoutTerminator(text);
  if (isEmergency(digits, country)) return { kind: 'emergency', number: digits.replace('+', ''), test: false };
  return digits === emergencyTestNumber(country) ? { kind: 'emergency', number: digits, test: true } : null;
}

function featureCode(digits: string, codes: FeatureCodes): Dialled | null {
  const feature = longestCode(digits, codes);
  if (feature === undefined) return null;
  const rest = withoutTerminator(digits.slice(codeOf(feature, codes).length));
  if (rest === '') return { kind: 'feature-code', feature, argument: '' };
  if (feature !== 'hot-desk-sign-in' || !/^[0-9*#]+$/.test(rest)) return null;
  // More than an extension could hold a PIN, which is never taken from a dial string: the caller is asked instead.
  return { kind: 'feature-code', feature, argument: /^[0-9]{1,6}$/.test(rest) ? rest : '' };
}

function plainCall(digits: string, context: NumberingContext): Dialled {
  if (!/^\+?[0-9]+$/.test(digits)) return { kind: 'unknown', digits };
  const extension = /^(?:0|[1-9][0-9]{0,5})$/.test(digits) ? extensionCall(digits, context) : null;
  if (extension?.exists === true) return extension.dialled;
  const number = toE164(digits, { country: context.actingCountry, areaCode: context.areaCode });
  if (number !== null) return { kind: 'number', e164: number.e164, digits, country: number.country };
  return extension?.dialled ?? { kind: 'unknown', digits };
}

/** The best reading as extension; `exists` is taken for granted where the context cannot tell. */
function extensionCall(digits: string, context: NumberingContext): { readonly dialled: Dialled; readonly exists: boolean } {
  const short = { siteCode: null, number: digits };
  const full = fullForms(digits, context.siteCodes);
  const { isExtension } = context;
  if (isExtension !== undefined) {
    const found = [short, ...full].find((form) => isExtension(form.siteCode, form.number));
    return { dialled: { kind: 'extension', digits, ...(found ?? short) }, exists: found !== undefined };
  }
  const isShort = full.length === 0 || (context.extensionLengths?.includes(digits.length) ?? false);
  return { dialled: { kind: 'extension', digits, ...(isShort ? short : full[0] ?? short) }, exists: true };
}

/** Site code + extension, longest code first; an extension behind a code has 2–5 digits and no leading zero. */
function fullForms(digits: string, siteCodes: readonly string[]): readonly { readonly siteCode: string; readonly number: string }[] {
  return [...new Set(siteCodes)]
    .filter((code) => code !== '' && digits.startsWith(code))
    .sort((a, b) => b.length - a.length)
    .map((siteCode) => ({ siteCode, number: digits.slice(siteCode.length) }))
    .filter(({ number }) => /^[1-9][0-9]{1,4}$/.test(number));
}

/** Phones may leave their send key `#` at the end. */
function withoutTerminator(digits: string): string {
  return digits.length > 1 && digits.endsWith('#') ? digits.slice(0, -1) : digits;
}

function longestCode(digits: string, codes: FeatureCodes): Feature | undefined {
  return FEATURES
    .filter((candidate) => codeOf(candidate, codes) !== '' && digits.startsWith(codeOf(candidate, codes)))
    .sort((a, b) => codeOf(b, codes).length - codeOf(a, codes).length)[0];
}

function codeOf(feature: Feature, codes: FeatureCodes): string {
  return codes[CODE_NAMES[feature]];
}

/** Keeps the code, one of ours or a star code nobody serves, and no digit behind it. */
function withoutSecrets(text: string, codes: FeatureCodes): string {
  const ours = longestCode(text, codes);
  const kept = ours === undefined ? /^[*#]+[0-9]{0,3}/.exec(text)?.[0] : codeOf(ours, codes);
  return kept === undefined ? text : kept + 'x'.repeat(text.length - kept.length);
}
