import t, { type Test } from 'tap';
import type { GatewayOutcome, LegProfile } from '../../src/ports/media.js';
import { writeReport } from '../../sip/media/rtp/rtcp-packet.js';
import { readReports } from '../../sip/media/rtp/rtcp-reading.js';
import { NgInstances } from '../../sip/media/rtpengine/ng-instances.js';
import type { NgAddress } from '../../sip/media/rtpengine/ng-client.js';
import { RtpengineGateway } from '../../sip/media/rtpengine/rtpengine-gateway.js';
import { endpointFor, isSilent, mediaBed, PIN, toneAudio } from '../support/media-bed.js';
import { hangUp, relayScene, talk } from '../support/media-relay-scene.js';
import { freePort } from '../support/product-ports.js';
import { noRtpengine, startRtpengine } from '../support/rtpengine.js';
import { mediaPort, RtpPhone } from '../support/rtp-phone.js';
import { SrtpPhone } from '../support/srtp-phone.js';

const skip = noRtpengine() ?? false;
const PLAIN: LegProfile = { transport: 'RTP/AVP', ice: 'none', nat: { trustSdpAddress: true, source: '127.0.0.1' }, codecs: [], advertise: null };
const ENDPOINT: LegProfile = { ...PLAIN, codecs: ['PCMU', 'PCMA', 'telephone-event'] };
const SDES: LegProfile = { ...PLAIN, transport: 'RTP/SAVP' };
const BROWSER: LegProfile = { ...PLAIN, transport: 'UDP/TLS/RTP/SAVPF', ice: 'force' };

function gatewayTo(t: Test, ...addresses: readonly NgAddress[]): { gateway: RtpengineGateway; instances: NgInstances; changes: string[] } {
  const changes: string[] = [];
  const instances = new NgInstances(addresses, {
    patience: { sends: 2, resendMs: 200 }, pingMs: 3_600_000, onChange: (instance, up) => changes.push(`${instance} ${up ? 'up' : 'down'}`),
  });
  t.teardown(() => instances.close());
  return { gateway: new RtpengineGateway(instances), instances, changes };
}

function sdpOf(outcome: GatewayOutcome): string {
  if (outcome.kind !== 'sdp') throw new Error(JSON.stringify(outcome));
  return outcome.sdp;
}

async function phones(t: Test): Promise<readonly [RtpPhone, RtpPhone]> {
  const both = [await RtpPhone.open(), await RtpPhone.open()] as const;
  t.teardown(() => both.forEach((phone) => phone.close()));
  return both;
}

