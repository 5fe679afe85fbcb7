// Lets Node.js run the tests' TypeScript as it stands: `node --import ./scripts/load-typescript.mjs x.ts`. Types are checked elsewhere.
import { register } from 'node:module';

register('./load-typescript-hooks.mjs', import.meta.url);
