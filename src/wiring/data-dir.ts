import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StartProblem, hasCode } from './start-problem.js';

/** A single node's state folder, locked by this process, and the short folder its sockets live in. */
export interface DataDir {
  readonly path: string;
  /** Unix socket paths are limited to 108 bytes, so sockets live apart from the data. */
  readonly socketDir: string;
  /** Reads `name`, or makes it with what `make` returns; 0600. */
  readOrMake(name: string, make: () => string): string;
  write(name: string, content: string): void;
  read(name: string): string | null;
  release(): Promise<void>;
}

/** Creates and locks DATA_DIR. StartProblem when it is in use or not writable. */
export async function openDataDir(given: string): Promise<DataDir> {
  const path = makePrivate(resolve(given));
  const socketDir = makePrivate(join(tmpdir(), `cordboard-${createHash('sha256').update(realpathSync(path)).digest('hex').slice(0, 12)}`));
  const release = await lock(join(socketDir, 'lock'), path);
  const file = (name: string): string => join(path, name);
  const write = (name: string, content: string): void => writeFileSync(file(name), content, { mode: 0o600 });
  const readBack = (name: string): string | null => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : null);
  return {
    path, socketDir, release, write,
    read: readBack,
    readOrMake(name, make) {
      const known = readBack(name);
      if (known !== null) return known;
      const made = make();
      write(name, made);
      return made;
    },
  };
}

function makePrivate(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const { uid } = lstatSync(path);
    if (process.getuid && uid !== process.getuid()) throw new StartProblem(`${path} belongs to another user (uid ${uid}); set DATA_DIR to a folder of your own`);
    chmodSync(path, 0o700);
    return path;
  } catch (error) {
    if (error instanceof StartProblem) throw error;
    throw new StartProblem(`the folder ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}. Set DATA_DIR to a writable folder`);
  }
}

/** The lock is a listening socket: it dies with the process, so a stale one tells itself by refusing. */
async function lock(path: string, dataDir: string): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt += 1) {
    const server = createServer((socket) => socket.end());
    try {
      await new Promise<void>((done, fail) => server.once('error', fail).listen(path, done));
      server.unref();
      return () => new Promise((done) => server.close(() => done()));
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw error;
      if (attempt > 0 || await answers(path)) {
        throw new StartProblem(`another Cordboard already runs on ${dataDir}. Stop it, or set DATA_DIR (and the ports) for a second one`);
      }
      rmSync(path, { force: true });
    }
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => { socket.destroy(); done(true); });
    socket.once('error', () => done(false));
  });
}

/** The installation's 32-byte secret, made at first start where the settings give none. */
export function secretKeyOf(dataDir: DataDir, given: Buffer | undefined): Buffer {
  if (given) return given;
  const key = Buffer.from(dataDir.readOrMake('secret.key', () => `${randomBytes(32).toString('hex')}\n`).trim(), 'hex');
  if (key.length !== 32) throw new StartProblem(`${join(dataDir.path, 'secret.key')} does not hold 64 hex digits; restore it from a backup`);
  return key;
}
