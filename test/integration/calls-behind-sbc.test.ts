/** Phones behind a border controller that stands in for them: it registers its own Contact and passes calls on. */
import t from 'tap';
import { startOffice } from '../support/sip-office.js';

t.test('a phone behind an SBC that rewrites Contact', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('101', 'Ann');
  const bob = office.device(office.person('102', 'Bob').id);
  // The SBC sends what the phone signed, from its own address, with a Contact of its own for this phone.
  const sbc = await office.phone(bob);
  const contact = `<sip:${bob.userName}-7f3a@${sbc.peer.address}:${sbc.peer.port};line=a1b2>`;
  const registered = await sbc.register({ contact });
  t.equal(registered.status, 200);
  t.match(registered.header('Contact'), contact.slice(1, -1), 'the binding is the SBC');

  const call = await ann.dial('102');
  const arrived = await sbc.called();
  t.equal(arrived.invite.uri, contact.slice(1, -1), 'with the Contact it registered as Request-URI, so that it knows the phone');
  t.equal(arrived.invite.headers('Route').length, 0);
  await arrived.ring();
  await call.response(180);
  await arrived.answer();
  await call.ack(await call.response(200));
  await call.hangUp();
  await arrived.hungUp();
});

t.test('an SBC that insists on Path is told that it must not (RFC 3327 §5.3)', async (t) => {
  const office = await startOffice(t);
  const bob = office.device(office.person('102', 'Bob').id);
  const sbc = await office.phone(bob);
  const path = ['Path', `<sip:${sbc.peer.address}:${sbc.peer.port};lr>`] as const;
  const required = await sbc.registerOnce({ headers: [path, ['Require', 'path']] });
  t.equal(required.status, 420);
  t.equal(required.header('Unsupported'), 'path');
  const optional = await sbc.register({ headers: [path, ['Supported', 'path']] });
  t.equal(optional.status, 200, 'one that only offers it registers without');
  t.equal(optional.header('Path'), undefined, 'and sees that nobody heeds it');
});
