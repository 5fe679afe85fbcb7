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
// Benchmarks of their own; the load benchmark is what is left.
const OTHERS = { 'api': 'api.ts', 'fetch': 'fetch.ts', 'imports': 'imports.ts', 'media': 'media.ts', 'render': 'render.ts', 'sign-in': 'sign-in.ts' };
const other = Object.hasOwn(OTHERS, words[0] ?? '') ? OTHERS[words[0]] : undefined;
const file = other ?? 'bench.ts';
const wanted = other === undefined ? words : words.slice(1);
const WITHOUT_SIPP = ['media', 'render', 'sign-in'];
if (!WITHOUT_SIPP.includes(words[0] ?? '') && !wanted.includes('--help') && !onPath('sipp')) {
  process.stderr.write('bench: sipp is not installed; on Debian or Ubuntu: sudo apt-get install sip-tester\n');
  process.exit(1);
}

const { bench } = await import(`../test/bench/${file}`);
process.exit(await bench(root, wanted));
