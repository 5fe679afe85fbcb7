/** The proxy verb on the wire, what is forwarded and relayed: RFC 3261 §16.3 to §16.6, §16.11, RFC 6026, RFC 3327, RFC 5658. */
import t from 'tap';
import { SDP, edgeBed, transactionOf } from '../support/edge-bed.js';
import { inDialog, ordered, uriOf, withPeers } from '../support/proxy-scene.js';
import { isRequest, isResponse, readMessage } from '../support/sip-peer.js';

t.test('a call through the proxy that stays in the dialog', async (t) => {
  const [bed, callee] = await withPeers(t, 1);
  if (callee === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [callee], { record: true, headers: 'X-Added: by the application\r\nVia: SIP/2.0/UDP evil\r\n' }, {
    headers: [['Route', `<sip:127.0.0.1:${bed.udp.port};lr>`], ['X-Kept', 'yes']],
  });
  const { caller, invite } = scene;
  const got = await callee.waitFor(isRequest('INVITE'), 'INVITE');
  t.equal(got.uri, uriOf(callee), 'RFC 3261 §16.5: our own address is replaced by the target');
  t.equal(got.header('Max-Forwards'), '69', '§16.6 step 3');
  t.equal(got.headers('Via').length, 2, '§16.6 step 8');
  t.match(got.headers('Via')[0], new RegExp(`^SIP/2\\.0/UDP 127\\.0\\.0\\.1:${bed.udp.port};rport;branch=z9hG4bK`));
  t.match(got.header('Record-Route'), new RegExp(`^<sip:127\\.0\\.0\\.1:${bed.udp.port};lr;cbr=[0-9a-f]+>$`), '§16.6 step 4');
  t.strictSame([got.header('Route'), got.header('X-Added'), got.header('X-Kept'), got.body], [undefined, 'by the application', 'yes', SDP]);
  t.equal(got.header('Contact'), readMessage(invite, bed.udp).header('Contact'), 'Contact is the caller\'s');
  await callee.respond(got, 100, 'Trying');
  await callee.respond(got, 180, 'Ringing', { toTag: 'callee' });
  const ringing = await caller.waitFor(isResponse(180), '180');
  t.strictSame([ringing.headers('Via').length, ringing.tag('To')], [1, 'callee'], '§16.7 step 3');
  t.match(ringing.header('Via'), /;rport=/, 'the Via as we received it');
  t.equal(caller.count(isResponse(100)), 1, '§16.7 step 5: a 100 goes no further, ours aside');
  await callee.respond(got, 200, 'OK', { toTag: 'callee', body: SDP });
  const ok = await caller.waitFor(isResponse(200), '200');
  t.strictSame([ok.body, ok.header('Contact')], [SDP, `<sip:peer@${callee.address}:${callee.port}>`]);
  const told = await scene.reply('OK|network');
  t.strictSame([told.fields[6], told.fields[7], told.fields[8], told.fields[12]], ['udp', callee.address, String(callee.port), 'continue'], 'drachtio §4');
  t.match(told.sip, /^SIP\/2\.0 200 OK\r\n/);
  await scene.reply('OK|done');

  await callee.respond(got, 200, 'OK', { toTag: 'callee', body: SDP });
  await caller.waitFor(isResponse(200), 'RFC 6026 §8: a repeated 2xx is passed on');
  await caller.send(invite, bed.udp);
  const ack = inDialog(caller, 'ACK', uriOf(callee), ok, 1, 'caller');
  await caller.send(ack, bed.udp);
  const acked = await callee.waitFor(isRequest('ACK'), 'ACK');
  t.strictSame([acked.header('Route'), acked.uri, acked.header('Max-Forwards'), acked.headers('Via').length], [undefined, uriOf(callee), '69', 2], '§16.4: our Route is taken off');
  const branches = new Set(callee.seen.filter(isRequest('INVITE')).map((message) => message.header('Via')));
  t.equal(branches.size, 1, 'RFC 6026 §7.1: a repeated INVITE is absorbed');

  const info = inDialog(callee, 'INFO', uriOf(caller), ok, 1, 'callee');
  await callee.send(info, bed.udp);
  const first = await caller.waitFor(isRequest('INFO'), 'INFO of the callee');
  await callee.send(info, bed.udp);
  const second = await caller.waitFor(isRequest('INFO'), 'its retransmission');
  t.equal(second.header('Via'), first.header('Via'), '§16.11: a retransmission gets the same branch');
  await caller.respond(first, 200, 'OK');
  t.equal((await callee.waitFor(isResponse(200, 'INFO'), '200 to INFO')).headers('Via').length, 1);

  await caller.send(inDialog(caller, 'INVITE', uriOf(callee), ok, 2, 'caller'), bed.udp);
  const again = await callee.waitFor((message) => message.method === 'INVITE' && message.cseq === 2, 're-INVITE');
  await callee.respond(again, 488, 'No');
  await caller.waitFor(isResponse(488), '488');
  await caller.send(inDialog(caller, 'PRACK', uriOf(callee), ok, 3, 'caller'), bed.udp);
  await callee.respond(await callee.waitFor(isRequest('PRACK'), 'PRACK'), 200, 'OK');
  await caller.waitFor(isResponse(200, 'PRACK'), '200 to PRACK');
  await caller.send(inDialog(caller, 'BYE', uriOf(callee), ok, 4, 'caller'), bed.udp);
  await callee.respond(await callee.waitFor(isRequest('BYE'), 'BYE'), 200, 'OK');
  await caller.waitFor(isResponse(200, 'BYE'), '200 to BYE');
  t.equal(scene.app.frames.filter((frame) => frame.fields[1] === 'sip').length, 1, 'drachtio §11: the application saw the INVITE alone');
  t.equal(bed.edge.metrics()['transactions-active'], 1, 'nothing is kept of what was relayed');
});

