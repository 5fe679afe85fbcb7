import t from 'tap';
import type { CallEvent } from '../../src/domain/calls/call-event.js';
import type { StreamReport } from '../../src/domain/quality/stream-report.js';
import { readReports } from '../../sip/media/rtp/rtcp-reading.js';
import { writeReport } from '../../sip/media/rtp/rtcp-packet.js';
import { hangUp, relayScene, talk, type SoundPhone } from '../support/media-relay-scene.js';
import { mediaPort } from '../support/rtp-phone.js';
import { authorize, type PhoneCall } from '../support/scripted-phone.js';
import type { PeerMessage } from '../support/sip-peer.js';

type Quality = Extract<CallEvent, { readonly kind: 'quality' }>;

const metrics = (callId: string, ...lines: readonly string[]): string => ['VQSessionReport: CallTerm', `CallID: ${callId}`, 'LocalMetrics:', ...lines, ''].join('\r\n');
const GOOD = ['SessionDesc: PT=0 PD=PCMU', 'PacketLoss: NLR=0.4 JDR=0', 'Delay: RTD=30 ESD=60 IAJ=3', 'QualityEst: MOSLQ=4.2 MOSCQ=4.1'];

t.test('how calls sound, by everyone who tells', async (t) => {
  const here = await relayScene(t, { when: 'always' });
  const { office } = here;
  const [ann, bob, eve] = [await here.phone(t, 'open'), await here.phone(t, 'open'), await here.phone(t, 'open')];
  const told = (): readonly StreamReport[] => office.calls.events.filter((event): event is Quality => event.kind === 'quality').flatMap(({ reports }) => reports);
  /** Everything told until so much of a source is there, of the newest call. */
  const reports = async (source: StreamReport['source'], count: number): Promise<readonly StreamReport[]> => {
    await office.calls.record(() => told().filter((report) => report.source === source).length >= count, `${count} of ${source}: ${JSON.stringify(told())}`);
    return told().filter((report) => report.source === source);
  };
  const publish = async (phone: SoundPhone, body: string, { headers = [], contentType = 'application/vq-rtcpxr', fromElsewhere }: {
    readonly headers?: readonly (readonly [string, string])[]; readonly contentType?: string; readonly fromElsewhere?: SoundPhone;
  } = {}): Promise<PeerMessage> => {
    const from = `<sip:${phone.line.userName}@${phone.line.domain}>`;
    return (fromElsewhere ?? phone).ask('PUBLISH', `sip:collector@${phone.line.domain}`, { from, contact: null, headers: [['Event', 'vq-rtcpxr'], ...headers], body, contentType });
  };
  const callIdOf = ({ invite }: PhoneCall): string => invite.header('Call-ID') ?? '';

  const standing = await here.call(ann, bob);
  for (let at = 0; at < 10; at += 1) await talk(ann, bob, standing.towardAnn, standing.towardBob);

  await t.test('a phone’s report of its own call, the way its call came: no challenge', async (t) => {
    for (const [phone, call] of [[ann, standing.ann], [bob, standing.bob]] as const) {
      const answer = await publish(phone, metrics(callIdOf(call), ...GOOD).replace('VQSessionReport: CallTerm', 'VQIntervalReport'));
      t.equal(answer.status, 200);
      t.ok(answer.header('SIP-ETag'));
      t.equal(answer.header('Expires'), '0');
    }
    const figures = { direction: 'receiving', span: 'interval', codec: 'PCMU', lossPercent: 0.4, jitterMs: 3, roundTripMs: 30, mos: 4.1 };
    t.match(await reports('phone', 2), [{ ...figures, side: 'caller' }, { ...figures, side: 'callee' }]);
  });

  await t.test('from elsewhere it is proved by digest; of a call of others, or of none, it is refused', async (t) => {
    const challenged = await publish(ann, metrics(callIdOf(standing.ann), ...GOOD), { fromElsewhere: eve });
    t.equal(challenged.status, 401);
    const proof = (challenge: PeerMessage, phone: SoundPhone) => (
      [['Authorization', authorize(phone.line, 'PUBLISH', `sip:collector@${phone.line.domain}`, challenge.header('WWW-Authenticate') ?? '')]] as const);
    const headers = proof(challenged, ann);
    t.equal((await publish(ann, metrics(callIdOf(standing.ann), ...GOOD), { fromElsewhere: eve, headers })).status, 200);
    const replayed = await publish(ann, metrics(callIdOf(standing.ann), ...GOOD), { fromElsewhere: eve, headers });
    t.equal(replayed.status, 401, 'the same proof again');
    t.match(replayed.header('WWW-Authenticate'), /stale=true/i);
    for (const callId of [callIdOf(standing.ann), callIdOf(standing.bob), 'nothing@nowhere', '__proto__']) {
      const asked = await publish(eve, metrics(callId, ...GOOD));
      t.equal(asked.status, 401);
      t.equal((await publish(eve, metrics(callId, ...GOOD), { headers: proof(asked, eve) })).status, 403, callId);
    }
    t.equal((await publish(ann, metrics(callIdOf(standing.bob), ...GOOD))).status, 401, 'the other side’s leg');
    t.equal((await reports('phone', 3)).length, 3);
  });

  await t.test('what is no report', async (t) => {
    const body = metrics(callIdOf(standing.ann), ...GOOD);
    const rows: readonly (readonly [what: string, status: number, ask: () => Promise<PeerMessage>])[] = [
      ['another event', 489, () => ann.ask('PUBLISH', 'sip:x@office.example', { headers: [['Event', 'presence']], body, contentType: 'application/vq-rtcpxr' })],
      ['no event', 489, () => ann.ask('PUBLISH', 'sip:x@office.example', {})],
      ['another body', 415, () => publish(ann, body, { contentType: 'application/pidf+xml' })],
      ['no body', 415, () => publish(ann, '')],
      ['a body that is none', 400, () => publish(ann, 'hello')],
      ['no figures', 400, () => publish(ann, metrics(callIdOf(standing.ann)))],
      ['a change of one before (RFC 3903 §6)', 412, () => publish(ann, body, { headers: [['SIP-If-Match', 'x']] })],
      ['an extension nobody knows', 420, () => publish(ann, body, { headers: [['Require', 'x']] })],
    ];
    for (const [what, status, ask] of rows) t.equal((await ask()).status, status, what);
    t.match((await ann.ask('PUBLISH', 'sip:x@office.example', {})).header('Allow-Events'), /vq-rtcpxr/);
    t.equal(told().length, 3);
  });

  await t.test('reports that pass the relay', async (t) => {
    const [towardAnn, towardBob] = [mediaPort(standing.towardAnn) + 1, mediaPort(standing.towardBob) + 1];
    const block = { ssrc: 1, fractionLost: 51, lost: 2, highestSequence: 200, jitter: 40 };
    const now = performance.now();
    ann.sound.rtcp.send(writeReport({ ssrc: 5, cname: 'ann', sender: { epochMs: Date.now(), timestamp: 1, packets: 10, bytes: 1600 }, reception: null, last: null, nowMs: now, goodbye: false }), towardAnn, '127.0.0.1');
    await bob.sound.until(() => bob.sound.reports.length > 0);
    const middle = readReports(bob.sound.reports[0] ?? Buffer.alloc(0)).find((one) => one.kind === 'sender')?.middle ?? 0;
    bob.sound.rtcp.send(writeReport({ ssrc: 6, cname: 'bob', sender: null, reception: block, last: { middle, atMs: now }, nowMs: now, goodbye: false }), towardBob, '127.0.0.1');
    await ann.sound.until(() => ann.sound.reports.length > 0);
    t.match(readReports(ann.sound.reports[0] ?? Buffer.alloc(0)), [{ kind: 'block', fractionLost: 51 }], 'unchanged');
  });

  await t.test('at the end: the BYE, the answer to ours, and the relay', async (t) => {
    const bye = standing.bob.incoming('BYE').then((asked) => bob.peer.respond(asked, 200, 'OK', { contact: null, headers: [['P-RTP-Stat', 'PS=10,OS=1600,PR=9,OR=1440,PL=1,JI=2,LA=12,DU=2']] }));
    t.equal((await standing.ann.hangUp([['X-RTP-Stat', 'CS=1;PS=10;PR=10;PL=0,0;JI=1.0,1.5;DE=PCMU']])).status, 200);
    await bye;
    t.match(await reports('bye', 4), [
      { side: 'caller', direction: 'receiving', span: 'session', packets: 10, lossPercent: 0, jitterMs: 1, codec: 'PCMU' }, { side: 'caller', direction: 'sending', packets: 10, lossPercent: 0, jitterMs: 1.5 },
      { side: 'callee', direction: 'receiving', packets: 9, lossPercent: 10, roundTripMs: 12, bitrateKbps: 5.8 }, { side: 'callee', direction: 'sending', packets: 10 },
    ]);
    t.match(await reports('relay', 2), [
      { side: 'caller', direction: 'sending', codec: 'PCMU', packets: 10, lossPercent: 0 }, { side: 'callee', direction: 'sending', codec: 'PCMU', packets: 10, lossPercent: 0 },
    ]);
    const [rtcp] = await reports('rtcp', 1);
    t.match(rtcp, { side: 'callee', direction: 'receiving', lossPercent: 19.92, jitterMs: 5, codec: 'PCMU' });
    t.ok(rtcp !== undefined && (rtcp.roundTripMs ?? 60_000) < 5000 && (rtcp.mos ?? 5) < 3, JSON.stringify(rtcp));
    t.match(office.calls.events.find(({ kind }) => kind === 'answered'), { ends: {
      caller: { publicIp: '127.0.0.1', privateIp: '127.0.0.1', codec: 'PCMU' }, callee: { publicIp: '127.0.0.1', privateIp: '127.0.0.1', codec: 'PCMU' },
    } });
    const kinds = office.calls.events.map(({ kind }) => kind);
    t.ok(kinds.indexOf('ended') < kinds.lastIndexOf('quality'), 'the end waits for nobody');
    t.equal((await publish(ann, metrics(callIdOf(standing.ann), ...GOOD))).status, 200, 'the last report comes behind the BYE');
    t.match((await reports('phone', 4)).at(-1), { side: 'caller', span: 'session' });
  });

  await t.test('a stop waits for what is still to be told', async (t) => {
    const next = await here.call(bob, ann);
    await talk(bob, ann, next.towardAnn, next.towardBob);
    const byes = [next.ann.hungUp(), next.bob.hungUp()];
    await office.app.stop('shutdown');
    await Promise.all(byes);
    t.equal(told().filter(({ source }) => source === 'relay').length, 4);
  });
});

t.test('a call that nobody anchors and of which nobody tells', async (t) => {
  const here = await relayScene(t);
  const [ann, bob] = [await here.phone(t, 'open'), await here.phone(t, 'open')];
  await hangUp(await here.call(ann, bob));
  await here.office.calls.record(({ endedAt }) => endedAt !== null, 'ended');
  t.same(here.office.calls.events.map(({ kind }) => kind), ['attempted', 'answered', 'ended']);
});
