// `npm run storm`: the long storm over hot desking, test/storm. Its TypeScript is stripped of types into a temporary folder
// beside the built product, since Node.js 20 runs no TypeScript. `npm run storm -- --help` tells the options.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupProblem, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}

const { default: typescript } = await import('typescript');
const compilerOptions = {
  target: typescript.ScriptTarget.ES2023, module: typescript.ModuleKind.ESNext, verbatimModuleSyntax: true, inlineSourceMap: true,
};
const folder = mkdtempSync(join(tmpdir(), 'cordboard-storm-code-'));
let exitCode = 1;
try {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(root, 'dist', 'src'), join(folder, 'src'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const part of ['test/storm', 'test/support']) {
    mkdirSync(join(folder, part), { recursive: true });
    for (const name of readdirSync(join(root, part)).filter((file) => file.endsWith('.ts'))) {
      const { outputText } = typescript.transpileModule(readFileSync(join(root, part, name), 'utf8'), { compilerOptions, fileName: name });
      writeFileSync(join(folder, part, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  const { runStorm } = await import(pathToFileURL(join(folder, 'test', 'storm', 'storm.js')).href);
  exitCode = await runStorm(process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(exitCode);
