import { cpuEach, isClean, type BenchResults, type LoadName, type ServerName, type Stage } from './results.js';

const LOAD_NAMES: Readonly<Record<LoadName, string>> = { register: 'registrations', call: 'calls' };
export type Table = { readonly title: string; readonly rows: readonly (readonly string[])[] };

export const rounded = (value: number): string => (Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(1));
const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
export const serversOf = ({ stages, memory, growth }: BenchResults): readonly ServerName[] =>
  [...new Set([...stages, ...memory, ...growth].map(({ server }) => server))];

/** The last measurement counts where one rate was measured twice. */
const stageAt = (results: BenchResults, server: ServerName, load: LoadName, rate: number): Stage | undefined =>
  results.stages.filter((stage) => stage.server === server && stage.load === load && stage.rate === rate).at(-1);

function ratesTable(results: BenchResults, load: LoadName): Table {
  const servers = serversOf(results);
  const mine = results.stages.filter((stage) => stage.load === load);
  const shared = [...new Set(mine.map(({ rate }) => rate))].sort((a, b) => a - b)
    .filter((rate) => new Set(mine.filter((stage) => stage.rate === rate).map(({ server }) => server)).size > 1 || servers.length === 1);
  const cell = (stage: Stage | undefined): string => (stage === undefined ? '–' : `${rounded(cpuEach(stage))}${isClean(stage) ? '' : ' (not clean)'}`);
  return {
    title: `CPU µs of all processes for one of ${LOAD_NAMES[load]}, at equal loads`,
    rows: [[`${LOAD_NAMES[load]} a second`, ...servers],
      ...shared.map((rate) => [String(rate), ...servers.map((server) => cell(stageAt(results, server, load, rate)))])],
  };
}

function limitsTable(results: BenchResults): Table {
  return {
    title: 'Highest clean rate (no failure, less than 0.1 % retransmissions), and latency at half of it',
    rows: [['server', 'load', 'clean /s', 'not clean /s', 'latency at /s', 'p50 ms', 'p95 ms', 'p99 ms', 'samples'],
      ...serversOf(results).flatMap((server) => (['register', 'call'] as const).flatMap((load) => {
        const max = results.max.find((one) => one.server === server && one.load === load);
        const latency = results.latency.find((one) => one.server === server && one.load === load);
        if (!max && !latency) return [];
        return [[
          server, LOAD_NAMES[load], max ? String(max.rate) : '–', max?.notClean === null || !max ? '–' : String(max.notClean),
          ...(latency ? [String(latency.rate), ms(latency.times.p50), ms(latency.times.p95), ms(latency.times.p99), String(latency.samples)] : ['–', '–', '–', '–', '0']),
        ]];
      }))],
  };
}

/** Where the time of each stage went: process by process, and by thread where threads have names. */
function processTable(results: BenchResults): Table {
  return {
    title: 'CPU µs by process and thread',
    rows: [['server', 'load', 'rate /s', 'process', 'µs each', 'of which'],
      ...results.stages.filter(isClean).flatMap((stage) => stage.use.map((used) => [
        stage.server, LOAD_NAMES[stage.load], String(stage.rate), used.name, rounded(used.cpuUs / stage.done),
        Object.entries(used.threads).sort(([, a], [, b]) => b - a).map(([name, cpuUs]) => `${name} ${rounded(cpuUs / stage.done)}`).join(', '),
      ]))],
  };
}

function memoryTable(results: BenchResults): Table {
  const unit = { bindings: 10_000, calls: 1000 } as const;
  return {
    title: 'Memory, after garbage collection: MB for 10,000 bindings, and for 1,000 standing calls',
    rows: [['server', 'of', 'measured with', 'MB', 'by process'],
      ...results.memory.map(({ server, of, count, growthBytes }) => {
        const mb = (bytes: number): string => rounded((bytes * unit[of]) / count / 1_048_576);
        return [
          server, `${unit[of].toLocaleString('en')} ${of}`, String(count), mb(Object.values(growthBytes).reduce((sum, bytes) => sum + bytes, 0)),
          Object.entries(growthBytes).map(([name, bytes]) => `${name} ${mb(bytes)}`).join(', '),
        ];
      })],
  };
}

function growthTable(results: BenchResults): Table {
  return {
    title: 'Memory after many messages, MB',
    rows: [['server', 'messages', 'by process'], ...results.growth.map(({ server, messages, bytes }) => [
      server, String(messages), Object.entries(bytes).map(([name, size]) => `${name} ${rounded(size / 1_048_576)}`).join(', '),
    ])],
  };
}

/** The tables that have rows; `detailed` also where the time went. */
export function tablesOf(results: BenchResults, detailed: boolean): readonly Table[] {
  return [
    limitsTable(results), ratesTable(results, 'register'), ratesTable(results, 'call'),
    ...(detailed ? [processTable(results)] : []), memoryTable(results), growthTable(results),
  ].filter(({ rows }) => rows.length > 1);
}

/** All tables for a terminal. */
export function reportText(results: BenchResults): string {
  return tablesOf(results, true).map(({ title, rows }) => `${title}\n${columns(rows)}`).join('\n\n');
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => row.map((cell, at) => (/^[\d–]/.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join('  ').trimEnd()).join('\n');
}
