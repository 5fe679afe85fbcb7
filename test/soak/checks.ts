/** What must hold at the end of a soak run. */
import { expectApi } from '../support/product-phones.js';
import type { CallHistoryEntry } from '../support/product-records.js';
import type { Product } from '../support/product.js';
import type { SoakOptions } from './options.js';
import { readMetrics, rounded, slopePerHour, type Sample } from './samples.js';
import type { Dialled } from './tally.js';

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** Gone as soon as the last call is. */
const AT_ONCE = ['dialogs_inbound'];
/** Gone when the last timers of RFC 3261 ran out. */
const BY_TIMERS = [
  'dialogs_outbound', 'requests_pending', 'invites_pending', 'transactions_active', 'transactions_answered', 'transactions_client', 'registered_flows',
  'timers', 'transport_connections_open',
];

/** Waits until the edge's gauges are back where they were; tells those that did not come back. */
export async function drained(product: Product, before: ReadonlyMap<string, number>, patienceMs: number, withTimers: boolean): Promise<Check> {
  const names = (withTimers ? [...AT_ONCE, ...BY_TIMERS] : AT_ONCE).map((name) => `cordboard_edge_${name}`);
  const began = performance.now();
  for (;;) {
    const now = await readMetrics(product);
    const left = names.filter((name) => (now.get(name) ?? NaN) !== (before.get(name) ?? NaN));
    const ms = performance.now() - began;
    if (left.length === 0 || ms > patienceMs) {
      const detail = left.length === 0 ? `after ${Math.round(ms / 1000)} s${withTimers ? '' : ' (what ends by timers was not waited for)'}`
        : left.map((name) => `${name}: ${now.get(name) ?? 'not shown'}, was ${before.get(name) ?? 'not shown'}`).join('; ');
      return { name: 'no dialog, transaction, flow or timer is left over', passed: left.length === 0, detail };
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000, patienceMs / 20)));
  }
}

const COUNTED_AS_FAULTS = ['cordboard_edge_faults', 'cordboard_edge_transport_handler_faults', 'cordboard_call_log_call_events_dropped'];

export async function noFaults(product: Product, errors: readonly string[]): Promise<readonly Check[]> {
  const metrics = await readMetrics(product);
  const counted = COUNTED_AS_FAULTS.filter((name) => (metrics.get(name) ?? 0) !== 0).map((name) => `${name} ${metrics.get(name) ?? 0}`);
  return [
    { name: 'no log record of level error, nothing uncaught', passed: errors.length === 0, detail: errors.slice(0, 5).join('\n    ') },
    { name: 'no fault was counted', passed: counted.length === 0, detail: counted.join('; ') },
    { name: 'the program lives', passed: product.alive(), detail: '' },
  ];
}

export function memory(samples: readonly Sample[], options: SoakOptions): readonly Check[] {
  const last = samples.at(-1)?.at ?? 0;
  const warmUp = Math.min(600, last / 4);
  const judged = last - warmUp >= 20 * 60;
  return ['memory MB', 'heap MB', 'edge heap MB', 'redis memory MB'].map((column) => {
    const slope = last < 120 ? 0 : slopePerHour(samples, column, warmUp);
    const at = (wanted: number): string => rounded(samples.find((sample) => sample.at >= wanted)?.values.get(column) ?? 0);
    return {
      name: `no growth: ${column}`, passed: !judged || slope <= options.growthMbPerHour,
      detail: `${at(0)} → ${at(warmUp)} after ${Math.round(warmUp)} s of warm-up → ${at(last)} MB`
        + `${last < 120 ? '' : `, ${slope.toFixed(1)} MB/h`}${judged ? '' : '; too short to judge'}`,
    };
  });
}

/** Every call that the product knew of has a record with an end; those answered are recorded as answered. */
export async function records(product: Product, dialled: readonly Dialled[]): Promise<Check> {
  let problems = await recordProblems(product, dialled);
  // Records are written behind the calls.
  for (let tries = 0; problems.length > 0 && tries < 20; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    problems = await recordProblems(product, dialled);
  }
  return {
    name: 'every call has its record', passed: problems.length === 0,
    detail: problems.length === 0 ? `${dialled.length} calls dialled` : problems.slice(0, 10).join('\n    '),
  };
}

async function recordProblems(product: Product, dialled: readonly Dialled[]): Promise<readonly string[]> {
  const entries = await allRecords(product);
  const byPair = new Map<string, { sure: number; atMost: number; answered: number; recorded: number; recordedAnswered: number }>();
  const pair = (caller: string, number: string) => {
    const key = `${caller} → ${number}`;
    const row = byPair.get(key) ?? { sure: 0, atMost: 0, answered: 0, recorded: 0, recordedAnswered: 0 };
    byPair.set(key, row);
    return row;
  };
  for (const { caller, number, answered, sure } of dialled) {
    const row = pair(caller, number);
    row.atMost += 1;
    if (sure) row.sure += 1;
    if (answered) row.answered += 1;
  }
  for (const { caller_ext_number: caller, dialed_number: number, answer_time: answeredAt } of entries) {
    const row = pair(caller, number);
    row.recorded += 1;
    if (answeredAt !== '') row.recordedAnswered += 1;
  }
  const open = entries.filter(({ end_time: end }) => end === '');
  return [
    ...open.map(({ id, caller_ext_number: caller, dialed_number: number }) => `record ${id}, ${caller} → ${number}, has no end`),
    ...[...byPair].filter(([, row]) => row.recorded < row.sure || row.recorded > row.atMost || row.recordedAnswered < row.answered)
      .map(([key, row]) => `${key}: ${JSON.stringify(row)}`),
  ];
}

async function allRecords(product: Product): Promise<readonly CallHistoryEntry[]> {
  const all: CallHistoryEntry[] = [];
  for (let token = ''; ;) {
    const page = await expectApi<{ readonly call_logs: readonly CallHistoryEntry[]; readonly next_page_token: string }>(
      product, 200, 'GET', `/v2/phone/call_history?page_size=300&next_page_token=${encodeURIComponent(token)}`);
    all.push(...page.call_logs);
    if (page.next_page_token === '') return all;
    token = page.next_page_token;
  }
}
