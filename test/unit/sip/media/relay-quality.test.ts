import fc from 'fast-check';
import t from 'tap';
import { formatsOf } from '../../../../sip/media/relay/formats.js';
import { ReportWatch } from '../../../../sip/media/relay/report-watch.js';
import { StreamMeter } from '../../../../sip/media/relay/stream-meter.js';
import { writeReport } from '../../../../sip/media/rtp/rtcp-packet.js';
import { readReports } from '../../../../sip/media/rtp/rtcp-reading.js';
import { writeRtpHeader } from '../../../../sip/media/rtp/rtp-packet.js';
import { readSdp } from '../../../../sip/media/sdp/session-description.js';

const sdp = (protocol: string, ...lines: readonly string[]): ReturnType<typeof formatsOf> => {
  const reading = readSdp(['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', `m=audio 4000 ${protocol} 0 8 101 111`, ...lines, ''].join('\r\n'));
  if (reading.kind === 'malformed') throw new Error(reading.reason);
  return formatsOf(reading.session);
};
const [AUDIO] = sdp('RTP/AVP', 'a=rtpmap:101 telephone-event/8000', 'a=rtpmap:111 opus/48000/2');
const formatOf = (type: number) => AUDIO?.formats.get(type) ?? null;

function rtp(sequence: number, timestamp: number, { ssrc = 7, type = 8, bytes = 160 } = {}): Buffer {
  const packet = Buffer.alloc(12 + bytes);
  writeRtpHeader(packet, type, false, sequence & 0xffff, timestamp, ssrc);
  return packet;
}

/** So many packets, 20 ms apart, without those named. */
function heard(count: number, options: { readonly without?: (at: number) => boolean; readonly first?: number; readonly ssrc?: number } = {}, meter = new StreamMeter(), fromMs = 0): StreamMeter {
  for (let at = 0; at < count; at += 1) {
    if (options.without?.(at) !== true) meter.packet(rtp((options.first ?? 0) + at, at * 160, { ssrc: options.ssrc ?? 7 }), formatOf, fromMs + at * 20);
  }
  return meter;
}

t.test('what a payload type stands for', async (t) => {
  t.same(formatOf(8), { codec: 'PCMA', clockRate: 8000 });
  t.same(formatOf(111), { codec: 'opus', clockRate: 48_000 });
  t.equal(formatOf(96), null);
  t.match([AUDIO, ...sdp('RTP/SAVP'), ...sdp('UDP/TLS/RTP/SAVPF')], [{ audio: true, secure: false }, { secure: true }, { secure: true }]);
  t.same(sdp('RTP/AVP', 'a=rtpmap:0 PCMU/0', 'a=rtpmap:300000 x/8000', 'a=rtpmap:9', 'a=rtpmap:97 <b>/8000')[0]?.formats.get(97), undefined);
});

t.test('counting what passes', async (t) => {
  t.match(heard(500).figures, { codec: 'PCMA', packets: 500, lossPercent: 0, maxLossPercent: 0, jitterMs: 0, bitrateKbps: 64.1 });
  t.match(heard(500, { without: (at) => at % 10 === 5 }).figures, { packets: 450, lossPercent: 10, maxLossPercent: 10 }, 'one of ten');
  t.match(heard(1000, { without: (at) => at >= 250 && at < 375 }).figures, { lossPercent: 12.5, maxLossPercent: 33.2 }, 'two and a half seconds without: the worst part');
  t.match(heard(500, { first: 65_400 }).figures, { packets: 500, lossPercent: 0 }, 'sequence numbers begin anew at 65,536');
  const two = heard(100, { ssrc: 9, first: 40_000 }, heard(100, { without: (at) => at === 50 }), 2000);
  t.match(two.figures, { packets: 199, lossPercent: 0.5 }, 'another source after the first one');
  const jumped = heard(100, { first: 30_000 }, heard(100), 2000);
  t.match(jumped.figures, { packets: 200, lossPercent: 0 }, 'a jump of its numbers is no loss (RFC 3550 §A.1)');
  const swapped = new StreamMeter();
  for (const at of [0, 2, 1, 3, 3, 4]) swapped.packet(rtp(at, at * 160), formatOf, at * 20);
  t.match(swapped.figures, { packets: 6, lossPercent: 0 }, 'reordered and doubled');
  const uneven = new StreamMeter();
  for (let at = 0; at < 400; at += 1) uneven.packet(rtp(at, at * 160), formatOf, at * 20 + (at % 2) * 10);
  t.equal(Math.round(uneven.figures.jitterMs ?? 0), 10, 'jitter in milliseconds');
  const opus = new StreamMeter();
  for (let at = 0; at < 400; at += 1) opus.packet(rtp(at, at * 960, { type: 111 }), formatOf, at * 20 + (at % 2) * 10);
  t.match({ ...opus.figures, jitterMs: Math.round(opus.figures.jitterMs ?? 0) }, { codec: 'opus', jitterMs: 10 }, 'of a clock of 48 kHz, too');
  const digits = heard(50);
  for (let at = 0; at < 50; at += 1) digits.packet(rtp(50 + at, 8000, { type: 101, bytes: 4 }), formatOf, 1000 + at * 20);
  t.match(digits.figures, { codec: 'PCMA', packets: 100, lossPercent: 0, jitterMs: 0 }, 'digits, whose time stands still');
  t.match(new StreamMeter().figures, { codec: '', packets: 0, lossPercent: null, maxLossPercent: null, jitterMs: null, bitrateKbps: null });
  t.equal(new StreamMeter().packet(Buffer.from([0x80, 8, 0]), formatOf, 0), false);
});

