/** A page of a real browser, rtpengine between it and plain RTP: it signs in by *91, and talks with a desk phone both ways. */
import t from 'tap';
import { createMediaPaths } from '../../sip/app/calls/media-path.js';
import { NgInstances } from '../../sip/media/rtpengine/ng-instances.js';
import { RtpengineGateway } from '../../sip/media/rtpengine/rtpengine-gateway.js';
import { startChromium } from '../support/chromium.js';
import { startRoom } from '../support/hot-desk-room.js';
import { createTestLog } from '../support/redis.js';
import { noRtpengine, startRtpengine } from '../support/rtpengine.js';
import { mediaPort } from '../support/rtp-phone.js';
import { servePage } from './browser-page.js';
import { clientsAreHere } from './clients.js';

const DESK_SOUND = Buffer.from(Array.from({ length: 160 }, (_, at) => (at % 20 < 10 ? 0x1e : 0x9e)));

if (noRtpengine() === undefined && clientsAreHere(t, ['chromium'])) {
  const { address } = await startRtpengine(t);
  const instances = new NgInstances([address]);
  t.teardown(() => instances.close());
  const gateway = new RtpengineGateway(instances);
  const media = createMediaPaths(gateway, 'auto', createTestLog());
  const room = await startRoom(t, {
    gateway, media, promptFrames: 250,
    edge: { listeners: (['udp', 'tcp', 'ws'] as const).map((transport) => ({ transport, host: '127.0.0.1', port: 0 })) },
  });
  const [owner, guest, neighbour] = await room.sit(['1001', '1002', '1003']);
  if (owner === undefined || guest === undefined || neighbour === undefined) throw new Error('nobody there');
  const device = await room.desk(owner.extension.id);
  const desk = await room.phone(await room.desk(neighbour.extension.id));
  const sound = await desk.rtp();
  const chromium = await startChromium('chromium');
  t.teardown(() => chromium.stop());
  const page = await chromium.open(`${await servePage(t)}/`);
  const line = { server: `ws://127.0.0.1:${room.portOf('ws')}`, ...await room.lineOf(device) };
  t.equal(await page.run(`phone.start(${JSON.stringify(line)})`), 200);

  await t.test('*91: the prompt is heard, digits over DTLS-SRTP sign in, the system hangs up', async (t) => {
    await page.run("phone.dial('*91')");
    await page.run('phone.established()');
    t.equal(await page.run('phone.heard()'), 'connected');
    await page.run('phone.audible()');
    await page.run(`phone.type('${guest.number}#${guest.pinCode}')`);
    await page.run('phone.terminated()');
    t.equal(room.guestAt(device), guest.phone.id);
    t.equal(gateway.figures()['rtpengine_calls'], 0);
  });

  await t.test('the page calls a desk phone: both hear each other', async (t) => {
    await page.run(`phone.dial('${neighbour.number}')`);
    const rung = await desk.called();
    t.match(rung.invite.body, /m=audio \d+ RTP\/AVP .*\b0\b/);
    t.notMatch(rung.invite.body, /fingerprint|candidate/);
    const acked = rung.answer(sound.sdp());
    await page.run('phone.established()');
    await acked;
    await sound.until(() => sound.heard.length > 10);
    const talking = setInterval(() => sound.say(mediaPort(rung.invite.body), { payload: DESK_SOUND }), 20);
    t.teardown(() => clearInterval(talking));
    t.equal(await page.run('phone.heard()'), 'connected');
    await page.run('phone.audible()');
    const bye = rung.hungUp();
    await page.run('phone.hangUp()');
    await bye;
  });

  await t.test('a desk phone calls the page: both hear each other', async (t) => {
    const call = await desk.dial(guest.number, { body: sound.sdp() });
    await page.run('phone.called()');
    await page.run('phone.accept()');
    const ok = await call.response(200);
    await call.ack(ok);
    await page.run('phone.established()');
    t.match(ok.body, /m=audio \d+ RTP\/AVP/);
    const before = sound.heard.length;
    const talking = setInterval(() => sound.say(mediaPort(ok.body), { payload: DESK_SOUND }), 20);
    t.teardown(() => clearInterval(talking));
    await sound.until(() => sound.heard.length > before + 10);
    t.equal(await page.run('phone.heard()'), 'connected');
    await page.run('phone.audible()');
    const ended = page.run('phone.terminated()');
    await call.hangUp();
    await ended;
  });
  t.same(media.figures(), { unrelayed_descriptions: 0 });
  t.same(room.log.lines.filter(({ level }) => level === 'error'), []);
}
