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
  for (const [rule, number, rings] of [['a locked phone of a deactivated user', phone.number, phone], ["a phone that is nobody's", SITE_NUMBER, unowned]] as const) {
    const call = await colleague.dial(number);
    const rung = await rings.called();
    t.pass(rule);
    await answered(call, rung);
    await hangUp(call, rung);
  }
});
