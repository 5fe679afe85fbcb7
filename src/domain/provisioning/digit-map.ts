import type { FeatureCodes } from '../identity/account.js';

/** What a phone must know of dialling: when to send without a send key. */
export interface DiallingFacts {
  readonly codes: FeatureCodes;
  readonly emergencyNumbers: readonly string[];
}

/** Languages of digit maps; phones of one maker share one. */
export type DigitMapSyntax = 'timer' | 'cisco' | 'grandstream';

/** Seconds from the last digit: of a number that is complete and could go on, and of any other. */
export const SHORT_TIMER_SECONDS = 2;
export const LONG_TIMER_SECONDS = 4;

/** A number and when it goes out: at once, or after the short timer since more digits may follow. */
interface Entry {
  readonly number: string;
  readonly timed: boolean;
  /** More digits may belong to it: signing in takes the extension behind the code. */
  readonly open: boolean;
}

/**
 * Feature codes and emergency numbers come first; all else is sent after the long timer. Emergency numbers wait for the short timer,
 * because extensions may begin with their digits (France: 15).
 */
function entries({ codes, emergencyNumbers }: DiallingFacts): readonly Entry[] {
  return [
    { number: codes.hotDeskSignIn, timed: true, open: true },
    { number: codes.hotDeskSignOut, timed: false, open: false },
    ...(codes.deviceLock === '' ? [] : [{ number: codes.deviceLock, timed: false, open: false }]),
    ...(codes.phoneActivation === '' ? [] : [{ number: codes.phoneActivation, timed: false, open: false }]),
    ...emergencyNumbers.map((number) => ({ number, timed: true, open: false })),
  ];
}

const WRITERS: Readonly<Record<DigitMapSyntax, (all: readonly Entry[]) => string>> = {
  // Yealink and Poly: T = wait for the timer, `.` = any number of the digit before.
  'timer': (all) => [
    ...all.flatMap(({ number, timed, open }) => [timed ? `${number}T` : number, ...(open ? [`${number}x.T`] : [])]), '+x.T', '*x.T', 'x.T',
  ].join('|'),
  // Cisco: S0 = at once; what is complete and could go on waits for Interdigit_Short_Timer.
  'cisco': (all) => `(${[
    ...all.flatMap(({ number, timed, open }) => [timed ? number : `${number}S0`, ...(open ? [`${number}x.`] : [])]), '+xx.', '*xx.', 'xx.',
  ].join('|')})`,
  // Grandstream: x+ = one or more digits; what matches in full and could go on waits for the no-key-entry time-out.
  'grandstream': (all) => `{ ${[...all.flatMap(({ number, open }) => [number, ...(open ? [`${number}x+`] : [])]), '\\+x+', '*x+', 'x+'].join(' | ')} }`,
};

/**
 * The digit map of a phone.
 * @param facts digits, `*` and `#` only, as the account's own rules make sure
 */
export function digitMap(syntax: DigitMapSyntax, facts: DiallingFacts): string {
  return WRITERS[syntax](entries(facts));
}

/** Poly wants a time-out for each entry of the map, in the same order, in seconds. */
export function digitMapTimeOuts(facts: DiallingFacts): string {
  const known = entries(facts).flatMap(({ open }) => (open ? [SHORT_TIMER_SECONDS, SHORT_TIMER_SECONDS] : [SHORT_TIMER_SECONDS]));
  return [...known, LONG_TIMER_SECONDS, LONG_TIMER_SECONDS, LONG_TIMER_SECONDS].join('|');
}

/** Whether a key may dial it: a number, a feature code, an extension. */
export function isDialable(number: string): boolean {
  return /^\+?[0-9*#]{1,32}$/.test(number);
}
