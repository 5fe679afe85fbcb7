import t from 'tap';
import { hangUp, HIDDEN, relayScene, talk } from '../support/media-relay-scene.js';
import { mediaBed } from '../support/media-bed.js';
import { mediaPort, RtpPhone } from '../support/rtp-phone.js';
import type { PhoneCall } from '../support/scripted-phone.js';

t.test('a phone behind NAT, called or calling: both hear each other through the relay, which ends with the call', async (t) => {
  const { office, phone, call, relays, unrelayed } = await relayScene(t);
  const [ann, bob] = [await phone(t, 'open'), await phone(t, 'hidden')];
  for (const [who, caller, callee, contact] of [['called', ann, bob, undefined], ['calling', ann, await phone(t, 'open'), HIDDEN]] as const) {
    const standing = await call(caller, callee, contact);
    t.not(mediaPort(standing.towardBob), caller.sound.port, `${who}: the offer names the relay`);
    t.not(mediaPort(standing.towardAnn), callee.sound.port, `${who}: so does the answer`);
    await talk(caller, callee, standing.towardAnn, standing.towardBob);
    await relays(1);
    if (contact === undefined) await hangUp(standing);
    else await office.app.stop('shutdown');
    await relays(0);
  }
  t.equal(unrelayed(), 0);
});

t.test('phones that see each other', async (t) => {
  const auto = await relayScene(t);
  const [ann, bob] = [await auto.phone(t, 'open'), await auto.phone(t, 'open')];
  const direct = await auto.call(ann, bob);
  t.equal(direct.towardBob, ann.sound.sdp(), 'send straight to each other');
  t.equal(direct.towardAnn, bob.sound.sdp());
  await auto.relays(0);
  await hangUp(direct);
  const always = await relayScene(t, { when: 'always' });
  const [cid, dan] = [await always.phone(t, 'open'), await always.phone(t, 'open')];
  const relayed = await always.call(cid, dan);
  await talk(cid, dan, relayed.towardAnn, relayed.towardBob);
  await always.relays(1);
  await hangUp(relayed);
});

t.test('inside the call', async (t) => {
  const here = await relayScene(t);
  const [ann, bob] = [await here.phone(t, 'open'), await here.phone(t, 'hidden')];
  const standing = await here.call(ann, bob);
  /** A re-INVITE of one side, answered by the other; what each of them got. */
  const reinvite = async (from: PhoneCall, to: PhoneCall, offer: string, answer: string): Promise<{ offer: string; answer: string }> => {
    const pending = from.request('INVITE', { body: offer });
    const asked = await to.incoming('INVITE');
    const acked = to.incoming('ACK');
    await to.reply(asked, 200, 'OK', answer);
    const ok = await pending;
    await from.ack(ok);
    await acked;
    return { offer: asked.body, answer: ok.body };
  };

  await t.test('hold and resume pass with the same ports', async (t) => {
    const held = await reinvite(standing.ann, standing.bob, ann.sound.sdp('a=sendonly'), bob.sound.sdp('a=recvonly'));
    t.match(held, { offer: /a=sendonly/, answer: /a=recvonly/ });
    t.same([mediaPort(held.answer), mediaPort(held.offer)], [mediaPort(standing.towardAnn), mediaPort(standing.towardBob)]);
    await reinvite(standing.ann, standing.bob, ann.sound.sdp(), bob.sound.sdp());
    await talk(ann, bob, standing.towardAnn, standing.towardBob);
  });
  await t.test('an offer of the called phone, from another port', async (t) => {
    const other = await RtpPhone.open();
    t.teardown(() => other.close());
    const moved = await reinvite(standing.bob, standing.ann, other.sdp(), ann.sound.sdp());
    await talk(ann, { ...bob, sound: other }, moved.offer, moved.answer);
    await reinvite(standing.bob, standing.ann, bob.sound.sdp(), ann.sound.sdp());
  });
  await t.test('a re-INVITE without offer', async (t) => {
    const pending = standing.ann.request('INVITE');
    const asked = await standing.bob.incoming('INVITE');
    await standing.bob.reply(asked, 200, 'OK', bob.sound.sdp());
    const ok = await pending;
    t.equal(mediaPort(ok.body), mediaPort(standing.towardAnn));
    const acked = standing.bob.incoming('ACK');
    await standing.ann.ack(ok, ann.sound.sdp());
    t.equal(mediaPort((await acked).body), mediaPort(standing.towardBob));
    await talk(ann, bob, standing.towardAnn, standing.towardBob);
  });
  await t.test('an UPDATE with an offer', async (t) => {
    const pending = standing.ann.request('UPDATE', { body: ann.sound.sdp('a=sendonly') });
    const asked = await standing.bob.incoming('INVITE');
    t.match(asked.body, /a=sendonly/);
    t.equal(mediaPort(asked.body), mediaPort(standing.towardBob));
    const acked = standing.bob.incoming('ACK');
    await standing.bob.reply(asked, 200, 'OK', bob.sound.sdp('a=recvonly'));
    t.equal(mediaPort((await pending).body), mediaPort(standing.towardAnn));
    await acked;
    await talk(ann, bob, standing.towardAnn, standing.towardBob);
  });
  await t.test('more streams than the relay has are refused, and the call stays as it is', async (t) => {
    const refused = await standing.ann.request('INVITE', { body: ann.sound.sdp('m=video 4000 RTP/AVP 96') });
    t.equal(refused.status, 488);
    await standing.ann.ack(refused);
    await talk(ann, bob, standing.towardAnn, standing.towardBob);
  });
  await hangUp(standing);
  await here.relays(0);
});

