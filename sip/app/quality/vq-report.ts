import { mosOf } from '../../../src/domain/quality/e-model.js';
import { NO_FIGURES, type StreamFigures } from '../../../src/domain/quality/stream-report.js';
import { ALL_PERCENT, codecIn, LONGEST_MS, numberIn, opinionIn, readFields } from './report-fields.js';

/** A phone's report of one call (RFC 6035 §4.6.1), as far as it is used. */
export interface VqReport {
  /** Of the reporter's own dialog. */
  readonly callId: string;
  readonly span: 'interval' | 'session';
  /** What the reporter received. */
  readonly receiving: StreamFigures | null;
  /** What the other end told the reporter of what it received. */
  readonly sending: StreamFigures | null;
}

export type VqReading = { readonly kind: 'report'; readonly report: VqReport } | { readonly kind: 'malformed'; readonly reason: string };

/** A full report with both metrics has about 1500 characters. */
const LONGEST_BODY = 8192;
const MOST_LINES = 128;

type Section = 'info' | 'local' | 'remote';

/** Reads a body of application/vq-rtcpxr. Never throws; what is unknown, out of range or said to be unavailable is left out. */
export function readVqReport(body: string): VqReading {
  if (body.length > LONGEST_BODY) return { kind: 'malformed', reason: 'Report Too Long' };
  // Interop: some phones fold long lines like headers.
  const [first = '', ...lines] = body.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/, MOST_LINES);
  const kind = /^VQ(Session|Interval|Alert)Report[ \t]*(?::|$)/i.exec(first)?.[1]?.toLowerCase();
  if (kind === undefined) return { kind: 'malformed', reason: 'Not A VQ Report' };
  let section: Section = 'info';
  let callId = '';
  const metrics: Record<Exclude<Section, 'info'>, string[]> = { local: [], remote: [] };
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'callid') callId = callId === '' ? value : callId;
    else if (name === 'localmetrics') section = 'local';
    else if (name === 'remotemetrics') section = 'remote';
    else if (METRIC_LINES.has(name) && section !== 'info') metrics[section].push(value);
    // Interop: some phones leave out the heading of their own metrics.
    else if (METRIC_LINES.has(name)) metrics.local.push(value);
  }
  if (callId === '' || callId.length > 256) return { kind: 'malformed', reason: 'No CallID' };
  const [receiving, sending] = [figuresOf(metrics.local), figuresOf(metrics.remote)];
  if (receiving === null && sending === null) return { kind: 'malformed', reason: 'No Metrics' };
  return { kind: 'report', report: { callId, span: kind === 'session' ? 'session' : 'interval', receiving, sending } };
}

/** The lines of metrics that are looked at (RFC 6035 §4.6.2). */
const METRIC_LINES: ReadonlySet<string> = new Set(['sessiondesc', 'packetloss', 'burstgaploss', 'delay', 'qualityest']);

/** Null where the metrics say nothing of use. */
function figuresOf(lines: readonly string[]): StreamFigures | null {
  const fields = readFields(lines.join(' '), /\s+/);
  const lossPercent = numberIn(fields, 'NLR', ALL_PERCENT);
  const jitterMs = numberIn(fields, 'IAJ', LONGEST_MS);
  const told = opinionIn(fields, 'MOSCQ', 'MOSLQ');
  if (lossPercent === null && jitterMs === null && told === null) return null;
  const codec = codecIn(fields, 'PD');
  const roundTripMs = numberIn(fields, 'RTD', LONGEST_MS);
  const burst = numberIn(fields, 'BLD', ALL_PERCENT);
  const mos = told ?? mosOf({
    codec, lossPercent, jitterMs, roundTripMs,
    discardPercent: numberIn(fields, 'JDR', ALL_PERCENT), endSystemDelayMs: numberIn(fields, 'ESD', LONGEST_MS),
  });
  return { ...NO_FIGURES, codec, lossPercent, maxLossPercent: burst === null || lossPercent === null ? burst : Math.max(burst, lossPercent), jitterMs, roundTripMs, mos };
}
