import t from 'tap';
import { isRequest, type PeerMessage } from '../support/sip-peer.js';
import { SDP } from '../support/scripted-phone.js';
import { aGateway, aRoute } from '../support/sample-trunk.js';
import { aCarrier, callerWithPlan, trunkOver, type Carrier } from '../support/carriers.js';
import type { CallRecord } from '../../src/domain/calls/call-event.js';
import { startOffice, type Office } from '../support/sip-office.js';

const NUMBER = '+12125550199';
const ended = (office: Office, callerNumber: string): Promise<CallRecord> =>
  office.calls.record(({ endedAt, caller }) => endedAt !== null && caller.number === callerNumber, `the call of ${callerNumber} ended`);

t.test('a call goes out by a trunk', async (t) => {
  const office = await startOffice(t);
  const carrier = await aCarrier(t, office);
  const trunk = trunkOver(office, [carrier]);
  const ann = await callerWithPlan(office, '101', '+12125550101');
  const call = await ann.dial('2125550199', { headers: [['P-Asserted-Identity', '<sip:+19995550000@evil.example>'], ['X-Inside', 'secret'], ['User-Agent', 'Phone 1']] });
  const out = await carrier.called();
  t.equal(out.invite.uri, `sip:${NUMBER}@127.0.0.1:${carrier.peer.port};user=phone`);
  t.match(out.invite.header('To'), `<sip:${NUMBER}@127.0.0.1:${carrier.peer.port};user=phone>`);
  t.match(out.invite.header('From'), /^"User 101" <sip:\+12125550101@office\.example;user=phone>/);
  t.match(out.invite.header('P-Asserted-Identity'), /\+12125550101@/, 'the identity is ours, not what the phone claims');
  t.equal(out.invite.header('X-Inside'), undefined, 'nothing passes the border unnamed');
  t.equal(out.invite.header('User-Agent'), 'Cordboard');
  t.equal(out.invite.header('Max-Forwards'), '69');
  t.notMatch(out.invite.raw, new RegExp(`${ann.line.userName}|:${ann.peer.port}\\b`), 'nor the inside shows');
  await out.ring(183, 'v=0\r\no=- 2 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40002 RTP/AVP 8\r\n');
  t.match((await call.response(183)).body, /m=audio 40002/, 'early media passes');
  const acked = out.answer();
  await call.ack(await call.response(200));
  await acked;
  t.match(office.app.callControl.list(office.account.id), [{ callee: { number: '2125550199', trunkId: trunk.id } }]);
  await Promise.all([call.hangUp(), out.hungUp()]);
  t.match(await ended(office, '+12125550101'), {
    direction: 'outbound', cause: 'caller-hangup', status: 200, callee: { trunkId: trunk.id, deviceId: null },
    legs: [{ trunkId: trunk.id, gatewayId: carrier.gateway.id, deviceId: null, result: 'answered', status: 200 }],
  });
  t.equal(office.gateways.of(carrier.gateway.id).state, 'up');
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});

