// Start of everything: set-up where something is missing, then the built program in this same process, so that signals
// reach it (npm's shell would keep them to itself).
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupProblem, root, setUp } from './setup.mjs';

const [command = 'serve', ...rest] = process.argv.slice(2).some((word) => !word.startsWith('-')) || process.argv[2] === '--help' || process.argv[2] === '--version'
  ? process.argv.slice(2) : ['serve', ...process.argv.slice(2)];
const ownRedis = ['serve', 'demo', 'doctor'].includes(command) && !process.env.REDIS_URL
  && !rest.some((word) => word.startsWith('--redis-url') || word === '--help');
try {
  await setUp({ redis: ownRedis && command !== 'doctor' });
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`cordboard: ${error.message}\n`);
  process.exit(1);
}
// Libraries print whole messages where it is set, and a SIP INFO may hold a digit of a PIN.
delete process.env.DEBUG;
const { main } = await import(pathToFileURL(join(root, 'dist', 'src', 'main.js')).href);
await main([command, ...rest]);
