import t, { type Test } from 'tap';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { CollectSpec } from '../../src/ports/media.js';
import { encodeG711 } from '../../sip/media/audio/g711.js';
import { endpointFor, mediaBed, toneAudio } from '../support/media-bed.js';
import { RtpPhone, mediaPort } from '../support/rtp-phone.js';
import { touchTones } from '../support/touch-tones.js';

const PIN: CollectSpec = { min: 1, max: 6, terminator: '#', firstDigitMs: 20_000, interDigitMs: 20_000, sensitive: true };
const ULAW_SILENCE = 0xff;
const isSilent = (payload: Buffer): boolean => payload.every((byte) => byte === ULAW_SILENCE);

/** A phone in a call with an endpoint. */
async function inCall(t: Test, { sdp: changes = [], options = {} }: { readonly sdp?: readonly string[]; readonly options?: { latch?: 'known-address'; inactivityMs?: number } } = {}) {
  const bed = mediaBed();
  const phone = await RtpPhone.open();
  t.teardown(() => {
    bed.stop();
    phone.close();
  });
  const { endpoint, sdp } = await endpointFor(bed.media, phone.sdp(...changes), options);
  return { bed, phone, endpoint, port: mediaPort(sdp), sdp };
}

t.test('a prompt is heard, silence before and after, one even stream', async (t) => {
  const { phone, endpoint, port } = await inCall(t);
  t.equal(port % 2, 0, 'RFC 3550 §11: an even port');
  await phone.until(() => phone.heard.length >= 3);
  t.ok(isSilent(phone.heard[0]?.payload ?? Buffer.alloc(1)), 'silence from the first moment on');
  t.equal(await endpoint.play([{ audio: toneAudio(100) }, { audio: toneAudio(60, 900) }], { bargeIn: false }).done, 'completed');
  await phone.until(() => phone.heard.length > 16);
  const sound = phone.heard.filter(({ payload }) => !isSilent(payload));
  t.equal(sound.length, 8, '160 ms are 8 packets');
  for (const [at, { header, payload, from }] of phone.heard.entries()) {
    const first = phone.heard[0]?.header;
    t.same([payload.length, from], [160, port]);
    t.equal(header.marker, at === 0, 'marker on the first packet only');
    t.equal((header.sequence - (first?.sequence ?? 0)) & 0xffff, at, 'sequence without a gap');
    t.equal((header.timestamp - (first?.timestamp ?? 0)) >>> 0, at * 160, 'timestamps go on');
  }
});

t.test('packets of 40 ms where the phone wants them', async (t) => {
  const { phone, endpoint } = await inCall(t, { sdp: ['a=ptime:40'] });
  await endpoint.play([{ audio: toneAudio(80) }], { bargeIn: false }).done;
  t.ok(phone.heard.every(({ payload }) => payload.length === 320));
  t.equal(phone.heard.filter(({ payload }) => !isSilent(payload)).length, 2);
});

t.test('digits typed ahead are collected, the terminator ends', async (t) => {
  const { phone, endpoint, port } = await inCall(t);
  for (const digit of '1234#') phone.press(port, digit);
  t.same(await endpoint.collect(PIN), { digits: '1234', reason: 'terminator' });
});

t.test('a digit stops the prompt and is the first one collected', async (t) => {
  const { phone, endpoint, port } = await inCall(t);
  const play = endpoint.play([{ audio: toneAudio(60_000) }], { bargeIn: true });
  const collected = endpoint.collect({ ...PIN, max: 2 });
  await phone.until(() => phone.heard.some(({ payload }) => !isSilent(payload)));
  phone.press(port, '9');
  t.equal(await play.done, 'barge-in');
  const before = phone.heard.length;
  await phone.until(() => phone.heard.length > before + 2);
  t.ok(isSilent(phone.heard.at(-1)?.payload ?? Buffer.alloc(1)), 'silence at once');
  phone.press(port, '8');
  t.same(await collected, { digits: '98', reason: 'max' });
  phone.press(port, '7');
  await phone.until(() => phone.heard.length > before + 4);
  t.equal(await endpoint.play([{ audio: toneAudio(60_000) }], { bargeIn: true }).done, 'barge-in', 'what was typed ahead stops the next prompt');
});

