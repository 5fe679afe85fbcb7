// `npm run soak`: random phones on the program for hours (test/soak). `npm run soak -- --help` tells the options.
import { SetupProblem, root, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
const { soakCommand } = await import('../test/soak/soak.ts');
process.exit(await soakCommand(root, process.argv.slice(2)));
