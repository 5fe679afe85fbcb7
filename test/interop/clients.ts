import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Test } from 'tap';

/** Where a program is; null when it is not on the PATH. */
export function programPath(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * Whether these programs are here. Where one is not, the test file is skipped, aloud; with REQUIRE_SIP_CLIENTS=1, as in
 * CI, it fails.
 */
export function clientsAreHere(t: Test, names: readonly string[]): boolean {
  const missing = names.filter((name) => programPath(name) === null);
  if (missing.length === 0) return true;
  const text = `${missing.join(', ')} not installed: nothing here was tested with real SIP clients`;
  if (process.env['REQUIRE_SIP_CLIENTS'] === '1') t.fail(text);
  else {
    process.stderr.write(`SKIPPED: ${text}\n`);
    t.plan(0, text);
  }
  return false;
}
