/** One node of a storm as a process of its own, made to be killed. Its argument tells it everything; it writes a line a batch. */
import { Buffer } from 'node:buffer';
import type { PoolConfig } from 'pg';
import { createDatabase } from '../../src/storage/postgres/database.js';
import type { Actor } from '../../src/usecases/change.js';
import { hotDeskNode, movableClock } from '../support/hot-desk-office.js';
import { seeded, storm, type StormCast } from '../support/hot-desk-storm.js';
import { createTestLog } from '../support/redis.js';

export interface ChildOrders {
  readonly connection: PoolConfig;
  readonly keys: { readonly pin: string; readonly box: string };
  readonly cast: StormCast;
  readonly actor: Actor;
  readonly seed: number;
  readonly at: number;
}

const BATCH = 20;

const orders = JSON.parse(process.argv[2] ?? '') as ChildOrders;
const database = createDatabase({ connection: orders.connection, embedded: false, log: createTestLog() });
const keys = { pin: Buffer.from(orders.keys.pin, 'hex'), box: Buffer.from(orders.keys.box, 'hex') };
const node = await hotDeskNode(database, movableClock(orders.at), keys, 'node-child', { pinCost: 16 });
await node.directory.load();
const random = seeded(orders.seed);
for (;;) {
  const { operations, signedIn, faults } = await storm([node], orders.cast, orders.actor, { random, operations: BATCH, atOnce: 2 });
  process.stdout.write(`${operations} ${signedIn} ${faults}\n`);
}