t.test('without barge-in the prompt goes on and the digits are kept', async (t) => {
  const { phone, endpoint, port } = await inCall(t);
  const play = endpoint.play([{ audio: toneAudio(200) }], { bargeIn: false });
  phone.press(port, '4');
  t.equal(await play.done, 'completed');
  t.equal((await endpoint.stats())?.packetsReceived, 6, 'the digit came before it was asked for');
  t.same(await endpoint.collect({ ...PIN, max: 1 }), { digits: '4', reason: 'max' });
});

t.test('a prompt is stopped, by hand, by another, by the end', async (t) => {
  const { endpoint } = await inCall(t);
  const audio = toneAudio(60_000);
  const stopped = endpoint.play([{ audio }], { bargeIn: false });
  stopped.stop();
  t.equal(await stopped.done, 'stopped');
  const replaced = endpoint.play([{ audio }], { bargeIn: false });
  const last = endpoint.play([{ audio }], { bargeIn: false });
  t.equal(await replaced.done, 'stopped');
  const collected = endpoint.collect(PIN);
  await t.rejects(endpoint.collect(PIN), TypeError, 'one collect at a time');
  endpoint.close();
  endpoint.close();
  t.equal(await last.done, 'closed');
  t.same(await collected, { digits: '', reason: 'closed' });
  t.equal(await endpoint.play([{ audio }], { bargeIn: false }).done, 'closed', 'after the end too');
  t.equal(await endpoint.stats(), null);
  t.equal((await endpoint.update('v=0')).kind, 'media-down');
});

t.test('an unknown prompt is left out', async (t) => {
  const { endpoint } = await inCall(t);
  t.equal(await endpoint.play([{ id: 'no-such', language: 'en' }], { bargeIn: false }).done, 'completed');
});

t.test('the same key by INFO and RFC 4733 is one digit', async (t) => {
  const { phone, endpoint, port } = await inCall(t);
  const collected = endpoint.collect({ ...PIN, max: 3 });
  for (const digit of '55') {
    phone.press(port, digit);
    endpoint.feedDigit(digit, 'info');
  }
  endpoint.feedDigit('flash', 'info');
  phone.press(port, '6');
  t.same(await collected, { digits: '556', reason: 'max' });
});

/** What a phone without telephone-event sends while it is typed on. */
function speak(phone: RtpPhone, port: number, digits: string): void {
  const sound = touchTones(digits, { onMs: 60, offMs: 60 });
  for (let at = 0; at + 160 <= sound.length; at += 160) {
    const payload = Buffer.alloc(160);
    encodeG711('ulaw', sound.subarray(at, at + 160), payload);
    phone.say(port, { payload });
  }
}

t.test('tones in the sound are digits where there is no other way for them', async (t) => {
  const { phone, endpoint, port, sdp } = await inCall(t, { sdp: ['a=rtpmap:101 x-other/8000'] });
  t.notMatch(sdp, /telephone-event/);
  speak(phone, port, '42#');
  t.same(await endpoint.collect(PIN), { digits: '42', reason: 'terminator' });
});

t.test('tones are not looked for where digits come as events, or once one came by INFO', async (t) => {
  const event = await inCall(t);
  speak(event.phone, event.port, '4');
  event.phone.press(event.port, '1');
  t.same(await event.endpoint.collect({ ...PIN, max: 1 }), { digits: '1', reason: 'max' });
  const info = await inCall(t, { sdp: ['a=rtpmap:101 x-other/8000'] });
  info.endpoint.feedDigit('7', 'info');
  t.same(await info.endpoint.collect({ ...PIN, max: 1 }), { digits: '7', reason: 'max' });
  speak(info.phone, info.port, '4');
  info.endpoint.feedDigit('8', 'info');
  t.same(await info.endpoint.collect({ ...PIN, max: 1 }), { digits: '8', reason: 'max' });
});

