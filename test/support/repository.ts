/** Where tests find files: run from their sources (`npx tap FILE`) and compiled beside the program (`npm test`) alike. */
import { packageRoot } from '../../src/config/paths.js';

/** The checkout. */
export const ROOT = packageRoot();

/** What runs as a thread or a process of its own, by its path from the root without ending: of the same making as the test. */
export function runnable(path: string): URL {
  return new URL(`../../${path}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
}