t.test('nobody else is relayed for', async (t) => {
  const [bed, callee] = await withPeers(t, 1);
  if (callee === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [callee], { record: true });
  const got = await callee.waitFor(isRequest('INVITE'), 'INVITE');
  await callee.respond(got, 200, 'OK', { toTag: 'c' });
  const ok = await scene.caller.waitFor(isResponse(200), '200');
  const bye = inDialog(scene.caller, 'BYE', uriOf(callee), ok, 2, 'caller');
  const rows: readonly (readonly [rule: string, text: string, status: number])[] = [
    ['a Route without our mark', bye.replace(/;cbr=\w+/, ''), 481],
    ['the mark of another call', bye.replace(/Call-ID: \S+/, 'Call-ID: other'), 481],
    ['RFC 3261 §16.3 step 3', bye.replace('Max-Forwards: 70', 'Max-Forwards: 0'), 483],
    ['nowhere to go but here', bye.replace(/^BYE \S+/, `BYE sip:127.0.0.1:${bed.udp.port}`), 404],
  ];
  for (const [rule, text, status] of rows) {
    await scene.caller.send(text.replace(/branch=\w+/, `branch=z9hG4bK${status}${rule.length}`), bed.udp);
    t.equal((await scene.caller.waitFor((message) => message.cseqMethod === 'BYE', rule)).status, status, rule);
  }
  t.equal(callee.count(isRequest('BYE')), 0);
  await callee.send(callee.response(got, 200, 'OK').replace(/branch=z9hG4bK\w+/, 'branch=z9hG4bKrforged'), bed.udp);
  await scene.caller.send(bye, bed.udp);
  await callee.waitFor(isRequest('BYE'), 'the right one gets through');
  t.equal(scene.caller.count(isResponse(200)), 1, 'a response to nothing we relayed goes nowhere');
});

t.test('a request that cannot be proxied', async (t) => {
  const rows: readonly (readonly [rule: string, target: string, maxForwards: number, headers: readonly (readonly [string, string])[], status: number, reason: RegExp])[] = [
    ['RFC 3261 §16.3 step 3: Max-Forwards 0', 'sip:127.0.0.1:9', 0, [], 483, /^NOK\|Rejected with 483/],
    ['§16.3 step 5: Proxy-Require', 'sip:127.0.0.1:9', 70, [['Proxy-Require', 'magic']], 420, /^NOK\|Rejected with 420/],
    ['a tel URI leads nowhere', 'tel:+123', 70, [], 500, /^NOK\|error proxying request to /],
    ['a transport we do not have', 'sip:127.0.0.1:9;transport=sctp', 70, [], 500, /^NOK\|error proxying request to /],
    ['no destination', '', 70, [], 500, /^NOK\|error proxying request to /],
  ];
  const bed = await edgeBed(t);
  for (const [rule, target, maxForwards, headers, status, reason] of rows) {
    const scene = await ordered(bed, [target], {}, { maxForwards, headers });
    t.match((await scene.reply('NOK')).fields.slice(3).join('|'), reason, rule);
    const answer = await scene.caller.waitFor((message) => message.status > 100, rule);
    t.equal(answer.status, status, rule);
    if (status === 420) t.equal(answer.header('Unsupported'), 'magic');
    t.equal((await scene.app.request(`proxy|${transactionOf(scene.handed)}||||serial|||sip:127.0.0.1:9`, 'INVITE sip:x SIP/2.0\r\n\r\n')).fields[4],
      `Unknown transaction id: ${transactionOf(scene.handed)}`, 'it is done with');
    scene.app.close();
    await scene.app.closed;
  }
});

