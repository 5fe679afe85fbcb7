// `npm run fuzz`: random input for the embedded SIP edge, see test/fuzz. `npm run fuzz -- --help` tells the options.
import { join } from 'node:path';
import { SetupProblem, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: false, build: false });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
process.env.SIP_TORTURE_DIR ||= join(root, '..', 'shared', 'corpora');
const { fuzz } = await import('../test/fuzz/fuzz.ts');
process.exit(await fuzz(process.argv.slice(2)));
