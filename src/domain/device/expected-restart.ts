import { compareVersions } from './firmware-rules.js';
import { PHONE_FAMILIES, type RestartRule } from './phone-families.js';
import type { KnownPhone } from './phone-families-recognise.js';

export const RESTART_EXPECTATIONS = ['no', 'perhaps', 'yes', 'unknown'] as const;
export type RestartExpectation = (typeof RESTART_EXPECTATIONS)[number];

export interface ExpectedRestart {
  readonly expected: RestartExpectation;
  readonly text: string;
}

export interface RestartFacts {
  readonly phone: KnownPhone;
  /** It is asked to restart. */
  readonly restart: boolean;
  /** Of what it has and what it would get. */
  readonly change: 'never-delivered' | 'same' | 'changed' | 'unrenderable';
  /** Lines that differ, in both texts. */
  readonly changedLines: readonly string[];
  /** What it is told to run; null = what it has. */
  readonly firmware: string | null;
}

/** Whether the phone would restart when it is asked to read its configuration, and why. */
export function expectedRestart({ phone, restart, change, changedLines, firmware }: RestartFacts): ExpectedRestart {
  const { restarts, resyncEvent, restartEvent } = PHONE_FAMILIES[phone.family];
  if (restart) {
    return restartEvent !== null && restartEvent !== resyncEvent ? { expected: 'yes', text: 'It is asked to restart.' }
      : { expected: 'perhaps', text: 'There is no event of its own for it: it restarts where its settings say so.' };
  }
  if (firmware !== null && phone.firmware !== null && compareVersions(firmware, phone.firmware) !== 0) {
    return { expected: 'yes', text: `It runs firmware ${phone.firmware} and is told to run ${firmware}: it is away for some minutes when it takes it.` };
  }
  switch (change) {
    case 'same':
      return { expected: 'no', text: 'Nothing in its files changes.' };
    case 'never-delivered':
      return { expected: 'perhaps', text: 'It reads its first configuration from here.' };
    case 'unrenderable':
      return { expected: 'no', text: 'Its file cannot be made, so it keeps what it has.' };
    case 'changed':
      return ofChange(restarts, changedLines);
  }
}

function ofChange({ expected, text, settings }: RestartRule, lines: readonly string[]): ExpectedRestart {
  return settings !== null && lines.some((line) => settings.test(line)) ? { expected: 'yes', text } : { expected, text };
}
