import type { ReceptionReport } from './reception.js';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
/** Seconds from 1900 (NTP) to 1970 (RFC 3550 §4). */
const NTP_EPOCH_S = 2_208_988_800;

/** What a sender tells of itself in a report. */
export interface SenderInfo {
  readonly epochMs: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
}

/** The last sender report of the other side: middle 32 bits of its NTP time, and when it came (RFC 3550 §6.4.1 LSR, DLSR). */
export interface LastSenderReport {
  readonly middle: number;
  readonly atMs: number;
}

export interface Report {
  readonly ssrc: number;
  readonly cname: string;
  /** Null: nothing was sent since the last report, this is a receiver report. */
  readonly sender: SenderInfo | null;
  readonly reception: ReceptionReport | null;
  readonly last: LastSenderReport | null;
  readonly nowMs: number;
  readonly goodbye: boolean;
}

/** A compound packet: report first, then CNAME (RFC 3550 §6.1), BYE at the end. */
export function writeReport(report: Report): Buffer {
  const { ssrc, sender, reception } = report;
  const blocks = reception === null ? 0 : 1;
  const body = Buffer.alloc(8 + (sender === null ? 0 : 20) + 24 * blocks);
  header(body, blocks, sender === null ? RECEIVER_REPORT : SENDER_REPORT);
  body.writeUInt32BE(ssrc, 4);
  if (sender !== null) writeSender(body, sender);
  if (reception !== null) writeBlock(body, body.length - 24, reception, report);
  const name = Buffer.from(report.cname, 'latin1').subarray(0, 255);
  // item type, length, text, at least one null, then up to the next word
  const description = Buffer.alloc(8 + 4 * Math.ceil((2 + name.length + 1) / 4));
  header(description, 1, SOURCE_DESCRIPTION);
  description.writeUInt32BE(ssrc, 4);
  description[8] = 1;
  description[9] = name.length;
  name.copy(description, 10);
  if (!report.goodbye) return Buffer.concat([body, description]);
  const bye = Buffer.alloc(8);
  header(bye, 1, GOODBYE);
  bye.writeUInt32BE(ssrc, 4);
  return Buffer.concat([body, description, bye]);
}

function header(packet: Buffer, count: number, type: number): void {
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
}

function writeSender(packet: Buffer, sender: SenderInfo): void {
  const seconds = Math.floor(sender.epochMs / 1000);
  packet.writeUInt32BE((seconds + NTP_EPOCH_S) % 0x1_0000_0000, 8);
  packet.writeUInt32BE(Math.floor(((sender.epochMs % 1000) / 1000) * 0x1_0000_0000) >>> 0, 12);
  packet.writeUInt32BE(sender.timestamp >>> 0, 16);
  packet.writeUInt32BE(sender.packets >>> 0, 20);
  packet.writeUInt32BE(sender.bytes >>> 0, 24);
}

function writeBlock(packet: Buffer, at: number, block: ReceptionReport, { last, nowMs }: Report): void {
  packet.writeUInt32BE(block.ssrc, at);
  packet[at + 4] = block.fractionLost;
  packet.writeUIntBE(block.lost, at + 5, 3);
  packet.writeUInt32BE(block.highestSequence, at + 8);
  packet.writeUInt32BE(block.jitter >>> 0, at + 12);
  packet.writeUInt32BE(last?.middle ?? 0, at + 16);
  packet.writeUInt32BE(last === null ? 0 : Math.min(0xffffffff, Math.round(((nowMs - last.atMs) / 1000) * 65_536)), at + 20);
}

/** The NTP middle of a sender report at the front of a compound packet; null for any other RTCP, undefined for what is no RTCP. */
export function readSenderReport(packet: Buffer): number | null | undefined {
  if (packet.length < 8 || (packet[0] ?? 0) >> 6 !== 2) return undefined;
  const type = packet[1] ?? 0;
  if (type !== SENDER_REPORT && type !== RECEIVER_REPORT) return undefined;
  if (4 * (packet.readUInt16BE(2) + 1) > packet.length) return undefined;
  return type === SENDER_REPORT && packet.length >= 28 ? ((packet.readUInt16BE(10) << 16) | packet.readUInt16BE(12)) >>> 0 : null;
}
