import { NO_FIGURES, type StreamFigures } from '../../../src/domain/quality/stream-report.js';
import type { SipMessage } from 'drachtio-srf';
import { headerInAnyCase } from '../syntax/header.js';
import { ALL_PERCENT, codecIn, LONGEST_MS, MOST_PACKETS, numberIn, opinionIn, readFields, type ReportFields } from './report-fields.js';

/** What a phone tells of its sound in a BYE or its 200. */
export interface RtpStat {
  readonly receiving: StreamFigures | null;
  readonly sending: StreamFigures | null;
}

/** Longer than any that was seen by far. */
const LONGEST = 1024;
const DAY_S = 86_400;

/**
 * Reads X-RTP-Stat (AudioCodes, AVM, baresip), P-RTP-Stat (Cisco IOS) or RTP-RxStat and RTP-TxStat (Cisco's phones); null without any,
 * or where nothing in them can be used. Never throws.
 * Interop: none of these is standardised: the first two have the same names of fields with `;` or `,` between, and of two values with
 * a comma the first is of what was received.
 */
export function readRtpStat(message: SipMessage): RtpStat | null {
  const common = fieldsOf(message, 'x-rtp-stat') ?? fieldsOf(message, 'p-rtp-stat');
  if (common !== null) return given({ receiving: commonReceiving(common), sending: commonSending(common) });
  const [received, sent] = [fieldsOf(message, 'rtp-rxstat'), fieldsOf(message, 'rtp-txstat')];
  return given({ receiving: received === null ? null : ciscoStream(received), sending: sent === null ? null : ciscoStream(sent) });
}

function fieldsOf(message: SipMessage, name: string): ReportFields | null {
  const text = headerInAnyCase(message, name);
  if (text === undefined || text.length > LONGEST) return null;
  return readFields(text, name.startsWith('rtp-') ? /,(?=[^"]*(?:"[^"]*"[^"]*)*$)/ : text.includes(';') ? /;/ : /,/);
}

function given(stat: RtpStat): RtpStat | null {
  return stat.receiving === null && stat.sending === null ? null : stat;
}

/** PR and OR packets and octets received, PL lost, JI jitter, LA latency, DE the codec; CD or DU the call's seconds. */
function commonReceiving(fields: ReportFields): StreamFigures | null {
  const packets = numberIn(fields, 'PR', MOST_PACKETS);
  if (packets === null) return null;
  return {
    ...NO_FIGURES, packets, codec: codecIn(fields, 'DE', 'EN'), lossPercent: lossOf(numberIn(fields, 'PL', MOST_PACKETS), packets),
    jitterMs: jitterOf(fields, 0), roundTripMs: numberIn(fields, 'LA', LONGEST_MS),
    bitrateKbps: rateOf(numberIn(fields, 'OR', MOST_PACKETS), secondsOf(fields)), mos: opinionIn(fields, 'MOS'),
  };
}

/** PS and OS packets and octets sent; what became of them only where PL and JI have a second value. */
function commonSending(fields: ReportFields): StreamFigures | null {
  const packets = numberIn(fields, 'PS', MOST_PACKETS);
  if (packets === null) return null;
  const lost = numberIn(fields, 'PL', MOST_PACKETS, 1);
  return {
    ...NO_FIGURES, packets, codec: codecIn(fields, 'EN', 'DE'), lossPercent: lost === null ? null : lossOf(lost, Math.max(0, packets - lost)),
    jitterMs: jitterOf(fields, 1), bitrateKbps: rateOf(numberIn(fields, 'OS', MOST_PACKETS), secondsOf(fields)),
  };
}

/** Interop: baresip, which names itself in EX, writes jitter in units of its codec's clock; others in milliseconds. */
function jitterOf(fields: ReportFields, at: 0 | 1): number | null {
  const jitter = numberIn(fields, 'JI', LONGEST_MS, at);
  if (jitter === null || fields.get('EX')?.toLowerCase() !== 'baresip') return jitter;
  const clock = Number(/\/(\d{4,6})$/.exec(fields.get(at === 0 ? 'DE' : 'EN') ?? '')?.[1] ?? 8000);
  return Math.round((jitter * 100_000) / clock) / 100;
}

function ciscoStream(fields: ReportFields): StreamFigures | null {
  const packets = numberIn(fields, 'PKT', MOST_PACKETS);
  if (packets === null) return null;
  const opinion = readFields(fields.get('VQMETRICS') ?? '', /;/);
  return {
    ...NO_FIGURES, packets, lossPercent: lossOf(numberIn(fields, 'LOSTPKT', MOST_PACKETS), packets), jitterMs: numberIn(fields, 'AVGJIT', LONGEST_MS),
    bitrateKbps: rateOf(numberIn(fields, 'OCT', MOST_PACKETS), numberIn(fields, 'DUR', DAY_S)), mos: opinionIn(opinion, 'MLQKAV', 'MLQK'),
  };
}

function lossOf(lost: number | null, packets: number): number | null {
  if (lost === null || lost + packets === 0) return null;
  return Math.min(ALL_PERCENT, Math.round((lost / (lost + packets)) * 10_000) / 100);
}

function secondsOf(fields: ReportFields): number | null {
  return numberIn(fields, 'DU', DAY_S) ?? numberIn(fields, 'CD', DAY_S);
}

function rateOf(octets: number | null, seconds: number | null): number | null {
  return octets === null || seconds === null || seconds === 0 ? null : Math.round((octets * 8) / seconds / 100) / 10;
}
