import type { FraudMetric } from '../fraud/guard.js';
import { judgeGuards } from '../fraud/judge-guards.js';
import type { Reason } from '../reasons.js';
import type { CallFacts } from './call-facts.js';
import { notApplicable, passed, refuse, type RuleVerdict } from './rule-chain.js';

const REASON: Readonly<Record<FraudMetric, Reason>> = {
  'calls-per-minute': 'fraud-calls-per-minute', 'concurrent-calls': 'fraud-concurrent-calls', 'same-number': 'fraud-same-number', 'minutes-per-day': 'fraud-minutes-per-day',
  'cost-per-day': 'fraud-cost-per-day', 'new-countries': 'fraud-new-countries', 'after-hours': 'fraud-after-hours',
};

/** Rule 7, the guards: calls to the telephone network that look like fraud. */
export function judgeFraud({ limits }: CallFacts): RuleVerdict {
  const readings = limits?.guards ?? [];
  if (readings.length === 0) return notApplicable('No guard against fraud watches this call.');
  const [gravest] = judgeGuards(readings);
  if (gravest?.level === 'critical') {
    const { guard, value, threshold, held } = gravest;
    const why = held ? 'holds the caller back since it was passed' : `counts ${value}, of at most ${threshold}`;
    return refuse(held ? 'fraud-held' : REASON[guard.metric], `Guard ${guard.name} ${why}.`);
  }
  if (gravest !== undefined) return passed(`Guard ${gravest.guard.name} warns: it counts ${gravest.value}, of ${gravest.threshold}.`);
  return passed(`Guards that watch this call: ${readings.map(({ guard, value }) => `${guard.name} (${value})`).join(', ')}.`);
}
