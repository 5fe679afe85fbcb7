// Says of what was compiled where its source is: `dist/test/unit/x.test.js:9:3` becomes `test/unit/x.test.ts:11:3`. Done to the
// output of what failed, since Node.js's own `--enable-source-maps` reads every map at every start.
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { root } from './setup.mjs';

const maps = new Map();
function mapOf(path) {
  if (!maps.has(path)) {
    const file = join(root, 'dist', `${path}.js.map`);
    maps.set(path, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null);
  }
  return maps.get(path);
}

function place(path, line, column) {
  const found = mapOf(path)?.findEntry(Number(line) - 1, Number(column) - 1);
  return found?.originalLine === undefined ? null : { line: found.originalLine + 1, column: found.originalColumn + 1 };
}

export function sourcePlaces(text) {
  return text
    .replace(/(fileName: )dist\/(\S+)\.js(\n *lineNumber: )(\d+)(\n *columnNumber: )(\d+)/g, (written, name, path, lineNumber, line, columnNumber, column) => {
      const found = place(path, line, column);
      return found === null ? written : `${name}${path}.ts${lineNumber}${found.line}${columnNumber}${found.column}`;
    })
    .replace(/\bdist\/((?:src|sip|test)\/[^\s:'"()]+)\.js:(\d+):(\d+)/g, (written, path, line, column) => {
      const found = place(path, line, column);
      return found === null ? written : `${path}.ts:${found.line}:${found.column}`;
    });
}
