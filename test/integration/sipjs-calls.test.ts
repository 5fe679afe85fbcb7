/** sip.js phones over WebSockets through the whole SIP application: register, call, hang up both ways. */
import { SessionState } from 'sip.js';
import t from 'tap';
import type { Test } from 'tap';
import { PASSWORD, startOffice, type Office } from '../support/sip-office.js';
import { testCertificate } from '../support/edge-secure.js';
import { sipJsPhone, type SipJsPhone } from '../support/sipjs-phone.js';

const tls = { certificate: await testCertificate('edge') };
const listeners = (['udp', 'tcp', 'ws', 'wss'] as const).map((transport) => ({ transport, host: '127.0.0.1', port: 0 }));

async function browser(t: Test, office: Office, transport: 'ws' | 'wss', number: string, name: string, password = PASSWORD): Promise<SipJsPhone & { readonly userName: string }> {
  const { userName } = office.device(office.person(number, name).id);
  const phone = await sipJsPhone(t, {
    server: `${transport}://127.0.0.1:${office.port(transport)}`, userName, password, domain: office.account.sipDomain,
  });
  return { ...phone, userName };
}

t.test('over WS and WSS: register, call each other, hang up both ways', async (t) => {
  const office = await startOffice(t, { edge: { listeners, tls } });
  const ann = await browser(t, office, 'ws', '101', 'Ann');
  const ben = await browser(t, office, 'wss', '102', 'Ben');
  await Promise.all([ann.register(), ben.register()]);
  for (const [caller, callee, number, first] of [[ann, ben, '102', 'caller'], [ben, ann, '101', 'callee'], [ann, ben, '102', 'callee'], [ben, ann, '101', 'caller']] as const) {
    const out = await caller.dial(number);
    const incoming = await callee.called();
    t.match(incoming.session.remoteIdentity.displayName, caller === ann ? 'Ann' : 'Ben', 'the called phone sees who calls');
    await incoming.accept();
    await Promise.all([out.reached(SessionState.Established), incoming.reached(SessionState.Established)]);
    t.match(out.heard[0], /^v=0/);
    t.match(incoming.heard[0], /^v=0/);
    const [ends, hears] = first === 'caller' ? [out, incoming] : [incoming, out];
    await ends.hangUp();
    await t.resolves(hears.reached(SessionState.Terminated), `${number}: ended by the ${first}`);
  }
  await ann.unregister();
  const nobody = await ben.dial('101');
  t.equal(await nobody.refused(), 480, 'a phone that has gone is not reachable');
  t.equal(office.edge.metrics()['faults'] ?? 0, 0);
});

t.test('with desk phones on UDP and TCP, both ways', async (t) => {
  const office = await startOffice(t, { edge: { listeners, tls } });
  const ann = await browser(t, office, 'wss', '101', 'Ann');
  await ann.register();
  for (const [number, transport] of [['201', 'udp'], ['202', 'tcp']] as const) {
    const desk = await office.registered(number, 'Desk', { transport });
    const out = await ann.dial(number);
    const rings = await desk.called();
    await rings.ring();
    await rings.answer();
    await out.reached(SessionState.Established);
    const ended = rings.hungUp();
    await out.hangUp();
    await ended;
    await out.reached(SessionState.Terminated);
    const dialled = desk.dial('101');
    const incoming = await ann.called();
    await incoming.accept();
    const call = await dialled;
    await call.ack(await call.response(200));
    await incoming.reached(SessionState.Established);
    await call.hangUp();
    await t.resolves(incoming.reached(SessionState.Terminated), transport);
  }
});

t.test('a wrong password, and a phone whose connection breaks', async (t) => {
  const office = await startOffice(t, { edge: { listeners, tls } });
  const wrong = await browser(t, office, 'ws', '103', 'Eve', 'wrong');
  await t.rejects(wrong.register(), { message: /REGISTER got 40[13]/ });
  const ann = await browser(t, office, 'ws', '101', 'Ann');
  const ben = await browser(t, office, 'wss', '102', 'Ben');
  await Promise.all([ann.register(), ben.register()]);
  await ann.agent.transport.disconnect();
  const out = await ben.dial('101');
  t.ok([408, 480, 503].includes(await out.refused()), 'the caller is told');
  await ann.agent.reconnect();
  await ann.register();
  const again = await ben.dial('101');
  const incoming = await ann.called();
  await incoming.accept();
  await again.reached(SessionState.Established);
  await incoming.hangUp();
  await again.reached(SessionState.Terminated);
});
