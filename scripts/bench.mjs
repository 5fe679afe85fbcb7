// `npm run bench`: the load benchmark of test/bench. `npm run bench -- --help` tells the options.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withPlainJavaScript } from './plain-javascript.mjs';
import { SetupProblem, onPath, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
const words = process.argv.slice(2);
// `media` is a benchmark of its own, without SIP.
const file = words[0] === 'media' ? 'media.js' : 'bench.js';
const wanted = file === 'media.js' ? words.slice(1) : words;
if (file === 'bench.js' && !wanted.includes('--help') && !onPath('sipp')) {
  process.stderr.write('bench: sipp is not installed; on Debian or Ubuntu: sudo apt-get install sip-tester\n');
  process.exit(1);
}

process.exit(await withPlainJavaScript(['test/bench', 'test/support'], async (folder) => {
  const { bench } = await import(pathToFileURL(join(folder, 'test', 'bench', file)).href);
  return bench(root, wanted);
}));
