/** A day of made-up calls, and what each of them costs by plain arithmetic that shares nothing with the product's. */
import type { CallParty } from '../../src/domain/calls/call-event.js';
import { asId, type TrunkId } from '../../src/domain/ids.js';
import { NO_PARTY, type PastCall } from './past-calls.js';

/** Prices as a deck's file has them. */
export interface DayRate {
  readonly prefix: string;
  readonly perMinute: string;
  readonly connectFee: string;
  readonly first: number;
  readonly next: number;
}

export interface DayCall extends PastCall {
  readonly trunkId: string;
  /** Answered to ended; 0 = not answered. */
  readonly seconds: number;
}

/** Decimal text as millionths. */
export const micros = (text: string): bigint => {
  const [whole = '0', rest = ''] = text.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(rest.padEnd(6, '0'));
};

/** `size` calls over 23 hours, the same for the same seed. */
export function dayOfCalls(size: number, start: number, caller: CallParty, numbers: readonly string[], trunks: readonly string[], seed = 7): readonly DayCall[] {
  let state = seed;
  const draw = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return Array.from({ length: size }, (): DayCall => {
    const number = numbers[draw(numbers.length)] ?? '';
    const trunkId = trunks[draw(trunks.length)] ?? '';
    const seconds = draw(6) === 0 ? 0 : 1 + draw(900);
    return {
      at: start + draw(82_800) * 1000, caller, callee: { ...NO_PARTY, number, trunkId: asId<TrunkId>(trunkId) }, direction: 'outbound', trunkId, seconds,
      ...(seconds === 0 ? { answeredAfter: null, cause: 'no-answer' as const } : { answeredAfter: 3, endedAfter: 3 + seconds }),
    };
  });
}

/** What a call costs in millionths: the longest prefix, increments, and a minute's price cut to the second, halves up. */
export function costOf({ seconds, callee }: DayCall, rates: readonly DayRate[]): bigint {
  const rate = [...rates].sort((a, b) => b.prefix.length - a.prefix.length).find(({ prefix }) => callee.number.startsWith(prefix));
  if (rate === undefined || seconds === 0) return 0n;
  let billed = rate.first;
  while (billed < seconds) billed += rate.next;
  return micros(rate.connectFee) + (micros(rate.perMinute) * BigInt(billed) * 2n + 60n) / 120n;
}
