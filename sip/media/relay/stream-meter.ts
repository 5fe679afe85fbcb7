import { readRtp } from '../rtp/rtp-packet.js';
import { Reception } from '../rtp/reception.js';
import { isEvent, type Format } from './formats.js';

/** What came of one direction. Loss is null until something came. */
export interface MeterFigures {
  readonly codec: string;
  readonly packets: number;
  readonly lossPercent: number | null;
  readonly maxLossPercent: number | null;
  readonly jitterMs: number | null;
  readonly bitrateKbps: number | null;
}

/** RFC 3550 §A.1: a sequence number further ahead belongs to a stream that began anew. */
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;
/** How long the parts are of which the worst is remembered. */
const PART_MS = 5000;

/** Counts RTP that passes: loss by sequence numbers, jitter (RFC 3550 §6.4.1), octets. Sources that follow each other are added up. */
export class StreamMeter {
  #reception: Reception | null = null;
  #format: Format | null = null;
  #highest = 0;
  #before = { expected: 0, received: 0 };
  #octets = 0;
  #times: { readonly first: number; last: number } | null = null;
  #partBegan = 0;
  #worst = 0;

  /**
   * Takes a packet; false where it is no RTP.
   * @param formatOf of a payload type; null = not negotiated: counted, without jitter
   * @param nowMs any monotonic clock
   */
  packet(packet: Buffer, formatOf: (payloadType: number) => Format | null, nowMs: number): boolean {
    const header = readRtp(packet);
    if (header === null) return false;
    const { ssrc, sequence, timestamp, payloadType } = header;
    const format = formatOf(payloadType);
    const ahead = (sequence - this.#highest) & 0xffff;
    let reception = this.#reception;
    if (reception === null || reception.ssrc !== ssrc || (ahead >= MAX_DROPOUT && ahead < 0x10000 - MAX_MISORDER)) {
      this.#close();
      reception = new Reception(ssrc, sequence);
      this.#reception = reception;
      this.#highest = sequence;
      this.#partBegan = nowMs;
    } else if (ahead < MAX_DROPOUT) this.#highest = sequence;
    if (format === null || isEvent(format)) reception.packetWithoutTime(sequence);
    else {
      this.#format = format;
      reception.packet(sequence, timestamp, nowMs, format.clockRate);
    }
    this.#octets += header.end - header.start;
    if (this.#times === null) this.#times = { first: nowMs, last: nowMs };
    else this.#times.last = nowMs;
    if (nowMs - this.#partBegan >= PART_MS) this.#endPart(nowMs);
    return true;
  }

  /** Of the last codec that was sound; its clock for reports of others about this stream. */
  get format(): Format | null {
    return this.#format;
  }

  get figures(): MeterFigures {
    const now = this.#reception;
    const expected = this.#before.expected + (now?.expected ?? 0);
    const received = this.#before.received + (now?.received ?? 0);
    const lost = Math.max(0, expected - received);
    const lossPercent = expected === 0 ? null : percent(lost / expected);
    const seconds = this.#times === null ? 0 : (this.#times.last - this.#times.first) / 1000;
    return {
      codec: this.#format?.codec ?? '', packets: received, lossPercent,
      maxLossPercent: lossPercent === null ? null : Math.max(percent(this.#worst), lossPercent),
      jitterMs: now === null || this.#format === null ? null : Math.round(now.jitterMs * 100) / 100,
      bitrateKbps: seconds < 1 ? null : Math.round((this.#octets * 8) / seconds / 100) / 10,
    };
  }

  #endPart(nowMs: number): void {
    this.#worst = Math.max(this.#worst, (this.#reception?.report().fractionLost ?? 0) / 256);
    this.#partBegan = nowMs;
  }

  #close(): void {
    const ended = this.#reception;
    if (ended === null) return;
    this.#endPart(0);
    this.#before = { expected: this.#before.expected + ended.expected, received: this.#before.received + ended.received };
  }
}

/** In hundredths. */
export function percent(share: number): number {
  return Math.round(Math.min(1, share) * 10_000) / 100;
}
