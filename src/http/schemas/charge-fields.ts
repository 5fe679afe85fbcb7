import { z } from 'zod';
import { moneyText } from '../../domain/charges/money.js';
import type { CallCharge } from '../../domain/charges/charge.js';

/** What a call came to, as ours has it; money is decimal text. */
export const chargeFields = z.object({
  charge_mode: z.enum(['per-minute', 'included', 'unrated']).describe('unrated: no rate deck has a price for it.'),
  currency: z.string(), total_charge: z.string(), rate_per_minute: z.string(), connect_fee: z.string(),
  prefix: z.string().describe('Of the rate used.'), destination: z.string(), billed_seconds: z.int(), included_seconds: z.int(),
  included_by: z.string().describe('Code of the plan that includes them.'), rate_deck_id: z.string(), trunk_id: z.string(),
});

export function chargeView(charge: CallCharge) {
  return {
    charge_mode: charge.mode, currency: charge.currency, total_charge: moneyText(charge.total), rate_per_minute: moneyText(charge.perMinute),
    connect_fee: moneyText(charge.connectFee), prefix: charge.prefix === '' ? '*' : charge.prefix ?? '', destination: charge.destination,
    billed_seconds: charge.billedSeconds, included_seconds: charge.includedSeconds, included_by: charge.plan === null ? '' : String(charge.plan),
    rate_deck_id: charge.deckId ?? '', trunk_id: charge.trunkId ?? '',
  };
}
