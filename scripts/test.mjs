// `npm test`: all set-up, then every test that needs no container. Arguments are files or folders: `npm test -- test/unit/domain`.
// One line a test file; of a file that failed, its whole TAP; skips are always shown. Ends with the counts of all assertions.
// Each file is a process of its own that runs what is compiled (compile-tests.mjs); `npx tap FILE` runs one from its source.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { compiled, compileTests } from './compile-tests.mjs';
import { root } from './setup.mjs';
import { sourcePlaces } from './source-places.mjs';
import './prepare.mjs';

/** Long files first, so that none is left alone with one processor at the end. */
const FOLDERS = ['interop', 'integration', 'contract', 'architecture', 'rfc', 'unit'];
/** Its files wait for other programs more than they work: they have a place of their own, beside files that work. */
const APART = 'interop';
/** The longest take 90 s on two busy processors. */
const FILE_MS = 240_000;
const KILL_MS = 10_000;
/** One more than processors, since a test that waits for an event leaves room for another, and the place apart. */
const JOBS = Number(process.env.TEST_JOBS) || availableParallelism() + 2;

/**
 * PostgreSQL compiled to WebAssembly is used for seconds here: compiling its functions again, better, costs more than it saves
 * unless they are very busy. (The budget is in bytes executed by one function.)
 */
const FLAGS = ['--wasm-tiering-budget=180000000'];

const say = (text) => process.stdout.write(`${text}\n`);

function testFiles(wanted) {
  const all = FOLDERS.flatMap((folder) => readdirSync(join(root, 'test', folder), { recursive: true })
    .filter((name) => name.endsWith('.test.ts')).map((name) => join('test', folder, name)).sort());
  if (wanted.length === 0) return all;
  return wanted.flatMap((argument) => {
    const path = relative(root, resolve(argument));
    const found = all.filter((file) => file === path || file.startsWith(`${path}/`));
    if (found.length === 0) throw new Error(`no test file: ${argument} (files and folders of test/{${FOLDERS.join(',')}})`);
    return found;
  });
}

const running = new Set();
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopped = true;
    for (const child of running) child.kill(signal);
  });
}

/** Runs one file; resolves with its counts, its output and whether all was well. */
async function run(file, job) {
  const began = performance.now();
  const child = spawn(process.execPath, [...FLAGS, join(root, compiled(file))], {
    cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TAP: '1', TAP_TIMEOUT: String(FILE_MS / 1000), TAP_JOB_ID: String(job) },
  });
  running.add(child);
  const problems = [];
  let late;
  const allow = (ms) => {
    clearTimeout(late);
    late = setTimeout(() => {
      problems.push(`did not end within ${Math.round((performance.now() - began) / 1000)} s`);
      // At SIGALRM tap tells what the process still waits for.
      child.kill('SIGALRM');
      late = setTimeout(() => child.kill('SIGKILL'), KILL_MS);
    }, ms);
  };
  allow(FILE_MS);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? (code === 0 ? null : `exit code ${code}`)));
  });
  const lines = [];
  const skips = [];
  let counts = null;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (/^\s*(not )?ok .*# SKIP/.test(line) || /^1\.\.0 *#/.test(line)) skips.push(line.trim());
    counts = countsOf(line) ?? counts;
    const longer = /^ *# timeout=(\d+)$/.exec(line)?.[1];
    if (longer !== undefined && Number(longer) > FILE_MS) allow(Number(longer));
  }
  const ending = await ended;
  clearTimeout(late);
  running.delete(child);
  if (ending !== null) problems.push(ending);
  if (counts === null) problems.push('ended before its counts');
  else if (counts.total === 0 && skips.length === 0) problems.push('asserts nothing');
  return { counts: counts ?? {}, skips, lines, problems, good: problems.length === 0 && !counts?.fail, ms: performance.now() - began };
}

/** What tap writes last in a file: `# { total: 6, pass: 5, skip: 1 }`. */
function countsOf(line) {
  const inner = /^# \{ (total: .*) \}$/.exec(line)?.[1];
  return inner === undefined ? null : Object.fromEntries(inner.split(', ').map((part) => part.split(': ')).map(([name, count]) => [name, Number(count)]));
}

await compileTests();
const files = testFiles(process.argv.slice(2));
const totals = { total: 0, pass: 0, fail: 0, skip: 0, todo: 0 };
const failed = [];
let told = 0;
const apart = files.filter((file) => file.startsWith(join('test', APART)));
const others = files.filter((file) => !apart.includes(file));
const next = (job) => (job === 0 ? apart.shift() ?? others.shift() : others.shift() ?? apart.shift());
await Promise.all(Array.from({ length: JOBS }, async (_, job) => {
  for (let file = next(job); file !== undefined && !stopped; file = next(job)) {
    const { counts, skips, lines, problems, good, ms } = await run(file, job);
    for (const name of Object.keys(totals)) totals[name] += counts[name] ?? 0;
    if (good && counts.total === 0) totals.skip += 1;
    // A process that ends badly after good assertions is a failure nevertheless.
    if (!good && !counts.fail) totals.fail += 1;
    if (!good) failed.push(file);
    told += 1;
    const shown = good ? skips : [`# Subtest: ${file}`, sourcePlaces(lines.map((line) => `    ${line}`).join('\n')), ...problems.map((problem) => `# ${file}: ${problem}`)];
    say([...shown, `${good ? '' : 'not '}ok ${told} - ${file} # time=${ms.toFixed(0)}ms`].join('\n'));
  }
}));

const { skip, todo } = totals;
say(`\n# { total: ${totals.total}, pass: ${totals.pass}${totals.fail > 0 ? `, fail: ${totals.fail}` : ''}${skip > 0 ? `, skip: ${skip}` : ''}${todo > 0 ? `, todo: ${todo}` : ''} }`);
say(`# time=${Math.round(performance.now())}ms`);
for (const file of failed) say(`# failed: ${file}`);
say(`\n${totals.pass} passed, ${totals.fail} failed${skip > 0 ? `, ${skip} skipped` : ''}`);
process.exitCode = totals.fail > 0 || stopped || told < files.length ? 1 : 0;