t.test('what a gateway answers, and where the call goes then', async (t) => {
  const office = await startOffice(t);
  const [first, second] = [await aCarrier(t, office), await aCarrier(t, office)];
  trunkOver(office, [first, second]);
  const ann = await callerWithPlan(office, '101', '+12125550101');
  const dial = async (): Promise<{ readonly call: Awaited<ReturnType<typeof ann.dial>>; readonly at: Awaited<ReturnType<Carrier['called']>> }> => {
    const call = await ann.dial(NUMBER);
    return { call, at: await first.called() };
  };
  for (const status of [403, 408, 488, 500, 502]) {
    await t.test(`${status} leads to the next`, async (t) => {
      const { call, at } = await dial();
      await at.refuse(status, 'No');
      const next = await second.called();
      t.not(next.invite.header('Call-ID'), at.invite.header('Call-ID'), 'an attempt of its own');
      await next.refuse(486, 'Busy Here');
      const busy = await call.response(486);
      t.match(busy.header('Reason'), /Q\.850;cause=17/);
      await call.ack(busy);
    });
  }
  for (const [status, given] of [[404, 404], [410, 410], [480, 480], [484, 484], [486, 486], [603, 603], [600, 600], [402, 500]] as const) {
    await t.test(`${status} is final`, async (t) => {
      const before = second.peer.count(isRequest('INVITE'));
      const { call, at } = await dial();
      await at.refuse(status, 'No');
      await call.ack(await call.response(given));
      t.equal(second.peer.count(isRequest('INVITE')), before, 'the second gateway is not asked');
    });
  }
  await t.test('the caller of a call that nobody takes is told so', async (t) => {
    const { call, at } = await dial();
    await at.refuse(500, 'No');
    await (await second.called()).refuse(500, 'No');
    const failed = await call.response(503);
    t.match(failed.header('Reason'), /Q\.850;cause=38/);
    await call.ack(failed);
  });
  await t.test('after a 183 no other gateway is tried', async () => {
    const { call, at } = await dial();
    await at.ring(183);
    await call.response(183);
    await at.refuse(500, 'No');
    await call.ack(await call.response(500));
  });
  await t.test("the caller's CANCEL ends the attempt", async () => {
    const { call, at } = await dial();
    await at.ring();
    await call.response(180);
    await call.cancel();
    await first.peer.respond(await at.incoming('CANCEL'), 200, 'OK');
    await at.refuse(487, 'Request Terminated');
    await call.ack(await call.response(487));
  });
  await t.test('a 200 that crosses the CANCEL is acknowledged and ended', async (t) => {
    const { call, at } = await dial();
    await at.ring();
    await call.response(180);
    await call.cancel();
    await at.incoming('CANCEL');
    await at.answer();
    await at.hungUp();
    await call.ack(await call.response(487));
    t.same(office.app.callControl.list(office.account.id), []);
  });
  await t.test('503 leads to the next, and Retry-After is kept', async (t) => {
    const { call, at } = await dial();
    await at.refuse(503, 'Service Unavailable', [['Retry-After', '60']]);
    await (await second.called()).refuse(486, 'Busy Here');
    await call.ack(await call.response(486));
    const again = await ann.dial(NUMBER);
    await (await second.called()).refuse(404, 'Not Found');
    await again.ack(await again.response(404));
    t.ok((office.gateways.of(first.gateway.id).restsUntil ?? 0) > Date.now(), 'the first one is left alone');
  });
  t.same(office.app.callControl.list(office.account.id), [], 'no call is left');
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});

t.test('gateways that are not there', async (t) => {
  const office = await startOffice(t);
  const [silent, last] = [await aCarrier(t, office), await aCarrier(t, office)];
  const closed = aGateway({ host: '127.0.0.1', port: 1, transport: 'tcp' });
  trunkOver(office, [closed, silent, last], { routes: [aRoute(), aRoute({ emergency: true })] });
  const ann = await callerWithPlan(office, '101', '+12125550101');
  const call = await ann.dial(NUMBER);
  const quiet = await silent.called();
  const next = await last.called();
  await next.ring();
  await call.response(180);
  await silent.peer.respond(quiet.invite, 200, 'OK', { toTag: 'late', contact: silent.contact, body: 'v=0\r\no=- 2 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40002 RTP/AVP 8\r\n' });
  await quiet.incoming('ACK');
  await quiet.hungUp();
  await next.refuse(486, 'Busy Here');
  await call.ack(await call.response(486));
  t.match(await ended(office, '+12125550101'), {
    legs: [{ gatewayId: closed.id, result: 'no-answer' }, { gatewayId: silent.gateway.id, result: 'no-answer', status: 408 }, { gatewayId: last.gateway.id, status: 486 }],
  });
  t.match(office.gateways.of(closed.id), { lastSeen: /cannot be reached/ });
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});

