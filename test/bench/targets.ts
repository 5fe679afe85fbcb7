import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDrachtio } from '../support/product-drachtio.js';
import { ProgramLog } from '../support/product-log.js';
import { addPhone, addUnassignedPhone, type Phone } from '../support/product-phones.js';
import { descendants, endWithUs } from '../support/product-process.js';
import { startProduct, type Product } from '../support/product.js';
import type { BenchOptions } from './options.js';
import type { Watched } from './process-usage.js';

/** What the loads need of a phone. */
export type BenchPhone = Pick<Phone, 'userName' | 'authorizationId' | 'password' | 'domain' | 'extension'>;

/** A server under load. */
export interface Target {
  readonly name: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly phones: readonly BenchPhone[];
  readonly callers: readonly BenchPhone[];
  readonly callee: BenchPhone;
  readonly processes: readonly Watched[];
  stop(): Promise<void>;
}

const CALLED = '6000';
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Four at a time: quick enough, and nothing else is measured then. */
async function many<T>(count: number, make: (at: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let at = next++; at < count; at = next++) made[at] = await make(at);
  }));
  return made;
}

async function makePhones(product: Product, options: BenchOptions): Promise<Pick<Target, 'phones' | 'callers' | 'callee'>> {
  const began = performance.now();
  const phones = await many(options.phones, () => addUnassignedPhone(product));
  const callers = await many(options.callers, (at) => addPhone(product, String(3000 + at)));
  const callee = await addPhone(product, CALLED);
  say(`  ${phones.length + callers.length + 1} phones made through the API in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return { phones, callers, callee };
}

function productProcesses(product: Product): readonly Watched[] {
  const redis = descendants(product.pid).filter(({ command }) => command.includes('redis-server'));
  return [{ name: 'cordboard', pid: product.pid }, ...redis.map(({ pid }) => ({ name: 'redis-server', pid }))];
}

export async function startProductTarget(root: string, options: BenchOptions): Promise<Target> {
  const product = await startProduct({ root });
  try {
    return {
      name: 'product', sip: product.sip, ...await makePhones(product, options), processes: productProcesses(product),
      stop: () => product.close(),
    };
  } catch (error) {
    await product.close();
    throw error;
  }
}

export async function startProductOnDrachtio(root: string, options: BenchOptions, binary: string): Promise<Target> {
  const drachtio = await startDrachtio(binary);
  let product: Product | undefined;
  try {
    product = await startProduct({
      root, sipPort: drachtio.sipPort,
      env: { DRACHTIO_URL: drachtio.control, DRACHTIO_SECRET: drachtio.secret },
    });
    const started = product;
    return {
      name: 'product-on-drachtio', sip: product.sip, ...await makePhones(product, options),
      processes: [...productProcesses(product), { name: 'drachtio-server', pid: drachtio.pid }],
      async stop() {
        await started.close();
        await drachtio.stop();
      },
    };
  } catch (error) {
    await product?.close();
    await drachtio.stop();
    throw error;
  }
}

/** The peer: drachtio-server, Redis with the same persistence, and the application of minimal-app.ts. */
export async function startPeerTarget(options: BenchOptions, binary: string): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  const phone = (userName: string, extension = ''): BenchPhone =>
    ({ userName, authorizationId: userName, password: `secret-of-${userName}`, domain: '127.0.0.1', extension });
  const phones = Array.from({ length: options.phones }, (_, at) => phone(`phone-${at}`));
  const callers = Array.from({ length: options.callers }, (_, at) => phone(`caller-${at}`, String(3000 + at)));
  const callee = phone('callee', CALLED);
  const devices = join(folder, 'devices.csv');
  const line = (one: BenchPhone): string => [one.userName, one.password, one.domain, one.extension].join(';');
  writeFileSync(devices, [...phones, ...callers, callee].map(line).join('\n'));

  const drachtio = await startDrachtio(binary);
  const socket = join(folder, 'redis.sock');
  const redis = await begin(
    'redis-server', ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--appendonly', 'yes'], {}, /ready to accept/i);
  const app = await begin(process.execPath, [fileURLToPath(new URL('minimal-app.js', import.meta.url))], {
    CONTROL: drachtio.control, SECRET: drachtio.secret, REDIS_SOCKET: socket, DEVICES: devices,
  }, /ready/);
  return {
    name: 'peer', sip: { host: '127.0.0.1', port: drachtio.sipPort }, phones, callers, callee,
    processes: [
      { name: 'minimal-app', pid: app.pid }, { name: 'redis-server', pid: redis.pid }, { name: 'drachtio-server', pid: drachtio.pid },
    ],
    async stop() {
      await app.stop();
      await drachtio.stop();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a program and waits for a line of its output. */
async function begin(
  command: string, args: readonly string[], env: Readonly<Record<string, string>>, readyLine: RegExp,
): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], ...env } });
  endWithUs(child.pid);
  const log = new ProgramLog();
  const ready = new Promise<void>((resolve, reject) => {
    log.follow(({ raw }) => { if (readyLine.test(raw)) resolve(); });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}\n${log.tail()}`)));
  });
  log.read(child.stdout);
  log.read(child.stderr);
  await ready;
  return {
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** A server that somebody else started, with phones it knows. */
export function externalTarget(options: BenchOptions): Target {
  const all = readFileSync(options.targetDevices ?? '', 'utf8').trim().split('\n').map((line): BenchPhone => {
    const [userName = '', password = '', domain = '', extension = ''] = line.trim().split(';');
    return { userName, authorizationId: userName, password, domain, extension };
  });
  const dialable = all.filter(({ extension }) => extension !== '');
  const callee = dialable.at(-1);
  if (!callee) throw new Error(`${options.targetDevices} names no phone with an extension`);
  return {
    name: 'target', sip: options.target ?? { host: '127.0.0.1', port: 5060 }, phones: all,
    callers: dialable.slice(0, -1), callee,
    processes: options.targetPids.map((pid) => ({ name: `pid ${pid}`, pid })),
    stop: async () => undefined,
  };
}
