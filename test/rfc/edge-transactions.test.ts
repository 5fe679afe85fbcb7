/** What the edge does with requests on the wire: RFC 3261 §8.2, §10.3, §17.2, §18.2, and the order of the drachtio protocol. */
import t from 'tap';
import { SDP, dialogOf, edgeBed, transactionOf, type AppFrame, type EdgeBed, type ScriptedApp } from '../support/edge-bed.js';
import { isRequest, isResponse, readMessage } from '../support/sip-peer.js';

const OK = 'SIP/2.0 200 OK\r\n\r\n';
const respond = (app: ScriptedApp, request: AppFrame, sip = OK): Promise<AppFrame> => app.request(`sip|${transactionOf(request)}|`, sip);

t.test('REGISTER goes to the application and its answers back', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app('register');
  const phone = await bed.peer();
  const text = phone.request('REGISTER', 'sip:example.com', { via: `SIP/2.0/UDP 10.9.8.7:5060;branch=z9hG4bKreg1` });
  await phone.send(text, bed.udp);
  const handed = await app.sip('REGISTER');
  t.match(handed.fields.slice(1, 7), ['sip', 'network', /^\d+$/, 'udp', '127.0.0.1', String(phone.port)], 'leader of a hand-over');
  t.match(handed.fields[7], /^\d\d:\d\d:\d\d\.\d{6}$/, 'time');
  t.equal(dialogOf(handed), '', 'no dialog');
  t.strictSame(handed.fields.slice(10), ['127.0.0.1', String(bed.udp.port), ''], 'where it arrived, and the closing bar');
  t.equal(Number(handed.fields[3]), handed.sip.length, 'size of the message');
  const via = readMessage(handed.sip, bed.udp).header('Via');
  t.match(via, new RegExp(`;rport=${phone.port}`), 'RFC 3581 §4: rport, also when not asked for');
  t.match(via, /;received=127\.0\.0\.1/, 'RFC 3261 §18.2.1: received when the host differs');
  const reply = await respond(app, handed, 'SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="r",nonce="n"\r\n\r\n');
  t.match(reply.fields.slice(3, 9), ['OK', 'application', /^\d+$/, 'udp', '127.0.0.1', String(phone.port)]);
  t.strictSame(reply.fields.slice(10), [transactionOf(handed), '', '', 'Msg sent:', ''], 'transaction, no dialog, and the fixed end');
  const answer = await phone.waitFor(isResponse(401), '401');
  t.equal(reply.sip, answer.raw, 'the application sees what was sent');
  t.equal(answer.header('WWW-Authenticate'), 'Digest realm="r",nonce="n"');
  t.not(answer.tag('To'), '', 'RFC 3261 §8.2.6.2: a To tag');
  t.equal(answer.header('From'), readMessage(text, bed.udp).header('From'), 'RFC 3261 §8.2.6.2: From as it was');

  await phone.send(text, bed.udp);
  const again = await phone.waitFor(isResponse(401), 'repeated 401');
  t.equal(again.raw, answer.raw, 'RFC 3261 §17.2.2: a retransmission gets the same response');
  t.equal(app.frames.filter((frame) => frame.sip.startsWith('REGISTER')).length, 1, 'and the application is not asked again');
  const second = await respond(app, handed);
  t.strictSame(second.fields.slice(3), ['NOK', 'Response not sent due to unknown transaction'], 'a second final response');
});

t.test('REGISTER the edge refuses by itself (RFC 3261 §10.3 step 6)', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app('register');
  const phone = await bed.peer();
  await phone.send(phone.request('REGISTER', 'sip:x', { contact: '*', headers: [['Expires', '60']] }), bed.udp);
  await phone.waitFor(isResponse(400), '* with Expires other than 0');
  await phone.send(phone.request('REGISTER', 'sip:x', { contact: '*', headers: [['Expires', '0']] }), bed.udp);
  await respond(app, await app.sip('REGISTER'));
  await phone.waitFor(isResponse(200), '* with Expires 0');
});

