/**
 * A redis-server of the test's own, on a Unix socket in a temporary folder, gone with the test.
 *
 *   const redis = await startTestRedis(t);
 *   const client = await redis.client();
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { AccountId, DeviceId } from '../../src/domain/ids.js';
import { asId } from '../../src/domain/ids.js';
import type { RegisterCommand, BindingEvent } from '../../src/ports/location-service.js';
import type { Log } from '../../src/ports/runtime.js';
import { createRedisClient, type RedisClient } from '../../src/storage/redis/client.js';
import { createLocationService, type LocationOptions, type RedisLocationService } from '../../src/storage/redis/location-service.js';
import { loadScripts } from '../../src/storage/redis/scripts.js';
import { startPrivateRedis, type PrivateRedis } from '../../src/storage/redis/server.js';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
}

/** A log that keeps its lines. */
export function createTestLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = {
    lines,
    debug: (event: string) => void lines.push({ level: 'debug', event }),
    info: (event: string) => void lines.push({ level: 'info', event }),
    warn: (event: string) => void lines.push({ level: 'warn', event }),
    error: (event: string) => void lines.push({ level: 'error', event }),
    child: (): Log => log,
  };
  return log;
}

export interface TestRedis {
  readonly target: PrivateRedis['target'];
  readonly log: ReturnType<typeof createTestLog>;
  pid(): number;
  /** A connected client, closed with the test. */
  client(): Promise<RedisClient>;
  /** A started location service with a client of its own, closed with the test. */
  location(options?: Partial<LocationOptions>): Promise<{ readonly service: RedisLocationService; readonly client: RedisClient }>;
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void;
  /** Starts the server again on the same data, after SIGKILL. */
  restart(): Promise<void>;
}

/** Starts the server; it is stopped and its folder removed in the test's teardown. */
export async function startTestRedis(t: Test): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'cb-redis-'));
  const log = createTestLog();
  const start = async (): Promise<PrivateRedis> => {
    const outcome = await startPrivateRedis({ dataDir: join(folder, 'data'), socketDir: join(folder, 's'), log });
    if (outcome.kind !== 'started') throw new Error(outcome.text);
    return outcome.server;
  };
  let server = await start();
  const closings: (() => void)[] = [];
  const signal = (name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void => void process.kill(server.pid, name);
  t.teardown(async () => {
    for (const close of closings.reverse()) close();
    try {
      signal('SIGCONT');
    } catch {
      // Ended by the test.
    }
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const connect = async (): Promise<RedisClient> => {
    const client = createRedisClient({ target: server.target, log });
    closings.push(() => client.close());
    const outcome = await client.connect(5000);
    if (outcome.kind !== 'connected') throw new Error(outcome.text);
    return client;
  };
  return {
    target: server.target,
    log,
    pid: () => server.pid,
    client: connect,
    async location(options = {}) {
      const client = options.client ?? await connect();
      const service = createLocationService({
        client, scripts: loadScripts(), clock: { now: () => Date.now() }, log, nodeId: 'node-a', onlyNode: false, ...options,
      });
      closings.push(() => service.close());
      await service.start();
      return { service, client };
    },
    signal,
    async restart() {
      server = await start();
    },
  };
}

export const testAccount: AccountId = asId('01hz00000000000000000000ac');

export function testDevice(number: number): DeviceId {
  return asId(`01hz${String(number).padStart(22, '0')}`);
}

export interface TestContact {
  readonly uri: string;
  readonly seconds?: number;
  readonly q?: number;
  readonly params?: string;
}

let nonces = 0;

/** A REGISTER as the use case would hand it in: a fresh nonce, UDP from 192.0.2.7:5060, contacts granted 300 s unless told. */
export function registerCommand(
  contacts: readonly TestContact[] | 'query' | 'remove-all', change: Partial<RegisterCommand> = {},
): RegisterCommand {
  const list = typeof contacts === 'string' ? [] : contacts;
  const at = change.at ?? Date.now();
  nonces += 1;
  return {
    accountId: testAccount,
    deviceId: testDevice(1),
    contacts: typeof contacts === 'string' ? { kind: contacts } : {
      kind: 'contacts',
      contacts: list.map(({ uri, params = '', q = 1000, seconds = null }) => ({ uri, params, q, seconds })),
    },
    callId: 'call-1@phone',
    cseq: 1,
    flow: { transport: 'udp', address: '192.0.2.7', port: 5060 },
    natted: new Set(),
    userAgent: 'Test/1.0',
    at,
    granted: new Map(list.map(({ uri, seconds = 300 }) => [uri, seconds])),
    maxContacts: 5,
    nonce: { nonce: `nonce-${process.pid}-${nonces}`, count: 1, expiresAt: at + 60_000 },
    ...change,
  };
}

/** Collects events until `count` have come. */
export function collectEvents(service: RedisLocationService, count: number): Promise<readonly BindingEvent[]> {
  const events: BindingEvent[] = [];
  return new Promise((resolve) => {
    const stop = service.subscribe((event) => {
      events.push(event);
      if (events.length < count) return;
      stop();
      resolve(events);
    });
  });
}