t.test('the application has no say any more', async (t) => {
  const [bed, callee] = await withPeers(t, 1);
  if (callee === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [callee], { quiet: true }, { uri: 'sip:bob@elsewhere.example.com' });
  t.strictSame((await scene.reply('OK')).fields.slice(3), ['OK', 'done'], 'drachtio §4: without fullResponse done at once');
  const got = await callee.waitFor(isRequest('INVITE'), 'INVITE');
  t.equal(got.uri, 'sip:bob@elsewhere.example.com', 'drachtio §11: a foreign Request-URI stays, the destination is the next hop');
  t.equal(got.header('Record-Route'), undefined);
  const refused = await scene.app.request(`sip|${transactionOf(scene.handed)}|`, 'SIP/2.0 200 OK\r\n\r\n');
  t.equal(refused.fields[4], 'Response not sent due to unknown transaction');
  scene.app.close();
  await scene.app.closed;
  await callee.respond(got, 200, 'OK', { toTag: 'c' });
  await scene.caller.waitFor(isResponse(200), 'the call goes on without it');
});

t.test('not after the application answered, not twice, not another\'s', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app('invite');
  const other = await bed.app();
  const caller = await bed.peer();
  await caller.send(caller.request('INVITE', 'sip:b@x', { body: SDP }), bed.udp);
  const handed = await app.sip('INVITE');
  const order = `proxy|${transactionOf(handed)}||||serial|||sip:127.0.0.1:9`;
  const text = 'INVITE sip:x SIP/2.0\r\n\r\n';
  t.equal((await other.request(order, text)).fields[4], `Unknown transaction id: ${transactionOf(handed)}`);
  await app.request(`sip|${transactionOf(handed)}|`, 'SIP/2.0 180 Ringing\r\n\r\n');
  t.equal((await app.request(order, text)).fields[4], `Unknown transaction id: ${transactionOf(handed)}`);
});

t.test('other methods', async (t) => {
  t.test('REGISTER with Path (RFC 3327 §5.2)', async (t) => {
    const [bed, registrar] = await withPeers(t, 1);
    if (registrar === undefined) throw new Error('no peer');
    const scene = await ordered(bed, [registrar], { record: true }, { method: 'REGISTER' });
    const got = await registrar.waitFor(isRequest('REGISTER'), 'REGISTER');
    t.match(got.header('Path'), new RegExp(`^<sip:127\\.0\\.0\\.1:${bed.udp.port};lr`));
    t.strictSame([got.header('Require'), got.header('Record-Route')], ['path', undefined]);
    await registrar.respond(got, 401, 'Who', { headers: [['WWW-Authenticate', 'Digest realm="x"']] });
    const final = await scene.caller.waitFor(isResponse(401), '401');
    t.equal(final.header('WWW-Authenticate'), 'Digest realm="x"');
    await scene.caller.send(scene.invite, bed.udp);
    await scene.caller.waitFor(isResponse(401), 'RFC 3261 §17.2.2: a retransmission gets the same answer');
    t.equal(new Set(registrar.seen.map((message) => message.header('Via'))).size, 1, 'and is not proxied again');
  });
  t.test('OPTIONS to all: one answer, no CANCEL', async (t) => {
    const [bed, one, two] = await withPeers(t, 2);
    if (one === undefined || two === undefined) throw new Error('no peer');
    const scene = await ordered(bed, [one, two], { fork: true }, { method: 'OPTIONS' });
    const first = await one.waitFor(isRequest('OPTIONS'), 'OPTIONS');
    const second = await two.waitFor(isRequest('OPTIONS'), 'OPTIONS');
    await one.respond(first, 200, 'OK', { toTag: '1' });
    t.equal((await scene.caller.waitFor(isResponse(200), '200')).tag('To'), '1');
    await two.respond(second, 200, 'OK', { toTag: '2' });
    await scene.reply('OK|done');
    t.equal(two.count(isRequest('CANCEL')), 0, 'RFC 3261 §9.1');
  });
});

t.test('from TCP to UDP each side gets a Record-Route it can reach (RFC 5658 §4)', async (t) => {
  const [bed, callee] = await withPeers(t, 1);
  if (callee === undefined) throw new Error('no peer');
  const scene = await ordered(bed, [callee], { record: true }, { transport: 'tcp' });
  const got = await callee.waitFor(isRequest('INVITE'), 'INVITE');
  const [near = '', far = ''] = got.headers('Record-Route');
  t.match(near, new RegExp(`:${bed.udp.port};lr`));
  t.match(far, new RegExp(`:${bed.tcp.port};transport=tcp;lr`));
  await callee.respond(got, 200, 'OK', { toTag: 'c' });
  const ok = await scene.caller.waitFor(isResponse(200), '200 over TCP');
  await scene.caller.send(inDialog(scene.caller, 'ACK', uriOf(callee), ok, 1, 'caller'), bed.tcp);
  t.equal((await callee.waitFor(isRequest('ACK'), 'ACK')).header('Route'), undefined, '§5: both are taken off');
  await callee.send(inDialog(callee, 'BYE', uriOf(scene.caller), ok, 1, 'callee'), bed.udp);
  await scene.caller.respond(await scene.caller.waitFor(isRequest('BYE'), 'BYE over TCP'), 200, 'OK');
  await callee.waitFor(isResponse(200, 'BYE'), '200 over UDP');
});
