/** The edge as UAC on the wire: RFC 3261 §8.1, §9.1, §13.2, §14.1, §17.1, RFC 3262 §4, RFC 4028, and the drachtio replies. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import t from 'tap';
import { SDP, SECRET, dialogOf, edgeBed, transactionOf, type AppFrame, type EdgeBed, type ScriptedApp } from '../support/edge-bed.js';
import { isRequest, isResponse, readMessage, type PeerMessage, type SipPeer } from '../support/sip-peer.js';

interface Bench {
  readonly bed: EdgeBed;
  readonly app: ScriptedApp;
  readonly phone: SipPeer;
}

async function bench(t: Parameters<typeof edgeBed>[0], options: Parameters<typeof edgeBed>[1] = {}): Promise<Bench> {
  const bed = await edgeBed(t, options);
  return { bed, app: await bed.app('register', 'invite', 'options', 'info'), phone: await bed.peer() };
}

const invite = (to: SipPeer | string, headers = '', body = SDP): string =>
  `INVITE ${typeof to === 'string' ? to : `sip:bob@127.0.0.1:${to.port}`} SIP/2.0\r\n${headers}\r\n${body}`;

/** The transaction id in the reply to a request. */
const ownTransaction = (reply: AppFrame): string => reply.fields[10] ?? '';

interface Call extends Bench {
  readonly reply: AppFrame;
  readonly received: PeerMessage;
  readonly dialogId: string;
}

async function call(t: Parameters<typeof edgeBed>[0], headers = '', options: Parameters<typeof edgeBed>[1] = {}): Promise<Call> {
  const made = await bench(t, options);
  const reply = await made.app.request('sip||', invite(made.phone, headers));
  const received = await made.phone.waitFor(isRequest('INVITE'), 'INVITE');
  return { ...made, reply, received, dialogId: `${received.header('Call-ID')};from-tag=${received.tag('From')}` };
}

async function answered(made: Call, toTag = 'bob', contact?: string): Promise<void> {
  await made.phone.respond(made.received, 200, 'OK', { toTag, body: SDP, ...(contact === undefined ? {} : { contact }) });
  await made.app.sip('SIP/2.0 200');
  const reply = await made.app.request(`sip||${made.dialogId}`, 'ACK sip:bob@x SIP/2.0\r\n\r\n');
  if (reply.fields[3] !== 'OK') throw new Error(`ACK refused: ${reply.fields.join('|')}`);
  await made.phone.waitFor(isRequest('ACK'), 'ACK');
}

t.test('a new request: what we fill in (drachtio wire protocol §9.1)', async (t) => {
  const { app, phone, bed } = await bench(t);
  const reply = await app.request('sip||', invite(phone, 'from: sip:100@localhost\r\nsubject: hi\r\n'));
  const got = await phone.waitFor(isRequest('INVITE'), 'INVITE');
  const own = `127.0.0.1:${bed.udp.port}`;
  t.match(reply.fields.slice(3, 9), ['OK', 'application', String(got.raw.length), 'udp', '127.0.0.1', String(bed.udp.port)], 'on UDP our own socket');
  t.strictSame(reply.fields.slice(11), ['Msg sent:', '']);
  t.equal(reply.sip, got.raw, 'the message as sent');
  t.match(got.header('Via'), new RegExp(`^SIP/2\\.0/UDP ${own};rport;branch=z9hG4bK`), 'RFC 3261 §8.1.1.7, RFC 3581 §3');
  t.equal(got.header('Max-Forwards'), '70', 'RFC 3261 §8.1.1.6');
  t.match(got.header('From'), new RegExp(`^<sip:100@${own}>;tag=\\w+$`), '@localhost is us, a tag is added');
  t.equal(got.header('To'), `<sip:bob@127.0.0.1:${phone.port}>`, 'To defaults to the Request-URI');
  t.equal(got.header('Contact'), `<sip:${own}>`);
  t.equal(got.header('Subject'), 'hi');
  t.match(got.header('CSeq'), /^\d+ INVITE$/);

  await app.request('sip||', `OPTIONS sip:bob@127.0.0.1:${phone.port} SIP/2.0\r\nCall-ID: mine\r\nCSeq: 77 OPTIONS\r\nFrom: <sip:a@x>;tag=t1\r\nTo: <sip:b@y>\r\nMax-Forwards: 5\r\n\r\n`);
  const options = await phone.waitFor(isRequest('OPTIONS'), 'OPTIONS');
  t.strictSame(['Call-ID', 'CSeq', 'From', 'To', 'Max-Forwards', 'Contact'].map((name) => options.header(name)),
    ['mine', '77 OPTIONS', '<sip:a@x>;tag=t1', '<sip:b@y>', '5', undefined], 'what the application gives is kept; no Contact for OPTIONS');
});

