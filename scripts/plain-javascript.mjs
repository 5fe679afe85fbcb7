// TypeScript of this checkout, stripped of its types into a temporary folder that borrows the checkout's packages, since
// Node.js 20 runs no TypeScript. For tools that live in test/.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './setup.mjs';

function* sources(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')) yield path;
  }
}

/**
 * @param parts folders below the root, with everything in them
 * @param use gets the temporary folder, which is gone when it is done
 */
export async function withPlainJavaScript(parts, use) {
  const { default: typescript } = await import('typescript');
  const compilerOptions = {
    target: typescript.ScriptTarget.ES2023, module: typescript.ModuleKind.ESNext, verbatimModuleSyntax: true, inlineSourceMap: true,
  };
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-code-'));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  // A tool may end the process itself.
  process.once('exit', clear);
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const path of parts.flatMap((part) => [...sources(part)])) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      const { outputText } = typescript.transpileModule(readFileSync(join(root, path), 'utf8'), { compilerOptions, fileName: path });
      writeFileSync(join(folder, path.replace(/\.ts$/, '.js')), outputText);
    }
    return await use(folder);
  } finally {
    clear();
  }
}
