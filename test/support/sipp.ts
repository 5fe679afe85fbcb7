/**
 * The SIP load generator sipp, with scenarios of our own (test/interop/scenarios).
 *
 *   const result = await runSipp({ scenario, target: product.sip, rows, calls: 30, rate: 10 });
 *   t.equal(result.failed, 0, result.report());
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramLog } from './product-log.js';
import { freePort } from './product-ports.js';
import { endWithUs } from './product-process.js';

export interface SippOptions {
  /** Path of the XML file. */
  readonly scenario: string;
  /** Where it sends to; a waiting (UAS) scenario has none. */
  readonly target?: { readonly host: string; readonly port: number };
  readonly transport?: 'udp' | 'tcp';
  /** Rows of the injection file, read in turn: `[field0]`, `[field1]`, … */
  readonly rows?: readonly (readonly string[])[];
  readonly keys?: Readonly<Record<string, string>>;
  /** Texts put in place of `{{name}}` in the scenario, where sipp takes no keyword (a status to wait for). */
  readonly values?: Readonly<Record<string, string>>;
  /** Calls to make, then it ends by itself; a waiting scenario goes on without. */
  readonly calls?: number;
  /** New calls a second. */
  readonly rate?: number;
  /** Calls open at once; default what the rate needs. */
  readonly open?: number;
  /** Its own port; default a free one. */
  readonly port?: number;
  /** Ends it by force. */
  readonly limitSeconds?: number;
  /** Measures response times: names of the scenario's `start_rtd`, e.g. ['1']. */
  readonly responseTimes?: boolean;
  /** Counts each message of the scenario. */
  readonly counts?: boolean;
  /**
   * The digest's uri, `user@host:port`. Left to itself sipp claims the host without a user, also for an INVITE, which is
   * not its Request-URI (RFC 7616 §3.4.6); so one run dials one number.
   */
  readonly authUri?: string;
  readonly extra?: readonly string[];
}

export interface SippResult {
  readonly exitCode: number | null;
  readonly seconds: number;
  readonly created: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** Milliseconds, sorted, of every `start_rtd` … `rtd`; empty unless asked for. */
  readonly responseTimes: readonly number[];
  /** By sipp's names, e.g. `3_401_Recv`: message number, what, sent or received; empty unless asked for. */
  readonly counts: ReadonlyMap<string, number>;
  /** What went wrong, in sipp's words, for the message of an assertion. */
  readonly report: string;
}

export interface Sipp {
  readonly pid: number;
  readonly port: number;
  /** Resolves when it ended by itself. */
  readonly ended: Promise<SippResult>;
  /** Ends it: first politely (open calls finish), after `patienceMs` by force. */
  stop(patienceMs?: number): Promise<SippResult>;
}

const HOST = '127.0.0.1';

/** Starts sipp; it listens when this resolves. */
export async function startSipp(options: SippOptions): Promise<Sipp> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-sipp-'));
  const port = options.port ?? await freePort();
  const controlPort = await freePort();
  const log = new ProgramLog();
  const began = performance.now();
  const child = spawn('sipp', sippArguments(options, folder, port, controlPort), {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], TERM: 'dumb' },
  });
  endWithUs(child.pid);
  log.read(child.stdout);
  log.read(child.stderr);
  const limit = options.limitSeconds === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.limitSeconds * 1000);
  const ended = exit(child).then((exitCode) => {
    clearTimeout(limit);
    const result = readResult(folder, exitCode, (performance.now() - began) / 1000, log);
    rmSync(folder, { recursive: true, force: true });
    return result;
  });
  await listening(port, options.transport ?? 'udp', ended);
  return {
    pid: child.pid ?? 0, port, ended,
    async stop(patienceMs = 3000) {
      // SIGUSR1 is sipp's `q`: no new calls, ends when the open ones are over.
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGUSR1');
      const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      const result = await ended;
      clearTimeout(late);
      return result;
    },
  };
}

/** Runs sipp to its end. */
export async function runSipp(options: SippOptions & { readonly calls: number }): Promise<SippResult> {
  return (await startSipp(options)).ended;
}