t.test('packets go to where the first valid one came from; nobody else is heard', async (t) => {
  const { phone, endpoint, port } = await inCall(t);
  const stranger = createSocket('udp4').bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  t.teardown(() => stranger.close());
  phone.rtp.send(Buffer.from('garbage'), port, '127.0.0.1');
  phone.say(port, { payloadType: 34, from: stranger });
  t.match((await endpoint.stats())?.remote, { port: phone.port, latched: false }, 'what nobody negotiated does not latch');
  const elsewhere = once(stranger, 'message');
  phone.say(port, { from: stranger });
  await elsewhere;
  t.match((await endpoint.stats())?.remote, { port: stranger.address().port, latched: true });
  phone.press(port, '5');
  phone.press(port, '6');
  while (((await endpoint.stats())?.packetsDropped ?? 0) < 14) await new Promise(setImmediate);
  const back = await endpoint.update(phone.sdp());
  t.equal(back.kind, 'updated', 'a re-INVITE lets the phone in again');
  phone.press(port, '7');
  t.same(await endpoint.collect({ ...PIN, max: 1 }), { digits: '7', reason: 'max' });
  t.match(await endpoint.stats(), { remote: { port: phone.port, latched: true } });
  t.equal((await endpoint.stats())?.packetsDropped, 14, 'garbage, the wrong type, and the digits from another source');
});

t.test('known-address: another address than the SDP\'s is never latched to', async (t) => {
  const { phone, endpoint, port } = await inCall(t, { options: { latch: 'known-address' } });
  const stranger = createSocket('udp4').bind(0, '127.0.0.2');
  await once(stranger, 'listening');
  t.teardown(() => stranger.close());
  phone.say(port, { from: stranger });
  phone.press(port, '3');
  t.same(await endpoint.collect({ ...PIN, max: 1 }), { digits: '3', reason: 'max' });
  t.match((await endpoint.stats())?.remote, { address: '127.0.0.1', port: phone.port });
});

t.test('on hold nothing is sent, after it the stream goes on', async (t) => {
  const { phone, endpoint } = await inCall(t);
  await phone.until(() => phone.heard.length > 2);
  const held = await endpoint.update(phone.sdp('a=sendonly'));
  t.match(held, { kind: 'updated', held: true });
  t.match(held.kind === 'updated' ? held.sdp : '', /o=- \d+ 2 [\s\S]*a=recvonly/);
  const sent = (await endpoint.stats())?.packetsSent;
  t.equal(await endpoint.play([{ audio: toneAudio(100) }], { bargeIn: false }).done, 'completed', 'time goes on');
  t.equal((await endpoint.stats())?.packetsSent, sent, 'nothing was sent');
  const before = phone.heard.length;
  t.match(await endpoint.update(phone.sdp()), { kind: 'updated', held: false });
  await phone.until(() => phone.heard.length > before + 2);
  const [last, next] = [phone.heard[before - 1]?.header, phone.heard[before]?.header];
  t.equal(next?.marker, true, 'RFC 3551 §4.1: marker after a pause');
  t.equal(((next?.sequence ?? 0) - (last?.sequence ?? 0)) & 0xffff, 1, 'no packet is missing');
  t.ok(((next?.timestamp ?? 0) - (last?.timestamp ?? 0)) >>> 0 >= 800, 'the time on hold has passed');
});

t.test('a refused offer changes nothing', async (t) => {
  const { phone, endpoint } = await inCall(t);
  t.match(await endpoint.update(phone.sdp().replace('RTP/AVP 0 8 101', 'RTP/AVP 18')), { kind: 'no-common-codec' });
  const before = phone.heard.length;
  await phone.until(() => phone.heard.length > before + 3);
});

t.test('the law changes in the middle of a prompt', async (t) => {
  const { phone, endpoint } = await inCall(t);
  const play = endpoint.play([{ audio: toneAudio(60_000) }], { bargeIn: false });
  await phone.until(() => phone.heard.some(({ payload }) => !isSilent(payload)));
  const before = phone.heard.length;
  await endpoint.update(phone.sdp().replace('AVP 0 8 101', 'AVP 8 101'));
  await phone.until(() => phone.heard.slice(before).some(({ header }) => header.payloadType === 8));
  play.stop();
  t.equal(await play.done, 'stopped');
});

t.test('no RTP for the time set is told, once, until RTP comes again', async (t) => {
  const { phone, endpoint, port } = await inCall(t, { options: { inactivityMs: 60 } });
  const told = (): Promise<void> => new Promise((resolve) => endpoint.on('inactive', resolve));
  await told();
  const again = told();
  phone.say(port);
  await again;
});

t.test('digits are sent as events', async (t) => {
  const { phone, endpoint } = await inCall(t);
  endpoint.sendDigit('5', 100);
  endpoint.sendDigit('#', 40);
  const events = () => phone.heard.filter(({ header }) => header.payloadType === 101);
  await phone.until(() => events().filter(({ payload }) => payload[0] === 11 && (payload[1] ?? 0) >= 0x80).length === 3);
  t.same(events().map(({ payload }) => payload[0]), [...Array<number>(7).fill(5), ...Array<number>(4).fill(11)]);
});

