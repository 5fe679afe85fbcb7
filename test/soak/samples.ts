/** What the running program shows of itself: memory and processor time by /proc, everything else by /metrics. */
import { memoryOf, readUsage } from '../bench/process-usage.js';
import { descendants } from '../support/product-process.js';
import type { Product } from '../support/product.js';

/** Figures by name at one moment; those of the edge have its names. */
export interface Sample {
  /** Seconds since phones began to live. */
  readonly at: number;
  readonly values: ReadonlyMap<string, number>;
}

/** All figures of /metrics by name, labels included as they are written. */
export async function readMetrics(product: Product): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${product.httpUrl}/metrics`)).text();
  return new Map(text.split('\n').flatMap((line) => {
    const match = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line);
    return match === null ? [] : [[match[1] ?? '', Number(match[2])] as const];
  }));
}

const MB = 1_048_576;

/** Of the columns: heading, and where it comes from. */
const SHOWN = {
  'edge heap MB': 'cordboard_edge_heap_used_bytes',
  'heap MB': 'nodejs_heap_size_used_bytes',
  'external MB': 'nodejs_external_memory_bytes',
  'inbound dialogs': 'cordboard_edge_dialogs_inbound',
  'outbound dialogs': 'cordboard_edge_dialogs_outbound',
  'active transactions': 'cordboard_edge_transactions_active',
  'answered transactions': 'cordboard_edge_transactions_answered',
  'client transactions': 'cordboard_edge_transactions_client',
  'pending requests': 'cordboard_edge_requests_pending',
  'pending INVITEs': 'cordboard_edge_invites_pending',
  'registered flows': 'cordboard_edge_registered_flows',
  'timers': 'cordboard_edge_timers',
  'connections': 'cordboard_edge_transport_connections_open',
  'bindings in memory': 'cordboard_redis_bindings_in_memory',
  'nonces in memory': 'cordboard_redis_nonces_in_memory',
} as const;

export const COLUMNS: readonly string[] = ['memory MB', 'redis memory MB', 'CPU s', ...Object.keys(SHOWN)];

export async function takeSample(product: Product, at: number): Promise<Sample> {
  const metrics = await readMetrics(product);
  const redis = descendants(product.pid).filter(({ command }) => command.includes('redis-server')).map(({ pid }) => pid);
  const memory = memoryOf([{ name: 'cordboard', pids: [product.pid] }, { name: 'redis', pids: redis }]);
  const values = new Map([
    ['memory MB', (memory.get('cordboard') ?? 0) / MB],
    ['redis memory MB', (memory.get('redis') ?? 0) / MB],
    ['CPU s', readUsage([product.pid]).cpuUs / 1_000_000],
  ]);
  for (const [heading, name] of Object.entries(SHOWN)) {
    const value = metrics.get(name);
    if (value === undefined) throw new Error(`/metrics shows no ${name}`);
    values.set(heading, heading.endsWith('MB') ? value / MB : value);
  }
  return { at, values };
}

export function csv(samples: readonly Sample[]): string {
  const rows = samples.map(({ at, values }) => [at.toFixed(1), ...COLUMNS.map((column) => rounded(values.get(column) ?? 0))].join(','));
  return `seconds,${COLUMNS.join(',')}\n${rows.join('\n')}\n`;
}

export const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/**
 * MB an hour that a column grew from the given second on: the median of the slopes between all pairs of points
 * (Theil–Sen), so that one collection of garbage does not tilt it. Each point is the lowest value of a minute (of a
 * twentieth of a short span): what is left after collections.
 */
export function slopePerHour(samples: readonly Sample[], column: string, from: number): number {
  const span = samples.filter(({ at }) => at >= from);
  const last = span.at(-1)?.at ?? from;
  const window = Math.min(60, (last - from) / 20);
  const lowest = new Map<number, readonly [number, number]>();
  for (const { at, values } of span) {
    const key = Math.floor((at - from) / Math.max(window, 1e-9));
    const value = values.get(column) ?? 0;
    const known = lowest.get(key);
    if (known === undefined || value < known[1]) lowest.set(key, [at, value]);
  }
  const points = [...lowest.values()];
  const slopes = points.flatMap(([at, value], index) => points.slice(index + 1).map(([later, then]) => (then - value) / (later - at)));
  slopes.sort((a, b) => a - b);
  return (slopes[Math.floor(slopes.length / 2)] ?? 0) * 3600;
}
