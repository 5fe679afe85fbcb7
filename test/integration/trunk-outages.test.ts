/** Calls by trunks through the program while Redis or PostgreSQL is away, emptied or killed, and after a kill of the program itself. */
import t from 'tap';
import type { Test } from 'tap';
import { furnishNetworkOffice, OUTSIDE, type KeptCall, type NetworkCaps, type StandingCall } from '../support/network-office.js';
import { findPostgresServer } from '../support/postgres-server.js';
import { startProduct } from '../support/product.js';
import type { PhoneCall } from '../support/scripted-phone.js';
import { startSharedServers } from '../support/shared-servers.js';

const CAPS: NetworkCaps = { userCalls: 2, siteCalls: 4, accountCalls: 4, trunkCalls: 3 };
const missing = 'no PostgreSQL server is installed: outages under trunk calls are not tested';
const required = process.env['CI'] !== undefined && process.env['REQUIRE_POSTGRES'] === '1';

if (findPostgresServer() === null && !required) {
  t.test('needs a PostgreSQL server', { skip: missing }, async () => undefined);
} else {
  t.test('calls by trunks outlive what they are kept in', { timeout: 150_000 }, async (t) => {
    const servers = await startSharedServers(t);
    const product = await startProduct({ env: { ...servers.env, NODE_ID: 'only' } });
    t.teardown(() => product.close());
    const office = await furnishNetworkOffice(t, product, servers, { people: 2, ...CAPS });
    const [ann, ben] = office.people;
    if (ann === undefined || ben === undefined) throw new Error('two people');
    const [annsPhone, bensPhone] = [await office.phone(ann), await office.phone(ben)];
    const counted = (calls: number, out = calls) => ({ users: out, site: calls, account: calls, trunk: calls });
    const counts = async (rule: string, wanted: ReturnType<typeof counted>): Promise<void> => void t.same(await office.countedWhen(wanted), wanted, rule);
    const refused = async (call: PhoneCall, status: number, why: RegExp, rule: string): Promise<void> => {
      const final = await call.response(status);
      await call.ack(final);
      t.match(final.header('Reason'), why, rule);
    };
    const calledForHelp = async (rule: string): Promise<void> => {
      const began = performance.now();
      const call = await annsPhone.dial('911', { withoutCredentials: true });
      const out = await office.carrier.called();
      const acked = out.answer();
      await call.ack(await call.response(200));
      await acked;
      const ms = Math.round(performance.now() - began);
      t.ok(ms < 2_000, `${rule}: a call for help stands after ${ms} ms`);
      await office.hangUp({ phone: call, carrier: out });
    };
    let calls = 0;
    /** One call each way, a call for help, and a caller who has as many as allowed; two calls stay up. */
    const callsGoOn = async (rule: string): Promise<readonly [StandingCall, StandingCall]> => {
      const began = performance.now();
      const out = await office.callOut(annsPhone);
      const ms = Math.round(performance.now() - began);
      t.ok(ms < 2_500, `${rule}: a call out stands after ${ms} ms`);
      const inbound = await office.callIn(ben, bensPhone);
      const third = await office.callOut(annsPhone);
      await refused(await annsPhone.dial(OUTSIDE), 486, /caller has as many calls as allowed/, `${rule}: the cap holds`);
      await refused(await bensPhone.dial(OUTSIDE), 503, /trunks for this number carry as many calls/, `${rule}: so does the trunk's`);
      await calledForHelp(rule);
      await office.hangUp(third);
      calls += 6;
      return [out, inbound];
    };
    const over = async (standing: readonly StandingCall[]): Promise<void> => {
      for (const call of standing) await office.hangUp(call);
    };
    /** Every call has its one record with its end, and those that cost something their charge. */
    const recorded = async (rule: string): Promise<readonly KeptCall[]> => {
      const kept = await office.keptWhen((all) => all.length >= calls && all.every(({ cause }) => cause !== null));
      t.equal(kept.length, calls, `${rule}: each call has one record`);
      t.same(kept.filter(({ answered, emergency, charge, direction }) => (
        (answered && !emergency && direction === 'outbound') !== (charge === '10000'))), [], `${rule}: each is rated once`);
      return kept;
    };

    await t.test('nothing is away', async () => {
      const up = await callsGoOn('all is well');
      await counts('one call each way', counted(2, 1));
      await over(up);
      await counts('none', counted(0));
      await recorded('all is well');
    });

    await t.test('Redis does not answer (SIGSTOP)', async (t) => {
      const before = await office.callOut(bensPhone);
      calls += 1;
      servers.redis.signal('SIGSTOP');
      await office.hangUp(before);
      const up = await callsGoOn('Redis hangs');
      servers.redis.signal('SIGCONT');
      await answers(t, true);
      await counts('the calls of the outage are counted at once', counted(2, 1));
      await over(up);
      await counts('none is left behind', counted(0));
      await recorded('Redis hung');
    });

    await t.test('Redis is killed, and started again', async (t) => {
      const before = await office.callOut(bensPhone);
      calls += 1;
      await servers.redis.kill();
      await answers(t, false);
      await office.hangUp(before);
      const up = await callsGoOn('Redis is gone');
      await servers.redis.again();
      await answers(t, true);
      await counts('calls of before and of the outage', counted(2, 1));
      await over(up);
      await counts('none is left behind', counted(0));
      await recorded('Redis was killed');
    });

    await t.test('Redis is emptied', async () => {
      const before = await office.callOut(bensPhone);
      calls += 1;
      await servers.redis.ask((redis) => redis.flushall());
      const [out, inbound] = [await office.callOut(annsPhone), await office.callOut(annsPhone)];
      await refused(await annsPhone.dial(OUTSIDE), 486, /as many calls as allowed/, 'the cap holds in that very second');
      calls += 3;
      await counts('every place is there again', counted(3));
      await over([before, out, inbound]);
      await counts('none is left behind', counted(0));
      await recorded('Redis was emptied');
    });

    await t.test('PostgreSQL is away', async (t) => {
      const before = await office.callOut(bensPhone);
      calls += 1;
      await servers.postgres.halt();
      await office.hangUp(before);
      const up = await callsGoOn('PostgreSQL is away');
      await counts('counted as ever', counted(2, 1));
      const change = await product.api('PATCH', '/v2/cordboard/account/settings', { account_concurrent_calls: { inherit: true } });
      t.equal(change.status, 503);
      t.ok(Number(change.headers.get('retry-after')) > 0, 'a change is asked to come again');
      await over([up[0]]);
      await servers.postgres.again();
      await over([up[1]]);
      await recorded('PostgreSQL was away');
    });

    await t.test('both are away', async (t) => {
      await servers.postgres.halt();
      await servers.redis.kill();
      await answers(t, false);
      const up = await callsGoOn('both are away');
      await servers.redis.again();
      await servers.postgres.again();
      await answers(t, true);
      await counts('the calls of the outage', counted(2, 1));
      await over(up);
      await recorded('both were away');
    });

    await t.test('the program is killed under 60 calls', async (t) => {
      await office.setCaps({ userCalls: 60, siteCalls: 60, accountCalls: 60, trunkCalls: 60 });
      const numbers = Array.from({ length: 50 }, (_, n) => `+1212556${String(1000 + n)}`);
      const standing = await Promise.all(numbers.slice(0, 40).map((number, n) => office.callOut(n % 2 === 0 ? annsPhone : bensPhone, number)));
      await Promise.all(numbers.slice(40).map(async (number) => {
        await annsPhone.dial(number);
        await (await office.carrier.called(number)).ring();
      }));
      for (let n = 0; n < 10; n += 1) await office.callIn(ben, bensPhone);
      calls += 60;
      await counts('every one is counted', counted(60, 50));
      await office.keptWhen((all) => all.filter(({ cause, answered }) => cause === null && answered).length === 50 && all.length === calls);
      await product.kill9();
      const began = performance.now();
      await product.startAgain();
      t.comment(`ready again ${Math.round(performance.now() - began)} ms after the kill`);
      await counts('nobody has a place any more', counted(0));
      const kept = await office.keptWhen((all) => all.every(({ cause }) => cause !== null));
      t.equal(kept.length, calls);
      const lost = kept.filter(({ cause }) => cause === 'lost');
      t.equal(lost.length, 60, 'open calls are closed');
      t.same(lost.filter(({ charge }) => charge !== null), [], 'nobody pays for what nobody knows');
      const { status } = await standing[0]?.phone.hangUp() ?? { status: 0 };
      t.equal(status, 481, 'the phones are told that their calls are gone');
      await office.setCaps(CAPS);
      const again = await callsGoOn('after the kill');
      await counts('those that are up again', counted(2, 1));
      await over(again);
    });

    async function answers(t: Test, wanted: boolean): Promise<void> {
      const began = performance.now();
      for (let is = !wanted; is !== wanted && performance.now() - began < 6_000;) {
        is = (await (await fetch(`${product.httpUrl}/readyz`)).text()).includes('"redis":"up"');
        if (is !== wanted) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const ms = Math.round(performance.now() - began);
      t.ok(ms < 5_000, `Redis ${wanted ? 'answers again' : 'is away'} after ${ms} ms`);
    }
    t.same(product.log.faults().map(({ raw }) => raw).filter((raw) => !/redis|postgres/i.test(raw)), [], 'the program logged no error of its own');
  });
}
