import type { CallSide } from '../calls/call-side.js';
import { mosOf } from './e-model.js';

/** `receiving`: what this side's phone got; `sending`: what came of its sound where it was measured. */
export type StreamDirection = 'sending' | 'receiving';

/**
 * Who measured. `phone`: the phone, in a PUBLISH (RFC 6035); `bye`: the phone, in a header of its BYE or of its 200 to ours; `rtcp`: the
 * phone's own reports, read as they passed; `relay` and `rtpengine`: what carried the sound.
 */
export type QualitySource = 'phone' | 'bye' | 'rtcp' | 'relay' | 'rtpengine';

/** What is known of one direction of one side's sound; null = not told. */
export interface StreamFigures {
  /** As in SDP; '' = not told. */
  readonly codec: string;
  readonly packets: number | null;
  readonly lossPercent: number | null;
  /** Of the worst part of the time. */
  readonly maxLossPercent: number | null;
  /** RFC 3550 §6.4.1. */
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
  readonly bitrateKbps: number | null;
  /** 1 to 5, by whoever measured, or by the E-model from the rest; null where neither can be. */
  readonly mos: number | null;
}

/** One measurement. */
export interface StreamReport extends StreamFigures {
  readonly side: CallSide;
  readonly direction: StreamDirection;
  readonly source: QualitySource;
  /** Of a part of the call, or of all of it. */
  readonly span: 'interval' | 'session';
  /** When it was told, epoch ms. */
  readonly at: number;
}

export const NO_FIGURES: StreamFigures = {
  codec: '', packets: null, lossPercent: null, maxLossPercent: null, jitterMs: null, roundTripMs: null, bitrateKbps: null, mos: null,
};

/** With a MOS by the E-model where none was told; the codec is the call's where the figures name none. */
export function rated(figures: StreamFigures, codec: string): StreamFigures {
  const known = { ...figures, codec: figures.codec === '' ? codec : figures.codec };
  return { ...known, mos: known.mos ?? mosOf(known) };
}
