import type { MemoryFigure, Stage } from './loads.js';
import type { UsageDelta } from './process-usage.js';

const LOADS = { register: 'registrations', call: 'calls' } as const;

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const pad = (cell: string, at: number): string => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0));
  const line = (row: readonly string[]): string => row.map(pad).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

const rounded = (value: number): string => (value >= 100 ? String(Math.round(value)) : value.toFixed(1));

/** What was reached, and how quickly. */
export function rateTable(stages: readonly Stage[]): string {
  return columns([
    ['target', 'load', 'asked /s', 'reached /s', 'done', 'failed', 'retransmitted', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
    ...stages.map((stage) => [
      stage.target, LOADS[stage.load], String(stage.rate), rounded(stage.reached), String(stage.units), String(stage.failed),
      String(stage.retransmissions),
      ...(['p50', 'p95', 'p99', 'max'] as const).map((key) => (stage.latency ? String(Math.round(stage.latency[key])) : '–')),
    ]),
  ]);
}

/** `main 120, sip-edge 60`; '' where one thread did it all. */
function threadText(used: UsageDelta, units: number): string {
  const busy = Object.entries(used.threads).filter(([, cpuUs]) => cpuUs > 0).sort(([, a], [, b]) => b - a);
  return busy.length < 2 ? '' : busy.map(([name, cpuUs]) => `${name} ${rounded(cpuUs / Math.max(1, units))}`).join(', ');
}

/** CPU microseconds per unit: a registration is 401 and 200, a call is everything from INVITE to BYE on both legs. */
export function cpuTable(stages: readonly Stage[]): string {
  return columns([
    ['target', 'load', 'rate /s', 'process', 'CPU µs each', 'of which', 'RSS MB'],
    ...stages.flatMap((stage) => [
      ...stage.usage.map((used) => [
        stage.target, LOADS[stage.load], String(stage.rate), used.name, rounded(used.cpuUs / Math.max(1, stage.units)),
        threadText(used, stage.units),
        rounded(used.rssBytes / 1_048_576),
      ]),
      ...(stage.usage.length < 2 ? [] : [[
        stage.target, LOADS[stage.load], String(stage.rate), 'sum',
        rounded(stage.usage.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / Math.max(1, stage.units)), '', '',
      ]]),
    ]),
  ]);
}

export function memoryTable(figures: readonly MemoryFigure[]): string {
  return columns([
    ['target', 'process', 'bindings made', 'MB per 10,000'],
    ...figures.flatMap(({ target, bindings, bytesPer10k }) =>
      Object.entries(bytesPer10k).map(([name, bytes]) => [target, name, String(bindings), rounded(bytes / 1_048_576)])),
  ]);
}
