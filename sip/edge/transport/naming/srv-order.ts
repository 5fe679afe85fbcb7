import type { SrvRecord } from './records.js';

/**
 * The order in which SRV records are tried (RFC 2782): by priority; among equals at random, the chance of each being its
 * share of the weights.
 * @param random 0 ≤ x < 1, asked once for each record but the last of a priority
 */
export function orderSrv(records: readonly SrvRecord[], random: () => number): readonly SrvRecord[] {
  const ordered: SrvRecord[] = [];
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((one, other) => one - other);
  for (const priority of priorities) {
    // RFC 2782 "Weight": those of weight 0 first, so that they are chosen seldom and not never.
    const left = records.filter((record) => record.priority === priority).sort((one, other) => Math.sign(one.weight) - Math.sign(other.weight));
    while (left.length > 0) {
      const [chosen] = left.splice(left.length === 1 ? 0 : chosenOf(left, random), 1);
      if (chosen !== undefined) ordered.push(chosen);
    }
  }
  return ordered;
}

/** RFC 2782: a whole number from 0 to the sum of the weights, and the first record whose running sum reaches it. */
function chosenOf(records: readonly SrvRecord[], random: () => number): number {
  const sum = records.reduce((total, { weight }) => total + weight, 0);
  const wanted = Math.floor(random() * (sum + 1));
  let running = 0;
  return Math.max(0, records.findIndex(({ weight }) => (running += weight) >= wanted));
}
