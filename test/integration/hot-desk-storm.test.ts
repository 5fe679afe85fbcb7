import { randomBytes } from 'node:crypto';
import t from 'tap';
import { hotDeskNode, furnish, movableClock } from '../support/hot-desk-office.js';
import { brokenRules, castOf, seeded, storm } from '../support/hot-desk-storm.js';
import { findPostgresServer } from '../support/postgres-server.js';
import { startTestEmbedded, startTestServer } from '../support/postgres.js';

/** The long run is `npm run storm -- --operations 50000`; a seed given there repeats what was drawn here. */
t.test('two nodes on one database keep the rules of hot desking, whatever happens', async (t) => {
  const postgres = findPostgresServer() === null ? await startTestEmbedded(t) : await startTestServer(t);
  const keys = { pin: randomBytes(32), box: randomBytes(32) };
  const clock = movableClock();
  const databases = [await postgres.open(t), await postgres.open(t)] as const;
  const nodes = await Promise.all(databases.map((database, n) => hotDeskNode(database, clock, keys, `node-${n}`, { pinCost: 16 })));
  const [first] = nodes;
  if (first === undefined) throw new Error('no node');
  const office = await furnish(first);
  const cast = await castOf(first, office, { people: 8, devices: 6 });
  await Promise.all(nodes.map((node) => node.directory.load()));
  const random = seeded(20260302);
  const total = { signedIn: 0, refused: 0 };
  for (let round = 0; round < 5; round += 1) {
    const figures = await storm(nodes, cast, office.actor, { random, operations: 80, atOnce: 4 });
    t.equal(figures.faults, 0);
    total.signedIn += figures.signedIn;
    total.refused += figures.refused;
    t.same(await brokenRules(databases[0], nodes, cast), [], `after ${(round + 1) * 80} operations`);
  }
  t.ok(total.signedIn > 20 && total.refused > 20, 'both happened', total);
});
