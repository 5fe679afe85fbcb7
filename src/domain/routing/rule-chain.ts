import type { Reason } from '../reasons.js';
import { REASONS } from '../reasons.js';
import type { CallDecision, CallOutcome, PolicyRule, RuleStep } from './call-decision.js';

/** What one rule says: a note and on to the next rule, or the outcome that ends the chain. */
export type RuleVerdict =
  | { readonly kind: 'passed' | 'not-applicable'; readonly note: string }
  | { readonly kind: 'decided'; readonly note: string; readonly outcome: CallOutcome };

export interface NamedRule<Facts> {
  readonly rule: PolicyRule;
  readonly judge: (facts: Facts) => RuleVerdict;
}

/** Asks rule after rule until one decides; the last must. Throws when none does: a hole in the policy is a bug. */
export function decideByRules<Facts>(rules: readonly NamedRule<Facts>[], facts: Facts): CallDecision {
  const chain: RuleStep[] = [];
  for (const { rule, judge } of rules) {
    const verdict = judge(facts);
    chain.push({ rule, verdict: verdict.kind, note: verdict.note });
    if (verdict.kind === 'decided') return { outcome: verdict.outcome, chain };
  }
  throw new Error('no rule of the call policy decided');
}

export function passed(note: string): RuleVerdict {
  return { kind: 'passed', note };
}

export function notApplicable(note: string): RuleVerdict {
  return { kind: 'not-applicable', note };
}

export function decided(outcome: CallOutcome, note: string): RuleVerdict {
  return { kind: 'decided', outcome, note };
}

/** Refuses; the reason's own sentence follows what was seen. */
export function refuse(reason: Reason, seen: string): RuleVerdict {
  return decided({ kind: 'reject', reason }, `${seen} ${REASONS[reason].text}`);
}
