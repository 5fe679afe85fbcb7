/** The proxy verb on the wire, the search for an answer: RFC 3261 §16.5, §16.7 to §16.10. */
import t from 'tap';
import { TimerWheel } from '../../sip/edge/transaction/timer-wheel.js';
import { ordered, uriOf, withPeers } from '../support/proxy-scene.js';
import { isRequest, isResponse } from '../support/sip-peer.js';

t.test('one after the other', async (t) => {
  const [bed, busy, silent, answering] = await withPeers(t, 3);
  if (busy === undefined || silent === undefined || answering === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [busy, silent, answering], { provisional: '100ms' });
  const first = await busy.waitFor(isRequest('INVITE'), 'the first');
  t.equal(silent.count(() => true) + answering.count(() => true), 0, 'the others wait');
  await busy.respond(first, 486, 'Busy Here', { toTag: 'b' });
  const ack = await busy.waitFor(isRequest('ACK'), 'RFC 3261 §17.1.1.3: the failure is acknowledged by us');
  t.strictSame([ack.headers('Via').length, ack.tag('To')], [1, 'b']);
  const second = await silent.waitFor(isRequest('INVITE'), 'the second');
  const third = await answering.waitFor(isRequest('INVITE'), 'the third, 100 ms later');
  t.not(second.header('Via'), third.header('Via'), '§16.6 step 8: each has its branch');
  await answering.respond(third, 180, 'Ringing', { toTag: 'a' });
  await scene.caller.waitFor(isResponse(180), '180');
  await silent.respond(second, 180, 'Ringing', { toTag: 's' });
  const cancel = await silent.waitFor(isRequest('CANCEL'), '§9.1: CANCEL once it has woken up');
  t.strictSame([cancel.headers('Via'), cancel.uri], [second.headers('Via').slice(0, 1), second.uri]);
  await silent.respond(cancel, 200, 'OK');
  await silent.respond(second, 487, 'Request Terminated');
  await answering.respond(third, 200, 'OK', { toTag: 'a' });
  const ok = await scene.caller.waitFor((message) => message.cseqMethod === 'INVITE' && message.status >= 200, 'final');
  t.strictSame([ok.status, ok.tag('To')], [200, 'a']);
  t.equal(scene.caller.count(isResponse(180)), 1, 'of a target given up nothing is heard');
  await scene.reply('OK|done');
});

t.test('all at once: the first 2xx wins', async (t) => {
  const [bed, one, two, three] = await withPeers(t, 3);
  if (one === undefined || two === undefined || three === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [one, two, three], { fork: true });
  const [i1, i2, i3] = await Promise.all([one, two, three].map((peer) => peer.waitFor(isRequest('INVITE'), 'INVITE')));
  if (i1 === undefined || i2 === undefined || i3 === undefined) throw new Error('no INVITE');
  await one.respond(i1, 180, 'Ringing', { toTag: '1' });
  await two.respond(i2, 183, 'Progress', { toTag: '2' });
  await scene.caller.waitFor(isResponse(180), '180');
  await scene.caller.waitFor(isResponse(183), '183');
  await three.respond(i3, 404, 'Not Found', { toTag: '3' });
  await scene.reply('OK|network');
  await two.respond(i2, 200, 'OK', { toTag: '2' });
  t.equal((await scene.caller.waitFor(isResponse(200), '200')).tag('To'), '2');
  const cancel = await one.waitFor(isRequest('CANCEL'), 'RFC 3261 §16.7 step 10');
  await one.respond(i1, 200, 'OK', { toTag: '1' });
  await one.respond(cancel, 200, 'OK');
  t.equal((await scene.caller.waitFor(isResponse(200, 'INVITE'), '§16.7 step 5: a later 2xx too')).tag('To'), '1');
  t.equal(scene.caller.count(isResponse(404)), 0);
  await scene.reply('OK|network');
  await scene.reply('OK|done');
});

