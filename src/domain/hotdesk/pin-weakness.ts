/** Why a PIN is none, or is too easy to guess. */
export type PinWeakness = 'not-digits' | 'too-short' | 'too-long' | 'default' | 'repeated' | 'sequential' | 'extension';

export interface PinRules {
  /** Forms under which the holder can be dialled: short, and with the site's code. */
  readonly extensionForms: readonly string[];
  /** Digits, 1 to 6. */
  readonly minLength: number;
}

export const PIN_MAX_DIGITS = 6;
/** What phones and other systems come with. */
const DEFAULT_PIN = '000000';
const ROUND = '0123456789012345';

export const PIN_WEAKNESS_TEXTS: Readonly<Record<PinWeakness, string>> = {
  'not-digits': 'A PIN has digits only.',
  'too-short': 'The PIN is shorter than the account allows.',
  'too-long': `A PIN has at most ${PIN_MAX_DIGITS} digits.`,
  'default': 'This is the PIN that everybody tries first. Choose another one.',
  'repeated': 'The digits repeat. Choose another PIN.',
  'sequential': 'The digits run up or down. Choose another PIN.',
  'extension': 'The PIN is the extension. Choose another one.',
};

/** What stands against a PIN; null = nothing. `shapeOnly` leaves out how easy it is to guess. */
export function pinWeakness(pin: string, rules: PinRules, shapeOnly = false): PinWeakness | null {
  if (!/^[0-9]+$/.test(pin)) return 'not-digits';
  if (pin.length > PIN_MAX_DIGITS) return 'too-long';
  if (pin.length < rules.minLength) return 'too-short';
  if (shapeOnly) return null;
  if (pin === DEFAULT_PIN) return 'default';
  if (rules.extensionForms.includes(pin)) return 'extension';
  if (repeats(pin)) return 'repeated';
  return runs(pin) ? 'sequential' : null;
}

/** One group of digits over and over: 7777, 1212, 123123. */
function repeats(pin: string): boolean {
  for (let size = 1; size <= pin.length / 2; size += 1) {
    if (pin.length % size === 0 && pin === pin.slice(0, size).repeat(pin.length / size)) return true;
  }
  return false;
}

/** 1234, 4321, 8901: three digits at least, round from 9 to 0. */
function runs(pin: string): boolean {
  return pin.length >= 3 && (ROUND.includes(pin) || [...ROUND].reverse().join('').includes(pin));
}
