import t from 'tap';
import { furnishNetworkOffice } from '../support/network-office.js';
import { LEASES_KEY } from '../../src/storage/redis/keys.js';
import { findPostgresServer } from '../support/postgres-server.js';
import { startDrachtio } from '../support/product-drachtio.js';
import { startProduct } from '../support/product.js';
import { startSharedServers } from '../support/shared-servers.js';

// Two nodes behind one drachtio-server, which hands each call to one of them; the server is no part of this repository.
const binary = process.env['DRACHTIO_BIN'];
if (binary === undefined || binary === '' || findPostgresServer() === null) {
  const text = 'DRACHTIO_BIN names no drachtio-server, or there is no PostgreSQL server: two nodes behind one were not tested';
  process.stderr.write(`SKIPPED: ${text}\n`);
  t.plan(0, text);
} else {
  t.test('two nodes behind one drachtio-server, one of them killed', { timeout: 150_000 }, async (t) => {
    const [drachtio, servers] = [await startDrachtio(binary), await startSharedServers(t)];
    t.teardown(() => drachtio.stop());
    const node = (name: string) => startProduct({
      env: { ...servers.env, NODE_ID: name, DRACHTIO_URL: drachtio.control, DRACHTIO_SECRET: drachtio.secret }, sipPort: drachtio.sipPort,
    });
    const nodes = new Map([['x', await node('x')], ['y', await node('y')]]);
    t.teardown(() => Promise.all([...nodes.values()].map((one) => one.close())));
    const [[, first] = []] = nodes;
    if (first === undefined) throw new Error('no node');
    const office = await furnishNetworkOffice(t, first, servers, { people: 1, userCalls: 8, siteCalls: 8, accountCalls: 8, trunkCalls: 8 });
    const [ann] = office.people;
    if (ann === undefined) throw new Error('nobody');
    const phone = await office.phone(ann);
    const ofNodes = async (calls: number): Promise<ReadonlySet<string>> => {
      const kept = await office.keptWhen((all) => all.filter(({ cause, answered }) => cause === null && answered).length === calls);
      return new Set(kept.filter(({ cause }) => cause === null).map(({ node_id: id }) => id));
    };
    const standing = [];
    for (let n = 0; n < 6; n += 1) standing.push(await office.callOut(phone, `+1212556${String(1000 + n)}`));
    const took = await ofNodes(6);
    t.comment(`calls were taken by ${[...took].join(' and ')}`);
    t.same(await office.countedWhen({ users: 6, site: 6, account: 6, trunk: 6 }), { users: 6, site: 6, account: 6, trunk: 6 });
    const dead = [...took][0] ?? 'x';
    await nodes.get(dead)?.kill9();

    await t.test('the other node takes calls both ways, and calls for help, at once', async (t) => {
      const began = performance.now();
      const out = await office.callOut(phone, '+12125561990');
      t.ok(performance.now() - began < 2_000, `a call out after ${Math.round(performance.now() - began)} ms`);
      await office.hangUp(out);
      const inbound = await office.callIn(ann, phone);
      await office.hangUp(inbound);
      const help = await phone.dial('911', { withoutCredentials: true });
      const far = await office.carrier.called('911');
      const acked = far.answer();
      await help.ack(await help.response(200));
      await acked;
      await office.hangUp({ phone: help, carrier: far });
    });

    await t.test('records of the dead node are closed', async (t) => {
      await servers.redis.ask((redis) => redis.zadd(LEASES_KEY, Date.now() - 1, dead));
      const kept = await office.keptWhen((all) => all.filter(({ node_id: id }) => id === dead).every(({ cause }) => cause !== null), 20_000);
      t.ok(kept.some(({ cause, node_id: id }) => cause === 'lost' && id === dead));
      t.same(kept.filter(({ cause, node_id: id }) => cause === 'lost' && id !== dead), []);
    });
  });
}
