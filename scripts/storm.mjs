// `npm run storm`: the long storm over hot desking, test/storm. `npm run storm -- --help` tells the options.
import { SetupProblem, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
const { runStorm } = await import('../test/storm/storm.ts');
process.exit(await runStorm(process.argv.slice(2)));