/** What a browser offers, as far as a description goes: nobody stands behind it. */
const browserOffer = (formats = '111 0 126', maps: readonly string[] = ['a=rtpmap:111 opus/48000/2', 'a=rtpmap:126 telephone-event/8000']): string => [
  'v=0', 'o=- 46117317 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0', `m=audio 9 UDP/TLS/RTP/SAVPF ${formats}`, 'c=IN IP4 0.0.0.0', 'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 127.0.0.1 40404 typ host', 'a=ice-ufrag:Yfrg', 'a=ice-pwd:0123456789abcdef01234567',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`, 'a=setup:actpass', 'a=mid:0', 'a=sendrecv', 'a=rtcp-mux', ...maps, '',
].join('\r\n');

t.test('through a real rtpengine', { skip }, async (t) => {
  const { address } = await startRtpengine(t);
  const { gateway, instances } = gatewayTo(t, address);

  await t.test('plain RTP passes both ways, also after a re-INVITE of either side, and ends with the call', async (t) => {
    const [a, b] = await phones(t);
    const fromA = { callId: 'plain', fromTag: 'a', toTag: 'b' };
    const towardB = sdpOf(await gateway.offer(fromA, a.sdp(), PLAIN));
    const towardA = sdpOf(await gateway.answer(fromA, b.sdp(), PLAIN));
    const heardBoth = async (label: string): Promise<void> => {
      const [before, beforeB] = [a.heard.length, b.heard.length];
      a.say(mediaPort(towardA));
      await b.until(() => b.heard.length > beforeB);
      b.say(mediaPort(towardB));
      await t.resolves(a.until(() => a.heard.length > before), label);
    };
    await heardBoth('first');
    const held = sdpOf(await gateway.offer(fromA, a.sdp('a=sendonly'), PLAIN));
    t.match(held, /a=sendonly/);
    t.equal(mediaPort(held), mediaPort(towardB), 'hold keeps the port');
    await gateway.answer(fromA, b.sdp('a=recvonly'), PLAIN);
    const fromB = { callId: 'plain', fromTag: 'b', toTag: 'a' };
    t.equal(mediaPort(sdpOf(await gateway.offer(fromB, b.sdp(), PLAIN))), mediaPort(towardA));
    t.equal(mediaPort(sdpOf(await gateway.answer(fromB, a.sdp(), PLAIN))), mediaPort(towardB));
    await heardBoth('after an offer of the other side');
    t.equal(gateway.figures()['rtpengine_calls'], 1);
    for (let packet = 0; packet < 20; packet += 1) a.say(mediaPort(towardA));
    await b.until(() => b.heard.length >= 22);
    /** One party's report, answering the other's last one; resolves when it is there. */
    const report = async (from: RtpPhone, to: RtpPhone, toward: string, told: { readonly fractionLost: number; readonly jitter: number }): Promise<void> => {
      const middle = readReports(from.reports.at(-1) ?? Buffer.alloc(0)).find((one) => one.kind === 'sender')?.middle;
      const seen = to.reports.length;
      from.rtcp.send(writeReport({
        ssrc: from.ssrc, cname: 'x', sender: { epochMs: Date.now(), timestamp: 1, packets: 2, bytes: 320 }, last: middle === undefined ? null : { middle, atMs: 0 }, nowMs: 0.05, goodbye: false,
        reception: { ssrc: to.ssrc, lost: 3, highestSequence: 200, ...told },
      }), mediaPort(toward) + 1, '127.0.0.1');
      await to.until(() => to.reports.length > seen);
    };
    for (let round = 0; round < 3; round += 1) {
      await report(a, b, towardA, { fractionLost: 0, jitter: 40 });
      await report(b, a, towardB, { fractionLost: 26, jitter: 80 });
    }
    const quality = await gateway.remove(fromA);
    t.match(quality, { a: { sent: { codec: 'PCMU', packets: 22 } }, b: { sent: { codec: 'PCMU', packets: 2 } } });
    // Of reports that come so fast it takes only some.
    t.match(quality?.['a']?.heard ?? quality?.['b']?.heard, quality?.['a']?.heard === null ? { lossPercent: 10, jitterMs: 10 } : { lossPercent: 0, jitterMs: 5 }, 'what they said they heard');
    t.equal(await gateway.remove(fromA), null, 'it is told once');
    for (const ask of instances.candidates()) t.match(await ask({ command: 'query', 'call-id': 'plain' }), { 'result': 'error', 'error-reason': /Unknown call-id/ });
    t.equal(gateway.figures()['rtpengine_calls'], 0);
  });

  await t.test('a phone with SRTP talks to an endpoint of ours: it hears the prompt, its digits arrive', async (t) => {
    const bed = mediaBed();
    const phone = await SrtpPhone.open();
    t.teardown(() => {
      bed.stop();
      phone.close();
    });
    const call = { callId: 'srtp', fromTag: 'a' };
    const plain = sdpOf(await gateway.offer(call, phone.sdp(), ENDPOINT));
    t.match(plain, /m=audio \d+ RTP\/AVP 0 8 101/);
    t.notMatch(plain, /crypto/);
    const { endpoint, sdp } = await endpointFor(bed.media, plain);
    const back = sdpOf(await gateway.answer(call, sdp, SDES));
    t.match(back, /m=audio \d+ RTP\/SAVP/);
    phone.told(back);
    phone.say();
    endpoint.play([{ audio: toneAudio(3000) }], { bargeIn: true });
    await phone.until(() => phone.heard.some((payload) => payload.length === 160 && !isSilent(payload)));
    const collected = endpoint.collect(PIN);
    for (const digit of '42#') phone.press(digit);
    t.same(await collected, { digits: '42', reason: 'terminator' });
    t.equal(phone.forged, 0, 'all that came was protected with the key told');
    await gateway.remove(call);
  });

  await t.test('a browser is offered plain RTP of a phone, and answered in kind', async (t) => {
    const [phone] = await phones(t);
    const call = { callId: 'browser', fromTag: 'a', toTag: 'b' };
    const plain = sdpOf(await gateway.offer(call, browserOffer(), ENDPOINT));
    t.match(plain, /m=audio \d+ RTP\/AVP 0 126\r/, 'without opus');
    t.notMatch(plain, /candidate|ice-|fingerprint|rtcp-mux|opus/);
    const answer = phone.sdp().replace(' 0 8 101', ' 0 126').replace('rtpmap:101', 'rtpmap:126');
    const back = sdpOf(await gateway.answer(call, answer, BROWSER));
    for (const part of [/UDP\/TLS\/RTP\/SAVPF 0 126/, /a=fingerprint:/, /a=setup:(?:active|passive)/, /a=ice-ufrag:/, /a=candidate:/, /a=rtcp-mux/]) t.match(back, part);
    await gateway.remove(call);
  });

  await t.test('who speaks no G.711 is converted', async (t) => {
    const call = { callId: 'opus', fromTag: 'a' };
    const plain = sdpOf(await gateway.offer(call, browserOffer('111 126'), ENDPOINT));
    t.match(plain, /m=audio \d+ RTP\/AVP 0 126\r/);
    await gateway.remove(call);
  });

  await t.test('a phone calls a browser', async (t) => {
    const [phone] = await phones(t);
    const call = { callId: 'to-browser', fromTag: 'a', toTag: 'b' };
    const offered = sdpOf(await gateway.offer(call, phone.sdp(), BROWSER));
    for (const part of [/UDP\/TLS\/RTP\/SAVPF 0 8 101/, /a=setup:actpass/, /a=ice-ufrag:/, /a=mid:/, /a=rtcp-mux/]) t.match(offered, part);
    t.notMatch(offered, /a=crypto/);
    await gateway.remove(call);
  });

  await t.test('what it refuses is told with its reason', async (t) => {
    t.match(await gateway.offer({ callId: 'bad', fromTag: 'a' }, 'no description', PLAIN), { kind: 'refused', reason: /SDP/i });
    t.match(await gateway.answer({ callId: 'never', fromTag: 'a' }, 'x', PLAIN), { kind: 'refused' });
  });

  await t.test('a call between phones, one behind NAT', async (t) => {
    const here = await relayScene(t, { gateway });
    const [ann, bob] = [await here.phone(t, 'open'), await here.phone(t, 'hidden')];
    const standing = await here.call(ann, bob);
    await talk(ann, bob, standing.towardAnn, standing.towardBob);
    t.equal(gateway.figures()['rtpengine_calls'], 1);
    await hangUp(standing);
    t.equal(here.unrelayed(), 0);
  });
});

t.test('several instances', { skip }, async (t) => {
  const [first, second] = [await startRtpengine(t), await startRtpengine(t)];
  const { gateway, instances, changes } = gatewayTo(t, first.address, second.address);
  const [phone] = await phones(t);
  await instances.ping();
  await gateway.offer({ callId: 'one', fromTag: 'a' }, phone.sdp(), PLAIN);
  await gateway.offer({ callId: 'two', fromTag: 'a' }, phone.sdp(), PLAIN);
  const calls: string[] = [];
  for (const ask of instances.candidates()) calls.push(String((await ask({ command: 'list' }))?.['calls']));
  t.same(calls.sort(), ['one', 'two'], 'take turns');
  await first.kill();
  const outcomes = await Promise.all(['three', 'four'].map((callId) => gateway.offer({ callId, fromTag: 'a' }, phone.sdp(), PLAIN)));
  t.match(outcomes, [{ kind: 'sdp' }, { kind: 'sdp' }], 'new calls go to the one that lives');
  t.same(changes, [`127.0.0.1:${first.address.port} down`]);
  t.equal(instances.up, 1);
  const old = await Promise.all(['one', 'two'].map((callId) => gateway.answer({ callId, fromTag: 'a' }, phone.sdp(), PLAIN)));
  t.same(old.map(({ kind }) => kind).sort(), ['gateway-down', 'sdp'], 'a call stays where it is');
  await second.kill();
  t.match(await gateway.offer({ callId: 'five', fromTag: 'a' }, phone.sdp(), PLAIN), { kind: 'gateway-down' });
  t.match(gateway.figures(), { rtpengine_instances: 2, rtpengine_instances_up: 0 });
});

t.test('a call goes on without rtpengine where none answers', async (t) => {
  const { gateway } = gatewayTo(t, { host: '127.0.0.1', port: await freePort() });
  const here = await relayScene(t, { gateway });
  const [ann, bob] = [await here.phone(t, 'open'), await here.phone(t, 'hidden')];
  const standing = await here.call(ann, bob);
  t.equal(standing.towardBob, ann.sound.sdp());
  t.equal(here.unrelayed(), 1);
  await hangUp(standing);
});
