import t from 'tap';
import { endedRecord, freeNumber, runCallScenes, type CallScene, type CallScenes } from '../support/call-scenes.js';
import { SDP, type ScriptedPhone } from '../support/scripted-phone.js';

/** A second phone of Bob's. */
async function secondPhone({ office, bob }: CallScene): Promise<ScriptedPhone> {
  const phone = await office.phone(office.device(bob.extension.id));
  await phone.register();
  return phone;
}

const SCENES: CallScenes = {
  'two phones ring, the first to answer has the call': async (t, scene) => {
    const second = await secondPhone(scene);
    const call = await scene.ann.dial(scene.bob.extension.number);
    const rung = await scene.bob.called();
    const other = await second.called();
    await rung.ring(183, SDP('3'));
    const progress = await call.response(180);
    t.equal(progress.body, '', 'no early media of one among several');
    await other.ring();
    const acked = other.answer(SDP('4'));
    const cancel = await rung.incoming('CANCEL');
    t.match(cancel.header('Reason'), 'SIP;cause=200;text="Call completed elsewhere"');
    await rung.reply(cancel, 200, 'OK');
    await rung.refuse(487, 'Request Terminated');
    const ok = await call.response(200);
    t.equal(ok.body, SDP('4'));
    await call.ack(ok);
    await acked;
    const bye = other.hungUp();
    await call.hangUp();
    await bye;
    const record = await endedRecord(scene);
    t.same(new Set(record.legs.map(({ result }) => result)), new Set(['answered', 'completed-elsewhere']));
  },

  'two answers at once: one call, the other phone gets ACK and BYE': async (t, scene) => {
    const second = await secondPhone(scene);
    const call = await scene.ann.dial(scene.bob.extension.number);
    const rung = await scene.bob.called();
    const other = await second.called();
    const both = Promise.all([rung.answer(SDP('5')), other.answer(SDP('6'))]);
    const ok = await call.response(200);
    await call.ack(ok);
    await both;
    const [winner, loser] = ok.body === SDP('5') ? [rung, other] : [other, rung];
    await loser.hungUp();
    const bye = winner.hungUp();
    await call.hangUp();
    await bye;
    t.match(await endedRecord(scene), { cause: 'caller-hangup' });
  },

  'a 6xx ends the search': async (t, scene) => {
    const second = await secondPhone(scene);
    const call = await scene.ann.dial(scene.bob.extension.number);
    const rung = await scene.bob.called();
    const other = await second.called();
    await rung.ring();
    await other.refuse(603, 'Decline');
    await rung.reply(await rung.incoming('CANCEL'), 200, 'OK');
    await rung.refuse(487, 'Request Terminated');
    await call.ack(await call.response(603));
    t.match(await endedRecord(scene), { cause: 'declined' });
  },

  'the best failure of several phones is passed on': async (t, scene) => {
    const second = await secondPhone(scene);
    const call = await scene.ann.dial(scene.bob.extension.number);
    await (await scene.bob.called()).refuse(500, 'Server Internal Error');
    await (await second.called()).refuse(486, 'Busy Here');
    await call.ack(await call.response(486));
    t.match(await endedRecord(scene), { cause: 'busy' });
  },

  "a phone's 302 is a call of that phone's user": async (t, scene) => {
    const carol = await scene.office.registered(freeNumber(), 'Carol');
    const call = await scene.ann.dial(scene.bob.extension.number);
    await (await scene.bob.called()).refuse(302, 'Moved Temporarily', [['Contact', `<sip:${carol.extension.number}@192.0.2.1>`]]);
    const moved = await carol.called();
    t.equal(moved.invite.header('Max-Forwards'), '68', 'it spends a hop');
    t.match(moved.invite.header('From'), /^"Ann" /, 'the caller stays the caller');
    const acked = moved.answer();
    await call.ack(await call.response(200));
    await acked;
    const bye = moved.hungUp();
    await call.hangUp();
    await bye;
    t.match(await endedRecord(scene), { legs: [{ result: 'redirected', status: 302 }, { result: 'answered', deviceId: carol.device.id }] });
  },

  'a 302 to nobody fails': async (t, scene) => {
    const call = await scene.ann.dial(scene.bob.extension.number);
    await (await scene.bob.called()).refuse(302, 'Moved Temporarily', [['Contact', '<sip:999777@office.example>']]);
    await call.ack(await call.response(480));
    t.match(await endedRecord(scene), { status: 480, legs: [{ result: 'redirected' }] });
  },

  'a 302 in a circle ends': async (t, scene) => {
    const carol = await scene.office.registered(freeNumber(), 'Carol');
    const call = await scene.ann.dial(scene.bob.extension.number);
    await (await scene.bob.called()).refuse(302, 'Moved Temporarily', [['Contact', `<sip:${carol.extension.number}@office.example>`]]);
    await (await carol.called()).refuse(302, 'Moved Temporarily', [['Contact', `<sip:${scene.bob.extension.number}@office.example>`]]);
    await call.ack(await call.response(480));
    t.match(await endedRecord(scene), { status: 480 });
  },
};

t.test('several phones, and phones that send calls on', async (t) => runCallScenes(t, SCENES));
