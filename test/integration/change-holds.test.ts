import t from 'tap';
import { addPhone, expectApi, type Phone } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';
import { scriptedPhone, type ScriptedPhone } from '../support/scripted-phone.js';

/** The whole program: what the API has answered holds for the very next call, without a wait. */
t.test('a change by API holds on the next call', async (t) => {
  const product = await startProduct();
  t.teardown(() => product.close());
  const phoneOf = async (account: Phone): Promise<ScriptedPhone> => {
    const phone = await scriptedPhone(t, {
      edge: { address: product.sip.host, port: product.sip.port }, userName: account.userName, password: account.password,
      domain: account.domain.split(':')[0] ?? '',
    });
    t.equal((await phone.register()).status, 200);
    return phone;
  };
  const annAccount = await addPhone(product, '1001');
  const bobAccount = await addPhone(product, '1002');
  const ann = await phoneOf(annAccount);
  const bob = await phoneOf(bobAccount);
  const userPath = (account: Phone): string => `/v2/phone/users/${encodeURIComponent(account.email)}`;

  const rings = async (dialled: string): Promise<void> => {
    const call = await ann.dial(dialled);
    const rung = await bob.called();
    await rung.refuse(486, 'Busy Here');
    await call.ack(await call.response(486));
  };
  const fails = async (dialled: string, status: number, reason: string): Promise<void> => {
    const call = await ann.dial(dialled);
    await call.ack(await call.response(status));
    const explained = await expectApi<{ readonly reason: string }>(product, 200, 'POST', '/v2/cordboard/policy/explain', {
      device_id: annAccount.deviceId, dialled,
    });
    t.equal(explained.reason, reason, `${dialled}: the explanation is the decision`);
  };
  const patch = (path: string, body: object): Promise<unknown> => expectApi(product, 204, 'PATCH', path, body);

  await rings('1002');
  await patch(userPath(bobAccount), { status: 'deactivate' });
  await fails('1002', 480, 'callee-deactivated');
  await patch(userPath(bobAccount), { status: 'activate' });
  await rings('1002');

  await patch(userPath(bobAccount), { extension_number: '1042' });
  await fails('1002', 404, 'unknown-number');
  await rings('1042');

  await patch(userPath(annAccount), { status: 'deactivate' });
  await fails('1042', 403, 'user-deactivated');
  await patch(userPath(annAccount), { status: 'activate' });

  await fails('+14155550100', 403, 'no-calling-plan');
  await expectApi(product, 201, 'POST', `${userPath(annAccount)}/calling_plans`, { calling_plans: [{ type: 200 }] });
  await fails('+14155550100', 503, 'no-trunk');
  await expectApi(product, 201, 'POST', '/v2/phone/blocked_list', {
    block_type: 'outbound', match_type: 'prefix', phone_number: '+1415', country: 'US', status: 'active',
  });
  await fails('+14155550100', 403, 'outbound-blocked');

  await expectApi(product, 204, 'DELETE', `/v2/phone/devices/${bobAccount.deviceId}`);
  await fails('1042', 480, 'no-device');
  t.equal((await bob.register()).status, 401, 'a removed device is nobody');
});
