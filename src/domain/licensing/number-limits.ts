import type { CallingPlanCode } from './plans.js';

/**
 * How many direct numbers a holder of each plan may have.
 * Deviation: the public plans name no limits of their own; these are ours.
 */
const NUMBERS_BY_PLAN: Readonly<Record<CallingPlanCode, number>> = {
  100: 5, 101: 5, 102: 5, 103: 5, 104: 5, 107: 5,
  200: 10, 201: 10, 202: 10, 203: 10, 204: 10, 207: 10,
  1000: 10, 1001: 5,
};

/** The most generous of the plans decides; without a plan there are no direct numbers (call-policy rule 5). */
export function numberLimit(plans: readonly CallingPlanCode[]): number {
  return Math.max(0, ...plans.map((plan) => NUMBERS_BY_PLAN[plan]));
}
