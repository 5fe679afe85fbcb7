/** Many registrations and calls by sipp; told to the product on its own edge and on a drachtio-server. */
import type { Test } from 'tap';
import { addPhone, addUnassignedPhone } from '../support/product-phones.js';
import { callHistory } from '../support/product-records.js';
import { freePort } from '../support/product-ports.js';
import type { Product } from '../support/product.js';
import { runSipp, startSipp } from '../support/sipp.js';
import { registerFrom, scenario, sippRow } from './scenario.js';

const LIMIT_SECONDS = 40;
const CALLS = 36;

export async function sippStory(t: Test, product: Product): Promise<void> {
  for (const transport of ['udp', 'tcp'] as const) {
    await t.test(`phones register with digest over ${transport}`, async (t) => {
      const phones = [await addUnassignedPhone(product), await addUnassignedPhone(product), await addUnassignedPhone(product)];
      const result = await runSipp({
        scenario: scenario('register'), target: product.sip, transport, rows: phones.map((phone) => sippRow(phone)),
        calls: 30, rate: 30, keys: { contact_port: '5062', expires: '300' }, limitSeconds: LIMIT_SECONDS,
      });
      t.match(result, { exitCode: 0, succeeded: 30, failed: 0 }, result.report);
    });
  }

  await t.test('a wrong password and a stranger are not taken', async (t) => {
    const phone = await addUnassignedPhone(product);
    const rows = [
      sippRow({ ...phone, password: 'not-the-password' }),
      sippRow({ ...phone, userName: 'nobody-knows-me', authorizationId: 'nobody-knows-me' }),
    ];
    const result = await runSipp({
      scenario: scenario('register-refused'), target: product.sip, rows, calls: 4, rate: 20,
      keys: { contact_port: '5062', expires: '300' }, limitSeconds: LIMIT_SECONDS,
    });
    t.match(result, { exitCode: 0, succeeded: 4, failed: 0 }, result.report);
  });

  await t.test('calls with digest', async (t) => {
    const callers = [await addPhone(product, '2101'), await addPhone(product, '2102')];
    const callees = [await addPhone(product, '2201'), await addPhone(product, '2202')];
    const port = await freePort();
    const registered = await registerFrom(product, callees, port);
    t.match(registered, { exitCode: 0, failed: 0 }, registered.report);
    const phones = await startSipp({ scenario: scenario('answer'), port });
    t.teardown(() => phones.stop());
    for (const transport of ['udp', 'tcp'] as const) {
      const results = await Promise.all(callers.map((caller, at) => {
        const extension = callees[at]?.extension ?? '';
        return runSipp({
          scenario: scenario('call'), target: product.sip, transport, rows: [sippRow(caller, extension)],
          calls: CALLS / 2, rate: 6,
          authUri: `${extension}@${caller.domain}`, extra: ['-d', '300'], limitSeconds: LIMIT_SECONDS,
        });
      }));
      for (const result of results) {
        t.match(result, { exitCode: 0, succeeded: CALLS / 2, failed: 0 }, `${transport}: ${result.report}`);
      }
    }
    const answered = await phones.stop();
    t.match(answered, { succeeded: 2 * CALLS, failed: 0 }, `the called side: ${answered.report}`);
    const ended = async (): Promise<number> => {
      const history = await callHistory(product);
      return history.filter((entry) => entry.caller_ext_number.startsWith('210') && entry.end_cause === 'caller-hangup').length;
    };
    for (const until = Date.now() + 10_000; Date.now() < until && await ended() < 2 * CALLS;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    t.equal(await ended(), 2 * CALLS, 'each call has its record');
  });

  await t.test('the status of the called phone reaches the caller', async (t) => {
    const caller = await addPhone(product, '2301');
    const callee = await addPhone(product, '2302');
    const port = await freePort();
    const registered = await registerFrom(product, [callee], port);
    t.match(registered, { exitCode: 0, failed: 0 }, registered.report);
    for (const { status, phrase } of [{ status: '486', phrase: 'Busy Here' }, { status: '603', phrase: 'Decline' }]) {
      const phone = await startSipp({ scenario: scenario('refuse'), port, values: { status, phrase }, calls: 1 });
      const result = await runSipp({
        scenario: scenario('call-refused'), target: product.sip, rows: [sippRow(caller, '2302')], calls: 1, values: { status },
        authUri: `2302@${caller.domain}`, limitSeconds: LIMIT_SECONDS,
      });
      await phone.stop();
      t.match(result, { exitCode: 0, succeeded: 1, failed: 0 }, `${status}: ${result.report}`);
    }
  });
}
