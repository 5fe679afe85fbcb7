import { FRAME_MS } from '../rtp/pacer-clock.js';
import type { Reception } from '../rtp/reception.js';
import { readSenderReport, writeReport, type LastSenderReport } from '../rtp/rtcp-packet.js';
import type { Playout } from './playout.js';

/** RFC 3550 §6.2: five seconds, and §6.3.1: varied from half to one and a half of it, so that reports do not come all at once. */
const INTERVAL_FRAMES = 5000 / FRAME_MS;

/** Reports of one endpoint: what was sent, and how well the other side is heard. */
export class RtcpSession {
  readonly #cname: string;
  #framesLeft = nextInterval();
  #last: LastSenderReport | null = null;
  #reportedPackets = 0;

  constructor(cname: string) {
    this.#cname = cname;
  }

  /** One frame has passed: whether a report is due. */
  frame(): boolean {
    this.#framesLeft -= 1;
    if (this.#framesLeft > 0) return false;
    this.#framesLeft = nextInterval();
    return true;
  }

  /** Takes RTCP of the other side; anything else is left out. */
  received(packet: Buffer, nowMs: number): void {
    const middle = readSenderReport(packet);
    if (middle != null) this.#last = { middle, atMs: nowMs };
  }

  report(playout: Playout, reception: Reception | null, nowMs: number, goodbye: boolean): Buffer {
    const sent = playout.sender;
    const active = sent.packets > this.#reportedPackets;
    this.#reportedPackets = sent.packets;
    return writeReport({
      ssrc: playout.ssrc, cname: this.#cname,
      sender: active ? { ...sent, epochMs: Date.now() } : null,
      reception: reception?.report() ?? null, last: this.#last, nowMs, goodbye,
    });
  }
}

function nextInterval(): number {
  return Math.round(INTERVAL_FRAMES * (0.5 + Math.random()));
}
