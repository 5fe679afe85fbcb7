import t from 'tap';
import { startBaresip } from '../support/baresip.js';
import { addPhone, addUnassignedPhone, expectApi, type Phone } from '../support/product-phones.js';
import { endedCall } from '../support/product-records.js';
import { freePort } from '../support/product-ports.js';
import { startProduct } from '../support/product.js';
import { startSipp } from '../support/sipp.js';
import { clientsAreHere } from './clients.js';
import { registerFrom, scenario, sippRow } from './scenario.js';

if (clientsAreHere(t, ['baresip', 'sipp'])) {
  const product = await startProduct();
  t.teardown(() => product.close());
  const [aliceAccount, bobAccount] = [await addPhone(product, '4101'), await addPhone(product, '4102')];
  const [alice, bob] = [await startBaresip(), await startBaresip()];
  t.teardown(() => Promise.all([alice.stop(), bob.stop()]));
  const proxy = `${product.sip.host}:${product.sip.port}`;
  await alice.register({ ...aliceAccount, transport: 'udp', answer: 'manual', proxy });
  await bob.register({ ...bobAccount, transport: 'udp', answer: 'auto', proxy });
  const others = await Promise.all(Array.from({ length: 20 }, () => addUnassignedPhone(product)));
  const registered = await registerFrom(product, others, await freePort());
  t.match(registered, { failed: 0 }, registered.report);
  const isOnline = async ({ deviceId }: Phone): Promise<boolean> => {
    const { status } = await expectApi<{ readonly status: string }>(product, 200, 'GET', `/v2/phone/devices/${deviceId}`);
    return status === 'online';
  };
  const online = async (phones: readonly Phone[]): Promise<number> => {
    const all = await Promise.all(phones.map(isOnline));
    return all.filter(Boolean).length;
  };

  await t.test('killed in the middle of registrations and a call', async (t) => {
    await alice.command('dial', `sip:4102@${aliceAccount.domain}`);
    await Promise.all([alice, bob].flatMap((phone) => [phone.event('CALL_ESTABLISHED'), phone.event('CALL_RTPESTAB')]));
    t.equal(await online(others), others.length);
    const load = await startSipp({
      scenario: scenario('register'), target: product.sip, rows: others.map((phone) => sippRow(phone)), rate: 100,
      keys: { contact_port: '5062', expires: '600' }, limitSeconds: 60,
    });
    await t.resolves(product.kill9());
    await load.stop(500);
    t.notOk(product.alive());
  });

  await t.test('a new start has everything again', async (t) => {
    const began = performance.now();
    await product.startAgain();
    t.comment(`ready after ${Math.round(performance.now() - began)} ms`);
    t.equal(await online([aliceAccount, bobAccount, ...others]), others.length + 2, 'every binding is there');
    const record = await endedCall(product, '4101', '4102');
    t.match(record, { call_result: 'answered', end_cause: 'lost' }, 'the open call is closed in the records as lost');
  });

  await t.test('the call that was open is over for the product: its BYE is answered, the phones are free', async (t) => {
    await alice.command('hangup');
    await bob.command('hangup');
    await t.resolves(Promise.all([alice.event('CALL_CLOSED'), bob.event('CALL_CLOSED')]), 'both hung up');
  });

  await t.test('a new call works before any phone registered again', async (t) => {
    await alice.command('dial', `sip:4102@${aliceAccount.domain}`);
    await Promise.all([alice, bob].map((phone) => phone.event('CALL_ESTABLISHED')));
    await alice.command('hangup');
    await bob.event('CALL_CLOSED');
    await alice.event('CALL_CLOSED');
    t.match(await endedCall(product, '4101', '4102'), { call_result: 'answered', end_cause: 'caller-hangup' });
  });

  await t.test('SIGTERM ends it cleanly, and no child is left behind', async (t) => {
    t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
    t.match(await product.stop(), { code: 0, signal: null, leftovers: [] });
  });
}
