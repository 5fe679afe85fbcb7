import { z } from 'zod';
import type { OutboundSubject } from '../../usecases/admin/outbound-places.js';
import type { OutboundRule } from '../../domain/routing/outbound-rules.js';

/** One of the four kinds of places that have outbound rules, with the names of its operations. */
export interface OutboundLevelRoutes {
  readonly path: string;
  /** In words, for summaries. */
  readonly whose: string;
  readonly subject: (params: Readonly<Record<string, string>>) => OutboundSubject;
  readonly operations: {
    readonly getCountries: string;
    readonly setCountries: string;
    readonly listExceptions: string;
    readonly addException: string;
    readonly removeException: string;
    readonly updateException: string;
  };
}

export const OUTBOUND_TAG = 'Outbound calling';

/** `1` allows, `2` blocks. */
export const ruleNumber = z.union([z.literal(1), z.literal(2)]);

const RULE_NUMBERS: Readonly<Record<OutboundRule, 1 | 2>> = { allow: 1, block: 2 };

export function numberOfRule(rule: OutboundRule): 1 | 2 {
  return RULE_NUMBERS[rule];
}

export function ruleOfNumber(number: 1 | 2): OutboundRule {
  return number === 1 ? 'allow' : 'block';
}