t.test('a 100 comes up to an application that asks for it by a tag', async (t) => {
  const { app, phone } = await bench(t);
  t.equal((await app.request(`authenticate|${SECRET}|hears-trying`)).fields[3], 'OK');
  const reply = await app.request('sip||', invite(phone));
  await phone.respond(await phone.waitFor(isRequest('INVITE'), 'INVITE'), 100, 'Trying');
  t.equal(transactionOf(await app.sip('SIP/2.0 100')), ownTransaction(reply));
});

t.test('responses come up: 100 not, others with transaction and dialog (drachtio wire protocol §9.1)', async (t) => {
  const made = await call(t);
  await made.phone.respond(made.received, 100, 'Trying');
  await made.phone.respond(made.received, 180, 'Ringing', { toTag: 'bob' });
  const ringing = await made.app.sip('SIP/2.0 180');
  t.strictSame([transactionOf(ringing), dialogOf(ringing), ringing.fields[2], ringing.fields[4], ringing.fields[6]],
    [ownTransaction(made.reply), made.dialogId, 'network', 'udp', String(made.phone.port)]);
  t.equal(made.app.frames.some((frame) => frame.sip.startsWith('SIP/2.0 100')), false);
  await made.app.request('sip||', `MESSAGE sip:bob@127.0.0.1:${made.phone.port} SIP/2.0\r\n\r\n`);
  await made.phone.respond(await made.phone.waitFor(isRequest('MESSAGE'), 'MESSAGE'), 202, 'Accepted');
  t.equal(dialogOf(await made.app.sip('SIP/2.0 202')), '', 'no dialog id for what forms none');
});

t.test('2xx, ACK and BYE', async (t) => {
  const made = await call(t);
  const { app, phone, dialogId, received } = made;
  await phone.respond(received, 200, 'OK', { toTag: 'bob', body: SDP });
  await app.sip('SIP/2.0 200');
  const reply = await app.request(`sip||${dialogId}`, `ACK sip:ignored@x SIP/2.0\r\n\r\n${SDP}`);
  const ack = await phone.waitFor(isRequest('ACK'), 'ACK');
  t.equal(reply.sip, ack.raw);
  t.equal(ack.cseq, received.cseq, 'RFC 3261 §13.2.2.4: CSeq number of the INVITE');
  t.equal(ack.uri, `sip:peer@127.0.0.1:${phone.port}`, 'to the remote target');
  t.not(/branch=([^;]+)/.exec(ack.header('Via') ?? '')?.[1], /branch=([^;]+)/.exec(received.header('Via') ?? '')?.[1], 'RFC 3261 §17: a branch of its own');
  t.equal(ack.body, SDP);
  await phone.respond(received, 200, 'OK', { toTag: 'bob', body: SDP });
  t.equal((await phone.waitFor(isRequest('ACK'), 'ACK again')).cseq, ack.cseq, 'a repeated 2xx gets the ACK again');
  t.equal(app.frames.filter((frame) => frame.sip.startsWith('SIP/2.0 200')).length, 1, 'and is not handed over');
  await app.request(`sip||${dialogId}`, 'BYE sip:placeholder SIP/2.0\r\nReason: Q.850;cause=16\r\n\r\n');
  const bye = await phone.waitFor(isRequest('BYE'), 'BYE');
  t.strictSame([bye.cseq, bye.tag('To'), bye.header('Reason')], [received.cseq + 1, 'bob', 'Q.850;cause=16']);
  await phone.respond(bye, 200, 'OK');
  await app.sip('SIP/2.0 200');
  const late = await app.request(`sip||${dialogId}`, 'INFO sip:placeholder SIP/2.0\r\n\r\n');
  t.strictSame(late.fields.slice(3), ['NOK', 'Server error: unable to find dialog for dialog id provided']);
});

