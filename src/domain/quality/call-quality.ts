import type { CallSide } from '../calls/call-side.js';
import type { QualitySource, StreamReport } from './stream-report.js';

/** One end of a call's sound, as it was when the call was answered; '' = not known. */
export interface MediaEnd {
  /** Where its SIP came from. */
  readonly publicIp: string;
  /** What it calls itself. */
  readonly privateIp: string;
  /** As in SDP. */
  readonly codec: string;
}

export const NO_MEDIA_END: MediaEnd = { publicIp: '', privateIp: '', codec: '' };

/** A call's sound in short; a MOS is null where nothing was measured. */
export interface CallQuality {
  readonly ends: Readonly<Record<CallSide, MediaEnd>>;
  /** Of the side that heard worse. */
  readonly mos: number | null;
}

/** MOS from which on a call counts as good. */
export const GOOD_MOS = 3.5;

/** Whom to believe first of what one side received: who heard it. */
const TRUST: Readonly<Record<QualitySource, number>> = { phone: 0, bye: 1, rtcp: 2, rtpengine: 3, relay: 4 };

/** The MOS of a call from all its measurements: that of the side that heard worse. */
export function mosOfCall(reports: readonly StreamReport[]): number | null {
  const heard = (['caller', 'callee'] as const).flatMap((side) => heardBy(reports, side) ?? []);
  return heard.length === 0 ? null : Math.min(...heard);
}

/** How one side heard the other: by what it received, else by what was measured of it on the way. */
export function heardBy(reports: readonly StreamReport[], side: CallSide): number | null {
  const other = side === 'caller' ? 'callee' : 'caller';
  return best(reports.filter((report) => report.side === side && report.direction === 'receiving'))
    ?? best(reports.filter((report) => report.side === other && report.direction === 'sending'));
}

/** Of the best source: of the whole call, else the mean of its parts. */
function best(reports: readonly StreamReport[]): number | null {
  const known = reports.filter((report): report is StreamReport & { readonly mos: number } => report.mos !== null);
  const trusted = Math.min(...known.map(({ source }) => TRUST[source]));
  const believed = known.filter(({ source }) => TRUST[source] === trusted);
  const whole = believed.findLast(({ span }) => span === 'session');
  if (whole !== undefined) return whole.mos;
  return believed.length === 0 ? null : Math.round((believed.reduce((sum, { mos }) => sum + mos, 0) / believed.length) * 100) / 100;
}
