/** One block of a sender or receiver report (RFC 3550 §6.4.1). */
export interface ReceptionReport {
  readonly ssrc: number;
  /** 0 to 255, of the packets since the last report. */
  readonly fractionLost: number;
  readonly lost: number;
  readonly highestSequence: number;
  /** In timestamp units. */
  readonly jitter: number;
}

/** Counts what arrives of one source: loss (RFC 3550 §A.3) and jitter (RFC 3550 §A.8). */
export class Reception {
  readonly ssrc: number;
  #base: number;
  #highest: number;
  #cycles = 0;
  #received = 0;
  #transit: number | null = null;
  #jitter = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #perMs = 8;

  constructor(ssrc: number, firstSequence: number) {
    this.ssrc = ssrc;
    this.#base = firstSequence;
    this.#highest = firstSequence;
  }

  /** `nowMs` is any monotonic clock, `clockRate` that of the timestamps, a second. */
  packet(sequence: number, timestamp: number, nowMs: number, clockRate = 8000): void {
    this.#received += 1;
    this.#perMs = clockRate / 1000;
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ahead < 0x8000) {
      if (sequence < this.#highest) this.#cycles += 0x10000;
      this.#highest = sequence;
    }
    const transit = (nowMs * this.#perMs - timestamp) % 0x1_0000_0000;
    if (this.#transit !== null) {
      const moved = Math.abs(transit - this.#transit);
      const deviation = Math.min(moved, Math.abs(0x1_0000_0000 - moved));
      this.#jitter += (deviation - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  get received(): number {
    return this.#received;
  }

  /** Timestamps of events stand still and those of another stream begin anew: neither is jitter. */
  packetWithoutTime(sequence: number): void {
    const jitter = this.#jitter;
    this.packet(sequence, 0, 0, this.#perMs * 1000);
    this.#jitter = jitter;
    this.#transit = null;
  }

  get jitterMs(): number {
    return this.#jitter / this.#perMs;
  }

  get lost(): number {
    return Math.max(0, this.expected - this.#received);
  }

  /** A block, and the beginning of the next interval. */
  report(): ReceptionReport {
    const expected = this.expected;
    const interval = expected - this.#expectedBefore;
    const lost = interval - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    return {
      ssrc: this.ssrc,
      fractionLost: interval <= 0 || lost <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / interval)),
      lost: Math.min(this.lost, 0x7fffff),
      highestSequence: (this.#cycles + this.#highest) >>> 0,
      jitter: Math.round(this.#jitter),
    };
  }

  get expected(): number {
    return this.#cycles + this.#highest - this.#base + 1;
  }
}