t.test('a phone without SDP gets an offer and is heard after its answer', async (t) => {
  const bed = mediaBed();
  const phone = await RtpPhone.open();
  t.teardown(() => {
    bed.stop();
    phone.close();
  });
  const offered = await bed.media.offer({ peer: '127.0.0.1' });
  if (offered.kind !== 'offered') return t.fail(offered.kind);
  t.match(offered.sdp, /m=audio \d+ RTP\/AVP 0 8 101\r\n/);
  t.match(await offered.accept('v=0'), { kind: 'malformed-answer' });
  t.match(await offered.accept(phone.sdp().replace(/m=audio \d+/, 'm=audio 0')), { kind: 'no-common-codec' });
  t.same(await offered.accept(phone.sdp().replace('0 8 101', '8 97').replace('rtpmap:101', 'rtpmap:97')), { kind: 'accepted' });
  await phone.until(() => phone.heard.length > 2);
  t.equal(phone.heard[0]?.header.payloadType, 8);
  phone.press(mediaPort(offered.sdp), '1', 101);
  t.same(await offered.endpoint.collect({ ...PIN, max: 1 }), { digits: '1', reason: 'max' }, 'our own number for digits, RFC 3264 §6.1');
});

t.test('RTCP: a report with what was heard, and BYE at the end', async (t) => {
  const { phone, endpoint, port } = await inCall(t);
  phone.say(port);
  await phone.until(() => phone.heard.length > 2);
  endpoint.close();
  await phone.until(() => phone.reports.length > 0);
  const report = phone.reports[0] ?? Buffer.alloc(0);
  t.same([report[0], report[1], report.at(-7)], [0x81, 200, 203]);
  t.equal(report.readUInt32BE(4), phone.heard[0]?.header.ssrc);
});

t.test('ports: each call its own pair, none left is told, closed ones come back', async (t) => {
  const first = await RtpPhone.open();
  t.teardown(() => first.close());
  // The first pair of the range is held by the phone itself, two more are free.
  const bed = mediaBed({ min: first.port, max: first.port + 5 });
  t.teardown(() => bed.stop());
  const opened = [];
  for (let outcome = await bed.media.answer(first.sdp(), { peer: '127.0.0.1' }); outcome.kind === 'endpoint'; outcome = await bed.media.answer(first.sdp(), { peer: '127.0.0.1' })) {
    opened.push(outcome);
  }
  const ports = opened.map(({ sdp }) => mediaPort(sdp));
  t.ok(ports.length >= 1 && ports.length <= 2, 'others may hold some');
  t.notOk(ports.includes(first.port), 'a taken pair is passed over');
  t.equal(new Set(ports).size, ports.length);
  opened[0]?.endpoint.close();
  await t.resolves((async () => {
    while ((await bed.media.answer(first.sdp(), { peer: '127.0.0.1' })).kind !== 'endpoint') await new Promise(setImmediate);
  })());
});

t.test('offers that get no endpoint take no port', async (t) => {
  const { bed, phone } = await inCall(t);
  t.match(await bed.media.answer(phone.sdp().replace('RTP/AVP', 'RTP/SAVP'), { peer: '127.0.0.1' }), { kind: 'needs-gateway', why: 'srtp' });
  t.match(await bed.media.answer('', { peer: '127.0.0.1' }), { kind: 'malformed-offer' });
  t.match(await bed.media.metrics(), { endpoints: 1, port_pairs_held: 1 });
});

t.test('a dead thread answers everything', async (t) => {
  const { bed, phone, endpoint } = await inCall(t);
  const play = endpoint.play([{ audio: toneAudio(60_000) }], { bargeIn: false });
  const collected = endpoint.collect(PIN);
  const closed = new Promise<void>((resolve) => endpoint.on('closed', resolve));
  bed.die();
  t.equal(await play.done, 'closed');
  t.same(await collected, { digits: '', reason: 'closed' });
  await closed;
  t.equal((await bed.media.answer(phone.sdp(), { peer: '127.0.0.1' })).kind, 'media-down');
  t.equal((await bed.media.offer({ peer: '127.0.0.1' })).kind, 'media-down');
});