t.test('the best failure', async (t) => {
  const rows: readonly (readonly [rule: string, fork: boolean, statuses: readonly number[], best: number, tried: number])[] = [
    ['RFC 3261 §16.7 step 6: the lowest class', false, [500, 404], 404, 2],
    ['a 6xx ends the search', false, [603, 404], 603, 1],
    ['drachtio §11: 401 ends the search', false, [401, 404], 401, 1],
    ['407 is better than 486', true, [486, 407], 407, 2],
    ['§16.7 step 6: a 503 becomes 500', false, [503], 500, 1],
    ['302 without followRedirects is passed on', false, [302], 302, 1],
  ];
  for (const [rule, fork, statuses, best, tried] of rows) {
    const [bed, ...peers] = await withPeers(t, statuses.length);
    const scene = await ordered(bed, peers, { fork });
    for (const [position, peer] of peers.entries()) {
      if (position >= tried) continue;
      const status = statuses[position] ?? 0;
      const name = status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate';
      await peer.respond(await peer.waitFor(isRequest('INVITE'), rule), status, 'No', {
        toTag: `t${status}`, headers: status === 401 || status === 407 ? [[name, 'Digest realm="x", nonce="1"']] : [],
      });
    }
    const final = await scene.caller.waitFor((message) => message.status >= 200, rule);
    t.equal(final.status, best, rule);
    await scene.caller.send(scene.caller.ack(scene.invite, final), bed.udp);
    await scene.reply('OK|done');
    t.equal(scene.app.frames.filter((frame) => frame.fields[12] === 'continue').length, tried, `${rule}: all finals told`);
    t.equal(peers.slice(tried).reduce((count, peer) => count + peer.count(() => true), 0), 0, `${rule}: the rest untried`);
  }
});

t.test('challenges of several targets are put together (RFC 3261 §16.7 step 7)', async (t) => {
  const [bed, one, two] = await withPeers(t, 2);
  if (one === undefined || two === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [one, two], { fork: true });
  await one.respond(await one.waitFor(isRequest('INVITE'), '1'), 401, 'Who', { headers: [['WWW-Authenticate', 'Digest realm="1"']] });
  await scene.reply('OK|network');
  await two.respond(await two.waitFor(isRequest('INVITE'), '2'), 407, 'Who', { headers: [['Proxy-Authenticate', 'Digest realm="2"']] });
  const final = await scene.caller.waitFor(isResponse(401), '401');
  t.strictSame([final.header('WWW-Authenticate'), final.header('Proxy-Authenticate')], ['Digest realm="1"', 'Digest realm="2"']);
});

t.test('redirections are followed when asked for (RFC 3261 §16.5)', async (t) => {
  const [bed, moved, here] = await withPeers(t, 2);
  if (moved === undefined || here === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [moved], { redirects: true }, { uri: 'sip:bob@elsewhere.example.com' });
  await moved.respond(await moved.waitFor(isRequest('INVITE'), 'INVITE'), 302, 'Moved', { contact: `<${uriOf(here)}>` });
  const got = await here.waitFor(isRequest('INVITE'), 'INVITE at its Contact');
  t.equal(got.uri, uriOf(here), 'the Contact becomes the Request-URI');
  await here.respond(got, 486, 'Busy', { toTag: 'h' });
  t.equal((await scene.caller.waitFor((message) => message.status >= 300, 'final')).status, 486, '§16.7 step 4: the 302 is no answer');
});

