import t from 'tap';
import { answeredCall, endedRecord, freeNumber, runCallScenes, type CallScenes } from '../support/call-scenes.js';
import { SDP } from '../support/scripted-phone.js';

const SCENES: CallScenes = {
  'a call goes through: offer, caller ID, ringing, answer, hang-up by the caller': async (t, scene) => {
    const { ann, bob } = scene;
    const call = await ann.dial(bob.extension.number);
    const rung = await bob.called();
    t.equal(rung.invite.uri, /<(.*)>/.exec(bob.contact)?.[1], 'Request-URI is the Contact as registered');
    t.match(rung.invite.header('From'), new RegExp(`^"Ann" <sip:${ann.extension.number}@office\\.example>;tag=`), 'caller ID is ours, not what the phone claims');
    t.equal(rung.invite.header('To'), `<sip:${bob.line.userName}@office.example>`);
    t.equal(rung.invite.header('Max-Forwards'), '69');
    t.equal(rung.invite.header('Supported'), 'timer');
    t.equal(rung.invite.header('Authorization'), undefined, 'credentials do not cross');
    t.equal(rung.invite.body, SDP('1'), 'the offer is untouched');
    await rung.ring(183, SDP('3'));
    t.equal((await call.response(183)).body, SDP('3'), 'early media of a single phone passes');
    const acked = rung.answer();
    const ok = await call.response(200);
    t.equal(ok.body, SDP('2'), 'the answer is untouched');
    t.match(ok.header('Allow'), /INFO/);
    await call.ack(ok);
    await acked;
    const bye = rung.hungUp();
    t.equal((await call.hangUp([['Reason', 'Q.850;cause=16;text="bye now"']])).status, 200);
    t.equal((await bye).header('Reason'), 'Q.850;cause=16;text="bye now"', 'Reason is passed');
    t.match(await endedRecord(scene), {
      cause: 'caller-hangup', status: 200, direction: 'internal', reason: null, answeredBy: bob.device.id, sipCallId: call.invite.header('Call-ID'),
      caller: { extensionNumber: ann.extension.number, name: 'Ann', deviceId: ann.device.id }, callee: { extensionNumber: bob.extension.number, name: 'Bob' },
      legs: [{ deviceId: bob.device.id, result: 'answered', status: 200 }],
    });
  },

  'hang-up by the callee': async (t, scene) => {
    const { call, rung } = await answeredCall(scene.ann, scene.bob);
    const bye = call.hungUp();
    t.equal((await rung.hangUp()).status, 200);
    await bye;
    t.match(await endedRecord(scene), { cause: 'callee-hangup', status: 200 });
  },

  'the callee hangs up before the caller has acknowledged': async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number);
    const rung = await scene.bob.called();
    const acked = rung.answer();
    await acked;
    t.equal((await rung.hangUp()).status, 200);
    await call.ack(await call.response(200));
    await call.hungUp();
    t.match(await endedRecord(scene), { cause: 'callee-hangup' });
  },

  'busy is busy': async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number);
    await (await scene.bob.called()).refuse(486, 'Busy Here');
    const final = await call.response(486);
    await call.ack(final);
    t.match(final.header('Reason'), /^Q\.850;cause=17;text="/);
    t.match(await endedRecord(scene), { cause: 'busy', reason: 'busy', status: 486, legs: [{ status: 486, result: 'failed' }] });
  },

  'declined is declined': async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number);
    await (await scene.bob.called()).refuse(603, 'Decline');
    await call.ack(await call.response(603));
    t.match(await endedRecord(scene), { cause: 'declined', reason: 'declined', status: 603 });
  },

  "a phone's challenge is not the caller's": async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number);
    await (await scene.bob.called()).refuse(407, 'Proxy Authentication Required', [['Proxy-Authenticate', 'Digest realm="x", nonce="y"']]);
    const final = await call.response(500);
    await call.ack(final);
    t.match(await endedRecord(scene), { cause: 'failed', reason: 'callee-failed' });
  },

  'the caller cancels': async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number);
    const rung = await scene.bob.called();
    await rung.ring();
    await call.response(180);
    await call.cancel();
    const cancel = await rung.incoming('CANCEL');
    t.match(cancel.header('Reason'), /^SIP;cause=487/);
    await rung.reply(cancel, 200, 'OK');
    await rung.refuse(487, 'Request Terminated');
    await call.ack(await call.response(487));
    t.match(await endedRecord(scene), { cause: 'cancelled', reason: 'cancelled', status: 487, legs: [{ result: 'cancelled', status: 487 }] });
  },

  'a cancelled phone that answers all the same gets ACK and BYE': async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number);
    const rung = await scene.bob.called();
    await rung.ring();
    await call.response(180);
    await call.cancel();
    await rung.reply(await rung.incoming('CANCEL'), 200, 'OK');
    await rung.answer();
    await rung.hungUp();
    await call.ack(await call.response(487));
    t.match(await endedRecord(scene), { cause: 'cancelled' });
  },

  'without an offer from the caller: the offer comes with the 200, the answer with the ACK': async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number, { body: '' });
    const rung = await scene.bob.called();
    t.equal(rung.invite.body, '');
    await rung.ring(183, SDP('7'));
    t.equal((await call.response(183)).body, '', 'an offer that could not be answered is not passed');
    const acked = rung.answer(SDP('8'));
    const ok = await call.response(200);
    t.equal(ok.body, SDP('8'));
    await call.ack(ok, SDP('9'));
    t.equal((await acked).body, SDP('9'));
    const bye = rung.hungUp();
    await call.hangUp();
    await bye;
    t.match(await endedRecord(scene), { cause: 'caller-hangup', status: 200 });
  },

  'without an offer, and without an answer in the ACK, there is no call': async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number, { body: '' });
    const rung = await scene.bob.called();
    const acked = rung.answer(SDP('8'));
    await call.ack(await call.response(200));
    await Promise.all([acked, rung.hungUp(), call.hungUp()]);
    t.match(await endedRecord(scene), { cause: 'failed' });
  },

  'a phone behind a NAT is called where its REGISTER came from': async (t, scene) => {
    const extension = scene.office.person(freeNumber(), 'Dora');
    const dora = await scene.office.phone(scene.office.device(extension.id));
    await dora.register({ contact: `<sip:${dora.line.userName}@10.9.8.7:5060>` });
    const call = await scene.ann.dial(extension.number);
    const rung = await dora.called();
    t.equal(rung.invite.uri, `sip:${dora.line.userName}@10.9.8.7:5060`);
    await rung.refuse(486, 'Busy Here');
    await call.ack(await call.response(486));
  },

  'a phone on TCP is called on its connection': async (t, scene) => {
    const dora = await scene.office.registered(freeNumber(), 'Dora', { transport: 'tcp' });
    const { call, rung } = await answeredCall(scene.ann, dora);
    t.match(rung.invite.header('Via'), /^SIP\/2\.0\/TCP/);
    const bye = rung.hungUp();
    t.equal((await call.hangUp()).status, 200);
    await bye;
  },

  'a caller on TCP': async (t, scene) => {
    const dora = await scene.office.registered(freeNumber(), 'Dora', { transport: 'tcp' });
    const { call, rung } = await answeredCall(dora, scene.bob);
    const bye = call.hungUp();
    t.equal((await rung.hangUp()).status, 200);
    await bye;
  },
};

t.test('what becomes of a call', async (t) => runCallScenes(t, SCENES));
