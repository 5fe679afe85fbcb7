import type { ForkFailure } from '../calls/fork.js';
import type { ForwardTo, HandlingRules, NotTaken } from './call-handling.js';

/** What begins to ring at one moment of a call. */
export interface RingStep {
  /** From the beginning. */
  readonly afterSeconds: number;
  /** The extension's own phones. */
  readonly phones: boolean;
  /** E.164 with `+`. */
  readonly numbers: readonly string[];
  /** What rang before is left. */
  readonly alone: boolean;
}

/** Everything that rings for an extension; at least one step, the first one at once. */
export interface RingPlan {
  readonly steps: readonly RingStep[];
  /** For how long all of it. */
  readonly ringSeconds: number;
}

/** What becomes of a call that nobody took. */
export interface Otherwise {
  readonly unanswered: NotTaken;
  readonly busy: NotTaken;
}

/** RFC 5806 §4.1 and RFC 4458 name why a call was sent on. */
export type SentOnBecause = 'unconditional' | 'no-answer' | 'user-busy' | 'deflection';

/**
 * When phones and numbers ring; null where nothing would. Where what comes first in time is missing, the rest does not wait for it.
 * @param phones whether any phone of the extension can ring
 * @param usualSeconds how long calls ring without a rule
 */
export function ringPlan(rules: HandlingRules, phones: boolean, usualSeconds: number): RingPlan | null {
  const whole = rules.ringSeconds ?? usualSeconds;
  const entries = [
    ...(phones && rules.phones.enabled ? [{ ...rules.phones, phones: true, numbers: [] }] : []),
    ...rules.numbers.filter(({ enabled }) => enabled).map((number) => ({ ...number, phones: false, numbers: [number.number] })),
  ];
  const [first] = entries;
  if (first === undefined) return null;
  if (rules.ringMode === 'sequential') {
    const share = Math.max(5, Math.floor(whole / entries.length));
    const steps: RingStep[] = [];
    let afterSeconds = 0;
    for (const entry of entries) {
      steps.push({ afterSeconds, phones: entry.phones, numbers: entry.numbers, alone: steps.length > 0 });
      afterSeconds += entry.ringSeconds ?? share;
    }
    return { steps, ringSeconds: afterSeconds };
  }
  const earliest = Math.min(...entries.map(({ delaySeconds }) => delaySeconds));
  const inTime = entries.filter(({ delaySeconds }) => delaySeconds - earliest < whole);
  const moments = [...new Set(inTime.map(({ delaySeconds }) => delaySeconds))].sort((a, b) => a - b);
  const steps = moments.map((moment) => {
    const ringing = inTime.filter(({ delaySeconds }) => delaySeconds === moment);
    return { afterSeconds: moment - earliest, phones: ringing.some((entry) => entry.phones), numbers: ringing.flatMap(({ numbers }) => numbers), alone: false };
  });
  return { steps, ringSeconds: whole };
}

/** Phones of the extension alone, all at once: what needs no plan. */
export function isPlain({ steps }: RingPlan): boolean {
  const [only] = steps;
  return steps.length === 1 && only !== undefined && only.phones && only.numbers.length === 0;
}

/** Where a call goes on to when everything that rang has failed; null = nowhere. Whoever declined was there, but nobody took it. */
export function afterRinging(otherwise: Otherwise, status: number, cause: ForkFailure): { readonly to: ForwardTo; readonly because: SentOnBecause } | null {
  if (cause === 'caller-cancelled') return null;
  const busy = cause === 'all-failed' && status === 486;
  const to = busy ? otherwise.busy : otherwise.unanswered;
  return to.kind === 'disconnect' ? null : { to, because: busy ? 'user-busy' : 'no-answer' };
}
