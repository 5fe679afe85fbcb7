// `npm run fuzz`: random input for the embedded SIP edge, see test/fuzz. `npm run fuzz -- --help` tells the options.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withPlainJavaScript } from './plain-javascript.mjs';
import { SetupProblem, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: false, build: false });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
process.env.SIP_TORTURE_DIR ||= join(root, '..', 'shared', 'corpora');
process.exit(await withPlainJavaScript(['sip/edge', 'test/fuzz', 'test/support'], async (folder) => {
  const { fuzz } = await import(pathToFileURL(join(folder, 'test', 'fuzz', 'fuzz.js')).href);
  return fuzz(process.argv.slice(2));
}));