function sippArguments(options: SippOptions, folder: string, port: number, controlPort: number): readonly string[] {
  const given: string[] = options.target ? [`${options.target.host}:${options.target.port}`] : [];
  given.push(
    '-sf', scenarioFile(options, folder), '-i', HOST, '-p', String(port), '-mi', HOST, '-cp', String(controlPort), '-nostdin',
    '-t', options.transport === 'tcp' ? 't1' : 'u1', '-trace_stat', '-stf', join(folder, 'stat.csv'), '-fd', '1',
    '-trace_err', '-error_file', join(folder, 'errors.log'), '-buff_size', '4000000',
  );
  if (options.rows) {
    const file = join(folder, 'rows.csv');
    writeFileSync(file, `SEQUENTIAL\n${options.rows.map((row) => row.join(';')).join('\n')}\n`);
    given.push('-inf', file);
  }
  for (const [key, value] of Object.entries(options.keys ?? {})) given.push('-key', key, value);
  if (options.calls !== undefined) given.push('-m', String(options.calls));
  if (options.rate !== undefined) given.push('-r', String(options.rate));
  if (options.open !== undefined) given.push('-l', String(options.open));
  if (options.authUri !== undefined) given.push('-auth_uri', options.authUri);
  if (options.responseTimes) given.push('-trace_rtt', '-rtt_freq', '1');
  if (options.counts) given.push('-trace_counts');
  return [...given, ...(options.extra ?? [])];
}

function scenarioFile(options: SippOptions, folder: string): string {
  if (!options.values) return options.scenario;
  const values = options.values;
  const file = join(folder, 'scenario.xml');
  writeFileSync(file, readFileSync(options.scenario, 'utf8').replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? ''));
  return file;
}

async function exit(child: ChildProcess): Promise<number | null> {
  const failed = new Promise<null>((resolve) => child.once('error', () => resolve(null)));
  return Promise.race([once(child, 'close').then(() => child.exitCode), failed]);
}

/** /proc/net tells who listens; sipp itself does not. */
async function listening(port: number, transport: 'udp' | 'tcp', ended: Promise<unknown>): Promise<void> {
  let over = false;
  void ended.then(() => { over = true; });
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  for (const until = Date.now() + 5000; !over && Date.now() < until;) {
    const table = readFileSync(`/proc/net/${transport}`, 'latin1');
    if (table.split('\n').some((line) => line.trim().split(/\s+/)[1]?.concat(' ').endsWith(wanted))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function readResult(folder: string, exitCode: number | null, seconds: number, log: ProgramLog): SippResult {
  const stat = lastRow(join(folder, 'stat.csv'));
  const number = (name: string): number => Number(stat.get(name) ?? 0);
  const errors = existsSync(join(folder, 'errors.log')) ? readFileSync(join(folder, 'errors.log'), 'latin1') : '';
  const [created, succeeded, failed] = [number('TotalCallCreated'), number('SuccessfulCall(C)'), number('FailedCall(C)')];
  const heading = `sipp exit ${exitCode}: ${created} calls, ${succeeded} succeeded, ${failed} failed`;
  const details = failed === 0 ? [] : [...reasonsOf(errors), errors.slice(0, 1500)];
  return {
    exitCode, seconds, created, succeeded, failed,
    retransmissions: number('Retransmissions(C)'),
    responseTimes: readResponseTimes(folder),
    counts: new Map([...lastRow(fileEnding(folder, '_counts.csv'))].map(([name, value]) => [name, Number(value)])),
    report: [heading, ...details, ...(exitCode === 0 || errors !== '' ? [] : [log.tail(20)])].join('\n'),
  };
}

/** Why calls were given up, most frequent first: `12 × while expecting '200', received 'SIP/2.0 503 …`. */
function reasonsOf(errors: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const [, expected, received] of errors.matchAll(/: Aborting call .*?(while expecting '\w+').*?(received '[^\r\n]*)/g)) {
    const reason = `${expected}, ${received}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, 5).map(([reason, count]) => `  ${count} × ${reason}`);
}

function fileEnding(folder: string, end: string): string {
  const name = readdirSync(folder).find((file) => file.endsWith(end));
  return name === undefined ? '' : join(folder, name);
}

function lastRow(path: string): ReadonlyMap<string, string> {
  if (path === '' || !existsSync(path)) return new Map();
  const [heads = '', ...rows] = readFileSync(path, 'latin1').trim().split('\n');
  const values = (rows.at(-1) ?? '').split(';');
  return new Map(heads.split(';').map((name, at) => [name, values[at] ?? '']));
}

/** `<time>;<response time in ms>;<name>` a line, after a heading. */
function readResponseTimes(folder: string): readonly number[] {
  const path = fileEnding(folder, '_rtt.csv');
  if (path === '') return [];
  return readFileSync(path, 'latin1').trim().split('\n').slice(1)
    .map((line) => Number(line.split(';')[1])).filter(Number.isFinite).sort((a, b) => a - b);
}
