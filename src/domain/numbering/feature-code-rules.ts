import type { FeatureCodes } from '../identity/account.js';
import { emergencyNumbers, emergencyTestNumber } from './emergency.js';

/** What codes must keep clear of. */
export interface FeatureCodeSurroundings {
  /** ISO 3166-1 alpha-2 of every site. */
  readonly countries: readonly string[];
  /** Whether somebody is reached by dialling this form: an extension, or site code and extension. */
  readonly isExtension: (form: string) => boolean;
}

export interface FeatureCodeProblem {
  readonly code: keyof FeatureCodes;
  /** One sentence that names the fault and the remedy. */
  readonly text: string;
}

const NAMES: readonly (keyof FeatureCodes)[] = ['hotDeskSignIn', 'hotDeskSignOut', 'deviceLock', 'phoneActivation'];
/** What an account may do without. */
const OPTIONAL: ReadonlySet<keyof FeatureCodes> = new Set<keyof FeatureCodes>(['deviceLock', 'phoneActivation']);
/** A star or a pound sign, then up to four more, and a digit last: a phone's own send key `#` is cut off the end. */
const SHAPE = /^[*#][*#0-9]{0,3}[0-9]$/;

/**
 * Everything that stands against a set of feature codes; nothing = they may be used. Signing in takes the extension behind its code,
 * so no code may begin with another one; and with or without its star no code may be an emergency number or an extension, which is
 * what people in a hurry dial.
 */
export function featureCodeProblems(codes: FeatureCodes, around: FeatureCodeSurroundings): readonly FeatureCodeProblem[] {
  return NAMES.flatMap((code) => {
    const text = problemOf(code, codes, around);
    return text === null ? [] : [{ code, text }];
  });
}

function problemOf(name: keyof FeatureCodes, codes: FeatureCodes, { countries, isExtension }: FeatureCodeSurroundings): string | null {
  const code = codes[name];
  if (code === '' && OPTIONAL.has(name)) return null;
  if (!SHAPE.test(code)) return 'A code begins with * or #, ends with a digit, and has 2 to 5 characters of * # 0-9.';
  const other = NAMES.find((one) => one !== name && codes[one] !== '' && (code.startsWith(codes[one]) || codes[one].startsWith(code)));
  if (other !== undefined) {
    return codes[other] === code ? 'Two features have the same code. Give each its own.'
      : `The codes ${code} and ${codes[other]} begin alike, one with all of the other. Choose codes that differ before either ends.`;
  }
  const digits = code.replace(/[*#]/g, '');
  const emergency = countries.flatMap((country) => [...emergencyNumbers(country), emergencyTestNumber(country) ?? []].flat())
    .find((number) => digits.startsWith(number));
  if (emergency !== undefined) return `The code holds the emergency number ${emergency}. Choose other digits.`;
  return isExtension(digits) ? `Extension ${digits} has the digits of this code. Choose another one.` : null;
}
