// `npm run soak`: random phones on the program for hours (test/soak). `npm run soak -- --help` tells the options.
import { withTypeScript } from './run-typescript.mjs';
import { SetupProblem, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
process.exit(await withTypeScript(['test/soak', 'test/bench', 'test/support'], 'test/soak/soak.ts', ({ soakCommand }) =>
  soakCommand(root, process.argv.slice(2))));
