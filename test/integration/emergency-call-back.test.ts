import t from 'tap';
import { answered, emergencyScene, forHelp, hangUp, SITE_NUMBER } from '../support/emergency-scene.js';
import { newId } from '../support/sample-account.js';

t.test('for an hour the number that was shown leads back to the desk', { timeout: 60_000 }, async (t) => {
  const { office, carrier, desk } = await emergencyScene(t);
  const [phone, unowned, colleague] = [await desk(), await desk('nobody'), await desk()];
  for (const from of [phone, unowned]) {
    const call = await forHelp(from);
    const out = await carrier.called();
    await answered(call, out);
    await hangUp(call, out);
  }
  const held = office.directory.extension(phone.extension ?? newId());
  const owner = held?.owner.kind === 'user' ? office.directory.phoneUser(held.owner.id) : undefined;
  if (owner === undefined) throw new Error('no owner');
  office.directory.putPhoneUser({ ...owner, status: 'deactivated' });
  office.directory.putDevice({ ...phone.device, locked: true }, office.directory.ha1(phone.device.id));
  const blocked = { id: newId<never>(), accountId: office.account.id, scope: 'account', scopeId: office.account.id, direction: 'inbound', number: '+1', match: 'prefix', type: 'block', country: null, comment: '', status: 'active', createdAt: 0 } as const;
  office.directory.putBlockedNumber(blocked);
  const centre = (number: string) => carrier.dial(number, { uri: `sip:${number}@127.0.0.1`, headers: [['P-Asserted-Identity', '<sip:+12125550911@carrier.example>']], withoutCredentials: true });
  const rows = [
    ['a locked phone of a deactivated user, from a blocked number', phone.number, phone, centre], ["a phone that is nobody's", SITE_NUMBER, unowned, centre],
    ['a colleague reaches it as well', phone.number, phone, (number: string) => colleague.dial(number)],
  ] as const;
  for (const [rule, number, rings, from] of rows) {
    const call = await from(number);
    const rung = await rings.called();
    await t.resolves(answered(call, rung), rule);
    await hangUp(call, rung);
  }
  const other = await centre(colleague.number);
  t.equal((await other.response(480)).status, 480, 'any other number is as it was: the caller is blocked');
});
