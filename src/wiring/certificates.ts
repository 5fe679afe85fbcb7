import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, unwatchFile, watchFile, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkInterfaces } from 'node:os';
import type { Clock, Log } from '../ports/runtime.js';
import { checkCertificate, makeSelfSigned } from '../security/certificates.js';
import type { CertificatePair } from '../security/certificates.js';
import { StartProblem } from './start-problem.js';

/** The certificate every TLS listener shows, kept up to date. */
export interface Certificates {
  current(): CertificatePair;
  /** Called with each new pair. */
  onChange(listener: (pair: CertificatePair) => Promise<void> | void): void;
  /** Reads the files again; what cannot be used is logged and the old pair stays. */
  reload(): Promise<void>;
}

export interface CertificateSource {
  /** Given by the settings; undefined: self-signed in `folder`. */
  readonly files: { readonly cert: string; readonly key: string } | undefined;
  readonly folder: string;
  /** Host names and addresses a self-signed one is for, the first its common name. */
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** How often the files are looked at, ms. */
  readonly watchMs?: number;
}

const WATCH_MS = 5_000;
const DAY_MS = 86_400_000;

/** Addresses of this machine phones may have been told, and its names for itself. */
export function machineNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []).map(({ address }) => address);
  return [...addresses.filter((address) => !address.toLowerCase().startsWith('fe80:')), 'localhost', '127.0.0.1'];
}

/**
 * Reads the pair, or makes a self-signed one where the settings name none and there is none or it has expired.
 * @throws StartProblem (as rejection) when the files of the settings cannot be used
 */
export async function openCertificates(source: CertificateSource): Promise<{ readonly value: Certificates; readonly stop: () => Promise<void> }> {
  const { log, clock, folder } = source;
  const files = source.files ?? { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const listeners: ((pair: CertificatePair) => Promise<void> | void)[] = [];
  let current = await first(source, files);

  const load = async (): Promise<void> => {
    const next = source.files === undefined ? await ownPair(source, files, false) : readPair(files);
    if (next.cert === current.cert && next.key === current.key) return;
    const check = checkCertificate(next, clock.now());
    if (check.kind === 'unusable') throw new Error(check.problem);
    current = next;
    for (const told of listeners) await told(next);
    log.info('certificate reloaded', { file: files.cert, expired: check.kind === 'expired', expiresAt: new Date(check.expiresAt).toISOString() });
  };
  // One after another: a change of both files is told twice.
  let running: Promise<void> = Promise.resolve();
  const reload = (): Promise<void> => (running = running.then(load).catch((error: unknown) => {
    log.warn('certificate not reloaded, the old one stays', { file: files.cert, error: error instanceof Error ? error.message : String(error) });
  }));
  const changed = (): void => void reload();
  for (const file of [files.cert, files.key]) watchFile(file, { interval: source.watchMs ?? WATCH_MS, persistent: false }, changed);
  // A self-signed one that expires while the program runs is renewed.
  const daily = setInterval(changed, DAY_MS).unref();
  return {
    value: {
      current: () => current,
      onChange: (listener) => void listeners.push(listener),
      reload,
    },
    stop: async () => {
      clearInterval(daily);
      for (const file of [files.cert, files.key]) unwatchFile(file, changed);
      await running;
    },
  };
}

async function first(source: CertificateSource, files: { readonly cert: string; readonly key: string }): Promise<CertificatePair> {
  if (source.files === undefined) return ownPair(source, files, true);
  try {
    const pair = readPair(files);
    const check = checkCertificate(pair, source.clock.now());
    if (check.kind === 'unusable') throw new Error(check.problem);
    if (check.kind === 'expired') source.log.warn('the certificate has expired', { file: files.cert, expiredAt: new Date(check.expiresAt).toISOString() });
    return pair;
  } catch (error) {
    throw new StartProblem(`TLS_CERT ${files.cert} and TLS_KEY ${files.key} cannot be used: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

/**
 * The pair in DATA_DIR, made where it is missing or expired.
 * @param starting then a damaged one is made anew as well; later it may be half of a change somebody is making by hand
 */
async function ownPair(
  { folder, names, clock, log }: CertificateSource, files: { readonly cert: string; readonly key: string }, starting: boolean,
): Promise<CertificatePair> {
  if (existsSync(files.cert) && existsSync(files.key)) {
    const kept = readPair(files);
    const check = checkCertificate(kept, clock.now());
    if (check.kind === 'usable' || (check.kind === 'unusable' && !starting)) return kept;
    log.warn('the self-signed certificate is made anew', { file: files.cert, why: check.kind === 'expired' ? 'it has expired' : check.problem });
  }
  const made = await makeSelfSigned(names, clock.now());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  writePrivate(files.key, made.key);
  writePrivate(files.cert, made.cert);
  return made;
}

const readPair = (files: { readonly cert: string; readonly key: string }): CertificatePair =>
  ({ cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') });

/** Whole or not at all. */
function writePrivate(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
