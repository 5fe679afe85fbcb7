import { z } from 'zod';
import type { FieldProblem } from '../../usecases/outcome.js';

/** Something that was done all the same. */
export const warning = z.object({ field: z.string(), message: z.string().describe('What is odd and what to do.') });

export function warningsView(problems: readonly FieldProblem[]): z.output<typeof warning>[] {
  return problems.map(({ field, text }) => ({ field, message: text }));
}
