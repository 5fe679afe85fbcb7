// `npm run bench`: the load benchmark of test/bench. `npm run bench -- --help` tells the options.
import { withTypeScript } from './run-typescript.mjs';
import { SetupProblem, onPath, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
const wanted = process.argv.slice(2);
if (!wanted.includes('--help') && !onPath('sipp')) {
  process.stderr.write('bench: sipp is not installed; on Debian or Ubuntu: sudo apt-get install sip-tester\n');
  process.exit(1);
}

process.exit(await withTypeScript(['test/bench', 'test/support'], 'test/bench/bench.ts', ({ bench }) => bench(root, wanted)));
