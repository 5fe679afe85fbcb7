/** What an RTP packet says (RFC 3550 §5.1); the payload lies in the packet from `start` up to `end`. */
export interface RtpHeader {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly start: number;
  readonly end: number;
}

export const RTP_HEADER_BYTES = 12;

/** Reads an RTP packet; null where it is none: another version, or lengths that do not fit (RFC 3550 §A.1). Never throws. */
export function readRtp(packet: Buffer): RtpHeader | null {
  const length = packet.length;
  if (length < RTP_HEADER_BYTES) return null;
  const first = packet[0] ?? 0;
  const second = packet[1] ?? 0;
  if (first >> 6 !== 2) return null;
  let start = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (start + 4 > length) return null;
    start += 4 + 4 * packet.readUInt16BE(start + 2);
  }
  const padding = (first & 0x20) === 0 ? 0 : packet[length - 1] ?? 0;
  if ((first & 0x20) !== 0 && padding === 0) return null;
  const end = length - padding;
  if (start > end) return null;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    start,
    end,
  };
}

/** Whether this is RTCP where RTP and RTCP share a port (RFC 5761 §4). */
export function isRtcp(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Writes the 12 bytes of a header without sources and extensions. */
export function writeRtpHeader(into: Buffer, payloadType: number, marker: boolean, sequence: number, timestamp: number, ssrc: number): void {
  into[0] = 0x80;
  into[1] = (marker ? 0x80 : 0) | payloadType;
  into.writeUInt16BE(sequence & 0xffff, 2);
  into.writeUInt32BE(timestamp >>> 0, 4);
  into.writeUInt32BE(ssrc >>> 0, 8);
}
