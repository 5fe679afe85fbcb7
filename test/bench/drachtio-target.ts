import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDrachtio } from '../support/product-drachtio.js';
import { freePort } from '../support/product-ports.js';
import { beginProgram, beginRedis } from './begin-program.js';
import { openInspector, type NodeInspector } from './node-inspector.js';
import { OUTSIDE_NUMBER } from './trunk-targets.js';
import { plainPhones, type BenchPhone, type PhoneCounts, type Target } from './target.js';

/** The peer: drachtio-server, Redis with the same persistence, and the application of minimal-app.ts. */
export async function startDrachtioPeer(counts: PhoneCounts, binary: string, trunks = false): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  const plain = plainPhones(counts);
  const carrierPort = trunks ? await freePort() : null;
  const devices = join(folder, 'devices.csv');
  const line = (one: BenchPhone): string => [one.userName, one.password, one.domain, one.extension].join(';');
  writeFileSync(devices, [...plain.phones, ...plain.callers, plain.callee].map(line).join('\n'));

  const drachtio = await startDrachtio(binary);
  const socket = join(folder, 'redis.sock');
  const redis = await beginRedis(folder, { socket });
  const app = await beginProgram(
    process.execPath, ['--inspect-port=0', ...process.execArgv, fileURLToPath(new URL('minimal-app.ts', import.meta.url))], /ready/,
    { CONTROL: drachtio.control, SECRET: drachtio.secret, REDIS_SOCKET: socket, DEVICES: devices, ...(carrierPort === null ? {} : { TRUNK: `127.0.0.1:${carrierPort}` }) });
  let inspector: Promise<NodeInspector> | undefined;
  return {
    name: 'drachtio', sip: { host: '127.0.0.1', port: drachtio.sipPort }, ...plain,
    ...(carrierPort === null ? {} : { carrierPort, callee: { ...plain.callee, extension: OUTSIDE_NUMBER } }),
    processes: [
      { name: 'minimal-app', pids: [app.pid] }, { name: 'redis-server', pids: [redis.pid] }, { name: 'drachtio-server', pids: [drachtio.pid] },
    ],
    inspect: async () => [await (inspector ??= openInspector(app))],
    async stop() {
      (await inspector)?.close();
      await app.stop();
      await drachtio.stop();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
