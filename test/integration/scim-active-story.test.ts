import t from 'tap';
import { addPhone, expectApi } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';
import { scriptedPhone } from '../support/scripted-phone.js';

interface Person {
  readonly id: string;
  readonly [schema: string]: unknown;
}

const PHONE = 'urn:ietf:params:scim:schemas:extension:cordboard:phone:2.0:User';

/** The whole program: an identity provider switches somebody off who sits at a registered phone of somebody else. */
t.test('active = false ends a person\'s identity at every phone within 5 s, and no registration', async (t) => {
  const product = await startProduct();
  t.teardown(() => product.close());
  const line = (account: { readonly userName: string; readonly password: string; readonly domain: string }) => ({
    edge: { address: product.sip.host, port: product.sip.port }, userName: account.userName, password: account.password, domain: account.domain.split(':')[0] ?? '',
  });
  const [deskOf, callee] = [await addPhone(product, '1001'), await addPhone(product, '1002')];
  const [desk, other] = [await scriptedPhone(t, line(deskOf)), await scriptedPhone(t, line(callee))];
  for (const phone of [desk, other]) t.equal((await phone.register()).status, 200);
  await expectApi(product, 204, 'PATCH', `/v2/phone/users/${encodeURIComponent(deskOf.email)}/settings/desk_phone`, {
    desk_phone: { devices: [{ id: deskOf.deviceId, policy: { hot_desking: { status: 'on' } } }] },
  });
  const guest = await expectApi<Person>(product, 201, 'POST', '/scim2/Users', {
    userName: 'guest@example.com', displayName: 'Guest', [PHONE]: { extensionNumber: '1003' },
  });
  await expectApi(product, 201, 'POST', `/v2/cordboard/devices/${deskOf.deviceId}/hot_desk_sign_in`, { user_id: guest.id });

  /** Who calls, as the other phone sees it, while a call from the desk rings there. */
  const seenFrom = async (): Promise<string> => {
    const call = await desk.dial('1002');
    const rung = await other.called();
    const [from = ''] = rung.invite.headers('From');
    await rung.refuse(486, 'Busy Here');
    await call.ack(await call.response(486));
    return from;
  };
  t.match(await seenFrom(), /1003/, 'the desk calls as the guest');

  const asked = Date.now();
  await expectApi(product, 200, 'PATCH', `/scim2/Users/${guest.id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  });
  t.match(await seenFrom(), /1001/, 'the very next call is the desk\'s own again');
  t.ok(Date.now() - asked < 5000, 'within 5 s');
  const toGuest = await other.dial('1003');
  await toGuest.ack(await toGuest.response(480));
  const { registrations } = await expectApi<{ readonly registrations: readonly { readonly device_id: string }[] }>(product, 200, 'GET', '/v2/cordboard/registrations');
  t.ok(registrations.some((one) => one.device_id === deskOf.deviceId), 'the desk is registered as before');
  t.equal((await desk.register()).status, 200, 'and registers again');
  const { sessions } = await expectApi<{ readonly sessions: readonly { readonly cause: string }[] }>(product, 200, 'GET', '/v2/cordboard/hot_desk_sessions');
  t.match(sessions, [{ state: 'ended', cause: 'user-disabled' }]);
});
