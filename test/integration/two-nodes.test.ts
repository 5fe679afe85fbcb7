/** Two nodes on one Redis and one PostgreSQL, one of them killed: calls to and from trunks, caps, registrations with carriers, records, help. */
import t from 'tap';
import { asId, type TrunkId } from '../../src/domain/ids.js';
import { LEASE_MS } from '../../src/domain/calls/call-limits.js';
import { LEASES_KEY, callMember, callsKey, trunkLeaseKey } from '../../src/storage/redis/keys.js';
import { NODE_LEASE_MS } from '../../src/usecases/record-call.js';
import { furnishNetworkOffice, OUTSIDE, type NetworkCaps } from '../support/network-office.js';
import { findPostgresServer } from '../support/postgres-server.js';
import { expectApi } from '../support/product-phones.js';
import { startProduct, type Product } from '../support/product.js';
import type { PhoneCall, ScriptedPhone } from '../support/scripted-phone.js';
import { startSharedServers } from '../support/shared-servers.js';
import { createSipPeer, isRequest, type PeerMessage } from '../support/sip-peer.js';

const CAPS: NetworkCaps = { userCalls: 3, siteCalls: 6, accountCalls: 6, trunkCalls: 5 };
const required = process.env['CI'] !== undefined && process.env['REQUIRE_POSTGRES'] === '1';

