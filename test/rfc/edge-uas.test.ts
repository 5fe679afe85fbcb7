/** The edge as UAS on the wire: RFC 3261 §9.2, §12, §13.3, §14.2, §15, RFC 3262, RFC 4028, and what applications see of it. */
import t from 'tap';
import { SDP, dialogOf, edgeBed, transactionOf, type AppFrame, type EdgeBed, type ScriptedApp } from '../support/edge-bed.js';
import { isRequest, isResponse, readMessage, type PeerMessage, type RequestOptions, type SipPeer } from '../support/sip-peer.js';

const respond = (app: ScriptedApp, request: AppFrame, status: string, headers = '', body = ''): Promise<AppFrame> =>
  app.request(`sip|${transactionOf(request)}|`, `SIP/2.0 ${status}\r\n${headers}\r\n${body}`);

interface Leg {
  readonly bed: EdgeBed;
  readonly app: ScriptedApp;
  readonly phone: SipPeer;
  readonly invite: string;
  readonly handed: AppFrame;
}

async function calling(t: Parameters<typeof edgeBed>[0], options: RequestOptions = {}, bedOptions: Parameters<typeof edgeBed>[1] = {}): Promise<Leg> {
  const bed = await edgeBed(t, bedOptions);
  const app = await bed.app('invite', 'info', 'message');
  const phone = await bed.peer();
  const invite = phone.request('INVITE', 'sip:bob@example.com', { body: SDP, ...options });
  await phone.send(invite, bed.udp);
  await phone.waitFor(isResponse(100), '100');
  return { bed, app, phone, invite, handed: await app.sip('INVITE') };
}

/** Inside the dialog of an answered call. */
function within(leg: Leg, ok: PeerMessage, method: string, cseq: number, options: RequestOptions = {}): string {
  return leg.phone.request(method, 'sip:bob@example.com', {
    callId: ok.header('Call-ID') ?? '', fromTag: ok.tag('From'), toTag: ok.tag('To'), cseq, ...options,
  });
}

async function answered(leg: Leg, headers = ''): Promise<{ ok: PeerMessage; reply: AppFrame }> {
  const reply = await respond(leg.app, leg.handed, '200 OK', headers, SDP);
  const ok = await leg.phone.waitFor(isResponse(200, 'INVITE'), '200');
  await leg.phone.send(leg.phone.ack(leg.invite, ok), leg.bed.udp);
  await leg.app.sip('ACK');
  return { ok, reply };
}

t.test('a call from INVITE to BYE', async (t) => {
  const leg = await calling(t);
  const { app, phone, handed, bed } = leg;
  const ringing = await respond(app, handed, '180 Ringing');
  const id = `${readMessage(leg.invite, bed.udp).header('Call-ID')};from-tag=${readMessage(leg.invite, bed.udp).tag('From')}`;
  t.equal(ringing.fields[11], id, 'drachtio wire protocol §5: dialog id from the first provisional on');
  const r180 = await phone.waitFor(isResponse(180), '180');
  t.equal(r180.header('Contact'), undefined, 'no Contact in a plain 180');
  t.not(r180.tag('To'), '');
  const reply = await respond(app, handed, '200 OK', '', SDP);
  const ok = await phone.waitFor(isResponse(200), '200');
  t.equal(reply.sip, ok.raw);
  t.equal(ok.tag('To'), r180.tag('To'), 'one To tag for all responses');
  t.equal(ok.header('Contact'), `<sip:127.0.0.1:${bed.udp.port}>`, 'RFC 3261 §12.1.1: Contact in the 2xx');
  t.equal(ok.header('Content-Type'), 'application/sdp', 'a body that looks like SDP gets its type');
  await phone.waitFor(isResponse(200), 'RFC 3261 §13.3.1.4: repeated until the ACK');
  const order = app.frames.length;
  await phone.send(phone.ack(leg.invite, ok), bed.udp);
  const ack = await app.sip('ACK');
  t.ok(app.frames.indexOf(ack) >= order, 'the ACK follows the reply to the 200');
  t.strictSame([transactionOf(ack), dialogOf(ack), ack.fields[4]], [transactionOf(handed), id, ''], 'ACK: transaction of the INVITE, dialog, no protocol');
  await phone.send(within(leg, ok, 'BYE', 2), bed.udp);
  const bye = await app.sip('BYE');
  t.equal(dialogOf(bye), id);
  t.not(transactionOf(bye), transactionOf(handed));
  const byeReply = await respond(app, bye, '200 OK');
  t.strictSame([byeReply.fields[6], byeReply.fields[11]], ['', ''], 'inside a dialog no protocol; the dialog is over');
  await phone.waitFor(isResponse(200, 'BYE'), '200 to BYE');
  await phone.send(within(leg, ok, 'INFO', 3), bed.udp);
  t.equal(dialogOf(await app.sip('INFO')), '', 'afterwards its tags mean nothing');
});

