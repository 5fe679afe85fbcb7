import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../support/product-ports.js';
import { descendants } from '../support/product-process.js';
import { createSipPeer } from '../support/sip-peer.js';
import { beginProgram, beginRedis } from './begin-program.js';
import { KAMAILIO_SCHEMA, kamailioConfig } from './kamailio-config.js';
import { NotHere, plainPhones, type PhoneCounts, type Target } from './target.js';

const PROGRAMS = ['/usr/sbin/kamailio', '/usr/local/sbin/kamailio', '/usr/bin/kamailio'];
/** Contacts one phone may have, as many as the product's own default. */
const CONTACTS = 5;
/** Debian's default allocator is a debugging one; this is the fast one. */
const FAST_ALLOCATOR = ['-x', 'tlsf', '-X', 'tlsf', '-m', '512', '-M', '16'];

/** Starts Kamailio and a Redis for it. Throws NotHere where it is not installed. */
export async function startKamailio(counts: PhoneCounts, workers: 1 | 2): Promise<Target> {
  const program = PROGRAMS.find((path) => existsSync(path));
  if (program === undefined || !existsSync(KAMAILIO_SCHEMA)) {
    throw new NotHere('Kamailio with its Redis modules is not installed (Debian: kamailio kamailio-redis-modules)');
  }
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  const [sipPort, redisPort] = [await freePort(), await freePort()];
  const redis = await beginRedis(folder, { port: redisPort });
  // It looks up the version of the table before it uses it.
  const client = new Redis(redisPort, '127.0.0.1');
  await client.hset('version:entry::location', { table_name: 'location', table_version: 9 });
  await client.quit();
  const config = join(folder, 'kamailio.cfg');
  writeFileSync(config, kamailioConfig({ sipPort, redisPort, workers, contacts: CONTACTS }));
  const kamailio = await beginProgram(
    program, ['-DD', '-E', ...FAST_ALLOCATOR, '-f', config, '-P', join(folder, 'kamailio.pid'), '-Y', folder], /Listening on|udp: 127/);
  await answersAt(sipPort);
  return {
    name: workers === 1 ? 'kamailio-1' : 'kamailio-2',
    sip: { host: '127.0.0.1', port: sipPort }, ...plainPhones(counts),
    processes: [
      { name: 'kamailio', pids: [kamailio.pid, ...descendants(kamailio.pid).map(({ pid }) => pid)] },
      { name: 'redis-server', pids: [redis.pid] },
    ],
    inspect: async () => [],
    async stop() {
      await kamailio.stop();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** It says that it listens before its workers run. */
async function answersAt(port: number): Promise<void> {
  const peer = await createSipPeer({ transport: 'udp' });
  try {
    for (let tries = 1; ; tries += 1) {
      await peer.send(peer.request('OPTIONS', 'sip:127.0.0.1'), { address: '127.0.0.1', port });
      const answered = await peer.waitFor(({ status }) => status >= 200, 'answer to OPTIONS', 500).then(() => true, () => false);
      if (answered) return;
      if (tries === 20) throw new Error('Kamailio does not answer');
    }
  } finally {
    await peer.close();
  }
}
