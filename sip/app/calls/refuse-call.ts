import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import { REASONS, type Reason } from '../../../src/domain/reasons.js';
import { refusalAnswer, type Answer } from '../steps/answer.js';

/** The final response for a refused call. Outside, the cause is told, and nothing of what is set up here. */
export function refusalFor({ source }: CallFacts, reason: Reason, status: number): Answer {
  if (source.kind === 'device') return refusalAnswer(reason, { status });
  return refusalAnswer(reason, { status, headers: { Reason: `Q.850;cause=${REASONS[reason].q850}` } });
}
