// `npm run bench`: the benchmarks of test/bench. `npm run bench -- --help` tells the options.
import { SetupProblem, onPath, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
const words = process.argv.slice(2);
// Benchmarks of their own, without sipp but for that of the API; the load benchmark is what is left.
const OTHERS = { 'api': 'api.ts', 'fetch': 'fetch.ts', 'media': 'media.ts', 'render': 'render.ts', 'sign-in': 'sign-in.ts' };
const other = Object.hasOwn(OTHERS, words[0] ?? '') ? OTHERS[words[0]] : undefined;
const file = other ?? 'bench.ts';
const wanted = other === undefined ? words : words.slice(1);
if ((other === undefined || words[0] === 'api' || words[0] === 'fetch') && !wanted.includes('--help') && !onPath('sipp')) {
  process.stderr.write('bench: sipp is not installed; on Debian or Ubuntu: sudo apt-get install sip-tester\n');
  process.exit(1);
}

const { bench } = await import(`../test/bench/${file}`);
process.exit(await bench(root, wanted));
