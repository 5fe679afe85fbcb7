import type { FeatureCodes } from '../identity/account.js';
import type { ExtensionRange } from '../identity/site.js';
import { emergencyNumbers, emergencyTestNumber } from './emergency.js';

/** What is wrong with a site's ranges, by position; null = nothing. */
export function rangeProblem(ranges: readonly ExtensionRange[], siteCode: string | null): { readonly index: number; readonly text: string } | null {
  const most = longest(siteCode);
  for (const [index, { from, to }] of ranges.entries()) {
    if (![from, to].every((end) => /^[1-9][0-9]*$/.test(end) && end.length <= most)) {
      return { index, text: `Both ends of a range are extensions of at most ${most} digits, without a leading zero.` };
    }
    if (Number(from) > Number(to)) return { index, text: 'A range ends where it begins or later. Swap the two.' };
  }
  return null;
}

export interface ExtensionSite {
  /** 1–2 digits; null while the site has none. */
  readonly siteCode: string | null;
  readonly featureCodes: FeatureCodes;
  /** ISO 3166-1 alpha-2 of the site. */
  readonly country: string;
}

export interface ExtensionQuestion extends ExtensionSite {
  /** Who is reached by dialling this form (short, or site code + number) today; null = nobody. */
  readonly taken: (form: string) => string | null;
}

export type ExtensionRule = 'digits' | 'operator' | 'leading-zero' | 'length' | 'emergency' | 'feature-code' | 'taken';

export type ExtensionVerdict =
  | { readonly kind: 'ok' }
  /** `text` is one sentence that names the fault and the remedy. */
  | { readonly kind: 'refused'; readonly rule: ExtensionRule; readonly text: string };

const OK: ExtensionVerdict = { kind: 'ok' };

/** Whether an extension may have this number at its site (call-policy "Numbers and extensions"), on every dialable form. */
export function checkExtension(number: string, question: ExtensionQuestion): ExtensionVerdict {
  const shape = checkShape(number, question);
  if (shape.kind === 'refused') return shape;
  for (const form of formsOf(number, question.siteCode)) {
    const holder = question.taken(form);
    if (holder !== null) return refused('taken', `Extension ${form} belongs to ${holder}. Choose another one.`);
  }
  return OK;
}

export interface ExtensionChoice extends ExtensionSite {
  readonly from?: string;
  /** With any, numbers come from these alone, in their order. */
  readonly ranges?: readonly ExtensionRange[];
}

/**
 * The lowest free number from `from` on (default 1001, behind a site code 201), first in its own length, then in longer ones,
 * at last from the start; null when the site, or its ranges, are full. `used` holds the site's numbers, short or full.
 */
export function nextFreeExtension(used: readonly string[], site: ExtensionChoice): string | null {
  const taken = new Set(used);
  const least = site.siteCode === null ? 1 : 10;
  const most = 10 ** longest(site.siteCode) - 1;
  const wanted = Number(site.from ?? (site.siteCode === null ? '1001' : '201'));
  const start = Number.isInteger(wanted) && wanted >= least && wanted <= most ? wanted : least;
  const isFree = (value: number): boolean => {
    const number = String(value);
    return !formsOf(number, site.siteCode).some((form) => taken.has(form)) && checkShape(number, site).kind === 'ok';
  };
  if (site.ranges !== undefined && site.ranges.length > 0) {
    for (const { from, to } of site.ranges) {
      for (let value = Number(from); value <= Math.min(Number(to), most); value += 1) if (isFree(value)) return String(value);
    }
    return null;
  }
  for (let value = start; value <= most; value += 1) if (isFree(value)) return String(value);
  for (let value = least; value < start; value += 1) if (isFree(value)) return String(value);
  return null;
}

function checkShape(number: string, { siteCode, featureCodes, country }: ExtensionSite): ExtensionVerdict {
  if (!/^[0-9]+$/.test(number)) return refused('digits', 'An extension has digits only. Give 1 to 6 digits.');
  if (number === '0') return refused('operator', 'Extension 0 is the operator. Choose another one.');
  if (number.startsWith('0')) return refused('leading-zero', 'An extension does not begin with 0. Leave the zeros out.');
  const least = siteCode === null ? 1 : 2;
  const most = longest(siteCode);
  if (number.length < least || number.length > most) return refused('length', lengthText(siteCode, least, most));
  for (const form of formsOf(number, siteCode)) {
    const emergency = emergencyNumbers(country).find((digits) => form.startsWith(digits));
    if (emergency !== undefined) {
      return refused('emergency', `${form} begins with the emergency number ${emergency}. Choose digits that begin otherwise.`);
    }
    if (form === emergencyTestNumber(country)) return refused('emergency', `${form} is the emergency test number. Choose another one.`);
    const feature = Object.values(featureCodes).find((code: string) => code.replace(/[*#]/g, '') === form);
    if (feature !== undefined) return refused('feature-code', `${form} has the digits of the feature code ${feature}. Choose another one.`);
  }
  return OK;
}

function lengthText(siteCode: string | null, least: number, most: number): string {
  const where = siteCode === null ? 'An extension' : `Behind the site code ${siteCode} an extension`;
  return `${where} has ${least} to ${most} digits. Choose one of that length.`;
}

/** With a site code: 2–5 digits, no longer than 6 together. */
function longest(siteCode: string | null): number {
  return siteCode === null ? 6 : Math.min(5, 6 - siteCode.length);
}

function formsOf(number: string, siteCode: string | null): readonly string[] {
  return siteCode === null ? [number] : [number, siteCode + number];
}

function refused(rule: ExtensionRule, text: string): ExtensionVerdict {
  return { kind: 'refused', rule, text };
}
