/**
 * How a conversation sounded, from what was measured of it: ITU-T G.107 (E-model) in its short form, with the codecs of ITU-T G.113
 * Appendix I. Everything is on the narrowband scale, whose best is a MOS of 4.41 for G.711.
 */

/** Of a codec: impairment by itself (Ie), and how well it stands random loss (Bpl); ITU-T G.113 Appendix I. */
interface Impairment {
  readonly ie: number;
  readonly bpl: number;
}

/** G.711 with concealment of lost packets, which every phone of today has (G.113 Table I.3). */
const CONCEALED: Impairment = { ie: 0, bpl: 25.1 };

/** Codecs by their names in SDP, in capitals. What G.113 does not name on the narrowband scale is taken for as good as G.711. */
const IMPAIRMENTS: ReadonlyMap<string, Impairment> = new Map([
  ['PCMU', CONCEALED], ['PCMA', CONCEALED], ['G711', CONCEALED], ['G711U', CONCEALED], ['G711A', CONCEALED], ['G722', CONCEALED], ['OPUS', CONCEALED],
  ['G729', { ie: 11, bpl: 19 }], ['G729A', { ie: 11, bpl: 19 }], ['G729AB', { ie: 11, bpl: 19 }],
  ['G723', { ie: 15, bpl: 16.1 }], ['G7231', { ie: 15, bpl: 16.1 }], ['GSM-EFR', { ie: 5, bpl: 10 }], ['AMR', { ie: 5, bpl: 10 }],
]);

/** R without delay, loss and codec: R0 - Is with the default values of G.107. */
const BEST_R = 93.2;
/** One packet's sound, and what a codec looks ahead. */
const FRAME_MS = 25;
/** A jitter buffer that follows the jitter, between these. */
const BUFFER_MS = { least: 40, most: 240, perJitter: 6 };

/** What is known of one direction; null or absent = not measured. */
export interface Transmission {
  /** As in SDP; '' = not known. */
  readonly codec: string;
  readonly lossPercent: number | null;
  /** Came, but too late for the jitter buffer; absent = judged by the jitter. */
  readonly discardPercent?: number | null;
  /** Loss in bursts, 1 = at random (G.107 BurstR). */
  readonly burstRatio?: number;
  /** RFC 3550 §6.4.1. */
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
  /** What the phone itself delays, its jitter buffer included; absent = judged by the jitter. */
  readonly endSystemDelayMs?: number | null;
}

/** MOS of one direction, 1 to 4.5 in hundredths; null where loss or codec are not known. Without a round trip the way costs no time. */
export function mosOf(transmission: Transmission): number | null {
  const r = ratingOf(transmission);
  return r === null ? null : mosOfRating(r);
}

/** The transmission rating R of G.107; null as for `mosOf`. */
export function ratingOf(sent: Transmission): number | null {
  const codec = sent.codec === '' ? CONCEALED : IMPAIRMENTS.get(plainName(sent.codec));
  if (codec === undefined || sent.lossPercent === null) return null;
  const jitterMs = Math.max(0, sent.jitterMs ?? 0);
  const bufferMs = Math.min(BUFFER_MS.most, Math.max(BUFFER_MS.least, BUFFER_MS.perJitter * jitterMs));
  // Packets' times spread like a Laplace distribution around their mean: what lies beyond the buffer comes too late.
  const late = sent.discardPercent ?? (jitterMs === 0 ? 0 : 50 * Math.exp(-bufferMs / jitterMs));
  const loss = Math.min(100, Math.max(0, sent.lossPercent) + Math.max(0, late));
  const oneWayMs = Math.max(0, sent.roundTripMs ?? 0) / 2 + (sent.endSystemDelayMs ?? FRAME_MS + bufferMs);
  return BEST_R - delayImpairment(oneWayMs) - lossImpairment(codec, loss, sent.burstRatio ?? 1);
}

/** G.107 Annex B: the rating as a mean opinion, in hundredths. */
export function mosOfRating(r: number): number {
  if (r <= 0) return 1;
  const mos = r >= 100 ? 4.5 : 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
  return Math.round(Math.max(1, mos) * 100) / 100;
}

/** Id for default echo, as two straight lines (Cole and Rosenbluth 2001): delay hurts more from 177.3 ms on. */
function delayImpairment(oneWayMs: number): number {
  return 0.024 * oneWayMs + (oneWayMs > 177.3 ? 0.11 * (oneWayMs - 177.3) : 0);
}

/** Ie-eff of G.107 §7.5. */
function lossImpairment({ ie, bpl }: Impairment, lossPercent: number, burstRatio: number): number {
  return ie + ((95 - ie) * lossPercent) / (lossPercent / Math.max(1, burstRatio) + bpl);
}

/** `g729a/8000`, `G.729A` and `G729a` are one codec. */
function plainName(codec: string): string {
  return (codec.split('/')[0] ?? '').replaceAll('.', '').toUpperCase();
}
