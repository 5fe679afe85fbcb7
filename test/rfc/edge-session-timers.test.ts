/** RFC 4028 over a moved clock. */
import t from 'tap';
import { TimerWheel } from '../../sip/edge/transaction/timer-wheel.js';
import { SDP, dialogOf, edgeBed, transactionOf, type EdgeBed, type ScriptedApp } from '../support/edge-bed.js';
import { isRequest, isResponse, type PeerMessage, type SipPeer } from '../support/sip-peer.js';

interface Timed {
  readonly bed: EdgeBed;
  readonly app: ScriptedApp;
  readonly phone: SipPeer;
  readonly wheel: TimerWheel;
  /** Seconds since the start. */
  at(seconds: number): void;
  readonly dialogId: string;
  readonly invite: PeerMessage;
}

/** We called, the 2xx carries this Session-Expires. */
async function called(t: Parameters<typeof edgeBed>[0], sessionExpires: string): Promise<Timed> {
  const wheel = new TimerWheel(100);
  const bed = await edgeBed(t, { wheel, timers: { t1: 500, t2: 4_000, t4: 5_000 } });
  const app = await bed.app('invite');
  const phone = await bed.peer();
  await app.request('sip||', `INVITE sip:bob@127.0.0.1:${phone.port} SIP/2.0\r\nSession-Expires: 100\r\n\r\n${SDP}`);
  const invite = await phone.waitFor(isRequest('INVITE'), 'INVITE');
  await phone.respond(invite, 200, 'OK', { toTag: 'bob', body: SDP, headers: [['Session-Expires', sessionExpires]] });
  const dialogId = dialogOf(await app.sip('SIP/2.0 200'));
  await app.request(`sip||${dialogId}`, 'ACK sip:x SIP/2.0\r\n\r\n');
  await phone.waitFor(isRequest('ACK'), 'ACK');
  return { bed, app, phone, wheel, at: (seconds) => wheel.advance(seconds * 1_000), dialogId, invite };
}

const refresh = (made: Timed): Promise<PeerMessage> =>
  made.phone.waitFor((message) => message.method === 'INVITE' && message.cseq > made.invite.cseq, 'refresh');

t.test('we refresh: at half the interval, unseen by the application (drachtio wire protocol §10)', async (t) => {
  for (const [name, value] of [['refresher=uac', '100;refresher=uac'], ['no refresher named', '100']] as const) {
    const made = await called(t, value);
    made.at(44.9);
    t.equal(made.phone.count(isRequest('INVITE')), 1, `${name}: not before 45 s`);
    made.at(55.2);
    const again = await refresh(made);
    t.strictSame([again.header('Session-Expires'), again.header('Min-SE'), again.body], ['100;refresher=uac', '90', SDP], `${name}: with the last session description`);
    await made.phone.respond(again, 200, 'OK', { body: SDP, headers: [['Session-Expires', '100;refresher=uac']] });
    await made.phone.waitFor((message) => message.method === 'ACK' && message.cseq === again.cseq, 'its ACK');
    made.at(115);
    const third = await made.phone.waitFor((message) => message.method === 'INVITE' && message.cseq > again.cseq, 'the next refresh');
    await made.phone.respond(third, 491, 'Request Pending');
    await made.phone.waitFor((message) => message.method === 'ACK' && message.cseq === third.cseq, 'ACK of the 491');
    await settled(made);
    made.at(120);
    const fourth = await made.phone.waitFor((message) => message.method === 'INVITE' && message.cseq > third.cseq, '491: again within 4 s');
    await made.phone.respond(fourth, 481, 'Call/Transaction Does Not Exist');
    t.match((await made.phone.waitFor(isRequest('BYE'), 'BYE')).header('Reason'), /Session timer expired/, 'a refused refresh ends the call');
    t.equal(transactionOf(await made.app.sip('BYE')), 'unsolicited');
    t.equal(made.app.frames.filter((frame) => frame.fields[1] === 'sip').length, 2, 'the application saw the first 200 and the BYE only');
  }
});

/** Waits until what the peer sent has been read: an answer to something sent later proves it. */
async function settled(made: Timed): Promise<void> {
  await made.phone.send(made.phone.request('BYE', 'sip:nobody'), made.bed.udp);
  await made.phone.waitFor(isResponse(481), '481');
}

t.test('they refresh: nothing by the end of the interval is the end of the call', async (t) => {
  const made = await called(t, '100;refresher=uas');
  made.at(99.9);
  t.equal(made.phone.count(isRequest('BYE')), 0);
  made.at(100.2);
  t.match((await made.phone.waitFor(isRequest('BYE'), 'BYE')).header('Reason'), /Session timer expired/);
  t.equal(dialogOf(await made.app.sip('BYE')), made.dialogId);
});

t.test('they refresh in time: the interval starts anew', async (t) => {
  const made = await called(t, '100;refresher=uas');
  made.at(60);
  const back = { callId: made.invite.header('Call-ID') ?? '', fromTag: 'bob', toTag: made.invite.tag('From') };
  await made.phone.send(made.phone.request('UPDATE', 'sip:edge', { ...back, cseq: 2, headers: [['Session-Expires', '100;refresher=uac'], ['Supported', 'timer']] }), made.bed.udp);
  const update = await made.app.sip('UPDATE');
  await made.app.request(`sip|${transactionOf(update)}|`, 'SIP/2.0 200 OK\r\n\r\n');
  t.equal((await made.phone.waitFor(isResponse(200, 'UPDATE'), '200')).header('Session-Expires'), '100;refresher=uac');
  made.at(159);
  t.equal(made.phone.count(isRequest('BYE')), 0);
  made.at(160.3);
  await made.phone.waitFor(isRequest('BYE'), 'BYE');
});

t.test('BYE stops the timer', async (t) => {
  const made = await called(t, '100;refresher=uas');
  await made.app.request(`sip||${made.dialogId}`, 'BYE sip:placeholder SIP/2.0\r\n\r\n');
  await made.phone.respond(await made.phone.waitFor(isRequest('BYE'), 'BYE'), 200, 'OK');
  await made.app.sip('SIP/2.0 200');
  made.at(200);
  await settled(made);
  t.equal(made.phone.count(isRequest('BYE')), 1);
});
