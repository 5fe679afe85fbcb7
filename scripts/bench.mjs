// `npm run bench`: the load benchmark of test/bench. Its TypeScript is stripped of types into a temporary folder that
// borrows this checkout's packages, since Node.js 20 runs no TypeScript. `npm run bench -- --help` tells the options.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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

const { default: typescript } = await import('typescript');
const compilerOptions = {
  target: typescript.ScriptTarget.ES2023, module: typescript.ModuleKind.ESNext, verbatimModuleSyntax: true, inlineSourceMap: true,
};
const folder = mkdtempSync(join(tmpdir(), 'cordboard-bench-code-'));
let exitCode = 1;
try {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const part of ['test/bench', 'test/support']) {
    mkdirSync(join(folder, part), { recursive: true });
    for (const name of readdirSync(join(root, part)).filter((file) => file.endsWith('.ts'))) {
      const { outputText } = typescript.transpileModule(readFileSync(join(root, part, name), 'utf8'), { compilerOptions, fileName: name });
      writeFileSync(join(folder, part, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  const { bench } = await import(pathToFileURL(join(folder, 'test', 'bench', file)).href);
  exitCode = await bench(root, wanted);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(exitCode);
