/**
 * Redis time of the hot scripts, from INFO commandstats:
 *   node --import ./scripts/load-typescript.mjs test/bench/redis-register.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedisClient, type RedisClient } from '../../src/storage/redis/client.js';
import { createLocationService } from '../../src/storage/redis/location-service.js';
import { loadScripts } from '../../src/storage/redis/scripts.js';
import { startPrivateRedis } from '../../src/storage/redis/server.js';
import { createTestLog, registerCommand, testDevice } from '../support/redis.js';

const DEVICES = 5000;
const ROUNDS = 4;
const WINDOW = 50;
const CHUNK = 500;

const folder = mkdtempSync(join(tmpdir(), 'cb-bench-'));
const log = createTestLog();
const outcome = await startPrivateRedis({ dataDir: folder, socketDir: join(folder, 's'), log });
if (outcome.kind !== 'started') throw new Error(outcome.text);
const client = createRedisClient({ target: outcome.server.target, log });
const connected = await client.connect(5000);
if (connected.kind !== 'connected') throw new Error(connected.text);
const service = createLocationService({ client, scripts: loadScripts(), clock: { now: () => Date.now() }, log, nodeId: 'bench', onlyNode: true });
await service.start();

/** Best of the chunks, so that other work on the machine counts little. */
async function figures(of: RedisClient, what: string, work: (i: number) => Promise<unknown>, total: number): Promise<void> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let from = 0; from < total; from += CHUNK) {
    await of.ask((raw) => raw.config('RESETSTAT'));
    for (let i = from; i < from + CHUNK; i += WINDOW) await Promise.all(Array.from({ length: WINDOW }, (_, k) => work(i + k)));
    const stats = await of.ask((raw) => raw.info('commandstats'));
    times.push(Number(/cmdstat_evalsha:.*?usec_per_call=([\d.]+)/.exec(stats)?.[1]));
  }
  const ms = performance.now() - start;
  const used = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  console.log(`${what}: ${times[0]} µs in Redis (median ${times[times.length >> 1]}), ${((used.user + used.system) / total).toFixed(0)} µs in Node, ${(total / ms * 1000).toFixed(0)}/s`);
}

let cseq = 0;
const register = (i: number): Promise<unknown> => service.register(registerCommand([{ uri: `sip:d${i % DEVICES}@192.0.2.7:5060;transport=udp` }], {
  deviceId: testDevice(i % DEVICES), cseq: (cseq += 1), callId: `${i % DEVICES}-0a1b2c3d4e5f@192.0.2.7`, userAgent: 'Yealink SIP-T46U 108.86.0.20',
}));
await figures(client, 'first registration', register, DEVICES);
await figures(client, 'refresh', register, DEVICES * ROUNDS);
const expiresAt = Date.now() + 60_000;
await figures(client, 'call facts, 2 devices', (i) => service.callFacts({ nonce: `call-${i}`, count: 1, expiresAt }, [testDevice(i % DEVICES), testDevice((i * 7) % DEVICES)]), DEVICES);
await figures(client, 'query', (i) => service.register(registerCommand('query', { deviceId: testDevice(i % DEVICES) })), DEVICES);
console.log('memory of Redis:', /used_memory_human:(\S+)/.exec(await client.ask((raw) => raw.info('memory')))?.[1], 'of Node:', `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
service.close();
client.close();
await outcome.server.stop();
rmSync(folder, { recursive: true });
