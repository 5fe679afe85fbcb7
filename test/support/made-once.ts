/** Folders that take seconds to make and never change: made by the first test file that wants one, kept for the machine's next ones. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Who makes a folder is given this long; then it was killed. */
const MAKING_MS = 120_000;

/**
 * The folder of that name. `make` gets an empty folder, and says which inside it is wanted; it appears whole or not at all, and
 * files that run at the same time wait for the one that makes it. What it depends on belongs into the name.
 */
export async function madeOnce(name: string, make: (folder: string) => Promise<string>): Promise<string> {
  const folder = join(tmpdir(), `cordboard-test-${name}-${process.getuid?.() ?? 'user'}`);
  const mark = `${folder}.making`;
  while (!existsSync(folder)) {
    if (!taken(mark)) {
      await pause(100);
      continue;
    }
    const making = mkdtempSync(join(tmpdir(), 'cb-making-'));
    try {
      if (!existsSync(folder)) renameSync(await make(making), folder);
    } finally {
      rmSync(making, { recursive: true, force: true });
      rmSync(mark, { recursive: true, force: true });
    }
  }
  return folder;
}

/** Whether the mark is ours now; that of a killed process lapses. */
function taken(mark: string): boolean {
  try {
    mkdirSync(mark);
    return true;
  } catch {
    const since = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > MAKING_MS) rmSync(mark, { recursive: true, force: true });
    return false;
  }
}
