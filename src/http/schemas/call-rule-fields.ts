import { z } from 'zod';

/** How a rule about numbers matches, in the API's words. */
export const matchType = z.enum(['phoneNumber', 'prefix']);
export const ruleStatus = z.enum(['active', 'inactive']);

export function matchNumber(type: z.output<typeof matchType>): 'number' | 'prefix' {
  return type === 'prefix' ? 'prefix' : 'number';
}

export function matchView(match: 'number' | 'prefix'): z.output<typeof matchType> {
  return match === 'prefix' ? 'prefix' : 'phoneNumber';
}