t.test('a challenge is answered once, for the own realm alone', async (t) => {
  const office = await startOffice(t);
  const carrier = await aCarrier(t, office);
  trunkOver(office, [carrier], { authentication: { kind: 'digest', userName: 'office', realm: 'carrier.example' } }, 'trunk secret');
  const ann = await callerWithPlan(office, '101', '+12125550101');
  const ask = (realm: string): readonly (readonly [string, string])[] => [['Proxy-Authenticate', `Digest realm="${realm}", nonce="n1", algorithm=MD5, qop="auth"`]];
  await t.test('of its own realm', async (t) => {
    const call = await ann.dial(NUMBER);
    const first = await carrier.called();
    await first.refuse(407, 'Proxy Authentication Required', ask('carrier.example'));
    const again = await carrier.called();
    t.match(again.invite.header('Proxy-Authorization'), /^Digest username="office", realm="carrier\.example", nonce="n1"/);
    t.equal(again.invite.header('Proxy-Authorization')?.includes('trunk secret'), false);
    t.same([again.invite.header('Call-ID'), again.invite.tag('From'), again.invite.cseq], [first.invite.header('Call-ID'), first.invite.tag('From'), first.invite.cseq + 1]);
    const acked = again.answer();
    await call.ack(await call.response(200));
    await acked;
    await Promise.all([call.hangUp(), again.hungUp()]);
  });
  await t.test('of requests in the call, too', async (t) => {
    const call = await ann.dial(NUMBER);
    const out = await carrier.called();
    const acked = out.answer();
    await call.ack(await call.response(200));
    await acked;
    /** Asks for credentials, and resolves with the request that brings them. */
    const challenged = async (method: string, realm: string): Promise<PeerMessage> => {
      const first = await out.incoming(method);
      await carrier.peer.respond(first, 407, 'Proxy Authentication Required', { contact: null, headers: ask(realm) });
      if (method === 'INVITE') await out.incoming('ACK');
      return out.incoming(method);
    };
    const holding = call.request('INVITE', { body: SDP('2', 'sendonly') });
    const hold = await challenged('INVITE', 'carrier.example');
    t.match(hold.header('Proxy-Authorization'), /^Digest username="office", realm="carrier\.example"/);
    t.match(hold.body, /a=sendonly/);
    await out.reply(hold, 200, 'OK', SDP('2', 'recvonly'));
    await call.ack(await holding);
    await out.incoming('ACK');
    const elsewhere = call.request('INVITE', { body: SDP('3') });
    await carrier.peer.respond(await out.incoming('INVITE'), 401, 'No', { contact: null, headers: [['WWW-Authenticate', ask('evil.example')[0]?.[1] ?? '']] });
    const refused = await elsewhere;
    await call.ack(refused);
    t.equal(refused.status, 500, 'of another realm, never');
    const ended = call.hangUp();
    const bye = await challenged('BYE', 'carrier.example');
    t.match(bye.header('Proxy-Authorization'), /^Digest username="office", realm="carrier\.example"/);
    await carrier.peer.respond(bye, 200, 'OK', { contact: null });
    await ended;
  });
  await t.test('a second time it is a refusal', async () => {
    const call = await ann.dial(NUMBER);
    await (await carrier.called()).refuse(407, 'No', ask('carrier.example'));
    await (await carrier.called()).refuse(407, 'No', ask('carrier.example'));
    await call.ack(await call.response(503));
  });
  await t.test('of another realm, never', async (t) => {
    const before = carrier.peer.count(isRequest('INVITE'));
    const call = await ann.dial(NUMBER);
    await (await carrier.called()).refuse(401, 'No', [['WWW-Authenticate', ask('evil.example')[0]?.[1] ?? '']]);
    await call.ack(await call.response(503));
    t.equal(carrier.peer.count(isRequest('INVITE')), before + 1);
  });
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});

t.test('an emergency call goes on after everything but the CANCEL of its caller', async (t) => {
  const office = await startOffice(t);
  const [thinking, wrongWay, last] = [await aCarrier(t, office), await aCarrier(t, office), await aCarrier(t, office)];
  trunkOver(office, [thinking, wrongWay, last], { routes: [aRoute({ emergency: true })] });
  const spare = await office.phone(office.device(null));
  await spare.register();
  const call = await spare.dial('9911', { withoutCredentials: true });
  const first = await thinking.called();
  t.match(first.invite.uri, /^sip:911@/, 'without the 9 for a line');
  await thinking.peer.respond(first.invite, 100, 'Trying');
  const second = await wrongWay.called();
  await thinking.peer.respond(await first.incoming('CANCEL'), 200, 'OK');
  await first.refuse(487, 'Request Terminated');
  await second.ring(183);
  await second.refuse(486, 'Busy Here');
  const third = await last.called();
  const acked = third.answer();
  await call.ack(await call.response(200));
  await acked;
  const [live] = office.app.callControl.list(office.account.id);
  t.equal(live === undefined ? 'gone' : await office.app.callControl.hangUp(live.id, 'admin'), 'emergency', 'nobody else hangs it up');
  await Promise.all([call.hangUp(), third.hungUp()]);
  t.match(await office.calls.record(({ endedAt, emergency }) => endedAt !== null && emergency, 'it ended'), { status: 200, legs: [{ status: 408 }, { status: 486 }, { result: 'answered' }] });
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});