t.test('requests outside dialogs, by method', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app('invite', 'message', 'options', 'info', 'notify', 'subscribe', 'publish');
  const phone = await bed.peer();
  const rows: readonly [string, string, number, string | undefined][] = [
    ['BYE', 'RFC 3261 §15.1.2', 481, undefined], ['UPDATE', 'RFC 3311 §5.2', 481, undefined], ['PRACK', 'RFC 3262 §3', 481, undefined],
    ['CANCEL', 'RFC 3261 §9.2', 481, undefined], ['REFER', 'RFC 3261 §8.2.1', 405, undefined], ['DANCE', 'RFC 3261 §8.2.1', 405, undefined],
    ['INVITE', 'RFC 3261 §12.2.2', 481, 'nobody'], ['REFER', 'RFC 3261 §12.2.2', 481, 'nobody'],
  ];
  for (const [method, rule, status, toTag] of rows) {
    await phone.send(phone.request(method, 'sip:a@x', toTag === undefined ? {} : { toTag }), bed.udp);
    const answer = await phone.waitFor(isResponse(status, method), `${rule}: ${status} to ${method}${toTag === undefined ? '' : ' with a strange To tag'}`);
    if (status === 405) t.match(answer.header('Allow'), /INVITE/, `RFC 3261 §21.4.6: Allow with the 405 to ${method}`);
  }
  for (const method of ['MESSAGE', 'OPTIONS', 'INFO', 'NOTIFY', 'SUBSCRIBE', 'PUBLISH']) {
    await phone.send(phone.request(method, 'sip:a@x'), bed.udp);
    await respond(app, await app.sip(method));
    await phone.waitFor(isResponse(200, method), `200 to ${method}`);
  }
  await phone.send(phone.request('MESSAGE', 'sip:a@x', { toTag: 'nobody' }), bed.udp);
  t.equal(dialogOf(await app.sip('MESSAGE')), '', 'MESSAGE with a strange To tag is a new request');
  t.equal(app.frames.filter((frame) => /^(BYE|UPDATE|PRACK|REFER|DANCE|CANCEL)/.test(frame.sip)).length, 0, 'the others never reach an application');
});

t.test('messages that are answered without a transaction, or not at all', async (t) => {
  const bed = await edgeBed(t);
  await bed.app('options');
  const phone = await bed.peer();
  const good = phone.request('OPTIONS', 'sip:a@x');
  await phone.send(good.replace(/CSeq: .*\r\n/, 'CSeq: 1 INVITE\r\n'), bed.udp);
  await phone.waitFor(isResponse(400), 'CSeq names another method');
  await phone.send(good.replace('SIP/2.0\r\n', 'SIP/3.0\r\n'), bed.udp);
  await phone.waitFor(isResponse(505), 'RFC 3261 §21.5.6 version');
  await phone.send(good.replace('SIP/2.0/UDP', 'SIP/2.0/TCP'), bed.udp);
  await phone.send('\r\n\r\n', bed.udp);
  await phone.send('garbage', bed.udp);
  await phone.send(phone.request('ACK', 'sip:a@x'), bed.udp);
  await phone.send(phone.request('BYE', 'sip:a@x'), bed.udp);
  const next = await phone.waitFor(() => true, 'the next answer');
  t.equal(next.status, 481, 'wrong Via transport, keep-alives, garbage and a lone ACK stay without answer');
});

t.test('no application for the method: 503 (drachtio wire protocol §7.6j)', async (t) => {
  const bed = await edgeBed(t);
  await bed.app('register');
  const phone = await bed.peer();
  const invite = phone.request('INVITE', 'sip:a@x', { body: SDP });
  await phone.send(invite, bed.udp);
  await phone.waitFor(isResponse(100), '100 first');
  const refused = await phone.waitFor(isResponse(503), '503');
  await phone.send(phone.ack(invite, refused), bed.udp);
  await phone.send(phone.request('OPTIONS', 'sip:a@x'), bed.udp);
  await phone.waitFor(isResponse(503, 'OPTIONS'), '503 to OPTIONS');
});

t.test('scanners are declined before any application sees them (drachtio wire protocol §7.6b)', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app('options', 'invite');
  const phone = await bed.peer();
  const rows: readonly [string, [string, string]][] = [['User-Agent', ['User-Agent', 'friendly-scanner 1']], ['any header', ['Subject', 'x sipvicious y']]];
  for (const [name, header] of rows) {
    await phone.send(phone.request('OPTIONS', 'sip:a@x', { headers: [header] }), bed.udp);
    await phone.waitFor(isResponse(603), `603 by ${name}`);
  }
  await phone.send(phone.request('OPTIONS', 'sip:a@x', { body: 'sipvicious', contentType: 'text/plain' }), bed.udp);
  t.match((await app.sip('OPTIONS')).sip, 'text/plain', 'a body says nothing about its sender');
});

t.test('draining: new requests 503 with Retry-After', async (t) => {
  const bed = await edgeBed(t);
  await bed.app('register');
  const phone = await bed.peer();
  bed.edge.drain();
  await phone.send(phone.request('REGISTER', 'sip:x'), bed.udp);
  t.match((await phone.waitFor(isResponse(503), '503')).header('Retry-After'), /^\d+$/);
});

