import type { FraudGuard } from './guard.js';

/** A guard that watches a call, with what it saw. */
export interface GuardReading {
  readonly guard: FraudGuard;
  /** Of its metric, this call included where it counts calls. */
  readonly value: number;
  /** The caller is held back by an earlier critical verdict that nobody lifted. */
  readonly held: boolean;
}

export interface GuardVerdict {
  readonly guard: FraudGuard;
  readonly value: number;
  readonly level: 'warning' | 'critical';
  /** 0 where the caller was held already. */
  readonly threshold: number;
  readonly held: boolean;
}

/** What guards say of a call, the gravest first. Pure. */
export function judgeGuards(readings: readonly GuardReading[]): readonly GuardVerdict[] {
  const verdicts = readings.flatMap(({ guard, value, held }): GuardVerdict[] => {
    if (held) return [{ guard, value, level: 'critical', threshold: 0, held }];
    if (guard.critical !== null && passes(guard, value, guard.critical)) return [{ guard, value, level: 'critical', threshold: guard.critical, held }];
    return guard.warning !== null && passes(guard, value, guard.warning) ? [{ guard, value, level: 'warning', threshold: guard.warning, held }] : [];
  });
  return [...verdicts.filter(({ level }) => level === 'critical'), ...verdicts.filter(({ level }) => level === 'warning')];
}

/** What is counted with this call must be more; what was used up before must have reached it. */
function passes({ metric }: FraudGuard, value: number, threshold: number): boolean {
  return metric === 'cost-per-day' || metric === 'minutes-per-day' ? value >= threshold : value > threshold;
}