const report = (lost: number, jitter: number, last: { middle: number; atMs: number } | null, nowMs: number, sender = false): Buffer => writeReport({
  ssrc: 1, cname: 'x', sender: sender ? { epochMs: nowMs, timestamp: 1, packets: 1, bytes: 1 } : null, last, nowMs, goodbye: false,
  reception: { ssrc: 7, fractionLost: lost, lost: 3, highestSequence: 9, jitter },
});

t.test('what a party says it heard, and how long the way to it is', async (t) => {
  const watch = new ReportWatch();
  t.equal(watch.figures(8000), null, 'nothing said');
  const asked = readReports(report(0, 0, null, 1_700_000_000_000, true));
  t.match(asked, [{ kind: 'sender' }, { kind: 'block', lastReport: 0 }]);
  const middle = asked.find((one) => one.kind === 'sender')?.middle ?? 0;
  watch.toParty(asked, 1000);
  // It came to the party at 1020, which answered half a second later, and the answer took 30 ms.
  watch.ofParty(readReports(report(26, 160, { middle, atMs: 1020 }, 1520)), 1550);
  t.match(watch.figures(8000), { lossPercent: 10.16, maxLossPercent: 10.16, jitterMs: 20, roundTripMs: 50, mos: null });
  watch.ofParty(readReports(report(0, 80, { middle: 12_345, atMs: 1020 }, 9000)), 9000);
  t.match(watch.figures(8000), { lossPercent: 5.08, maxLossPercent: 10.16, jitterMs: 10, roundTripMs: 50 }, 'an answer to nothing leaves the time as it was');
  const metrics = Buffer.concat([Buffer.from([0x80, 207, 0, 10, 0, 0, 0, 1, 7, 0, 0, 8]), Buffer.alloc(32)]);
  metrics[8 + 26] = 41;
  metrics[8 + 27] = 127;
  watch.ofParty(readReports(metrics), 9100);
  t.match(watch.figures(8000), { mos: 4.1 }, 'RFC 3611 §4.7');
});

t.test('RTCP that is none', async (t) => {
  const good = report(26, 160, null, 1000, true);
  const rows: readonly (readonly [what: string, packet: Buffer, found: number])[] = [
    ['nothing', Buffer.alloc(0), 0], ['four bytes', good.subarray(0, 4), 0], ['cut off', good.subarray(0, 40), 0], ['version 1', Buffer.concat([Buffer.from([0x41]), good.subarray(1)]), 0],
    ['says it has 31 blocks', Buffer.concat([Buffer.from([0x9f]), good.subarray(1)]), 2], ['RTP', rtp(1, 1), 0], ['zeros', Buffer.alloc(1000), 0],
    ['a hundred reports', Buffer.concat(Array.from({ length: 100 }, () => report(1, 1, null, 1).subarray(0, 32))), 16],
  ];
  for (const [what, packet, found] of rows) t.equal(readReports(packet).length, found, what);
  await t.resolves(fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
    const [meter, watch] = [new StreamMeter(), new ReportWatch()];
    const packet = Buffer.from(bytes);
    meter.packet(packet, formatOf, 1);
    for (const head of [[0x81, 200], [0x81, 201], [0x80, 207]]) watch.ofParty(readReports(Buffer.concat([Buffer.from(head), packet.subarray(2)])), 5);
    const { lossPercent } = meter.figures;
    return (lossPercent ?? 0) <= 100 && (watch.figures(8000)?.lossPercent ?? 0) <= 100;
  })));
});