t.test('ACK never comes: BYE and an unsolicited BYE to the application (drachtio wire protocol §8.1)', async (t) => {
  const leg = await calling(t, {}, { timers: { t1: 10, t2: 80, t4: 100 } });
  const reply = await respond(leg.app, leg.handed, '200 OK', '', SDP);
  const bye = await leg.phone.waitFor(isRequest('BYE'), 'BYE at 64*T1');
  t.match(bye.header('Reason'), /text="ACK timeout"/);
  const told = await leg.app.sip('BYE');
  t.strictSame([told.fields[2], transactionOf(told), dialogOf(told)], ['application', 'unsolicited', reply.fields[11]]);
  t.equal(told.sip, bye.raw);
  t.ok(leg.phone.count(isResponse(200, 'INVITE')) >= 6, 'repeated all along');
});

t.test('CANCEL (RFC 3261 §9.2)', async (t) => {
  t.test('before the application said anything', async (t) => {
    const { app, phone, invite, handed, bed } = await calling(t);
    await phone.send(phone.cancel(invite), bed.udp);
    const ok = await phone.waitFor(isResponse(200, 'CANCEL'), '200 to CANCEL');
    const terminated = await phone.waitFor(isResponse(487, 'INVITE'), '487');
    t.not(ok.tag('To'), terminated.tag('To'), 'each with a To tag of its own');
    await phone.send(phone.ack(invite, terminated), bed.udp);
    const cancel = await app.sip('CANCEL');
    t.strictSame([transactionOf(cancel), dialogOf(cancel)], [transactionOf(handed), ''], 'transaction of the INVITE, no dialog');
    t.strictSame((await respond(app, handed, '487 Request Terminated')).fields.slice(3), ['NOK', 'Response not sent due to unknown transaction']);
  });
  t.test('while ringing', async (t) => {
    const { app, phone, invite, handed, bed } = await calling(t);
    const ringing = await respond(app, handed, '180 Ringing');
    const r180 = await phone.waitFor(isResponse(180), '180');
    await phone.send(phone.cancel(invite), bed.udp);
    t.equal((await phone.waitFor(isResponse(200, 'CANCEL'), '200')).tag('To'), r180.tag('To'));
    t.equal((await phone.waitFor(isResponse(487), '487')).tag('To'), r180.tag('To'));
    t.equal(dialogOf(await app.sip('CANCEL')), ringing.fields[11]);
  });
  t.test('after a failure: 200, nothing else (RFC 3261 §9.2)', async (t) => {
    const { app, phone, invite, handed, bed } = await calling(t);
    await respond(app, handed, '486 Busy Here');
    await phone.waitFor(isResponse(486), '486');
    await phone.send(phone.cancel(invite), bed.udp);
    await phone.waitFor(isResponse(200, 'CANCEL'), '200');
    t.equal(phone.count(isResponse(487)), 0);
  });
  t.test('after the 2xx: 481, and the call ends once it may', async (t) => {
    const leg = await calling(t);
    const { app, phone, invite, handed, bed } = leg;
    await respond(app, handed, '200 OK', '', SDP);
    const ok = await phone.waitFor(isResponse(200, 'INVITE'), '200');
    await phone.send(phone.cancel(invite), bed.udp);
    await phone.waitFor(isResponse(481, 'CANCEL'), '481');
    t.equal(phone.count(isRequest('BYE')), 0, 'RFC 3261 §15: no BYE of the callee before the ACK');
    await phone.send(phone.ack(invite, ok), bed.udp);
    t.match((await phone.waitFor(isRequest('BYE'), 'BYE')).header('Reason'), /CANCEL after 200 OK/);
    t.equal(transactionOf(await app.sip('BYE')), 'unsolicited');
  });
});

