// `npm run soak`: random phones on the program for hours (test/soak). `npm run soak -- --help` tells the options.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withPlainJavaScript } from './plain-javascript.mjs';
import { SetupProblem, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
process.exit(await withPlainJavaScript(['test/soak', 'test/bench', 'test/support'], async (folder) => {
  const { soakCommand } = await import(pathToFileURL(join(folder, 'test', 'soak', 'soak.js')).href);
  return soakCommand(root, process.argv.slice(2));
}));