t.test('a failure is acknowledged by us, once for each copy (RFC 3261 §17.1.1.3)', async (t) => {
  const { app, phone, received, dialogId } = await call(t);
  await phone.respond(received, 486, 'Busy Here', { toTag: 'bob' });
  const ack = await phone.waitFor(isRequest('ACK'), 'ACK');
  t.equal(ack.header('Via'), received.header('Via'), 'the same branch');
  t.strictSame([ack.uri, ack.tag('To'), ack.cseq], [received.uri, 'bob', received.cseq]);
  await app.sip('SIP/2.0 486');
  await phone.respond(received, 486, 'Busy Here', { toTag: 'bob' });
  await phone.waitFor(isRequest('ACK'), 'ACK again');
  t.equal(app.frames.filter((frame) => frame.sip.startsWith('SIP/2.0 486')).length, 1);
  const reply = await app.request(`sip||${dialogId}`, 'ACK sip:bob@x SIP/2.0\r\n\r\n');
  t.strictSame(reply.fields.slice(3), ['NOK', 'Server error: ACK for non-success final response is automatically generated by server']);
});

t.test('digest retry: same Call-ID and From tag, CSeq + 1 (RFC 3261 §22.2)', async (t) => {
  const { app, phone, received, dialogId } = await call(t);
  await phone.respond(received, 407, 'Proxy Authentication Required', { toTag: 'x', headers: [['Proxy-Authenticate', 'Digest realm="r", nonce="n"']] });
  await app.sip('SIP/2.0 407');
  await app.request(`sip|||sip:127.0.0.1:${phone.port}`, invite('sip:bob@example.com', [
    `Call-ID: ${received.header('Call-ID')}`, `CSeq: ${received.cseq + 1} INVITE`, `From: ${received.header('From')}`,
    'Proxy-Authorization: Digest username="u",response="r"', '',
  ].join('\r\n')));
  const again = await phone.waitFor((message) => message.method === 'INVITE' && message.cseq === received.cseq + 1, 'INVITE again');
  t.equal(again.uri, 'sip:bob@example.com', 'drachtio wire protocol §9.2: the route url is only the next hop');
  t.equal(again.header('Route'), undefined);
  t.equal(again.tag('From'), received.tag('From'));
  await phone.respond(again, 200, 'OK', { toTag: 'bob', body: SDP });
  t.equal(dialogOf(await app.sip('SIP/2.0 200')), dialogId, 'the same dialog id');
  await app.request(`sip||${dialogId}`, 'ACK sip:bob@x SIP/2.0\r\n\r\n');
  const ack = await phone.waitFor((message) => message.method === 'ACK' && message.cseq === again.cseq, 'ACK');
  t.match(ack.header('Proxy-Authorization'), /username="u"/, 'RFC 3261 §13.2.2.4: the ACK carries the credentials');
});

