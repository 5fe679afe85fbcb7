import t, { type Test } from 'tap';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { MediaRelay, RelayLeg } from '../../src/ports/media.js';
import { mediaBed } from '../support/media-bed.js';
import { RtpPhone, mediaPort } from '../support/rtp-phone.js';

/** Two phones with a relay between them; the offer went from a to b, the answer back. */
async function relayed(t: Test, inactivityMs = 60_000) {
  const bed = mediaBed();
  const [a, b] = [await RtpPhone.open(), await RtpPhone.open()];
  t.teardown(() => {
    bed.stop();
    a.close();
    b.close();
  });
  const opened = await bed.media.open({ peers: { a: '127.0.0.1', b: '127.0.0.1' }, streams: 1, inactivityMs });
  if (opened.kind !== 'relay') throw new Error(opened.kind);
  const { relay } = opened;
  const towardB = mediaPort(await passed(relay, 'a', a.sdp()));
  const towardA = mediaPort(await passed(relay, 'b', b.sdp()));
  return { bed, relay, a, b, towardA, towardB };
}

async function passed(relay: MediaRelay, from: RelayLeg, sdp: string): Promise<string> {
  const outcome = await relay.pass(from, sdp);
  if (outcome.kind !== 'sdp') throw new Error(outcome.kind);
  return outcome.sdp;
}

t.test('RTP and RTCP go both ways, unread', async (t) => {
  const { a, b, towardA, towardB, bed } = await relayed(t);
  const payload = Buffer.from('any payload at all');
  a.say(towardA, { payload, payloadType: 111 });
  b.say(towardB, { payload, payloadType: 96 });
  await b.until(() => b.heard.length > 0);
  await a.until(() => a.heard.length > 0);
  t.same([b.heard[0]?.payload, b.heard[0]?.header.payloadType, b.heard[0]?.from], [payload, 111, towardB]);
  t.same([a.heard[0]?.payload, a.heard[0]?.header.payloadType, a.heard[0]?.from], [payload, 96, towardA]);
  const report = Buffer.from([0x80, 201, 0, 1, 1, 2, 3, 4]);
  a.rtcp.send(report, towardA + 1, '127.0.0.1');
  await b.until(() => b.reports.length > 0);
  t.same(b.reports[0], report);
  t.match(await bed.media.metrics(), { relays: 1, relay_packets: 3, relay_packets_dropped: 0 });
});

t.test('a leg behind NAT is answered where it sends from; strangers and garbage are dropped', async (t) => {
  const { a, b, towardA, towardB, bed } = await relayed(t);
  const nat = createSocket('udp4').bind(0, '127.0.0.1');
  await once(nat, 'listening');
  t.teardown(() => nat.close());
  nat.send(Buffer.from('garbage of more than twelve bytes'), towardA, '127.0.0.1');
  a.say(towardA, { from: nat });
  await b.until(() => b.heard.length === 1);
  const heard = once(nat, 'message');
  b.say(towardB);
  await heard;
  a.say(towardA);
  a.say(towardA, { from: nat });
  await b.until(() => b.heard.length === 2);
  t.match(await bed.media.metrics(), { relay_packets: 3, relay_packets_dropped: 2 });
});

t.test('what a relay cannot carry is told', async (t) => {
  const { relay, a } = await relayed(t);
  t.match(await relay.pass('a', a.sdp('m=video 4000 RTP/AVP 96')), { kind: 'not-relayable', why: 'too-many-streams' });
  t.match(await relay.pass('a', a.sdp().replace('RTP/AVP', 'UDP/TLS/RTP/SAVPF')), { kind: 'not-relayable', why: 'ice' });
  t.match(await relay.pass('a', 'v=1'), { kind: 'malformed' });
});

t.test('silence of both legs is told; after the end nothing passes', async (t) => {
  const { relay, a, bed } = await relayed(t, 1000);
  await new Promise<void>((resolve) => relay.on('inactive', resolve));
  const closed = new Promise<void>((resolve) => relay.on('closed', resolve));
  relay.close();
  await closed;
  t.match(await relay.pass('a', a.sdp()), { kind: 'media-down' });
  t.match(await bed.media.metrics(), { relays: 0 });
});

t.test('no ports, no relay', async (t) => {
  const bed = mediaBed({ min: 20_001, max: 20_002 });
  t.teardown(() => bed.stop());
  t.same(await bed.media.open({ peers: { a: '127.0.0.1', b: '127.0.0.1' }, streams: 1 }), { kind: 'no-port' });
});
