import t from 'tap';
import { addUnassignedPhone } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';
import { runSipp } from '../support/sipp.js';
import { clientsAreHere } from './clients.js';
import { scenario, sippRow } from './scenario.js';

const REGISTRATIONS = 5000;
const PHONES = 100;
/** How soon all are back after, say, a power cut of the building. */
const ALL_BACK_SECONDS = 60;

if (clientsAreHere(t, ['sipp'])) {
  const product = await startProduct();
  t.teardown(() => product.close());
  const phones = await Promise.all(Array.from({ length: PHONES }, () => addUnassignedPhone(product)));

  await t.test(`${REGISTRATIONS} registrations at once: all are taken within ${ALL_BACK_SECONDS} s`, async (t) => {
    const result = await runSipp({
      scenario: scenario('register-until-taken'), target: product.sip, rows: phones.map((phone) => sippRow(phone)),
      calls: REGISTRATIONS, rate: REGISTRATIONS, open: REGISTRATIONS, keys: { contact_port: '5062', expires: '600' },
      counts: true, limitSeconds: ALL_BACK_SECONDS,
    });
    const turnedAway = [...result.counts].reduce((sum, [name, count]) => (name.endsWith('_503_Recv') ? sum + count : sum), 0);
    t.comment(`${result.seconds.toFixed(1)} s, ${result.retransmissions} retransmissions, ${turnedAway} turned away for a while`);
    t.match(result, { exitCode: 0, succeeded: REGISTRATIONS, failed: 0 }, result.report);
  });

  await t.test('and the program is well afterwards', async (t) => {
    t.ok(product.alive());
    t.equal((await fetch(`${product.httpUrl}/readyz`)).status, 200);
    t.same(product.log.faults().map(({ raw }) => raw), [], 'it logged no error');
  });
}