t.test('CANCEL (RFC 3261 §9.1)', async (t) => {
  t.test('waits for a provisional response', async (t) => {
    const { app, phone, received, reply } = await call(t);
    const canceled = await app.request(`sip|${ownTransaction(reply)}|`, 'CANCEL sip:x SIP/2.0\r\nReason: SIP;cause=200\r\n\r\n');
    t.equal(canceled.fields[3], 'OK');
    t.match(canceled.sip, /^CANCEL sip:bob/);
    await phone.waitFor(isRequest('INVITE'), 'the INVITE is repeated meanwhile');
    t.equal(phone.count(isRequest('CANCEL')), 0, 'nothing before a provisional');
    await phone.respond(received, 180, 'Ringing', { toTag: 'bob' });
    const cancel = await phone.waitFor(isRequest('CANCEL'), 'CANCEL');
    t.equal(cancel.header('Via'), received.header('Via'), 'the same branch');
    t.strictSame([cancel.uri, cancel.cseq, cancel.header('To'), cancel.header('From'), cancel.header('Reason')],
      [received.uri, received.cseq, received.header('To'), received.header('From'), 'SIP;cause=200']);
    await phone.respond(cancel, 200, 'OK', { toTag: 'bob' });
    await phone.respond(received, 487, 'Request Terminated', { toTag: 'bob' });
    await app.sip('SIP/2.0 487');
    t.equal(app.frames.filter((frame) => frame.sip.startsWith('SIP/2.0 200')).length, 0, 'the answer to the CANCEL is not handed over');
    const unknown = await app.request(`sip|${ownTransaction(reply)}|`, 'CANCEL sip:x SIP/2.0\r\n\r\n');
    t.strictSame(unknown.fields.slice(3), ['NOK', `unable to cancel unknown transaction id: ${ownTransaction(reply)}`]);
  });
  t.test('a 2xx wins the race: ACK, then BYE', async (t) => {
    const made = await call(t);
    const { app, phone, received, reply, dialogId } = made;
    await phone.respond(received, 180, 'Ringing', { toTag: 'bob' });
    await app.sip('SIP/2.0 180');
    await app.request(`sip|${ownTransaction(reply)}|`, 'CANCEL sip:x SIP/2.0\r\n\r\n');
    await phone.waitFor(isRequest('CANCEL'), 'CANCEL');
    await answered({ ...made, dialogId });
    t.match((await phone.waitFor(isRequest('BYE'), 'BYE')).header('Reason'), /ACK-BYE due to cancel race condition/);
    t.equal(transactionOf(await app.sip('BYE')), 'unsolicited');
  });
  t.test('no final response within 64*T1: 487 of our own', async (t) => {
    const { app, phone, received, reply } = await call(t, '', { timers: { t1: 10, t2: 80, t4: 100 } });
    await phone.respond(received, 180, 'Ringing', { toTag: 'bob' });
    await app.sip('SIP/2.0 180');
    await app.request(`sip|${ownTransaction(reply)}|`, 'CANCEL sip:x SIP/2.0\r\n\r\n');
    const own = await app.sip('SIP/2.0 487');
    t.strictSame(own.fields.slice(3, 7), ['0', '', '', '0'], 'made by the edge: no bytes, no address');
  });
});

t.test('nobody answers: 408 after 64*T1, retransmitted by A (RFC 3261 §17.1.1.2)', async (t) => {
  const { app, phone, reply } = await call(t, '', { timers: { t1: 10, t2: 80, t4: 100 } });
  const own = await app.sip('SIP/2.0 408');
  t.strictSame([own.fields[3], own.fields[4], own.fields[5], own.fields[6], transactionOf(own)], ['0', '', '', '0', ownTransaction(reply)]);
  t.ok(phone.count(isRequest('INVITE')) >= 6, 'at T1 doubling: seven in 64*T1');
  t.match(readMessage(own.sip, phone).header('CSeq'), /INVITE/);
});

t.test('nobody listens on TCP: OK, then 503 (drachtio wire protocol §9.2)', async (t) => {
  const { app } = await bench(t);
  const unused = createServer().listen(0, '127.0.0.1');
  await once(unused, 'listening');
  const bound = unused.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
  await new Promise((resolve) => unused.close(resolve));
  const reply = await app.request('sip||', `OPTIONS sip:127.0.0.1:${port};transport=tcp SIP/2.0\r\n\r\n`);
  t.equal(reply.fields[3], 'OK');
  t.equal(transactionOf(await app.sip('SIP/2.0 503')), ownTransaction(reply));
});

