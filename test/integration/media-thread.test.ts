import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { readSettings } from '../../src/config/settings.js';
import { createLog } from '../../src/observability/log.js';
import { endpointFor, toneAudio } from '../support/media-bed.js';
import { ROOT } from '../support/repository.js';
import { RtpPhone, mediaPort } from '../support/rtp-phone.js';

/** Worker threads run the build, so their wiring comes from there too. */
const { startMedia } = await import(pathToFileURL(join(ROOT, 'dist/src/wiring/media.js')).href) as typeof import('../../src/wiring/media.js');

async function thread(t: { teardown(run: () => unknown): void }, onDeath: (why: string) => void = () => undefined) {
  const read = readSettings(new Map(), { SIP_BIND: '127.0.0.1', RTP_PORT_MIN: '20000', RTP_PORT_MAX: '31999' });
  if (read.kind !== 'settings') throw new Error(read.problems.join());
  const media = await startMedia(read.settings, createLog('silent', 'json'), onDeath, '/nonexistent');
  t.teardown(() => media.stop());
  return media;
}

t.test('the media thread plays, hears, counts and stops', async (t) => {
  const media = await thread(t, (why) => t.fail(why));
  const phone = await RtpPhone.open();
  t.teardown(() => phone.close());
  const { endpoint, sdp } = await endpointFor(media.value.endpoints, phone.sdp());
  const port = mediaPort(sdp);
  t.match(sdp, /c=IN IP4 127\.0\.0\.1/);
  t.equal(await endpoint.play([{ audio: toneAudio(60) }], { bargeIn: true }).done, 'completed');
  t.equal(phone.heard.filter(({ payload }) => payload.some((byte) => byte !== 0xff)).length, 3);
  phone.press(port, '7');
  const collected = await endpoint.collect({ min: 1, max: 1, terminator: null, firstDigitMs: 5000, interDigitMs: 5000, sensitive: false });
  t.same(collected, { digits: '7', reason: 'max' });
  const metrics = await media.value.metrics();
  t.match(metrics, { endpoints: 1, packets_in: 6, relays: 0 });
  const closed = new Promise<void>((resolve) => endpoint.on('closed', resolve));
  const waiting = endpoint.collect({ min: 1, max: 9, terminator: '#', firstDigitMs: 60_000, interDigitMs: 60_000, sensitive: true });
  await media.stop();
  t.same(await waiting, { digits: '', reason: 'closed' }, 'what waits for digits is told');
  await closed;
  t.equal((await media.value.endpoints.answer(phone.sdp(), { peer: '127.0.0.1' })).kind, 'media-down');
});
