import t from 'tap';
import type { Device } from '../../src/domain/device/device.js';
import { aCarrier } from '../support/carriers.js';
import { answered, emergencyScene, forHelp, hangUp, located, saysWhere, type DeskPhone } from '../support/emergency-scene.js';
import { guestSession } from '../support/guest-session.js';
import { aSite, newId } from '../support/sample-account.js';
import { aGateway, aRoute } from '../support/sample-trunk.js';

t.test('whatever state the phone and the system are in, help can be called', { timeout: 120_000 }, async (t) => {
  const { office, carrier, desk } = await emergencyScene(t);
  const { directory, account, site } = office;
  const far = aSite(account.id, { name: 'Berlin', isMain: false, country: 'DE' });
  directory.putSite(far);
  const update = (phone: DeskPhone, changes: Partial<Device>): void => directory.putDevice({ ...phone.device, ...changes }, directory.ha1(phone.device.id));
  const holder = (phone: DeskPhone) => {
    const owner = phone.extension === null ? undefined : directory.extension(phone.extension)?.owner;
    const held = owner?.kind === 'user' ? directory.phoneUser(owner.id) : undefined;
    if (held === undefined) throw new Error('nobody has the phone');
    return held;
  };
  const states: readonly (readonly [state: string, owner: 'user' | 'nobody', prepare: (phone: DeskPhone) => void])[] = [
    ['a user with a phone', 'user', () => undefined],
    ['a phone that is nobody\'s', 'nobody', () => undefined],
    ['no calling plan', 'user', (phone) => directory.putPhoneUser({ ...holder(phone), callingPlans: [] })],
    ['outbound calls blocked, 911 among them', 'user', () => {
      for (const number of ['+1', '+911', '911']) {
        directory.putBlockedNumber({ id: newId(), accountId: account.id, scope: 'account', scopeId: account.id, direction: 'outbound', number, match: 'prefix', type: 'block', country: null, comment: '', status: 'active', createdAt: 0 });
      }
    }],
    ['a guest of another site and country', 'user', (phone) => {
      const guest = office.person('290', 'Guest', { siteId: far.id });
      directory.putExtension({ ...guest, siteId: far.id });
      if (guest.owner.kind === 'user') directory.putHotDeskSession(guestSession(phone.device, { id: guest.owner.id, extensionId: guest.id }));
    }],
    ['the phone locked', 'user', (phone) => update(phone, { locked: true })],
    ['its user deactivated', 'user', (phone) => directory.putPhoneUser({ ...holder(phone), status: 'deactivated' })],
    ['its user no phone user any more', 'user', (phone) => directory.removePhoneUser(holder(phone).id)],
  ];
  for (const [state, owner, prepare] of states) {
    await t.test(state, async (t) => {
      const phone = await desk(owner);
      prepare(phone);
      const call = await forHelp(phone);
      const out = await carrier.called();
      saysWhere(t, out, phone, state);
      await answered(call, out);
      t.same(await office.app.callControl.hangUp(office.app.callControl.list(account.id)[0]?.id ?? newId(), 'admin'), 'emergency', 'nobody hangs it up by API');
      await hangUp(call, out);
    });
  }
  await t.test('Redis hung, then killed', async (t) => {
    const phone = await desk();
    office.redis.signal('SIGSTOP');
    const began = performance.now();
    const call = await forHelp(phone);
    const out = await carrier.called();
    t.ok(performance.now() - began < 4_000, `it goes out after ${Math.round(performance.now() - began)} ms`);
    saysWhere(t, out, phone, 'Redis hung');
    await answered(call, out);
    await hangUp(call, out);
    office.redis.signal('SIGCONT');
    office.redis.signal('SIGKILL');
    const again = await forHelp(phone);
    const second = await carrier.called();
    saysWhere(t, second, phone, 'Redis killed');
    await answered(again, second);
    await hangUp(again, second);
    await office.redis.restart();
  });
  t.equal(office.forHelp.length, states.length + 2, 'people are told of each');
  t.equal(site.country, 'US');
});