t.test('forked 2xx: the loser gets ACK and BYE (RFC 3261 §13.2.2.4)', async (t) => {
  const made = await call(t);
  await answered(made);
  await made.phone.respond(made.received, 200, 'OK', { toTag: 'other', body: SDP });
  t.equal((await made.phone.waitFor((message) => message.method === 'ACK' && message.tag('To') === 'other', 'ACK')).cseq, made.received.cseq);
  await made.phone.waitFor((message) => message.method === 'BYE' && message.tag('To') === 'other', 'BYE');
  t.equal(made.app.frames.filter((frame) => frame.sip.startsWith('SIP/2.0 200')).length, 1, 'the application hears of one');
});

t.test('early forks end with the 2xx of another; the ACK stays the application\'s (RFC 3261 §12.3, §13.2.2.4)', async (t) => {
  const made = await call(t);
  for (const toTag of ['bob', 'other']) {
    await made.phone.respond(made.received, 180, 'Ringing', { toTag });
    await made.app.sip('SIP/2.0 180');
  }
  await made.phone.respond(made.received, 200, 'OK', { toTag: 'bob', body: SDP });
  await made.app.sip('SIP/2.0 200');
  const back = { callId: made.received.header('Call-ID') ?? '', fromTag: 'other', toTag: made.received.tag('From') };
  await made.phone.send(made.phone.request('UPDATE', 'sip:edge', back), made.bed.udp);
  await made.phone.waitFor(isResponse(481, 'UPDATE'), '481 in the early dialog that lost');
  t.equal(made.phone.count(isRequest('ACK')), 0);
  await made.app.request(`sip||${made.dialogId}`, `ACK sip:x SIP/2.0\r\n\r\n${SDP}`);
  t.equal((await made.phone.waitFor(isRequest('ACK'), 'ACK')).body, SDP);
});

t.test('BYE of the callee before the application\'s ACK: the 2xx is acknowledged all the same (RFC 3261 §13.2.2.4)', async (t) => {
  const made = await call(t);
  await made.phone.respond(made.received, 200, 'OK', { toTag: 'bob', body: SDP });
  await made.app.sip('SIP/2.0 200');
  const back = { callId: made.received.header('Call-ID') ?? '', fromTag: 'bob', toTag: made.received.tag('From') };
  await made.phone.send(made.phone.request('BYE', 'sip:edge', back), made.bed.udp);
  t.equal((await made.phone.waitFor(isRequest('ACK'), 'ACK')).cseq, made.received.cseq);
});

t.test('PRACK and repeated reliable provisionals (RFC 3262 §4)', async (t) => {
  const { app, phone, received, dialogId } = await call(t, 'supported: 100rel\r\n');
  const reliable = { toTag: 'bob', headers: [['Require', '100rel'], ['RSeq', '5']] as const };
  await phone.respond(received, 180, 'Ringing', reliable);
  await phone.respond(received, 180, 'Ringing', reliable);
  await app.sip('SIP/2.0 180');
  const reply = await app.request(`sip||${dialogId}`, `PRACK sip:bob@x SIP/2.0\r\nRAck: 5 ${received.cseq} INVITE\r\n\r\n`);
  t.equal(reply.fields[3], 'OK');
  const prack = await phone.waitFor(isRequest('PRACK'), 'PRACK');
  t.strictSame([prack.header('RAck'), prack.cseq, prack.uri], [`5 ${received.cseq} INVITE`, received.cseq + 1, `sip:peer@127.0.0.1:${phone.port}`]);
  await phone.respond(prack, 200, 'OK');
  await app.sip('SIP/2.0 200');
  await phone.respond(received, 180, 'Ringing', { toTag: 'bob', headers: [['Require', '100rel'], ['RSeq', '7']] });
  await phone.respond(received, 183, 'Session Progress', { toTag: 'bob', headers: [['Require', '100rel'], ['RSeq', '6']] });
  await app.sip('SIP/2.0 183');
  t.equal(app.frames.filter((frame) => frame.sip.startsWith('SIP/2.0 180')).length, 1, 'neither the repeated one nor one out of order');
});