if (findPostgresServer() === null && !required) {
  t.test('needs a PostgreSQL server', { skip: 'no PostgreSQL server is installed: two nodes are not tested' }, async () => undefined);
} else {
  t.test('of two nodes one is killed', { timeout: 150_000 }, async (t) => {
    const servers = await startSharedServers(t);
    const nodes = { x: await startProduct({ env: { ...servers.env, NODE_ID: 'x' } }), y: await startProduct({ env: { ...servers.env, NODE_ID: 'y' } }) };
    t.teardown(() => Promise.all([nodes.x.close(), nodes.y.close()]));
    const office = await furnishNetworkOffice(t, nodes.x, servers, { people: 2, ...CAPS });
    const [ann, ben] = office.people;
    if (ann === undefined || ben === undefined) throw new Error('two people');
    const registrar = await createSipPeer({ transport: 'udp' });
    t.teardown(() => registrar.close());
    const registeredBy = async ({ sip }: Product): Promise<PeerMessage> => {
      const request = await registrar.waitFor((message) => isRequest('REGISTER')(message) && message.header('Contact')?.includes(`:${sip.port}>`) === true, 'a REGISTER of that node', 15_000);
      await registrar.respond(request, 200, 'OK', { toTag: 'r', contact: request.header('Contact') ?? null, headers: [['Expires', '600']] });
      return request;
    };
    const { id: registering } = await expectApi<{ readonly id: string }>(nodes.x, 201, 'POST', '/v2/cordboard/trunks', {
      name: 'Registering', country: 'US', gateways: [{ host: '127.0.0.1', port: registrar.port }], routes: [], probe_seconds: 0,
      authentication: { type: 'registration', user_name: 'us', password: 'secret', aor: 'sip:us@carrier.example' },
    });
    const registration = asId<TrunkId>(registering);
    const holdsRegistration = (): Promise<string | null> => servers.redis.ask((redis) => redis.get(trunkLeaseKey(registration)));
    // Either may have been first; the one that registers is the one that dies.
    await registrar.waitFor(isRequest('REGISTER'), 'a first REGISTER', 10_000);
    const A = await holdsRegistration() === 'x' ? 'x' : 'y';
    const B = A === 'x' ? 'y' : 'x';
    const [a, b] = [nodes[A], nodes[B]];
    const [annAtA, annAtB, benAtB] = [await office.phone(ann, a), await office.phone(ann, b), await office.phone(ben, b)];
    const counted = (calls: number, out = calls) => ({ users: out, site: calls, account: calls, trunk: calls });
    const counts = async (rule: string, wanted: ReturnType<typeof counted>, deadlineMs?: number): Promise<void> => void t.same(await office.countedWhen(wanted, deadlineMs), wanted, rule);
    const refused = async (call: PhoneCall, status: number, why: RegExp, rule: string): Promise<void> => {
      const final = await call.response(status);
      await call.ack(final);
      t.match(final.header('Reason'), why, rule);
    };
    const timely = async <T>(rule: string, work: () => Promise<T>): Promise<T> => {
      const began = performance.now();
      const result = await work();
      const ms = Math.round(performance.now() - began);
      t.ok(ms < 2_000, `${rule} after ${ms} ms`);
      return result;
    };
    const forHelp = async (phone: ScriptedPhone): Promise<void> => {
      const call = await phone.dial('911', { withoutCredentials: true });
      const out = await office.carrier.called('911');
      const acked = out.answer();
      await call.ack(await call.response(200));
      await acked;
      await office.hangUp({ phone: call, carrier: out });
    };

    await t.test('one configuration, one set of caps, one registration', async (t) => {
      await registeredBy(a);
      t.equal(await holdsRegistration(), A);
      const view = await expectApi<{ readonly status: { readonly registration: { readonly state: string } } }>(b, 200, 'GET', `/v2/cordboard/trunks/${registering}`);
      t.match(view.status.registration.state, /elsewhere|trying/);
    });
    const ofA = [await office.callOut(annAtA), await office.callOut(annAtA)];
    const ofB = [await office.callOut(annAtB)];
    await refused(await annAtA.dial(OUTSIDE), 486, /caller has as many calls as allowed/, 'a cap counts the calls of both nodes, at the one');
    await refused(await annAtB.dial(OUTSIDE), 486, /caller has as many calls as allowed/, 'and at the other');
    ofB.push(await office.callIn(ben, benAtB, b));
    await counts('three calls out and one in', counted(4, 3));
    await office.keptWhen((all) => all.filter(({ cause, answered }) => cause === null && answered).length === 4);

    const killedAt = Date.now();
    await a.kill9();

    await t.test('the other takes calls to and from trunks at once', async () => {
      const out = await timely('a call out stands', () => office.callOut(benAtB));
      await office.hangUp(out);
      // To the phone that registered at the node that is gone.
      const rung = annAtA.called();
      const call = await (await office.carrierAt(b)).dial(ann.number, { uri: `sip:${ann.number}@${b.sip.host}:${b.sip.port}`, withoutCredentials: true });
      const first = await timely('a call in rings', () => rung);
      const acked = first.answer();
      await call.ack(await call.response(200));
      await acked;
      // The phone sends all it begins to the node it registered at.
      const over = first.hungUp();
      await call.hangUp();
      await over;
      await timely('a call for help stands', () => forHelp(annAtB));
    });

    await t.test('caps hold, and places of the dead end by themselves', async (t) => {
      await counts('those of the dead node still count', counted(4, 3));
      await refused(await annAtB.dial(OUTSIDE), 486, /as many calls as allowed/, 'no more than allowed, whoever is dead');
      const keys = [callsKey('trunk', office.trunkId), callsKey('user', ann.extensionId)];
      const left = await servers.redis.ask((redis) => Promise.all(keys.map((key) => redis.zrange(key, 0, -1, 'WITHSCORES'))));
      for (const members of left) {
        const dead = members.flatMap((member, at) => (at % 2 === 0 && member.startsWith(callMember(A, '')) ? [Number(members[at + 1])] : []));
        t.equal(dead.length, ofA.length);
        t.ok(dead.every((until) => until <= killedAt + LEASE_MS), `over ${LEASE_MS} ms after the kill at the latest`);
      }
      // The time is moved: their leases are over now, and those of the node and of its registration.
      await servers.redis.ask(async (redis) => {
        for (const key of await redis.keys('cordboard:calls:*')) {
          for (const member of await redis.zrange(key, 0, -1)) if (member.startsWith(callMember(A, ''))) await redis.zadd(key, Date.now() - 1, member);
        }
        t.ok(Number(await redis.zscore(LEASES_KEY, A)) <= killedAt + NODE_LEASE_MS, 'the node counts as dead soon');
        await redis.zadd(LEASES_KEY, Date.now() - 1, A);
        t.ok(await redis.pttl(trunkLeaseKey(registration)) <= 20_000);
        await redis.pexpire(trunkLeaseKey(registration), 1);
      });
      await counts('exactly those that live', counted(2, 1));
      const third = [await office.callOut(annAtB), await office.callOut(annAtB)];
      await refused(await annAtB.dial(OUTSIDE), 486, /as many calls as allowed/, 'three again, and no more');
      for (const call of third) await office.hangUp(call);
    });

    await t.test('the registration with the carrier goes on from the other node', async (t) => {
      const request = await registeredBy(b);
      t.match(request.uri, 'sip:carrier.example');
      t.equal(await holdsRegistration(), B);
    });

    await t.test('records of its calls are closed, and no others', async (t) => {
      const kept = await office.keptWhen((all) => all.filter(({ node_id: node, cause }) => node === A && cause === 'lost').length === ofA.length, 20_000);
      t.same(kept.filter(({ cause }) => cause === null).map(({ node_id: node }) => node), [B, B], 'those of the living node are open');
      t.equal(kept.filter(({ node_id: node, cause }) => node === B && cause === 'lost').length, 0);
    });

    await t.test('it comes back beside the calls of the other', async (t) => {
      await a.startAgain();
      await counts('exactly those that live', counted(2, 1));
      const back = await timely('a call out stands', () => office.callOut(annAtA));
      await counts('one more', counted(3, 2));
      t.equal(await holdsRegistration(), B, 'the registration stays where it is');
      for (const call of [back, ...ofB]) await office.hangUp(call);
      await counts('none', counted(0));
      const kept = await office.keptWhen((all) => all.every(({ cause }) => cause !== null));
      t.equal(kept.filter(({ cause }) => cause === 'lost').length, ofA.length);
    });
    for (const node of [a, b]) t.same(node.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
  });
}
