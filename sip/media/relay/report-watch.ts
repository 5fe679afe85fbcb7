import type { ReadReport } from '../rtp/rtcp-reading.js';
import { percent } from './stream-meter.js';

/** What a party told of what it received, in reports that passed. */
export interface HeardFigures {
  readonly lossPercent: number | null;
  readonly maxLossPercent: number | null;
  readonly jitterMs: number | null;
  /** From the relay to the party and back. */
  readonly roundTripMs: number | null;
  /** By the party itself (RFC 3611 §4.7). */
  readonly mos: number | null;
}

/** A sender report that went to the party, by which its answer tells the time it took. */
interface Sent {
  readonly middle: number;
  readonly atMs: number;
}

/** So many sender reports are remembered; parties answer the last. */
const REMEMBERED = 4;
/** Loss is the mean of parts; more of them than an hour's say nothing new. */
const LONGEST_WAY_MS = 60_000;

/** Reads the reports (RFC 3550 §6.4) of one party as they pass, and what they answer to. */
export class ReportWatch {
  #sent: readonly Sent[] = [];
  #reports = 0;
  #shares = 0;
  #worst = 0;
  #jitter: number | null = null;
  #roundTripMs: number | null = null;
  #mos: number | null = null;

  /** RTCP on its way to the party. */
  toParty(reports: readonly ReadReport[], nowMs: number): void {
    for (const report of reports) {
      if (report.kind === 'sender') this.#sent = [{ middle: report.middle, atMs: nowMs }, ...this.#sent].slice(0, REMEMBERED);
    }
  }

  /** RTCP of the party. */
  ofParty(reports: readonly ReadReport[], nowMs: number): void {
    for (const report of reports) {
      if (report.kind === 'voip-metrics') this.#mos = report.mos ?? this.#mos;
      if (report.kind !== 'block') continue;
      this.#reports += 1;
      this.#shares += report.fractionLost / 256;
      this.#worst = Math.max(this.#worst, report.fractionLost / 256);
      this.#jitter = report.jitter;
      this.#timeOf(report, nowMs);
    }
  }

  /** Null when the party said nothing. @param clockRate of the timestamps it received */
  figures(clockRate: number): HeardFigures | null {
    if (this.#reports === 0) return null;
    return {
      lossPercent: percent(this.#shares / this.#reports), maxLossPercent: percent(this.#worst),
      jitterMs: this.#jitter === null ? null : Math.round((this.#jitter * 100_000) / clockRate) / 100,
      roundTripMs: this.#roundTripMs, mos: this.#mos,
    };
  }

  /** RFC 3550 §6.4.1: from its passing here to the answer, less what the party kept it. */
  #timeOf({ lastReport, sinceLastMs }: Extract<ReadReport, { readonly kind: 'block' }>, nowMs: number): void {
    const sent = lastReport === 0 ? undefined : this.#sent.find(({ middle }) => middle === lastReport);
    if (sent === undefined) return;
    const tookMs = nowMs - sent.atMs - sinceLastMs;
    // Less than nothing is a party whose clock runs otherwise.
    if (tookMs < LONGEST_WAY_MS) this.#roundTripMs = Math.round(Math.max(0, tookMs) * 10) / 10;
  }
}
