/** What a compound packet says, as far as quality is concerned. */
export type ReadReport =
  /** `middle`: the middle 32 bits of its NTP time. */
  | { readonly kind: 'sender'; readonly middle: number }
  /** One block of a sender or receiver report (RFC 3550 §6.4.1). */
  | {
    readonly kind: 'block';
    /** 0 to 255. */
    readonly fractionLost: number;
    /** In timestamp units. */
    readonly jitter: number;
    /** `middle` of the sender report it answers; 0 = none came yet. */
    readonly lastReport: number;
    readonly sinceLastMs: number;
  }
  /** RFC 3611 §4.7; null where the party does not estimate. */
  | { readonly kind: 'voip-metrics'; readonly mos: number | null };

const [SENDER_REPORT, RECEIVER_REPORT, EXTENDED_REPORT] = [200, 201, 207];
const VOIP_METRICS = 7;
const BLOCK_BYTES = 24;
const SENDER_BYTES = 20;
/** A compound packet of more parts than this is none of a phone. */
const MOST_PARTS = 16;

/** Reads a compound packet (RFC 3550 §6.1); what is cut off or of no use is left out. Never throws. */
export function readReports(packet: Buffer): readonly ReadReport[] {
  const found: ReadReport[] = [];
  let at = 0;
  for (let part = 0; part < MOST_PARTS && at + 8 <= packet.length && (packet[at] ?? 0) >> 6 === 2; part += 1) {
    const end = at + 4 * (packet.readUInt16BE(at + 2) + 1);
    if (end > packet.length) break;
    const type = packet[at + 1];
    const one = packet.subarray(at, end);
    const count = (one[0] ?? 0) & 0x1f;
    if (type === SENDER_REPORT && one.length >= 8 + SENDER_BYTES) {
      found.push({ kind: 'sender', middle: ((one.readUInt16BE(10) << 16) | one.readUInt16BE(12)) >>> 0 }, ...blocksOf(one, 8 + SENDER_BYTES, count));
    } else if (type === RECEIVER_REPORT) found.push(...blocksOf(one, 8, count));
    else if (type === EXTENDED_REPORT) found.push(...metricsOf(one));
    at = end;
  }
  return found;
}

function blocksOf(part: Buffer, from: number, count: number): readonly ReadReport[] {
  const blocks: ReadReport[] = [];
  for (let at = from; blocks.length < count && at + BLOCK_BYTES <= part.length; at += BLOCK_BYTES) {
    blocks.push({
      kind: 'block', fractionLost: part[at + 4] ?? 0, jitter: part.readUInt32BE(at + 12),
      lastReport: part.readUInt32BE(at + 16), sinceLastMs: (part.readUInt32BE(at + 20) / 65_536) * 1000,
    });
  }
  return blocks;
}

function metricsOf(part: Buffer): readonly ReadReport[] {
  const found: ReadReport[] = [];
  for (let at = 8; at + 4 <= part.length;) {
    const end = at + 4 * (part.readUInt16BE(at + 2) + 1);
    // Bytes 26 and 27 of the block: MOS of listening and of conversation, times ten; 127 = not known.
    if (part[at] === VOIP_METRICS && end <= part.length && end - at >= 36) found.push({ kind: 'voip-metrics', mos: opinion(part[at + 27]) ?? opinion(part[at + 26]) });
    at = end;
  }
  return found;
}

function opinion(tenths: number | undefined): number | null {
  return tenths === undefined || tenths < 10 || tenths > 50 ? null : tenths / 10;
}