t.test('BYE of the caller while ringing: 200 and 487, a CANCEL for the application (RFC 3261 §15.1.2)', async (t) => {
  const leg = await calling(t);
  await respond(leg.app, leg.handed, '180 Ringing');
  const r180 = await leg.phone.waitFor(isResponse(180), '180');
  await leg.phone.send(within(leg, r180, 'BYE', 2), leg.bed.udp);
  await leg.phone.waitFor(isResponse(200, 'BYE'), '200 to BYE');
  await leg.phone.waitFor(isResponse(487, 'INVITE'), '487 to INVITE');
  t.equal(transactionOf(await leg.app.sip('CANCEL')), transactionOf(leg.handed));
});

t.test('re-INVITE', async (t) => {
  const leg = await calling(t);
  const { ok } = await answered(leg);
  const { app, phone, bed } = leg;
  const reinvite = within(leg, ok, 'INVITE', 2, { body: SDP, contact: '<sip:moved@127.0.0.1:9>' });
  await phone.send(reinvite, bed.udp);
  await phone.waitFor(isResponse(100), '100 at once');
  const handed = await app.sip('INVITE');
  t.equal(dialogOf(handed), `${ok.header('Call-ID')};from-tag=${ok.tag('From')}`);
  await phone.send(within(leg, ok, 'INVITE', 3, { body: SDP }), bed.udp);
  const second = await phone.waitFor(isResponse(500), 'RFC 3261 §14.2: 500 to a second one');
  t.match(second.header('Retry-After'), /^(\d|10)$/, 'between 0 and 10 s');
  await respond(app, handed, '200 OK', '', SDP);
  const accepted = await phone.waitFor(isResponse(200, 'INVITE'), '200');
  t.equal(accepted.header('Contact'), `<sip:127.0.0.1:${bed.udp.port}>`);
  await phone.waitFor(isResponse(200, 'INVITE'), 'repeated too');
  await phone.send(phone.ack(reinvite, accepted), bed.udp);
  t.equal(transactionOf(await app.sip('ACK')), transactionOf(leg.handed), 'its ACK carries the transaction of the first INVITE');
  await app.request(`sip||${dialogOf(handed)}`, 'INFO sip:placeholder SIP/2.0\r\n\r\n');
  t.equal((await phone.waitFor(isRequest('INFO'), 'INFO')).uri, 'sip:moved@127.0.0.1:9', 'RFC 3261 §12.2.2: the remote target is refreshed');
  await phone.send(within(leg, ok, 'INFO', 1), bed.udp);
  await phone.waitFor(isResponse(500, 'INFO'), 'RFC 3261 §12.2.2: a lower CSeq is out of order');
  await app.request(`sip||${dialogOf(handed)}`, `INVITE sip:placeholder SIP/2.0\r\n\r\n${SDP}`);
  await phone.waitFor(isRequest('INVITE'), 'our re-INVITE');
  await phone.send(within(leg, ok, 'INVITE', 9, { body: SDP }), bed.udp);
  await phone.waitFor(isResponse(491), 'RFC 3261 §14.2: glare');
});

t.test('BYE while a re-INVITE is unanswered: 487 to it (RFC 3261 §15.1.2)', async (t) => {
  const leg = await calling(t);
  const { ok } = await answered(leg);
  await leg.phone.send(within(leg, ok, 'INVITE', 2, { body: SDP }), leg.bed.udp);
  await leg.app.sip('INVITE');
  await leg.phone.send(within(leg, ok, 'BYE', 3), leg.bed.udp);
  await leg.phone.waitFor(isResponse(487, 'INVITE'), '487');
});

t.test('a BYE the application does not answer gets 500 after 64*T1', async (t) => {
  const leg = await calling(t, {}, { timers: { t1: 15, t2: 60, t4: 80 } });
  const { ok } = await answered(leg);
  await leg.phone.send(within(leg, ok, 'BYE', 2), leg.bed.udp);
  await leg.phone.waitFor(isResponse(500, 'BYE'), '500');
});

