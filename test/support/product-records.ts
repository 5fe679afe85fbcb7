import type { Product } from './product.js';
import { expectApi } from './product-phones.js';

/** What these tests read of an entry of `GET /v2/phone/call_history`. */
export interface CallHistoryEntry {
  readonly id: string;
  /** `internal` between two extensions. */
  readonly connect_type: string;
  readonly start_time: string;
  /** '' when nobody answered. */
  readonly answer_time: string;
  /** '' while it goes on. */
  readonly end_time: string;
  /** Seconds. */
  readonly duration: number;
  readonly call_result: string;
  readonly end_cause: string;
  readonly sip_status: number;
  readonly caller_ext_number: string;
  readonly callee_ext_number: string;
  readonly dialed_number: string;
}

/** The newest 300 entries. */
export async function callHistory(product: Product): Promise<readonly CallHistoryEntry[]> {
  const { call_logs: entries } = await expectApi<{ readonly call_logs: readonly CallHistoryEntry[] }>(
    product, 200, 'GET', '/v2/phone/call_history?page_size=300');
  return entries;
}

const handedOut = new WeakMap<Product, Set<string>>();

/**
 * The record of the call that just ended, each one once. Asks again until it is there: records are written behind the
 * call, never in its way.
 */
export async function endedCall(product: Product, caller: string, dialled: string, deadlineMs = 10_000): Promise<CallHistoryEntry> {
  const known = handedOut.get(product) ?? new Set<string>();
  handedOut.set(product, known);
  for (const until = Date.now() + deadlineMs; ;) {
    const entries = await callHistory(product);
    const found = entries.find((entry) =>
      entry.caller_ext_number === caller && entry.dialed_number === dialled && entry.end_time !== '' && !known.has(entry.id));
    if (found) {
      known.add(found.id);
      return found;
    }
    if (Date.now() > until) {
      throw new Error(`no new ended call ${caller} → ${dialled} in the records: ${JSON.stringify(entries.slice(0, 3))}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
