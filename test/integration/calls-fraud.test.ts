import t from 'tap';
import type { FraudGuard } from '../../src/domain/fraud/guard.js';
import { asId } from '../../src/domain/ids.js';
import { aCarrier, callerWithPlan, trunkOver } from '../support/carriers.js';
import { startOffice } from '../support/sip-office.js';

const PREMIUM: FraudGuard = {
  id: asId('premium'), accountId: asId('any'), name: 'Premium numbers', enabled: true, metric: 'calls-per-minute',
  destinations: { prefixes: ['+1212'], countries: [], international: false }, siteId: null, extensionId: null, warning: 2, critical: 4, currency: '', hours: null, holdMinutes: 0,
  createdAt: 0,
};

t.test('a script that calls expensive numbers is stopped by its fifth call', async (t) => {
  const office = await startOffice(t, { guards: [PREMIUM] });
  const carrier = await aCarrier(t, office);
  trunkOver(office, [carrier], { limits: { concurrentCalls: 1, callsPerSecond: 0 } });
  const ann = await callerWithPlan(office, '801', '+12125550801');
  const bob = await callerWithPlan(office, '802', '+12125550802');
  for (let nth = 1; nth <= 4; nth += 1) {
    const call = await ann.dial(`+1212555019${nth}`);
    await (await carrier.called()).refuse(486, 'Busy Here');
    await call.ack(await call.response(486));
  }
  const fifth = await ann.dial('+12125550195');
  const final = await fifth.response(403);
  await fifth.ack(final);
  t.match(final.header('Reason'), /^Q\.850;cause=21;text="The caller makes more calls a minute to such numbers than a guard against fraud allows/);
  t.match(await office.calls.record(({ reason }) => reason === 'fraud-calls-per-minute', 'refused'), { cause: 'refused', status: 403, callee: { e164: '+12125550195' } });
  t.same(office.told.map(({ level, value }) => `${level} ${value}`), ['warning 3', 'warning 4', 'critical 5']);

  await t.test('other numbers, other callers and calls for help go on', async (t) => {
    const elsewhere = await ann.dial('+16175550123');
    await (await carrier.called()).refuse(486, 'Busy Here');
    await elsewhere.ack(await elsewhere.response(486));
    const other = await bob.dial('+12125550190');
    const out = await carrier.called();
    await out.ring();
    t.equal((await other.response(180)).status, 180, 'another caller');

    const full = await ann.dial('+16175550124');
    const busy = await full.response(503);
    await full.ack(busy);
    t.match(busy.header('Reason'), /cause=42;text="The trunks for this number carry as many calls as they may/, 'the trunk takes one call at a time');
    const acked = out.answer();
    await other.ack(await other.response(200));
    await acked;
    await Promise.all([other.hangUp(), out.hungUp()]);
    const again = await ann.dial('+16175550125');
    await (await carrier.called()).refuse(486, 'Busy Here');
    await again.ack(await again.response(486));
  });
});
