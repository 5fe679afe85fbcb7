import t from 'tap';
import { isRequest } from '../support/sip-peer.js';
import { startOffice } from '../support/sip-office.js';

t.test('a phone behind a NAT is asked along its flow', async (t) => {
  const office = await startOffice(t);
  const phone = await office.phone(office.device(null));
  await phone.register({ contact: `<sip:${phone.line.userName}@10.9.8.7:5060>` });
  const [binding] = await office.location.nattedBindings();
  if (binding === undefined) throw new Error('no natted binding');

  const asked = office.app.natPinger.ping(binding);
  const options = await phone.peer.waitFor(isRequest('OPTIONS'), 'OPTIONS');
  t.equal(options.uri, `sip:${phone.line.userName}@10.9.8.7:5060`);
  await phone.peer.respond(options, 405, 'Method Not Allowed', { contact: null });
  t.ok(await asked, 'any answer is a sign of life');

  const silent = office.app.natPinger.ping(binding);
  await phone.peer.waitFor(isRequest('OPTIONS'), 'OPTIONS');
  t.notOk(await silent, 'none within 5 s is a miss');
});

t.test('a phone whose Contact is where it sends from needs no ping', async (t) => {
  const office = await startOffice(t);
  const phone = await office.phone(office.device(null));
  await phone.register();
  t.same(await office.location.nattedBindings(), []);
});

t.test('without an edge a ping fails at once', async (t) => {
  const office = await startOffice(t);
  const phone = await office.phone(office.device(null));
  await phone.register({ contact: '<sip:a@10.9.8.7>' });
  const [binding] = await office.location.nattedBindings();
  await office.app.stop('shutdown');
  t.notOk(binding === undefined || await office.app.natPinger.ping(binding));
});
