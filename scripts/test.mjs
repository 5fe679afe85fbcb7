// `npm test`: all set-up, then every test that needs no container. Arguments go to tap: `npm test -- test/unit/x.test.ts`.
// One line a test file; of a file that failed, its whole TAP; skips are always shown. Ends with tap's own summary.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { root } from './setup.mjs';
import './prepare.mjs';

const tap = spawn(process.execPath, [join(root, 'node_modules', 'tap', 'dist', 'esm', 'run.mjs'), '--reporter=tap', ...process.argv.slice(2)], {
  cwd: root, stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => tap.once('close', (code, signal) => resolve(signal ? 1 : code)));
process.once('SIGINT', () => tap.kill('SIGINT'));
process.once('SIGTERM', () => tap.kill('SIGTERM'));

const say = (text) => process.stdout.write(`${text}\n`);
let block = [];
let totals = null;
for await (const line of createInterface({ input: tap.stdout })) {
  block.push(line);
  if (/^(not )?ok \d/.test(line)) {
    if (line.startsWith('not')) say(block.join('\n'));
    else say([...block.filter((inner) => /^\s+(not )?ok .*# SKIP/.test(inner)).map((inner) => inner.trim()), line].join('\n'));
    block = [];
  }
  totals = /^# \{ total: \d+.*\}/.exec(line)?.[0] ?? totals;
}
say(block.join('\n'));

const code = (await ended) ?? 1;
const count = (name) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(totals ?? '')?.[1] ?? 0);
const failed = count('fail');
say(`\n${count('pass')} passed, ${failed > 0 || code === 0 ? failed : 1} failed${count('skip') > 0 ? `, ${count('skip')} skipped` : ''}`);
process.exitCode = code;
