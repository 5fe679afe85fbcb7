/** Sound of calls by trunks: through the relay or an rtpengine where the trunk's policy wants it, heard at both ends. */
import t from 'tap';
import { RelayGateway } from '../../sip/media/gateway/relay-gateway.js';
import { NgInstances } from '../../sip/media/rtpengine/ng-instances.js';
import { RtpengineGateway } from '../../sip/media/rtpengine/rtpengine-gateway.js';
import { mediaBed } from '../support/media-bed.js';
import { mediaPort } from '../support/rtp-phone.js';
import { noRtpengine, startRtpengine } from '../support/rtpengine.js';
import { converse, encryptedSound, offerAgain, plainSound, soundScene } from '../support/trunk-sound.js';

const skip = noRtpengine() ?? false;
const NOTHING_WRONG = (lines: readonly { readonly level: string }[]): readonly unknown[] => lines.filter(({ level }) => level === 'error');

t.test('a trunk that anchors, by the relay of the program', async (t) => {
  const bed = mediaBed();
  t.teardown(() => bed.stop());
  const { office, pair, unrelayed } = await soundScene(t, new RelayGateway(bed.media));
  const [phone, carrier] = [await plainSound(t), await plainSound(t)];
  const relays = async (wanted: number): Promise<void> => {
    while ((await bed.media.metrics())['relays'] !== wanted) await new Promise((resolve) => setImmediate(resolve));
  };
  await t.test('none is needed where it does not ask', async (t) => {
    const direct = await pair(t, { anchor: 'auto' }, phone, carrier);
    const call = await direct.out();
    t.same([call.towardCarrier, call.towardPhone], [phone.sdp(), carrier.sdp()]);
    await converse(t, phone, carrier, 'phone to carrier');
    await call.hangUp();
  });
  for (const way of ['out', 'in'] as const) {
    await t.test(`a call ${way}`, async (t) => {
      const anchored = await pair(t, { anchor: 'always' }, phone, carrier);
      const call = await anchored[way]();
      t.not(mediaPort(call.towardCarrier), mediaPort(phone.sdp()), 'the carrier is told a port of ours');
      t.not(mediaPort(call.towardPhone), mediaPort(carrier.sdp()), 'and the phone another');
      await converse(t, phone, carrier, 'heard at both ends');
      await relays(1);
      await offerAgain(call.phone, call.carrier, phone, carrier, 'sendonly');
      await offerAgain(call.phone, call.carrier, phone, carrier);
      await converse(t, phone, carrier, 'after hold');
      await offerAgain(call.carrier, call.phone, carrier, phone);
      await converse(t, phone, carrier, 'after an offer of the carrier');
      await call.hangUp();
      await relays(0);
    });
  }
  await t.test('a codec that it takes alone is offered, at the start and in the call', async (t) => {
    const anchored = await pair(t, { anchor: 'always', codecs: ['PCMU'] }, phone, carrier);
    const call = await anchored.out();
    t.match(call.towardCarrier, /m=audio \d+ RTP\/AVP 0 101\r\n/);
    await converse(t, phone, carrier, 'heard at both ends');
    t.match(await offerAgain(call.phone, call.carrier, phone, carrier), /m=audio \d+ RTP\/AVP 0 101\r\n/);
    await call.hangUp();
  });
  await t.test('what the relay cannot do is refused: encryption on one side alone', async (t) => {
    const anchored = await pair(t, { srtp: 'required' }, phone, carrier);
    const call = await anchored.phone.dial(anchored.dialled, { body: phone.sdp() });
    await call.ack(await call.response(488));
  });
  t.equal(unrelayed(), 0);
  t.same(NOTHING_WRONG(office.log.lines), []);
});

t.test('a trunk that anchors, by rtpengine', { skip }, async (t) => {
  const [first, second] = [await startRtpengine(t), await startRtpengine(t)];
  const changes: string[] = [];
  const instances = new NgInstances([first.address, second.address], {
    patience: { sends: 2, resendMs: 200 }, pingMs: 3_600_000, onChange: (instance, up) => changes.push(`${instance} ${up ? 'up' : 'down'}`),
  });
  t.teardown(() => instances.close());
  const gateway = new RtpengineGateway(instances);
  const { office, pair, unrelayed } = await soundScene(t, gateway);
  const noCalls = async (): Promise<void> => {
    while (gateway.figures()['rtpengine_calls'] !== 0) await new Promise((resolve) => setImmediate(resolve));
  };

  for (const { rule, media, phone: phoneSpeaks, carrier: carrierSpeaks } of [
    { rule: 'plain on both sides', media: { anchor: 'always' }, phone: 'off', carrier: 'off' },
    { rule: 'SRTP toward the carrier alone', media: { srtp: 'required' }, phone: 'off', carrier: 'required' },
    { rule: 'SRTP toward the phone alone', media: { srtp: 'off' }, phone: 'required', carrier: 'off' },
    { rule: 'SRTP on both sides, each with its own keys', media: { srtp: 'required', anchor: 'always' }, phone: 'required', carrier: 'required' },
  ] as const) {
    for (const way of ['out', 'in'] as const) {
      await t.test(`${rule}: a call ${way}`, async (t) => {
        const sound = (mode: 'off' | 'required') => (mode === 'off' ? plainSound(t) : encryptedSound(t));
        const [phone, carrier] = [await sound(phoneSpeaks), await sound(carrierSpeaks)];
        const call = await (await pair(t, media, phone, carrier, phoneSpeaks))[way]();
        await converse(t, phone, carrier, 'heard at both ends');
        t.equal(gateway.figures()['rtpengine_calls'], 1);
        await offerAgain(call.phone, call.carrier, phone, carrier, 'sendonly');
        await offerAgain(call.phone, call.carrier, phone, carrier);
        await converse(t, phone, carrier, 'after hold');
        await offerAgain(call.carrier, call.phone, carrier, phone);
        await converse(t, phone, carrier, 'after an offer of the carrier');
        await call.hangUp();
        await noCalls();
      });
    }
  }
  t.equal(unrelayed(), 0);

  await t.test('one that dies: new calls go through the other', async (t) => {
    const sounds = async () => [await plainSound(t), await encryptedSound(t)] as const;
    const [phone, carrier] = await sounds();
    const standing = await (await pair(t, { srtp: 'required' }, phone, carrier)).out();
    await converse(t, phone, carrier, 'before');
    await first.kill();
    for (const label of ['one', 'another']) {
      const [phone, carrier] = await sounds();
      const call = await (await pair(t, { srtp: 'required' }, phone, carrier)).out();
      await converse(t, phone, carrier, `${label} new call`);
      await call.hangUp();
    }
    t.same(changes, [`127.0.0.1:${first.address.port} down`]);
    await standing.hangUp();
  });
  await t.test('none is left: what needs no conversion goes without', async (t) => {
    await second.kill();
    const [phone, carrier] = [await plainSound(t), await plainSound(t)];
    const call = await (await pair(t, { anchor: 'always' }, phone, carrier)).out();
    await converse(t, phone, carrier, 'from phone to carrier');
    await call.hangUp();
    t.ok(unrelayed() > 0, 'and is counted');
  });
  t.same(NOTHING_WRONG(office.log.lines), []);
});
