// The set-up alone: packages, redis-server, build.
import { SetupProblem, setUp } from './setup.mjs';

try {
  await setUp({ redis: true });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