t.test('requests of the peer in our dialog, and an UPDATE while it rings', async (t) => {
  const made = await call(t);
  const { app, phone, received, dialogId, bed } = made;
  const back = { callId: received.header('Call-ID') ?? '', fromTag: 'bob', toTag: received.tag('From') };
  await phone.respond(received, 180, 'Ringing', { toTag: 'bob' });
  await app.sip('SIP/2.0 180');
  await phone.send(phone.request('UPDATE', 'sip:edge', { ...back, body: SDP }), bed.udp);
  const update = await app.sip('UPDATE');
  t.not(transactionOf(update), ownTransaction(made.reply), 'a transaction of its own when we are the caller');
  t.equal(dialogOf(update), dialogId);
  await app.request(`sip|${transactionOf(update)}|`, `SIP/2.0 200 OK\r\n\r\n${SDP}`);
  await phone.waitFor(isResponse(200, 'UPDATE'), '200');
  await answered(made);
  for (const [position, method] of ['INFO', 'MESSAGE', 'NOTIFY', 'REFER', 'OPTIONS', 'SUBSCRIBE'].entries()) {
    await phone.send(phone.request(method, 'sip:edge', { ...back, cseq: position + 5 }), bed.udp);
    const frame = await app.sip(method);
    t.equal(dialogOf(frame), dialogId, `${method} in the dialog needs no route`);
    await app.request(`sip|${transactionOf(frame)}|`, 'SIP/2.0 200 OK\r\n\r\n');
    await phone.waitFor(isResponse(200, method), `200 to ${method}`);
  }
});

t.test('re-INVITE of ours: CSeq, target refresh, ACK, no second one meanwhile (RFC 3261 §14.1)', async (t) => {
  const made = await call(t);
  const { app, phone, dialogId, received } = made;
  await answered(made);
  const first = await app.request(`sip||${dialogId}`, `INVITE sip:placeholder SIP/2.0\r\nContact: <sip:100@localhost>\r\n\r\n${SDP}`);
  const reinvite = await phone.waitFor((message) => message.method === 'INVITE' && message.cseq === received.cseq + 1, 're-INVITE');
  t.match(reinvite.header('Contact'), /<sip:100@127\.0\.0\.1:\d+>/);
  const second = await app.request(`sip||${dialogId}`, `INVITE sip:placeholder SIP/2.0\r\n\r\n${SDP}`);
  t.equal(transactionOf(await app.sip('SIP/2.0 491')), ownTransaction(second), 'answered 491 on the spot');
  await phone.respond(reinvite, 200, 'OK', { contact: `<sip:moved@127.0.0.1:${phone.port}>`, body: SDP });
  t.equal(transactionOf(await app.sip('SIP/2.0 200')), ownTransaction(first));
  await app.request(`sip||${dialogId}`, 'ACK sip:x SIP/2.0\r\n\r\n');
  const ack = await phone.waitFor((message) => message.method === 'ACK' && message.cseq === reinvite.cseq, 'ACK');
  t.equal(ack.uri, `sip:moved@127.0.0.1:${phone.port}`, 'RFC 3261 §12.2.1.2: the remote target is refreshed');
});

t.test('BYE while our re-INVITE is open cancels that first (drachtio wire protocol §9.5)', async (t) => {
  const made = await call(t);
  const { app, phone, dialogId, received } = made;
  await answered(made);
  await app.request(`sip||${dialogId}`, `INVITE sip:placeholder SIP/2.0\r\n\r\n${SDP}`);
  const reinvite = await phone.waitFor((message) => message.method === 'INVITE' && message.cseq === received.cseq + 1, 're-INVITE');
  await phone.respond(reinvite, 100, 'Trying');
  await phone.respond(reinvite, 180, 'Ringing');
  await app.sip('SIP/2.0 180');
  await app.request(`sip||${dialogId}`, 'BYE sip:placeholder SIP/2.0\r\n\r\n');
  await phone.waitFor(isRequest('BYE'), 'BYE');
  t.equal(phone.count(isRequest('CANCEL')), 1);
});

