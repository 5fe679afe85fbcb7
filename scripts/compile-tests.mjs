// Test files as JavaScript beside the built program (dist/test), so that no module hook is in their way: tests run what users
// run, and each starts in a fraction of the time. Types are checked elsewhere.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './setup.mjs';

const OPTIONS = { module: 'ESNext', target: 'ES2023', verbatimModuleSyntax: true, sourceMap: true };
const target = join(root, 'dist', 'test');
const manifest = join(target, '.compiled.json');

/** Where the JavaScript of a test file is, both from the root. */
export const compiled = (path) => join('dist', path.replace(/\.ts$/, '.js'));

/** Compiles what changed since last time, and forgets what is gone. */
export async function compileTests() {
  const before = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  const now = {};
  let ts;
  for (const entry of readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.d.ts')) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const path = relative(root, file);
    const source = readFileSync(file, 'utf8');
    const digest = createHash('sha256').update(JSON.stringify(OPTIONS)).update(source).digest('hex');
    now[path] = digest;
    const output = join(root, compiled(path));
    if (before[path] === digest && existsSync(output)) continue;
    ts ??= (await import('typescript')).default;
    const { outputText, sourceMapText } = ts.transpileModule(source, {
      fileName: file, compilerOptions: { ...OPTIONS, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
    });
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, outputText);
    writeFileSync(`${output}.map`, sourceMapText);
  }
  for (const path of Object.keys(before)) {
    if (now[path] === undefined) for (const end of ['', '.map']) rmSync(join(root, compiled(path)) + end, { force: true });
  }
  mkdirSync(target, { recursive: true });
  writeFileSync(manifest, JSON.stringify(now));
}
