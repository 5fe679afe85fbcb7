import type { AccountId, OutboundExceptionId } from '../ids.js';
import type { CallRulePlace, CallRuleScope } from './blocked-number.js';

export type OutboundRule = 'allow' | 'block';

/** What a place says of a whole country or region; a place that says nothing inherits. */
export interface OutboundCountryRule extends CallRulePlace {
  readonly accountId: AccountId;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly rule: OutboundRule;
}

/** What a place says of some numbers of a country, whatever it or an outer place says of the country. */
export interface OutboundException extends CallRulePlace {
  readonly id: OutboundExceptionId;
  readonly accountId: AccountId;
  /** ISO 3166-1 alpha-2; numbers of other countries are never matched, though they may share its calling code. */
  readonly country: string;
  readonly match: 'number' | 'prefix';
  /** E.164 with `+`, whole or its beginning. */
  readonly number: string;
  readonly rule: OutboundRule;
  readonly comment: string;
  readonly status: 'active' | 'inactive';
  readonly createdAt: number;
}

/** What one level says of one number. */
export interface OutboundLevel {
  readonly scope: CallRuleScope;
  /** Whose rules, in words: `the account`, `site Berlin`, `extension 1002`. */
  readonly holder: string;
  /** The most specific active exception that matches; null = none. */
  readonly exception: Pick<OutboundException, 'number' | 'rule'> | null;
  /** Its rule for the number's country; null = it says nothing. */
  readonly country: OutboundRule | null;
}

/** The levels that count for somebody or for a phone's place, outermost first. */
export type OutboundChain = readonly OutboundLevel[];

/** What a chain says, and which level decided; null = no level says anything, so that the number is allowed. */
export interface OutboundVerdict {
  readonly rule: OutboundRule;
  readonly by: 'exception' | 'country';
  readonly level: OutboundLevel;
}

/**
 * Asks from the innermost level outwards; at each its exception counts before its rule for the country. The first that says
 * something decides, except that an allowed country does not lift the exceptions of outer levels that block: those single
 * numbers out, and only an exception further in lifts them.
 */
export function resolveOutbound(chain: OutboundChain): OutboundVerdict | null {
  let allowed: OutboundVerdict | null = null;
  for (const level of chain.toReversed()) {
    const { exception, country } = level;
    if (exception !== null) {
      const verdict: OutboundVerdict = { rule: exception.rule, by: 'exception', level };
      return exception.rule === 'block' ? verdict : allowed ?? verdict;
    }
    if (country === null || allowed !== null) continue;
    const verdict: OutboundVerdict = { rule: country, by: 'country', level };
    if (country === 'block') return verdict;
    allowed = verdict;
  }
  return allowed;
}
