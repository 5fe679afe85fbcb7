/**
 * Headless Chromium, driven by its DevTools protocol over two pipes.
 *
 *   const chromium = await startChromium('chromium');
 *   const page = await chromium.open('http://127.0.0.1:8000/');
 *   await page.run<number>('1 + 1');
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { ProgramLog } from './product-log.js';
import { descendants, endLeftovers, endWithUs } from './product-process.js';

export interface Page {
  /** Evaluates an expression in the page, awaits its promise and hands out its value (what JSON can carry). */
  run<T = unknown>(expression: string): Promise<T>;
  close(): Promise<void>;
}

export interface Chromium {
  readonly log: ProgramLog;
  /** Opens a page in a tab of its own; resolves when it was loaded. */
  open(url: string): Promise<Page>;
  stop(): Promise<void>;
}

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

const REPLY_MS = 30_000;
// A microphone that beeps, granted unasked; certificates nobody signed; WebRTC on the loopback without mDNS names.
const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--remote-debugging-pipe',
  '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required',
  '--ignore-certificate-errors', '--disable-features=WebRtcHideLocalIpsWithMdns', '--allow-loopback-in-peer-connection',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export async function startChromium(program: string): Promise<Chromium> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-chromium-'));
  // Its commands come in at file descriptor 3, its replies and events go out at 4.
  const child = spawn(program, [...FLAGS, `--user-data-dir=${folder}`, 'about:blank'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] });
  endWithUs(child.pid);
  const log = new ProgramLog();
  if (child.stdout !== null) log.read(child.stdout);
  if (child.stderr !== null) log.read(child.stderr);
  const [commands, replies] = [child.stdio[3], child.stdio[4]];
  if (!(commands instanceof Writable) || !(replies instanceof Readable)) throw new Error('no pipes to chromium');
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  commands.on('error', () => undefined);
  const waiting = new Map<string, (reply: Reply) => void>();
  let text = '';
  replies.setEncoding('utf8');
  replies.on('data', (chunk: string) => {
    const parts = (text + chunk).split('\0');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const reply = JSON.parse(part) as Reply;
      const key = reply.id === undefined ? `${reply.sessionId ?? ''} ${reply.method ?? ''}` : String(reply.id);
      waiting.get(key)?.(reply);
      waiting.delete(key);
    }
  });
  let ids = 0;
  const wait = (key: string, label: string): Promise<Reply> => new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      waiting.delete(key);
      reject(new Error(`chromium: nothing to ${label} within ${REPLY_MS} ms\n${log.tail(10)}`));
    }, REPLY_MS);
    waiting.set(key, (reply) => {
      clearTimeout(late);
      if (reply.error === undefined) resolve(reply);
      else reject(new Error(`chromium: ${label}: ${reply.error.message}`));
    });
  });
  const call = async (method: string, params: object, sessionId?: string): Promise<Readonly<Record<string, unknown>>> => {
    ids += 1;
    const reply = wait(String(ids), method);
    commands.write(`${JSON.stringify({ id: ids, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    return (await reply).result ?? {};
  };

  return {
    log,
    async open(url) {
      const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
      const session = String(sessionId);
      await call('Page.enable', {}, session);
      const loaded = wait(`${session} Page.loadEventFired`, `the loading of ${url}`);
      await call('Page.navigate', { url }, session);
      await loaded;
      return {
        async run<T>(expression: string) {
          const evaluated = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, session) as {
            readonly result?: { readonly value?: T }; readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
          };
          if (evaluated.exceptionDetails) throw new Error(`${expression}: ${evaluated.exceptionDetails.exception?.description ?? 'failed'}`);
          return evaluated.result?.value as T;
        },
        close: async () => void await call('Target.closeTarget', { targetId }),
      };
    },
    async stop() {
      const processes = descendants(child.pid ?? 0);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 3000);
      await exited;
      clearTimeout(late);
      // They may still write into its folder.
      endLeftovers(processes);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
