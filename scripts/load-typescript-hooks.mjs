// Module hooks for load-typescript.mjs: `x.js` beside no such file means `x.ts`, and types are stripped once per content and kept.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const store = fileURLToPath(new URL('../node_modules/.cache/cordboard-typescript/', import.meta.url));

const OPTIONS = { module: 'NodeNext', target: 'ES2023', verbatimModuleSyntax: true, inlineSourceMap: true, inlineSources: false };

export async function resolve(specifier, context, next) {
  if (/^(\.{1,2}\/|file:).*\.js$/.test(specifier)) {
    const written = new URL(specifier, context.parentURL);
    const meant = new URL(written.href.replace(/\.js(?=$|[?#])/, '.ts'));
    if (!existsSync(written) && existsSync(meant)) return { url: meant.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !/\.ts(?=$|[?#])/.test(url)) return next(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: await strip(path, readFileSync(path, 'utf8')), shortCircuit: true };
}

async function strip(path, source) {
  const kept = join(store, `${createHash('sha256').update(JSON.stringify(OPTIONS)).update(basename(path)).update(source).digest('hex')}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { default: ts } = await import('typescript');
  const { outputText } = ts.transpileModule(source, {
    fileName: path,
    compilerOptions: { ...OPTIONS, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  mkdirSync(store, { recursive: true });
  // Written beside and renamed: other test files run at the same time.
  const making = `${kept}.${process.pid}`;
  writeFileSync(making, outputText);
  renameSync(making, kept);
  return outputText;
}
