import t from 'tap';
import { asId } from '../../src/domain/ids.js';
import { startOffice, type Office } from '../support/sip-office.js';
import type { PhoneCall } from '../support/scripted-phone.js';

type Registered = Awaited<ReturnType<Office['registered']>>;

async function standing(ann: Registered, bob: Registered, headers: readonly (readonly [string, string])[] = []): Promise<{ call: PhoneCall; rung: PhoneCall }> {
  const call = await ann.dial(bob.extension.number, { headers });
  const rung = await bob.called();
  const acked = rung.answer();
  await call.ack(await call.response(200));
  await acked;
  return { call, rung };
}

const ended = (office: Office) => office.calls.record(({ endedAt }) => endedAt !== null, 'ended');

t.test('nobody answers within the ring time', async (t) => {
  const office = await startOffice(t, { policy: { ringSeconds: 1 } });
  const ann = await office.registered('101', 'Ann');
  const bob = await office.registered('102', 'Bob');
  const call = await ann.dial('102');
  const rung = await bob.called();
  await rung.ring();
  const cancel = await rung.incoming('CANCEL');
  t.match(cancel.header('Reason'), /No answer/);
  await rung.reply(cancel, 200, 'OK');
  await rung.refuse(487, 'Request Terminated');
  const final = await call.response(480);
  await call.ack(final);
  t.match(final.header('Reason'), /^Q\.850;cause=19;/);
  t.match(await ended(office), { cause: 'no-answer', reason: 'no-answer', status: 480, legs: [{ result: 'no-answer' }] });
});

t.test('a phone that gives no sign of life for 5 s is given up', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('101', 'Ann');
  const bob = await office.registered('102', 'Bob');
  const call = await ann.dial('102');
  await bob.called();
  const final = await call.response(480);
  await call.ack(final);
  t.match(final.header('Reason'), /^Q\.850;cause=18;/);
  t.match(await ended(office), { cause: 'failed', reason: 'phone-unreachable', legs: [{ result: 'no-answer', status: 0 }] });
});

t.test('the longest duration', async (t) => {
  const office = await startOffice(t, { policy: { maxCallSeconds: 1 } });
  const { call, rung } = await standing(await office.registered('101', 'Ann'), await office.registered('102', 'Bob'));
  const [bye] = await Promise.all([call.hungUp(), rung.hungUp()]);
  t.match(bye.header('Reason'), /Longest call duration/);
  t.match(await ended(office), { cause: 'max-duration', status: 200 });
});

t.test('an administrator ends a call', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('101', 'Ann');
  const bob = await office.registered('102', 'Bob');

  await t.test('that is up', async (t) => {
    const { call, rung } = await standing(ann, bob);
    await office.calls.record(({ answeredAt }) => answeredAt !== null, 'answered');
    const [live] = office.app.callControl.list(office.account.id);
    t.match(live, { state: 'answered', caller: { name: 'Ann' }, callee: { name: 'Bob' }, dialled: '102', answeredAt: Number });
    const both = Promise.all([call.hungUp(), rung.hungUp()]);
    t.equal(await office.app.callControl.hangUp(live?.id ?? asId('none'), 'admin'), 'done');
    const [bye] = await both;
    t.match(bye.header('Reason'), /administrator/);
    t.match(await office.calls.record(({ id }) => id === live?.id, 'admin'), { cause: 'admin' });
  });

  await t.test('that rings', async (t) => {
    const call = await ann.dial('102');
    const rung = await bob.called();
    await rung.ring();
    await call.response(180);
    const [live] = office.app.callControl.list(office.account.id);
    t.match(live, { state: 'ringing', answeredAt: null });
    await office.app.callControl.hangUp(live?.id ?? asId('none'), 'admin');
    await rung.reply(await rung.incoming('CANCEL'), 200, 'OK');
    await rung.refuse(487, 'Request Terminated');
    await call.ack(await call.response(480));
    t.match(await office.calls.record(({ id, endedAt }) => id === live?.id && endedAt !== null, 'admin'), { cause: 'admin', status: 480 });
  });

  await t.test('that is not there', async (t) => {
    t.equal(await office.app.callControl.hangUp(asId('none'), 'admin'), 'unknown');
  });
});

t.test('a stop hangs up on both sides, waits for the answers, and takes no new calls', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('101', 'Ann');
  const bob = await office.registered('102', 'Bob');
  const carol = await office.registered('103', 'Carol');
  const { call, rung } = await standing(ann, bob);
  const stopped = office.app.stop('shutdown');
  const refused = await carol.ask('INVITE', 'sip:101@office.example');
  t.equal(refused.status, 503);
  t.ok(Number(refused.header('Retry-After')) >= 5);
  const byes = await Promise.all([call.hungUp(), rung.hungUp()]);
  t.match(byes[0].header('Reason'), /stopping/);
  await stopped;
  t.notOk(office.app.callControl.ready());
  t.match(await ended(office), { cause: 'shutdown' });
});

t.test('the connection to the edge is lost', async (t) => {
  const office = await startOffice(t);
  await standing(await office.registered('101', 'Ann'), await office.registered('102', 'Bob'));
  await office.edge.stop();
  t.match(await ended(office), { cause: 'flow-lost' });
  t.notOk(office.app.callControl.ready());
  t.same(office.app.callControl.list(office.account.id), []);
});

t.test('session timers are agreed with each phone by itself', async (t) => {
  const office = await startOffice(t, { policy: { sessionExpiresSeconds: 1800 } });
  const ann = await office.registered('101', 'Ann');
  const bob = await office.registered('102', 'Bob');
  const call = await ann.dial('102', { headers: [['Supported', 'timer, replaces'], ['Session-Expires', '600']] });
  const rung = await bob.called();
  t.equal(rung.invite.header('Session-Expires'), '1800');
  const acked = rung.answer(undefined, [['Session-Expires', '900;refresher=uas'], ['Require', 'timer']]);
  const ok = await call.response(200);
  t.equal(ok.header('Session-Expires'), '600;refresher=uac', 'the smaller interval; the phone refreshes');
  t.equal(ok.header('Require'), 'timer');
  await call.ack(ok);
  await acked;
  const changed = call.request('INVITE', { body: 'v=0\r\n', headers: [['Supported', 'timer'], ['Session-Expires', '600;refresher=uac']] });
  const reinvite = await rung.incoming('INVITE');
  t.equal(reinvite.header('Session-Expires'), '900;refresher=uas', "each leg keeps its own timer");
  const ackedAgain = rung.incoming('ACK');
  await rung.reply(reinvite, 200, 'OK', 'v=0\r\n');
  const second = await changed;
  t.equal(second.header('Session-Expires'), '600;refresher=uac');
  await call.ack(second);
  await ackedAgain;
  const bye = rung.hungUp();
  await call.hangUp();
  await bye;
});

t.test('while Redis is away calls go on from memory, and a REGISTER is asked to come again', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('101', 'Ann');
  const bob = await office.registered('102', 'Bob');
  office.redis.signal('SIGSTOP');
  const { call, rung } = await standing(ann, bob);
  const refused = await bob.register();
  t.equal(refused.status, 503);
  const seconds = Number(refused.header('Retry-After'));
  t.ok(seconds >= 5 && seconds <= 15);
  office.redis.signal('SIGCONT');
  const bye = rung.hungUp();
  await call.hangUp();
  await bye;
});