t.test('requests while the INVITE is unanswered (drachtio wire protocol §8.5)', async (t) => {
  const leg = await calling(t);
  const { app, phone, bed } = leg;
  await respond(app, leg.handed, '183 Session Progress');
  const early = await phone.waitFor(isResponse(183), '183');
  await phone.send(within(leg, early, 'INFO', 2), bed.udp);
  t.equal(dialogOf(await app.sip('INFO')), '', 'INFO goes to an application as if it were new');
  await phone.send(within(leg, early, 'UPDATE', 3, { body: SDP }), bed.udp);
  const update = await app.sip('UPDATE');
  t.equal(transactionOf(update), transactionOf(leg.handed), 'UPDATE goes under the transaction of the INVITE');
  await phone.send(within(leg, early, 'UPDATE', 4, { body: SDP }), bed.udp);
  await phone.waitFor(isResponse(500, 'UPDATE'), 'RFC 3311 §5.2: a second one meanwhile');
  await respond(app, update, '200 OK', 'CSeq: 3 UPDATE\r\n', SDP);
  t.equal((await phone.waitFor(isResponse(200, 'UPDATE'), '200')).cseq, 3, 'known by its CSeq');
  await respond(app, leg.handed, '200 OK', '', SDP);
  await phone.waitFor(isResponse(200, 'INVITE'), 'the INVITE is answered as ever');
});

t.test('reliable provisional responses (RFC 3262 §3)', async (t) => {
  t.test('one at a time, repeated until PRACK, the 2xx waits', async (t) => {
    const leg = await calling(t, { headers: [['Supported', '100rel']] });
    const { app, phone, bed, handed } = leg;
    const sent = await respond(app, handed, '183 Session Progress', 'Require: 100rel\r\nRSeq: 9\r\n', SDP);
    const first = await phone.waitFor(isResponse(183), '183');
    const rseq = Number(first.header('RSeq'));
    t.ok(rseq >= 1 && rseq < 2 ** 31, 'RSeq is ours');
    t.match(first.header('Contact'), /sip:127/, 'Contact in a reliable response');
    t.equal(readMessage(sent.sip, bed.udp).header('RSeq'), String(rseq), 'the application sees it');
    await phone.waitFor(isResponse(183), 'repeated');
    const second = app.send(`sip|${transactionOf(handed)}|`, 'SIP/2.0 180 Ringing\r\nRequire: 100rel\r\n\r\n');
    const success = app.send(`sip|${transactionOf(handed)}|`, `SIP/2.0 200 OK\r\n\r\n${SDP}`);
    await phone.send(within(leg, first, 'PRACK', 2, { headers: [['RAck', `${rseq + 5} 1 INVITE`]] }), bed.udp);
    await phone.waitFor(isResponse(481, 'PRACK'), 'a strange RAck');
    t.equal(phone.count(isResponse(180)) + phone.count(isResponse(200, 'INVITE')), 0, 'nothing more before the PRACK');
    await phone.send(within(leg, first, 'PRACK', 3, { headers: [['RAck', `${rseq} 1 INVITE`]] }), bed.udp);
    const prack = await app.sip('PRACK');
    t.not(transactionOf(prack), transactionOf(handed), 'a transaction of its own');
    const next = await phone.waitFor(isResponse(180), '180 after the PRACK');
    t.equal(Number(next.header('RSeq')), rseq + 1, 'one greater');
    await app.waitFor((frame) => frame.fields[2] === second, 'reply to the 180');
    await respond(app, prack, '200 OK');
    await phone.waitFor(isResponse(200, 'PRACK'), '200 to PRACK');
    await phone.send(within(leg, first, 'PRACK', 4, { headers: [['RAck', `${rseq + 1} 1 INVITE`]] }), bed.udp);
    await phone.waitFor(isResponse(200, 'INVITE'), '200 once nothing is open');
    await app.waitFor((frame) => frame.fields[2] === success, 'reply to the 200');
  });
  t.test('a caller that does not know 100rel', async (t) => {
    const { app, handed } = await calling(t);
    const reply = await respond(app, handed, '183 Session Progress', 'Require: 100rel\r\n', SDP);
    t.strictSame(reply.fields.slice(3), ['NOK', 'Remote endpoint does not support 100rel']);
  });
  t.test('a caller that insists on it gets every 1xx above 100 reliably', async (t) => {
    const { app, phone, handed } = await calling(t, { headers: [['Require', '100rel']] });
    await respond(app, handed, '180 Ringing');
    const ringing = await phone.waitFor(isResponse(180), '180');
    t.equal(ringing.header('Require'), '100rel');
    t.match(ringing.header('RSeq'), /^\d+$/);
  });
  t.test('no PRACK at all: 500 after 64*T1, a CANCEL for the application', async (t) => {
    const leg = await calling(t, { headers: [['Supported', '100rel']] }, { timers: { t1: 10, t2: 80, t4: 100 } });
    await respond(leg.app, leg.handed, '180 Ringing', 'Require: 100rel\r\n');
    await leg.phone.waitFor(isResponse(500, 'INVITE'), '500');
    t.equal(transactionOf(await leg.app.sip('CANCEL')), transactionOf(leg.handed));
  });
});

