import t from 'tap';
import { addUnassignedPhone } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';
import { runSipp } from '../support/sipp.js';
import { clientsAreHere } from './clients.js';
import { scenario, sippRow } from './scenario.js';

const REGISTRATIONS = 5000;
const PHONES = 100;

if (clientsAreHere(t, ['sipp'])) {
  const product = await startProduct();
  t.teardown(() => product.close());
  const phones = await Promise.all(Array.from({ length: PHONES }, () => addUnassignedPhone(product)));

  await t.test(`${REGISTRATIONS} registrations at once: each is challenged and taken in the end`, async (t) => {
    const result = await runSipp({
      scenario: scenario('register'), target: product.sip, rows: phones.map((phone) => sippRow(phone)), calls: REGISTRATIONS,
      rate: REGISTRATIONS, open: REGISTRATIONS, keys: { contact_port: '5062', expires: '600' }, limitSeconds: 90,
    });
    t.match(result, { succeeded: REGISTRATIONS, failed: 0 }, result.report);
    t.comment(`${result.seconds.toFixed(1)} s, ${result.retransmissions} retransmissions by the phones`);
  });

  t.ok(product.alive());
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
