import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { ROOT } from './repository.js';

/** One message of a torture corpus with what its manifest lets an element do. */
export interface TortureMessage {
  readonly name: string;
  readonly section: string;
  readonly title: string;
  /** `valid` must be read; `invalid`, `semantic` and `compat` depend. */
  readonly className: string;
  /** Statuses an edge may answer, or `drop`. */
  readonly accepts: readonly string[];
  /** latin1, as on the wire. */
  readonly text: string;
  /** For streams: the copy whose Content-Length is right, where the original leaves bytes behind. */
  readonly streamText: string;
}

interface ManifestEntry {
  readonly name: string;
  readonly file: string;
  readonly section: string;
  readonly title: string;
  readonly class: string;
  readonly edge_accept: readonly string[];
}


/** The folder with `rfc4475/` and `rfc5118/`: SIP_TORTURE_DIR, else ../shared/corpora beside the checkout. */
export function tortureFolder(): string | undefined {
  const named = process.env['SIP_TORTURE_DIR'];
  const candidates = named === undefined || named === '' ? [join(ROOT, '..', 'shared', 'corpora')] : [named];
  return candidates.find((folder) => existsSync(join(folder, 'rfc4475', 'manifest.json')));
}

/**
 * Hands over the messages; where the corpora are missing the test says so and is skipped, in CI it fails.
 * @param t the test that needs them
 */
export function withTortureMessages(t: Test, corpus: 'rfc4475' | 'rfc5118', use: (messages: readonly TortureMessage[]) => void): void {
  const folder = tortureFolder();
  if (folder === undefined) {
    const remedy = `${corpus} torture messages not found; set SIP_TORTURE_DIR or put them into ../shared/corpora`;
    if (process.env['CI'] !== undefined && process.env['CI'] !== '') t.fail(remedy);
    else t.pass(remedy, { skip: remedy });
    t.end();
    return;
  }
  const manifest = JSON.parse(readFileSync(join(folder, corpus, 'manifest.json'), 'utf8')) as { readonly messages: readonly ManifestEntry[] };
  const read = (file: string): string => readFileSync(join(folder, corpus, file), 'latin1');
  use(manifest.messages.map((entry) => ({
    name: entry.name,
    section: entry.section,
    title: entry.title,
    className: entry.class,
    accepts: entry.edge_accept,
    text: read(entry.file),
    streamText: read(existsSync(join(folder, corpus, `${entry.file}.cl-fixed`)) ? `${entry.file}.cl-fixed` : entry.file),
  })));
  t.end();
}
