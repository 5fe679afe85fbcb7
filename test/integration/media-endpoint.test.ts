import t from 'tap';
import { encodeG711 } from '../../sip/media/audio/g711.js';
import { PIN, inMediaCall, isSilent, toneAudio } from '../support/media-bed.js';
import type { RtpPhone } from '../support/rtp-phone.js';
import { touchTones } from '../support/touch-tones.js';

t.test('a prompt is heard, silence before and after, one even stream', async (t) => {
  const { phone, endpoint, port } = await inMediaCall(t);
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
  const { phone, endpoint } = await inMediaCall(t, { sdp: ['a=ptime:40'] });
  await endpoint.play([{ audio: toneAudio(80) }], { bargeIn: false }).done;
  t.ok(phone.heard.every(({ payload }) => payload.length === 320));
  t.equal(phone.heard.filter(({ payload }) => !isSilent(payload)).length, 2);
});

t.test('digits typed ahead are collected, the terminator ends', async (t) => {
  const { phone, endpoint, port } = await inMediaCall(t);
  for (const digit of '1234#') phone.press(port, digit);
  t.same(await endpoint.collect(PIN), { digits: '1234', reason: 'terminator' });
});

t.test('a digit stops the prompt and is the first one collected', async (t) => {
  const { phone, endpoint, port } = await inMediaCall(t);
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
  const { phone, endpoint, port } = await inMediaCall(t);
  const play = endpoint.play([{ audio: toneAudio(200) }], { bargeIn: false });
  phone.press(port, '4');
  t.equal(await play.done, 'completed');
  t.equal((await endpoint.stats())?.packetsReceived, 6, 'the digit came before it was asked for');
  t.same(await endpoint.collect({ ...PIN, max: 1 }), { digits: '4', reason: 'max' });
});

t.test('a prompt is stopped, by hand, by another, by the end', async (t) => {
  const { endpoint } = await inMediaCall(t);
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
  const { endpoint } = await inMediaCall(t);
  t.equal(await endpoint.play([{ id: 'no-such', language: 'en' }], { bargeIn: false }).done, 'completed');
});

t.test('the same key by INFO and RFC 4733 is one digit', async (t) => {
  const { phone, endpoint, port } = await inMediaCall(t);
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
  const { phone, endpoint, port, sdp } = await inMediaCall(t, { sdp: ['a=rtpmap:101 x-other/8000'] });
  t.notMatch(sdp, /telephone-event/);
  speak(phone, port, '42#');
  t.same(await endpoint.collect(PIN), { digits: '42', reason: 'terminator' });
});

t.test('tones are not looked for where digits come as events, or once one came by INFO', async (t) => {
  const event = await inMediaCall(t);
  speak(event.phone, event.port, '4');
  event.phone.press(event.port, '1');
  t.same(await event.endpoint.collect({ ...PIN, max: 1 }), { digits: '1', reason: 'max' });
  const info = await inMediaCall(t, { sdp: ['a=rtpmap:101 x-other/8000'] });
  info.endpoint.feedDigit('7', 'info');
  t.same(await info.endpoint.collect({ ...PIN, max: 1 }), { digits: '7', reason: 'max' });
  speak(info.phone, info.port, '4');
  info.endpoint.feedDigit('8', 'info');
  t.same(await info.endpoint.collect({ ...PIN, max: 1 }), { digits: '8', reason: 'max' });
});

