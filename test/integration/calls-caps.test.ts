import t from 'tap';
import { callsKey } from '../../src/storage/redis/keys.js';
import { startOffice, type Office } from '../support/sip-office.js';
import type { PhoneCall } from '../support/scripted-phone.js';

type Registered = Awaited<ReturnType<Office['registered']>>;

async function standing(from: Registered, to: Registered): Promise<{ call: PhoneCall; rung: PhoneCall }> {
  const call = await from.dial(to.extension.number);
  const rung = await to.called();
  const acked = rung.answer();
  await call.ack(await call.response(200));
  await acked;
  return { call, rung };
}

async function refused(call: PhoneCall, status: number) {
  const final = await call.response(status);
  await call.ack(final);
  return final;
}

t.test('caps on concurrent calls, on the wire', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('701', 'Ann');
  const bob = await office.registered('702', 'Bob');
  const client = await office.redis.client();
  const key = callsKey('user', ann.extension.id);
  const places = async (expected: number): Promise<number> => {
    const count = () => client.ask((redis) => redis.zcount(key, `(${Date.now()}`, '+inf'));
    const until = Date.now() + 3000;
    for (let found = await count(); ; found = await count()) if (found === expected || Date.now() > until) return found;
  };
  office.directory.settings.add([
    { scope: 'extension', scopeId: ann.extension.id, key: 'user_concurrent_calls', value: { enable: true, limit: 1 }, locked: false },
    { scope: 'site', scopeId: office.site.id, key: 'site_concurrent_calls', value: { enable: true, limit: 2 }, locked: false },
  ]);

  await t.test('a second call of the caller is busy, and free again after the BYE', async (t) => {
    const { call, rung } = await standing(ann, bob);
    t.equal(await places(1), 1);
    const final = await refused(await ann.dial('702'), 486);
    t.match(final.header('Reason'), /^Q\.850;cause=17;text="The caller has as many calls as allowed/);
    t.match(await office.calls.record(({ reason }) => reason === 'user-call-limit', 'limited'), { cause: 'refused', status: 486 });
    t.equal(await places(1), 1, 'a refused call took no place');
    const over = rung.hungUp();
    await call.hangUp();
    await over;
    t.equal(await places(0), 0);
    const again = await standing(ann, bob);
    const gone = again.call.hungUp();
    await again.rung.hangUp();
    await gone;
    t.equal(await places(0), 0, 'the called side may end it');
  });

  await t.test('BYEs that cross give one place back', async (t) => {
    const { call, rung } = await standing(ann, bob);
    await Promise.all([call.hangUp(), rung.hangUp()]);
    t.equal(await places(0), 0);
  });

  await t.test('a CANCEL, and one that crosses the answer', async (t) => {
    const call = await ann.dial('702');
    const rung = await bob.called();
    await rung.ring();
    t.equal(await places(1), 1);
    await call.cancel();
    const cancel = await rung.incoming('CANCEL');
    await rung.reply(cancel, 200, 'OK');
    await rung.refuse(487, 'Request Terminated');
    await refused(call, 487);
    t.equal(await places(0), 0);
    const crossed = await ann.dial('702');
    const late = await bob.called();
    await late.ring();
    await crossed.response(180);
    await Promise.all([crossed.cancel(), late.answer().catch(() => undefined)]);
    await Promise.race([crossed.response(487), crossed.response(200).then(async (final) => {
      await crossed.ack(final);
      await crossed.hangUp();
    })]);
    t.equal(await places(0), 0);
  });

  await t.test('a refusal further on gives the place back at once', async (t) => {
    const { number } = office.person('799', 'Absent');
    await refused(await ann.dial(number), 480);
    t.equal(await places(0), 0);
  });

  await t.test('the site has a cap of its own; calls for help have none', async (t) => {
    const cat = await office.registered('703', 'Cat');
    const dan = await office.registered('704', 'Dan');
    const one = await standing(bob, ann);
    const two = await standing(cat, dan);
    const third = await refused(await ann.dial('703'), 503);
    t.match(third.header('Reason'), /^Q\.850;cause=42;text="The site has as many calls/);
    const help = await refused(await ann.dial('911', { withoutCredentials: true }), 503);
    t.match(help.header('Reason'), /cause=38/, 'no trunk, not the cap');
    for (const { call, rung } of [one, two]) {
      const over = rung.hungUp();
      await call.hangUp();
      await over;
    }
    const after = await ann.dial('703');
    const rung = await cat.called();
    await rung.refuse(486, 'Busy Here');
    await refused(after, 486);
  });
});
