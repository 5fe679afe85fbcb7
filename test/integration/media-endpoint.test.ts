import t, { type Test } from 'tap';
import type { CollectSpec } from '../../src/ports/media.js';
import { endpointFor, mediaBed, toneAudio } from '../support/media-bed.js';
import { RtpPhone, mediaPort } from '../support/rtp-phone.js';

const PIN: CollectSpec = { min: 1, max: 6, terminator: '#', firstDigitMs: 4000, interDigitMs: 4000, sensitive: true };
const ULAW_SILENCE = 0xff;
const isSilent = (payload: Buffer): boolean => payload.every((byte) => byte === ULAW_SILENCE);

/** A phone in a call with an endpoint. */
async function inCall(t: Test, ...changes: readonly string[]) {
  const bed = mediaBed();
  const phone = await RtpPhone.open();
  t.teardown(() => {
    bed.stop();
    phone.close();
  });
  const { endpoint, sdp } = await endpointFor(bed.media, phone.sdp(...changes));
  return { bed, phone, endpoint, port: mediaPort(sdp), sdp };
}

t.test('a prompt is heard, silence before and after, one even stream', async (t) => {
  const { phone, endpoint } = await inCall(t);
  await phone.until(() => phone.heard.length >= 3);
  t.ok(isSilent(phone.heard[0]?.payload ?? Buffer.alloc(1)), 'silence from the first moment on');
  t.equal(await endpoint.play([{ audio: toneAudio(100) }, { audio: toneAudio(60, 900) }], { bargeIn: false }).done, 'completed');
  await phone.until(() => phone.heard.length > 16);
  const sound = phone.heard.filter(({ payload }) => !isSilent(payload));
  t.equal(sound.length, 8, '160 ms are 8 packets');
  for (const [at, { header, payload }] of phone.heard.entries()) {
    const first = phone.heard[0]?.header;
    t.equal(payload.length, 160);
    t.equal(header.marker, at === 0, 'marker on the first packet only');
    t.equal((header.sequence - (first?.sequence ?? 0)) & 0xffff, at, 'sequence without a gap');
    t.equal((header.timestamp - (first?.timestamp ?? 0)) >>> 0, at * 160, 'timestamps go on');
  }
});

t.test('digits typed ahead are collected, the terminator ends', async (t) => {
  const { phone, endpoint, port } = await inCall(t);
  for (const digit of '1234') phone.press(port, digit);
  phone.press(port, '#');
  t.same(await endpoint.collect(PIN), { digits: '1234', reason: 'terminator' });
});
