// Runs a program of test/ under plain Node.js: its TypeScript is stripped of types into a temporary folder that borrows
// this checkout's packages, since Node.js 20 runs no TypeScript.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup.mjs';

/**
 * Imports `entry` (e.g. `test/bench/bench.ts`) with these folders beside it and hands the module to `use`.
 * Resolves with what `use` resolves with; the temporary folder is gone then.
 */
export async function withTypeScript(folders, entry, use) {
  const { default: typescript } = await import('typescript');
  const compilerOptions = {
    target: typescript.ScriptTarget.ES2023, module: typescript.ModuleKind.ESNext, verbatimModuleSyntax: true, inlineSourceMap: true,
  };
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-code-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const part of folders) {
      mkdirSync(join(folder, part), { recursive: true });
      for (const name of readdirSync(join(root, part)).filter((file) => file.endsWith('.ts'))) {
        const { outputText } = typescript.transpileModule(readFileSync(join(root, part, name), 'utf8'), { compilerOptions, fileName: name });
        writeFileSync(join(folder, part, name.replace(/\.ts$/, '.js')), outputText);
      }
    }
    return await use(await import(pathToFileURL(join(folder, entry.replace(/\.ts$/, '.js'))).href));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