t.test('401 to a BYE leaves the dialog for another try (drachtio wire protocol §9.5)', async (t) => {
  const made = await call(t);
  await answered(made);
  await made.app.request(`sip||${made.dialogId}`, 'BYE sip:placeholder SIP/2.0\r\n\r\n');
  await made.phone.respond(await made.phone.waitFor(isRequest('BYE'), 'BYE'), 401, 'Unauthorized');
  await made.app.sip('SIP/2.0 401');
  const again = await made.app.request(`sip||${made.dialogId}|sip:127.0.0.1:${made.phone.port}`, 'BYE sip:placeholder SIP/2.0\r\nAuthorization: Digest x="y"\r\n\r\n');
  t.equal(again.fields[3], 'OK');
  t.equal((await made.phone.waitFor(isRequest('BYE'), 'BYE again')).cseq, made.received.cseq + 2);
});

t.test('a 2xx without Contact: ACK and BYE, nobody else would end the call', async (t) => {
  const made = await call(t);
  await made.phone.respond(made.received, 200, 'OK', { toTag: 'bob', contact: null, body: SDP });
  await made.app.sip('SIP/2.0 200');
  await made.app.request(`sip||${made.dialogId}`, 'ACK sip:bob@x SIP/2.0\r\n\r\n');
  await made.phone.waitFor(isRequest('ACK'), 'ACK');
  await made.phone.waitFor(isRequest('BYE'), 'BYE');
});

t.test('the application goes away: its ringing INVITE is canceled', async (t) => {
  const made = await call(t);
  await made.phone.respond(made.received, 180, 'Ringing', { toTag: 'bob' });
  await made.app.sip('SIP/2.0 180');
  made.app.close();
  await made.phone.waitFor(isRequest('CANCEL'), 'CANCEL');
  await made.phone.respond(made.received, 200, 'OK', { toTag: 'bob', body: SDP });
  await made.phone.waitFor(isRequest('ACK'), 'ACK of a 2xx nobody waits for');
  await made.phone.waitFor(isRequest('BYE'), 'BYE');
});

t.test('TCP client by the Contact it registered, and by route url (drachtio wire protocol §9.3)', async (t) => {
  const { app, bed } = await bench(t);
  const phone = await bed.peer('tcp');
  const contact = '<sip:ann@10.0.0.7:5066;transport=tcp>';
  await phone.send(phone.request('REGISTER', 'sip:x', { contact }), bed.tcp);
  const register = await app.sip('REGISTER');
  await app.request(`sip|${transactionOf(register)}|`, `SIP/2.0 200 OK\r\nContact: ${contact};expires=60\r\n\r\n`);
  await phone.waitFor(isResponse(200, 'REGISTER'), '200');
  const reply = await app.request('sip||', invite('sip:ann@10.0.0.7:5066;transport=tcp'));
  t.match(reply.fields.slice(6, 9), ['tcp', '127.0.0.1', register.fields[6] ?? ''], 'on streams the peer');
  const got = await phone.waitFor(isRequest('INVITE'), 'INVITE by the map');
  t.match(got.header('Via'), /SIP\/2\.0\/TCP/);
  t.match(got.header('Contact'), /;transport=tcp>/);
  await app.request(`sip|||sip:127.0.0.1:${register.fields[6]};transport=tcp`, 'OPTIONS sip:else@10.0.0.8 SIP/2.0\r\n\r\n');
  await phone.waitFor(isRequest('OPTIONS'), 'OPTIONS by route url over the same connection');
  t.equal(bed.edge.metrics()['transport-connections_opened'], 0, 'no connection was opened');
});
