import { accessSync, constants, existsSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { Redis } from 'ioredis';
import type { Settings, SettingsResult } from '../config/settings.js';
import { defaultSipDomain } from '../config/settings.js';
import { listenersOf } from './edge.js';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly note: string;
}

const PATIENCE_MS = 3000;

/** Looks at the machine and the settings, prints a line for each finding, changes nothing. Exit code 1 when one is bad. */
export async function runDoctor(result: SettingsResult): Promise<number> {
  const findings: Finding[] = [{ what: 'Node.js', ok: true, note: process.versions.node }];
  if (result.kind === 'problems') {
    findings.push(...result.problems.map((problem) => ({ what: 'settings', ok: false, note: problem })));
  } else {
    findings.push({ what: 'settings', ok: true, note: 'all read' });
    for (const name of result.notServed) findings.push({ what: 'settings', ok: false, note: `${name} has no effect in this version` });
    findings.push(...await Promise.all(examine(result.settings)));
  }
  for (const { what, ok, note } of findings) process.stdout.write(`${ok ? 'ok     ' : 'PROBLEM'}  ${what.padEnd(12)}  ${note}\n`);
  return findings.every((finding) => finding.ok) ? 0 : 1;
}

function examine(settings: Settings): readonly Promise<Finding>[] {
  return [
    dataDir(settings),
    settings.redisUrl === undefined ? redisServer() : redis(settings.redisUrl),
    settings.databaseUrl === undefined ? Promise.resolve({ what: 'PostgreSQL', ok: true, note: 'embedded' }) : postgres(settings.databaseUrl),
    portFree('HTTP', 'tcp', settings.httpBind, settings.httpPort),
    ...(settings.drachtioUrl === undefined
      ? listenersOf(settings).map(({ transport, host, port, ifFree }) => portFree(`SIP ${transport}`, transport === 'udp' ? 'udp' : 'tcp', host, port, ifFree === true))
      : []),
    Promise.resolve({ what: 'SIP domain', ok: true, note: `${defaultSipDomain(settings)} (for a first start)` }),
  ];
}

async function dataDir(settings: Settings): Promise<Finding> {
  const path = resolve(settings.dataDir);
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return { what: 'DATA_DIR', ok: true, note: `${path}${existing === path ? '' : ' (will be made)'}` };
  } catch {
    return { what: 'DATA_DIR', ok: false, note: `${existing} is not writable; set DATA_DIR to a folder of yours` };
  }
}

async function redisServer(): Promise<Finding> {
  const folder = (process.env['PATH'] ?? '').split(delimiter).find((one) => one && existsSync(join(one, 'redis-server')));
  return folder === undefined
    ? { what: 'redis-server', ok: false, note: 'not installed; npm start installs it where it may, else install the package redis-server or set REDIS_URL' }
    : { what: 'redis-server', ok: true, note: join(folder, 'redis-server') };
}

async function redis(url: string): Promise<Finding> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, connectTimeout: PATIENCE_MS, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return { what: 'Redis', ok: true, note: 'answers' };
  } catch (error) {
    return { what: 'Redis', ok: false, note: `REDIS_URL: ${messageOf(error)}` };
  } finally {
    client.disconnect();
  }
}

async function postgres(url: string): Promise<Finding> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
    const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
    return version >= 15
      ? { what: 'PostgreSQL', ok: true, note: `version ${version}` }
      : { what: 'PostgreSQL', ok: false, note: `version ${version}; 15 or newer is needed` };
  } catch (error) {
    return { what: 'PostgreSQL', ok: false, note: `DATABASE_URL: ${messageOf(error)}` };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function portFree(what: string, transport: 'udp' | 'tcp', host: string, port: number, ifFree = false): Promise<Finding> {
  return new Promise((done) => {
    const shown = `${transport} ${host}:${port}`;
    const taken = (error: NodeJS.ErrnoException): void => done({
      what, ok: ifFree, note: `${shown} cannot be used: ${error.code ?? error.message}${ifFree ? '; the listener will be left out' : ''}`,
    });
    if (transport === 'tcp') {
      const server = createServer().once('error', taken).listen(port, host, () => server.close(() => done({ what, ok: true, note: `${shown} is free` })));
    } else {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').once('error', taken);
      socket.bind(port, host, () => socket.close(() => done({ what, ok: true, note: `${shown} is free` })));
    }
  });
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