t.test('session timers as UAS (RFC 4028 §9)', async (t) => {
  const leg = await calling(t, { headers: [['Session-Expires', '1800;refresher=uac'], ['Supported', 'timer']] });
  const { ok } = await answered(leg);
  t.equal(ok.header('Session-Expires'), '1800;refresher=uac');
  t.equal(ok.header('Require'), 'timer', 'told to refresh by Require');
  await leg.phone.send(within(leg, ok, 'UPDATE', 2, { headers: [['Session-Expires', '60']] }), leg.bed.udp);
  t.equal((await leg.phone.waitFor(isResponse(422), '422')).header('Min-SE'), '90', 'too short an interval');
});

t.test('Record-Route goes back in the answer and rules our requests (RFC 3261 §12.1.1)', async (t) => {
  const bed = await edgeBed(t);
  const proxy = await bed.peer();
  const leg = await calling(t, { headers: [['Record-Route', `<sip:127.0.0.1:${proxy.port};lr>`]] });
  const { ok, reply } = await answered(leg);
  t.equal(ok.header('Record-Route'), `<sip:127.0.0.1:${proxy.port};lr>`);
  await leg.app.request(`sip||${reply.fields[11]}`, 'BYE sip:placeholder SIP/2.0\r\n\r\n');
  const bye = await proxy.waitFor(isRequest('BYE'), 'BYE at the proxy');
  t.equal(bye.header('Route'), `<sip:127.0.0.1:${proxy.port};lr>`);
  t.equal(bye.uri, `sip:peer@127.0.0.1:${leg.phone.port}`);
});

t.test('behind NAT: our requests go to the source of the INVITE (drachtio wire protocol §10)', async (t) => {
  const leg = await calling(t, { contact: '<sip:ann@10.99.99.99:5060>' });
  const { reply } = await answered(leg);
  await leg.app.request(`sip||${reply.fields[11]}`, 'BYE sip:placeholder SIP/2.0\r\n\r\n');
  t.equal((await leg.phone.waitFor(isRequest('BYE'), 'BYE at the source')).uri, 'sip:ann@10.99.99.99:5060', 'the Request-URI stays the Contact');
});

t.test('the tag an application gives in To is ours (drachtio wire protocol §6.7)', async (t) => {
  const { app, phone, handed } = await calling(t);
  await respond(app, handed, '200 OK', 'To: <sip:bob@example.com>;tag=chosen\r\n', SDP);
  t.equal((await phone.waitFor(isResponse(200), '200')).tag('To'), 'chosen');
});

t.test('the application goes away', async (t) => {
  const leg = await calling(t);
  const { ok } = await answered(leg);
  const second = leg.phone.request('INVITE', 'sip:bob@example.com', { body: SDP });
  await leg.phone.send(second, leg.bed.udp);
  await leg.app.sip('INVITE');
  leg.app.close();
  await leg.phone.waitFor(isResponse(503, 'INVITE'), 'what it had not answered gets 503');
  await leg.phone.send(within(leg, ok, 'BYE', 2), leg.bed.udp);
  await leg.phone.waitFor(isResponse(481, 'BYE'), 'its dialogs are gone');
});