t.test('every form in which people dial for help', { timeout: 60_000 }, async (t) => {
  const { office, carrier, desk } = await emergencyScene(t);
  const phone = await desk();
  const { domain } = phone.line;
  const rows: readonly (readonly [country: string, uri: string, sent: string])[] = [
    ['US', `sip:911@${domain}`, '911'], ['US', `sip:9911@${domain}`, '911'], ['US', `sip:+911@${domain}`, '911'], ['US', `sips:911@${domain}`, '911'], ['US', 'tel:911', '911'],
    ['US', `sip:9%311@${domain};user=phone`, '911'], ['US', 'urn:service:sos', '911'], ['US', 'urn:service:sos.fire', '911'],
    ['DE', `sip:112@${domain}`, '112'], ['DE', `sip:0112@${domain}`, '112'], ['DE', 'tel:110', '110'], ['DE', 'urn:service:sos', '112'],
    ['GB', `sip:999@${domain}`, '999'], ['GB', `sip:9999@${domain}`, '999'], ['AU', `sip:000@${domain}`, '000'], ['NZ', 'urn:service:sos', '111'], ['ZZ', 'tel:112', '112'],
  ];
  for (const [country, uri, sent] of rows) {
    office.directory.putSite({ ...office.site, country });
    const call = await forHelp(phone, uri);
    const out = await carrier.called();
    t.match(out.invite.uri, new RegExp(`^sip:${sent}@`), `${uri} in ${country}`);
    await out.refuse(603, 'Decline');
    await call.ack(await call.response(603));
  }
  t.equal(office.forHelp.length, rows.length);
});

t.test('the test number reaches the emergency trunk and alarms nobody', { timeout: 60_000 }, async (t) => {
  const { office, carrier, desk } = await emergencyScene(t);
  const phone = await desk();
  const call = await forHelp(phone, `sip:933@${phone.line.domain}`);
  const out = await carrier.called();
  t.match(out.invite.uri, /^sip:933@/);
  t.match(out.invite.body, '<ca:HNO>1</ca:HNO>', 'with the address that is to be read back');
  await answered(call, out);
  await hangUp(call, out);
  t.same(office.forHelp, [], 'nobody is told');
  t.same(office.pins.pinned(office.account.id, phone.number), [], 'nobody is to be called back');
  const [trunk] = office.directory.trunks.trunks(office.account.id);
  if (trunk === undefined) throw new Error('no trunk');
  const elsewhere = aRoute({ emergency: true, siteId: newId() });
  office.directory.trunks.putTrunk({ id: trunk.id, trunk: { ...trunk, routes: [aRoute(), elsewhere] }, sealedPassword: '' });
  const refused = await phone.dial('933', { withoutCredentials: true });
  const answer = await refused.response(404);
  t.match(answer.header('Reason'), /No trunk carries the emergency test number/, 'without an emergency trunk of the site it says what to do');
  await refused.ack(answer);
});

