import type { CallerIdChoice, PhoneNumber } from './phone-number.js';

/** Why a number may be shown: owned, or permitted to the extension, its site or the whole account. */
export type NumberOrigin = 'own' | 'extension' | 'site' | 'account';

export interface PermittedNumber {
  readonly number: PhoneNumber;
  readonly origin: NumberOrigin;
}

/** Numbers that concern a caller, each list in its order of preference. */
export interface CallerNumbers {
  /** Direct numbers, primary first. */
  readonly own: readonly PhoneNumber[];
  readonly extension: readonly PhoneNumber[];
  readonly site: readonly PhoneNumber[];
  readonly account: readonly PhoneNumber[];
  /** Null = none made. */
  readonly choice: CallerIdChoice | null;
}

export const NO_CALLER_NUMBERS: CallerNumbers = { own: [], extension: [], site: [], account: [], choice: null };

/** What a call out shows. */
export type CallerId =
  | { readonly kind: 'shown'; readonly number: PhoneNumber; readonly origin: NumberOrigin; readonly chosen: boolean }
  /** The caller chose to withhold the number. */
  | { readonly kind: 'hidden' }
  /** There is no number that the caller may show. */
  | { readonly kind: 'none' };

/** Every number the caller may show, each once, the likeliest first: own, then the extension's, the site's, the account's. */
export function permittedNumbers(numbers: CallerNumbers): readonly PermittedNumber[] {
  const seen = new Set<string>();
  const permitted: PermittedNumber[] = [];
  for (const origin of ['own', 'extension', 'site', 'account'] as const) {
    for (const number of numbers[origin]) {
      if (!number.outgoing || seen.has(number.id)) continue;
      seen.add(number.id);
      permitted.push({ number, origin });
    }
  }
  return permitted;
}

/**
 * The number a call out shows (call policy rule 8). What was chosen is shown while it is permitted; without a choice, or with
 * one that is permitted no more, the first permitted number. What a phone claims has no say.
 */
export function callerIdOf(numbers: CallerNumbers): CallerId {
  const { choice } = numbers;
  if (choice !== null && choice.phoneNumberId === null) return { kind: 'hidden' };
  const permitted = permittedNumbers(numbers);
  const chosen = permitted.find(({ number }) => number.id === choice?.phoneNumberId);
  const shown = chosen ?? permitted[0];
  return shown === undefined ? { kind: 'none' } : { kind: 'shown', ...shown, chosen: chosen !== undefined };
}
