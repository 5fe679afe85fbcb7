/**
 * The real program in a process of its own, as an installation on a fresh machine has it: its own redis-server, its own
 * embedded PostgreSQL, its own ports.
 *
 *   const product = await startProduct();
 *   t.teardown(() => product.close());
 *   const { status, body } = await product.api('GET', '/v2/phone/users');
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyMigratedDataDir } from './postgres-template.js';
import { ApiClient, type ApiAnswer, type ApiCredentials } from './product-api.js';
import { ProgramLog } from './product-log.js';
import { freePort } from './product-ports.js';
import { descendants, endLeftovers, endWithUs, type SeenProcess } from './product-process.js';
import { ROOT } from './repository.js';

export interface ProductOptions {
  /** Settings beside those given here; they win. */
  readonly env?: Readonly<Record<string, string>>;
  /** With the demo account. */
  readonly demo?: boolean;
  /** The checkout to run; default the one this file belongs to. */
  readonly root?: string;
  /** Where SIP is reached when a drachtio-server listens instead of the program. */
  readonly sipPort?: number;
  readonly startMs?: number;
  /** With nothing in DATA_DIR, as on a fresh machine; else the database is made already, which saves seconds. */
  readonly emptyDataDir?: boolean;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
  /** Children it left behind, ended by us. */
  readonly leftovers: readonly SeenProcess[];
}

export interface Product {
  readonly httpUrl: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly pid: number;
  readonly dataDir: string;
  readonly admin: ApiCredentials;
  readonly log: ProgramLog;
  /** A request with the first API client's token; the body is JSON both ways. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<ApiAnswer<T>>;
  /** SIGTERM, then waits for the end; throws when it takes longer than 15 s. */
  stop(): Promise<Ending>;
  /** SIGKILL, as a power cut of the process; its redis-server lives on as an orphan until the next start or `close`. */
  kill9(): Promise<void>;
  /** Starts the stopped or killed program again on the same DATA_DIR and SIP port. */
  startAgain(): Promise<void>;
  /** Whether the process runs. */
  alive(): boolean;
  /** Stops, ends what was left behind, removes DATA_DIR. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_MS = 60_000;
const STOP_MS = 15_000;

/** Starts the program and waits until it says that it is ready. Rejects with its last lines when it is not. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const root = options.root ?? ROOT;
  const dataDir = mkdtempSync(join(tmpdir(), 'cordboard-test-'));
  if (options.emptyDataDir !== true) await copyMigratedDataDir(join(dataDir, 'postgres'));
  const sipPort = options.sipPort ?? await freePort();
  const log = new ProgramLog();
  let child: ChildProcess | undefined;
  let orphans: readonly SeenProcess[] = [];
  let httpUrl = '';
  let api: ApiClient | undefined;

  const start = async (): Promise<void> => {
    const httpPort = await freePort();
    const began = spawn(join(root, 'bin', 'cordboard'), ['serve', ...(options.demo ? ['--demo'] : [])], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Only what is named here: a test runner's NODE_OPTIONS or another installation's settings must not leak in.
      env: {
        PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'],
        DATA_DIR: dataDir, HTTP_BIND: HOST, HTTP_PORT: String(httpPort), SIP_BIND: HOST, SIP_PORT: String(sipPort),
        // Off, so that instances side by side never meet; a test that wants them sets 0 or a port.
        HTTPS_PORT: 'off', SIP_TLS_PORT: 'off', SIP_WS_PORT: 'off', SIP_WSS_PORT: 'off',
        LOG_FORMAT: 'json', ...options.env,
      },
    });
    child = began;
    endWithUs(began.pid);
    log.read(began.stdout);
    log.read(began.stderr);
    await ready(began, log, options.startMs ?? START_MS);
    httpUrl = `http://${HOST}:${httpPort}`;
    api = new ApiClient(httpUrl, readAdmin(dataDir));
  };
  const running = (): ChildProcess | undefined => (child && child.exitCode === null && child.signalCode === null ? child : undefined);

  const product: Product = {
    get httpUrl() { return httpUrl; },
    get pid() { return child?.pid ?? 0; },
    sip: { host: HOST, port: sipPort },
    dataDir, log,
    get admin() { return readAdmin(dataDir); },
    api(method, path, body) {
      if (!api) throw new Error('the program is not running');
      return api.request(method, path, body);
    },
    alive: () => running() !== undefined,
    async stop() {
      const going = running();
      if (!going?.pid) throw new Error(`the program is not running\n${log.tail()}`);
      const children = descendants(going.pid);
      const began = performance.now();
      going.kill('SIGTERM');
      const late = setTimeout(() => going.kill('SIGKILL'), STOP_MS);
      await once(going, 'exit');
      clearTimeout(late);
      const ms = Math.round(performance.now() - began);
      const leftovers = endLeftovers(children);
      if (ms >= STOP_MS) throw new Error(`the program did not end within ${STOP_MS} ms of SIGTERM\n${log.tail()}`);
      return { code: going.exitCode, signal: going.signalCode, ms, leftovers };
    },
    async kill9() {
      const going = running();
      if (!going?.pid) throw new Error(`the program is not running\n${log.tail()}`);
      orphans = [...orphans, ...descendants(going.pid)];
      for (const orphan of orphans) endWithUs(orphan.pid);
      going.kill('SIGKILL');
      await once(going, 'exit');
    },
    startAgain: start,
    async close() {
      try {
        if (running()) await product.stop();
      } finally {
        endLeftovers(orphans);
        rmSync(socketDirOf(dataDir), { recursive: true, force: true });
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  };
  try {
    await start();
  } catch (error) {
    const going = running();
    if (going?.pid) await product.kill9();
    await product.close();
    throw error;
  }
  return product;
}

/** Where the program keeps the sockets of this DATA_DIR; left over after a kill. */
function socketDirOf(dataDir: string): string {
  return join(tmpdir(), `cordboard-${createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 12)}`);
}

function readAdmin(dataDir: string): ApiCredentials {
  const path = join(dataDir, 'admin.json');
  if (!existsSync(path)) throw new Error(`there is no ${path}`);
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, string>>;
  return { accountId: kept['account_id'] ?? '', clientId: kept['client_id'] ?? '', clientSecret: kept['client_secret'] ?? '' };
}

/** Resolves at the log record `ready`; rejects when the process ends first or time runs out. */
function ready(child: ChildProcess, log: ProgramLog, patienceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (problem?: string): void => {
      clearTimeout(late);
      unfollow();
      child.off('exit', ended);
      if (problem === undefined) resolve();
      else reject(new Error(`${problem}\n${log.tail()}`));
    };
    // The last lines are still in the pipe when a process exits; `close` comes after them.
    const ended = (code: number | null, signal: string | null): void => {
      child.once('close', () => settle(`the program ended at start (${signal ?? `exit code ${code}`})`));
    };
    const late = setTimeout(() => settle(`the program was not ready within ${patienceMs} ms`), patienceMs);
    const unfollow = log.follow((line) => {
      if (line.event === 'ready') settle();
    });
    child.once('exit', ended);
    child.once('error', (error) => settle(`the program could not be started: ${error.message}`));
  });
}