t.test('a call for help goes on until somebody takes it', { timeout: 60_000 }, async (t) => {
  const { office, carrier: first, desk } = await emergencyScene(t, { policy: { ringSeconds: 1, maxCallSeconds: 1 } }, 'none');
  const [second, abroad] = [await aCarrier(t, office), await aCarrier(t, office)];
  located(office, [first], { name: 'First' });
  located(office, [{ ...second, gateway: second.gateway }], { name: 'Near', routes: [aRoute()], country: 'US' });
  located(office, [abroad], { name: 'Abroad', routes: [], country: 'FR' });
  const phone = await desk();

  await t.test('past every final answer, the last resort included', async (t) => {
    for (const status of [404, 486, 503, 600, 603]) {
      const call = await forHelp(phone);
      const at = await first.called();
      await at.refuse(status, 'No');
      const next = await second.called();
      saysWhere(t, next, phone, `after ${status}`);
      await next.refuse(status, 'No');
      const last = await abroad.called();
      saysWhere(t, last, phone, `after ${status} twice`);
      await answered(call, last);
      await hangUp(call, last);
      t.same(office.forHelp.at(-1)?.decision.outcome.kind === 'dial-trunk' && office.forHelp.at(-1)?.decision.chain.at(-1)?.note.includes('then Near, then Abroad (last resort)'), true);
    }
  });

  await t.test('past a gateway that is not there', async (t) => {
    const closed = aGateway({ host: '127.0.0.1', port: 1, transport: 'tcp' });
    const [trunk] = office.directory.trunks.trunks(office.account.id);
    if (trunk === undefined) throw new Error('no trunk');
    office.directory.trunks.putTrunk({ id: trunk.id, trunk: { ...trunk, gateways: [{ ...closed, priority: 0 }, ...trunk.gateways] }, sealedPassword: '' });
    const call = await forHelp(phone);
    const out = await first.called();
    saysWhere(t, out, phone, 'after a closed port');
    await answered(call, out);
    await hangUp(call, out);
    office.directory.trunks.putTrunk({ id: trunk.id, trunk, sealedPassword: '' });
  });

  await t.test('without the address where a gateway does not take it', async (t) => {
    for (const status of [415, 424]) {
      const call = await forHelp(phone);
      const at = await first.called();
      saysWhere(t, at, phone, 'first');
      await at.refuse(status, 'No');
      const bare = await first.called();
      t.match(bare.invite.header('Content-Type'), 'application/sdp', `after ${status} with the description alone`);
      t.equal(bare.invite.header('Geolocation'), undefined);
      t.match(bare.invite.header('From'), phone.number);
      await answered(call, bare);
      await hangUp(call, bare);
    }
  });

  await t.test('it rings and lasts as long as it needs', async (t) => {
    const colleague = await desk();
    const call = await forHelp(phone);
    const out = await first.called();
    await out.ring();
    await call.response(180);
    // Both of one second: what ends other calls ends after the call for help began, and leaves it alone.
    const other = await desk();
    const number = office.directory.extension(other.extension ?? newId())?.number ?? '';
    const waits = await colleague.dial(number);
    await (await other.called()).ring();
    await waits.ack(await waits.response(480));
    t.equal(first.peer.count((message) => message.method === 'CANCEL'), 0, 'no time to ring ends it');
    await answered(call, out);
    const [up, rung] = [await colleague.dial(number), await other.called()];
    await answered(up, rung);
    await Promise.all([rung.hungUp(), up.hungUp()]);
    t.match(office.app.callControl.list(office.account.id), [{ emergency: true, state: 'answered' }], 'nor does the longest duration');
    await hangUp(call, out);
  });

  await t.test("only the caller's own CANCEL ends it", async (t) => {
    const call = await forHelp(phone);
    const out = await first.called();
    await out.ring();
    await call.response(180);
    await call.cancel();
    await first.peer.respond(await out.incoming('CANCEL'), 200, 'OK');
    await out.refuse(487, 'Request Terminated');
    await call.ack(await call.response(487));
    t.equal(second.peer.count((message) => message.method === 'INVITE' && message.header('Call-ID') === out.invite.header('Call-ID')), 0);
  });
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});

t.test('no cap counts a call for help', { timeout: 60_000 }, async (t) => {
  const { office, carrier, desk } = await emergencyScene(t, {}, 'none');
  located(office, [carrier], { limits: { concurrentCalls: 1, callsPerSecond: 1 } });
  const phones = [await desk(), await desk(), await desk()];
  const up = await Promise.all(phones.map((phone) => forHelp(phone)));
  t.equal((await Promise.all(up.map(() => carrier.called()))).length, 3, 'all at once by a trunk that takes one');
  await Promise.all(up.map((call) => call.cancel()));
});

t.test('a stop waits for a call for help, and takes another one', { timeout: 60_000 }, async (t) => {
  const { office, carrier, desk } = await emergencyScene(t);
  const [phone, other] = [await desk(), await desk()];
  const call = await forHelp(phone);
  const out = await carrier.called();
  await answered(call, out);
  let over = false;
  const drained = office.app.drain().then(() => (over = true));
  const refused = await other.dial('201', { withoutCredentials: true });
  await refused.ack(await refused.response(503));
  const second = await forHelp(other);
  const taken = await carrier.called();
  await answered(second, taken);
  await hangUp(call, out);
  t.notOk(over, 'the second one is up');
  await hangUp(second, taken);
  await drained;
  t.ok(over);
});

t.test('an edge that sheds load lets calls for help through', { timeout: 60_000 }, async (t) => {
  const { office, carrier, desk } = await emergencyScene(t, { edge: { protection: { emergencyUsers: ['911'], limits: { loopDelayMs: 15 } } } });
  const phone = await desk();
  const lock = new Int32Array(new SharedArrayBuffer(4));
  const blocking = setInterval(() => Atomics.wait(lock, 0, 0, 80), 100);
  t.teardown(() => clearInterval(blocking));
  while (office.edge.protection.report().level !== 'refreshes-only') await new Promise((resolve) => setTimeout(resolve, 50));
  const shed = await phone.dial('201', { withoutCredentials: true });
  await shed.ack(await shed.response(503));
  const call = await forHelp(phone);
  const out = await carrier.called();
  t.equal(office.edge.protection.report().level, 'refreshes-only');
  saysWhere(t, out, phone, 'under overload');
  clearInterval(blocking);
  await answered(call, out);
  await hangUp(call, out);
});
