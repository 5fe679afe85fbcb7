import t from 'tap';
import fc from 'fast-check';
import { Latch } from '../../../../sip/media/rtp/latch.js';
import { Reception } from '../../../../sip/media/rtp/reception.js';
import { readSenderReport, writeReport } from '../../../../sip/media/rtp/rtcp-packet.js';
import { isRtcp, readRtp, writeRtpHeader } from '../../../../sip/media/rtp/rtp-packet.js';

const packet = (payload: number, change: (packet: Buffer) => void = () => undefined): Buffer => {
  const made = Buffer.alloc(12 + payload);
  writeRtpHeader(made, 101, true, 65_535, 0xfffffffe, 0xdeadbeef);
  change(made);
  return made;
};

t.test('what is written is read', async (t) => {
  t.same(readRtp(packet(4)), { payloadType: 101, marker: true, sequence: 65_535, timestamp: 0xfffffffe, ssrc: 0xdeadbeef, start: 12, end: 16 });
});

const shapes: readonly (readonly [string, Buffer, object | null])[] = [
  ['contributing sources are passed over', packet(20, (p) => { p[0] = 0x82; }), { start: 20, end: 32 }],
  ['an extension is passed over', packet(20, (p) => { p[0] = 0x90; p.writeUInt16BE(2, 14); }), { start: 24, end: 32 }],
  ['padding is left out', packet(20, (p) => { p[0] = 0xa0; p[31] = 6; }), { start: 12, end: 26 }],
  ['eleven bytes', Buffer.alloc(11, 0x80), null],
  ['version 1', packet(4, (p) => { p[0] = 0x40; }), null],
  ['STUN', packet(4, (p) => { p[0] = 0; }), null],
  ['more sources than bytes', packet(4, (p) => { p[0] = 0x8f; }), null],
  ['an extension longer than the packet', packet(8, (p) => { p[0] = 0x90; p.writeUInt16BE(500, 14); }), null],
  ['padding longer than the payload', packet(4, (p) => { p[0] = 0xa0; p[15] = 5; }), null],
  ['padding of nothing', packet(4, (p) => { p[0] = 0xa0; p[15] = 0; }), null],
];
for (const [name, bytes, expected] of shapes) {
  t.test(name, async (t) => {
    const header = readRtp(bytes);
    if (expected === null) t.equal(header, null);
    else t.match(header, expected);
  });
}

t.test('any bytes are read or refused, and never outside the packet', async () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
    const given = Buffer.from(bytes);
    isRtcp(given);
    readSenderReport(given);
    const header = readRtp(given);
    return header === null || (header.start >= 12 && header.start <= header.end && header.end <= given.length);
  }), { numRuns: 2000 });
});

t.test('loss is counted over the wrap of the sequence, late packets are no loss (RFC 3550 §A.3)', async (t) => {
  const reception = new Reception(1, 65_533);
  for (const [at, sequence] of [65_533, 65_534, 0, 65_535, 3, 4].entries()) reception.packet(sequence, at * 160, at * 20);
  t.equal(reception.received, 6);
  t.equal(reception.lost, 2, 'numbers 1 and 2');
  t.match(reception.report(), { ssrc: 1, fractionLost: 64, lost: 2, highestSequence: 0x10004 });
  reception.packet(5, 960, 120);
  t.match(reception.report(), { fractionLost: 0, lost: 2 }, 'of the packets since the last report');
});

t.test('jitter is zero at an even pace, also when the timestamp wraps, and 1/16 of a deviation after it (RFC 3550 §A.8)', async (t) => {
  const reception = new Reception(1, 0);
  for (let at = 0; at < 40; at += 1) reception.packet(at, (0xfffffff0 + at * 160) >>> 0, 1000 + at * 20);
  t.ok(reception.jitterMs < 1e-6, `${reception.jitterMs}`);
  reception.packet(40, (0xfffffff0 + 40 * 160) >>> 0, 1000 + 40 * 20 + 16);
  t.ok(Math.abs(reception.jitterMs - 1) < 1e-6, `${reception.jitterMs}`);
  reception.packetWithoutTime(41);
  t.ok(Math.abs(reception.jitterMs - 1) < 1e-6, 'events do not count');
});

t.test('reports have the layout of RFC 3550 §6.4', async (t) => {
  const base = { ssrc: 7, cname: 'abc', nowMs: 5000, goodbye: true } as const;
  const sent = writeReport({
    ...base, sender: { epochMs: 1_500_000_000_500, timestamp: 160, packets: 3, bytes: 480 }, last: { middle: 0x01020304, atMs: 4500 },
    reception: { ssrc: 9, fractionLost: 64, lost: 2, highestSequence: 0x10004, jitter: 8 },
  });
  t.equal(sent.length, 52 + 16 + 8);
  t.same([sent[0], sent[1], sent.readUInt16BE(2), sent.readUInt32BE(4)], [0x81, 200, 12, 7]);
  t.equal(sent.readUInt32BE(8), 1_500_000_000 + 2_208_988_800 - 0, 'NTP seconds');
  t.equal(sent.readUInt32BE(12), 0x80000000, 'half a second');
  t.same([sent.readUInt32BE(28), sent[32], sent.readUIntBE(33, 3), sent.readUInt32BE(44), sent.readUInt32BE(48)], [9, 64, 2, 0x01020304, 32_768]);
  t.same([sent[53], sent[61], sent.subarray(62, 65).toString()], [202, 3, 'abc']);
  t.equal(sent[69], 203, 'BYE');
  t.equal(readSenderReport(sent), ((1_500_000_000 + 2_208_988_800) % 65_536) * 65_536 + 0x8000);
  const silent = writeReport({ ...base, goodbye: false, sender: null, last: null, reception: null });
  t.same([silent[0], silent[1], silent.length], [0x80, 201, 24]);
  t.equal(readSenderReport(silent), null);
  t.equal(isRtcp(silent), true);
});

t.test('a latch', async (t) => {
  const sdp = { address: '192.0.2.1', port: 4000 };
  const latch = new Latch(() => true);
  latch.expect(sdp);
  t.same(latch.target, sdp, 'before the first packet: the address of the SDP');
  t.ok(latch.accepts('203.0.113.5', 61_000), 'the first valid packet latches');
  t.same(latch.target, { address: '203.0.113.5', port: 61_000 });
  t.notOk(latch.accepts('203.0.113.6', 61_000), 'another source is dropped');
  t.notOk(latch.accepts('203.0.113.5', 61_001), 'another port too');
  latch.expect(sdp);
  t.equal(latch.target?.port, 61_000, 'the same SDP again: packets go on to where they went');
  t.ok(latch.accepts('203.0.113.5', 62_000), 'and the next source counts');
  latch.expect(null);
  t.equal(latch.target?.port, 62_000, 'hold by 0.0.0.0 forgets nothing');
  latch.expect({ address: '192.0.2.2', port: 4000 });
  t.same(latch.target, { address: '192.0.2.2', port: 4000 }, 'another SDP address counts at once');
  const strict = new Latch((address, told) => address === told?.address);
  strict.expect(sdp);
  t.notOk(strict.accepts('203.0.113.5', 4000), 'known-address: nobody else');
  t.ok(strict.accepts('192.0.2.1', 4100), 'any port of it');
});
