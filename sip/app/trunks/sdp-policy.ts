import type { TrunkMedia } from '../../../src/domain/trunk/trunk.js';
import { transportOf } from '../calls/media-party.js';

/** An offer as a trunk may get it; `refused` = nothing of it is allowed there. */
export type PolicedOffer = { readonly kind: 'sdp'; readonly sdp: string } | { readonly kind: 'refused'; readonly why: string };

/** Not a codec, but part of a conversation in any. */
const DIGITS = 'TELEPHONE-EVENT';
/** Static payload types that need no rtpmap (RFC 3551 §6). */
const STATIC_NAMES: ReadonlyMap<number, string> = new Map([[0, 'PCMU'], [3, 'GSM'], [4, 'G723'], [8, 'PCMA'], [9, 'G722'], [13, 'CN'], [15, 'G728'], [18, 'G729']]);

/**
 * What a phone offers, cut down to what the trunk takes: encryption by its policy, codecs in its order of preference, digits as RTP events
 * only where it takes them so. Media other than sound is left to the two sides.
 */
export function policedOffer(offer: string, policy: TrunkMedia): PolicedOffer {
  const encrypted = transportOf(offer, 'RTP/AVP') !== 'RTP/AVP';
  if (encrypted && policy.srtp === 'off') return { kind: 'refused', why: 'the trunk takes no SRTP, and nothing here can take it off' };
  if (!encrypted && policy.srtp === 'required') return { kind: 'refused', why: 'the trunk wants SRTP, and nothing here can put it on' };
  if (policy.codecs.length === 0 && policy.dtmf === 'rfc4733') return { kind: 'sdp', sdp: offer };
  const [session = '', ...media] = offer.split(/^(?=m=)/m);
  const policed = media.map((section) => (/^m=audio [1-9]/.test(section) ? policedSection(section, policy) : section));
  if (policed.includes(null)) return { kind: 'refused', why: 'the trunk takes none of the codecs offered' };
  return { kind: 'sdp', sdp: session + policed.join('') };
}

/** One medium with the payload types that are allowed; everything else stands as the phone wrote it. Null = none is left. */
function policedSection(section: string, { codecs, dtmf }: TrunkMedia): string | null {
  const [start = '', ...lines] = section.split(/\r?\n/);
  const [, head = '', list = ''] = /^(m=audio \S+ \S+)((?: \d{1,3})+) *$/.exec(start) ?? [];
  const offered = list.trim().split(' ').map(Number);
  const names = new Map(lines.flatMap((line) => {
    const [, payload, codec] = /^a=rtpmap:(\d{1,3}) +([^/ ]+)/.exec(line) ?? [];
    return payload === undefined || codec === undefined ? [] : [[Number(payload), codec] as const];
  }));
  const nameOf = (payload: number): string => (names.get(payload) ?? STATIC_NAMES.get(payload) ?? '').toUpperCase();
  const preference = (payload: number): number => codecs.findIndex((codec) => codec.toUpperCase() === nameOf(payload));
  const isDigits = (payload: number): boolean => nameOf(payload) === DIGITS;
  const sound = offered.filter((payload) => !isDigits(payload) && (codecs.length === 0 || preference(payload) >= 0));
  if (head === '' || sound.length === 0) return null;
  const ordered = codecs.length === 0 ? sound : [...sound].sort((a, b) => preference(a) - preference(b));
  const kept = new Set([...ordered, ...(dtmf === 'rfc4733' ? offered.filter(isDigits) : [])]);
  const left = lines.filter((line) => {
    const payload = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d{1,3}) /.exec(line)?.[1];
    return payload === undefined || kept.has(Number(payload));
  });
  return [`${head} ${[...kept].join(' ')}`, ...left].join('\r\n');
}