t.test('the way to a call', async (t) => {
  const here = await relayScene(t);

  await t.test('early sound passes, and the answer keeps its ports', async (t) => {
    const [ann, bob] = [await here.phone(t, 'open'), await here.phone(t, 'hidden')];
    const call = await ann.dial(bob.extension.number, { body: ann.sound.sdp() });
    const rung = await bob.called();
    await rung.ring(183, bob.sound.sdp());
    const early = await call.response(183);
    await talk(ann, bob, early.body, rung.invite.body);
    const acked = rung.answer(bob.sound.sdp());
    const ok = await call.response(200);
    t.equal(mediaPort(ok.body), mediaPort(early.body));
    await call.ack(ok);
    await acked;
    await hangUp({ ann: call, bob: rung });
  });

  await t.test('an INVITE without offer', async (t) => {
    const [ann, bob] = [await here.phone(t, 'open'), await here.phone(t, 'hidden')];
    const call = await ann.dial(bob.extension.number, { body: '' });
    const rung = await bob.called();
    const acked = rung.answer(bob.sound.sdp());
    const ok = await call.response(200);
    await call.ack(ok, ann.sound.sdp());
    await talk(ann, bob, ok.body, (await acked).body);
    await hangUp({ ann: call, bob: rung });
  });

  await t.test('several phones ring: each has its own way, and those that lost are given back', async (t) => {
    const [ann, bob] = [await here.phone(t, 'open'), await here.phone(t, 'hidden')];
    const twin = await here.office.phone(here.office.device(bob.extension.id));
    await twin.register();
    const beside = await here.office.phone(here.office.device(bob.extension.id));
    await beside.register({ contact: HIDDEN });
    const call = await ann.dial(bob.extension.number, { body: ann.sound.sdp() });
    const [rung, open, other] = [await bob.called(), await twin.called(), await beside.called()];
    t.equal(open.invite.body, ann.sound.sdp(), 'a phone that is seen gets the offer as it is');
    t.not(mediaPort(rung.invite.body), mediaPort(other.invite.body));
    await here.relays(2);
    const acked = rung.answer(bob.sound.sdp());
    const ok = await call.response(200);
    await call.ack(ok);
    await acked;
    await here.relays(1);
    await talk(ann, bob, ok.body, rung.invite.body);
    await hangUp({ ann: call, bob: rung });
  });

  await t.test('a redirection to a phone behind NAT', async (t) => {
    const [ann, bob, cid] = [await here.phone(t, 'open'), await here.phone(t, 'open'), await here.phone(t, 'hidden')];
    const call = await ann.dial(bob.extension.number, { body: ann.sound.sdp() });
    await (await bob.called()).refuse(302, 'Moved Temporarily', [['Contact', `<sip:${cid.extension.number}@192.0.2.1>`]]);
    const rung = await cid.called();
    const acked = rung.answer(cid.sound.sdp());
    const ok = await call.response(200);
    await call.ack(ok);
    await acked;
    await talk(ann, cid, ok.body, rung.invite.body);
    await hangUp({ ann: call, bob: rung });
  });

  await t.test('given up while it rings, the relay is given back', async (t) => {
    const [ann, bob] = [await here.phone(t, 'open'), await here.phone(t, 'hidden')];
    const call = await ann.dial(bob.extension.number, { body: ann.sound.sdp() });
    const rung = await bob.called();
    await rung.ring();
    await call.response(180);
    await here.relays(1);
    await call.cancel();
    await call.response(487);
    await rung.incoming('CANCEL');
  });

  await here.relays(0);
  t.equal(here.unrelayed(), 0);
  t.same(here.office.log.lines.filter(({ level }) => level === 'error'), []);
});

t.test('what cannot be relayed goes as it is, and is counted', async (t) => {
  const noPorts = await relayScene(t, { bed: mediaBed({ min: 20_001, max: 20_002 }) });
  const [ann, bob] = [await noPorts.phone(t, 'open'), await noPorts.phone(t, 'hidden')];
  const standing = await noPorts.call(ann, bob);
  t.same([standing.towardBob, standing.towardAnn], [ann.sound.sdp(), bob.sound.sdp()], 'no free port');
  t.equal(noPorts.unrelayed(), 1);
  await hangUp(standing);
  const late = await ann.dial(bob.extension.number, { body: '' });
  const rung = await bob.called();
  const acked = rung.answer(bob.sound.sdp());
  const ok = await late.response(200);
  await late.ack(ok, ann.sound.sdp());
  t.same([ok.body, (await acked).body], [bob.sound.sdp(), ann.sound.sdp()], 'nor for the offer of the called phone');
  t.equal(noPorts.unrelayed(), 2);
  await hangUp({ ann: late, bob: rung });
});