t.test('requests go round robin between applications', async (t) => {
  const bed = await edgeBed(t);
  const apps = [await bed.app('options'), await bed.app('options', 'options')];
  const phone = await bed.peer();
  for (let turn = 0; turn < 4; turn += 1) {
    await phone.send(phone.request('OPTIONS', 'sip:a@x', { callId: `turn${turn}` }), bed.udp);
    const app = apps[turn % 2];
    const frame = await app?.sip('OPTIONS');
    t.match(frame?.sip, `turn${turn}`, `request ${turn} to application ${turn % 2}`);
  }
});

t.test('the same request by two ways is answered 482 (RFC 3261 §8.2.2.2)', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app('message');
  const phone = await bed.peer();
  const same = { callId: 'merged', fromTag: 'f', cseq: 7 };
  await phone.send(phone.request('MESSAGE', 'sip:a@x', same), bed.udp);
  await app.sip('MESSAGE');
  await phone.send(phone.request('MESSAGE', 'sip:a@x', same), bed.udp);
  await phone.waitFor(isResponse(482), '482');
});

t.test('an unanswered request is dropped after 128*T1', async (t) => {
  const bed = await edgeBed(t, { timers: { t1: 10, t2: 40, t4: 50 } });
  const app = await bed.app('message', 'invite');
  const phone = await bed.peer();
  await phone.send(phone.request('MESSAGE', 'sip:a@x'), bed.udp);
  const message = await app.sip('MESSAGE');
  await phone.send(phone.request('INVITE', 'sip:a@x'), bed.udp);
  await phone.waitFor(isResponse(504), 'an INVITE nobody answers must not hang');
  const late = await respond(app, message);
  t.strictSame(late.fields.slice(3), ['NOK', 'Response not sent due to unknown transaction']);
});

t.test('TCP: responses on the connection of the request, keep-alives answered', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app('options');
  const phone = await bed.peer('tcp');
  const first = phone.request('OPTIONS', 'sip:a@x');
  const second = phone.request('OPTIONS', 'sip:b@x');
  await phone.send(first + second.slice(0, 50), bed.tcp);
  await phone.send(second.slice(50), bed.tcp);
  for (const name of ['first', 'second']) {
    const handed = await app.sip('OPTIONS');
    t.equal(handed.fields[4], 'tcp');
    t.match((await respond(app, handed)).fields.slice(6, 9), ['tcp', '127.0.0.1', /^\d+$/]);
    await phone.waitFor(isResponse(200), `${name} answer`);
  }
  await phone.send(phone.request('OPTIONS', 'sip:a@x'), bed.tcp);
  const handed = await app.sip('OPTIONS');
  phone.disconnect();
  await gone(bed);
  const late = await respond(app, handed);
  t.strictSame(late.fields.slice(3), ['NOK', 'transport for response has been shutdown or closed']);
});

/** Waits until the edge knows that its last connection ended. */
async function gone(bed: EdgeBed): Promise<void> {
  while ((bed.edge.metrics()['transport-connections_open'] ?? 0) > 0) await new Promise((resolve) => setImmediate(resolve));
}

t.test('retransmitted requests: a lost 100 is repeated, and the INVITE is asked once', async (t) => {
  const bed = await edgeBed(t);
  const app = await bed.app('invite');
  const phone = await bed.peer();
  const invite = phone.request('INVITE', 'sip:a@x', { body: SDP });
  await phone.send(invite, bed.udp);
  await phone.send(invite, bed.udp);
  await phone.waitFor(isResponse(100), '100');
  await phone.waitFor(isResponse(100), 'RFC 3261 §17.2.1: 100 again');
  const handed = await app.sip('INVITE');
  await respond(app, handed, 'SIP/2.0 486 Busy Here\r\n\r\n');
  const busy = await phone.waitFor(isResponse(486), '486');
  await phone.waitFor(isResponse(486), 'RFC 3261 §17.2.1: G repeats it');
  await phone.send(phone.ack(invite, busy), bed.udp);
  const seen = phone.count(isResponse(486));
  const echo = await respond(app, handed, 'SIP/2.0 200 OK\r\n\r\n');
  t.equal(echo.fields[3], 'OK', 'a second final response before the transaction ends is answered with the first');
  t.match(echo.sip, /^SIP\/2\.0 486/);
  t.equal(phone.count(isResponse(200)), 0);
  t.ok(phone.count(isResponse(486)) - seen <= 1, 'RFC 3261 §17.2.1: the ACK ends the repeating');
  t.equal(app.frames.filter((frame) => /^(INVITE|ACK)/.test(frame.sip)).length, 1, 'the ACK of a failure is not handed over');
  t.equal(phone.count(isRequest('BYE')), 0);
});