t.test('CANCEL of the caller (RFC 3261 §16.10)', async (t) => {
  t.test('goes to a target that rings; its 487 is the answer', async (t) => {
    const [bed, callee] = await withPeers(t, 1);
    if (callee === undefined) throw new Error('no peer');
    const scene = await ordered(bed, [callee]);
    const got = await callee.waitFor(isRequest('INVITE'), 'INVITE');
    await callee.respond(got, 180, 'Ringing', { toTag: 'c' });
    await scene.caller.waitFor(isResponse(180), '180');
    await scene.caller.send(scene.caller.cancel(scene.invite), bed.udp);
    await scene.caller.waitFor(isResponse(200, 'CANCEL'), '200 to CANCEL');
    const cancel = await callee.waitFor(isRequest('CANCEL'), 'CANCEL');
    await callee.respond(cancel, 200, 'OK');
    await callee.respond(got, 487, 'Request Terminated', { toTag: 'c' });
    const final = await scene.caller.waitFor(isResponse(487), '487');
    t.equal(final.tag('To'), 'c');
    await callee.waitFor(isRequest('ACK'), 'ACK');
    await scene.caller.waitFor(isResponse(487), 'RFC 3261 §17.2.1: repeated until the ACK');
    await scene.caller.send(scene.caller.ack(scene.invite, final), bed.udp);
    await scene.reply('OK|done');
    t.equal(scene.app.frames.filter((frame) => frame.sip.startsWith('CANCEL')).length, 0, 'the application is not bothered');
  });
  t.test('nobody rang: 487 at once, no further target', async (t) => {
    const [bed, silent, next] = await withPeers(t, 2);
    if (silent === undefined || next === undefined) throw new Error('no peer');
    const scene = await ordered(bed, [silent, next]);
    const got = await silent.waitFor(isRequest('INVITE'), 'INVITE');
    await scene.caller.send(scene.caller.cancel(scene.invite), bed.udp);
    await scene.caller.waitFor(isResponse(487, 'INVITE'), '487');
    t.equal(silent.count(isRequest('CANCEL')), 0, '§9.1: no CANCEL without a provisional');
    await silent.respond(got, 100, 'Trying');
    await silent.waitFor(isRequest('CANCEL'), 'CANCEL now');
    await silent.respond(got, 200, 'OK', { toTag: 's' });
    await scene.caller.waitFor(isResponse(200, 'INVITE'), '§16.7 step 5: a 2xx goes up even after the 487');
    t.equal(next.count(() => true), 0);
  });
});

t.test('Timer C and the end of a cancelled branch, by a clock of our own', async (t) => {
  const wheel = new TimerWheel(10);
  const [bed, callee] = await withPeers(t, 1, { wheel });
  if (callee === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [callee]);
  const got = await callee.waitFor(isRequest('INVITE'), 'INVITE');
  await callee.respond(got, 180, 'Ringing', { toTag: 'c' });
  await scene.caller.waitFor(isResponse(180), '180');
  wheel.advance(180_000);
  await callee.respond(got, 183, 'Progress', { toTag: 'c' });
  await scene.caller.waitFor(isResponse(183), '183');
  wheel.advance(360_000);
  await callee.respond(got, 182, 'Queued', { toTag: 'c' });
  await scene.caller.waitFor(isResponse(182), '§16.7 step 2: each 1xx starts C anew, so the branch is still alive');
  t.equal(callee.count(isRequest('CANCEL')), 0);
  wheel.advance(545_100);
  await callee.waitFor(isRequest('CANCEL'), '§16.8: C cancels');
  wheel.advance(545_100 + 64 * 40 + 200);
  t.equal((await scene.caller.waitFor((message) => message.status >= 200, 'final')).status, 408, '§9.1: no 487 within 64*T1');
  await scene.reply('OK|done');
});

t.test('nobody answers, nobody is there', async (t) => {
  t.test('silence is a 408 (RFC 3261 §16.8)', async (t) => {
    const wheel = new TimerWheel(10);
    const [bed, silent] = await withPeers(t, 1, { wheel });
    if (silent === undefined) throw new Error('no peer');
    const scene = await ordered(bed, [silent]);
    await silent.waitFor(isRequest('INVITE'), 'INVITE');
    wheel.advance(45);
    await silent.waitFor(isRequest('INVITE'), 'RFC 3261 §17.1.1.2: repeated');
    wheel.advance(64 * 40 + 100);
    await scene.caller.waitFor(isResponse(408), '408');
    t.strictSame((await scene.reply('OK')).fields.slice(3), ['OK', 'done']);
  });
  t.test('a refused connection is a 503, told as 500 (RFC 3261 §16.9)', async (t) => {
    const [bed, callee] = await withPeers(t, 1);
    if (callee === undefined) throw new Error('no peer');
    const gone = await bed.peer('tcp');
    const target = uriOf(gone);
    await gone.close();
    const alone = await ordered(bed, [target]);
    await alone.caller.waitFor(isResponse(500), '500');
    alone.app.close();
    await alone.app.closed;
    await ordered(bed, [target, callee]);
    await callee.waitFor(isRequest('INVITE'), 'the next one is tried');
  });
});
