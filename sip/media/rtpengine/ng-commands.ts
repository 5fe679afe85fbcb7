import type { CallRef, LegProfile } from '../gateway/gateway.js';
import type { BencodeDictionary } from './bencode.js';

const ANSWERER = 'answerer';
const BROWSER = 'UDP/TLS/RTP/SAVPF';

/** One call of rtpengine: each branch is one of its own, so that forked descriptions never mix. */
const names = ({ callId, branch }: CallRef): BencodeDictionary => ({ 'call-id': branch === undefined ? callId : `${callId};${branch}` });

/** @param source where the sender's SIP comes from */
export function offerCommand(call: CallRef, sdp: string, toward: LegProfile, source: string): BencodeDictionary {
  const browser = toward.transport === BROWSER;
  return {
    command: 'offer', ...names(call), 'from-tag': call.fromTag, ...(call.toTag === undefined ? {} : { 'to-tag': call.toTag }), sdp,
    ...common(toward, browser ? ['generate-mid'] : []),
    'transport-protocol': toward.transport,
    'received-from': [source.includes(':') ? 'IP6' : 'IP4', source],
    // A browser wants one port for both; a phone knows two only.
    'rtcp-mux': [browser ? 'offer' : 'demux'],
    ...(browser ? { SDES: ['off'] } : { DTLS: 'off' }),
    ...codecs(sdp, toward.codecs),
  };
}

export function answerCommand(call: CallRef, sdp: string, toward: LegProfile): BencodeDictionary {
  return { command: 'answer', ...names(call), 'from-tag': call.fromTag, 'to-tag': call.toTag ?? ANSWERER, sdp, ...common(toward, []) };
}

export function deleteCommand(call: CallRef): BencodeDictionary {
  return { command: 'delete', ...names(call), 'from-tag': call.fromTag, 'delete-delay': 0 };
}

function common({ ice, advertise }: LegProfile, flags: readonly string[]): BencodeDictionary {
  return {
    ICE: ice === 'force' ? 'force' : 'remove', replace: ['origin'], flags: ['trust-address', 'strip-extmap', ...flags],
    ...(advertise === null ? {} : { 'media-address': advertise }),
  };
}

/** Nothing but these codecs; converted into the first of them where the sender knows none. An empty list leaves all as they are. */
function codecs(sdp: string, wanted: readonly string[]): BencodeDictionary {
  const [first] = wanted;
  if (first === undefined) return {};
  const spoken = wanted.some((name) => !/^telephone-event$/i.test(name) && speaks(sdp, name));
  return { codec: spoken ? { strip: ['all'], offer: wanted } : { mask: ['all'], offer: ['telephone-event'], transcode: [first] } };
}

/** The payload types that need no a=rtpmap (RFC 3551 §6). */
const STATIC: Readonly<Record<string, string>> = { PCMU: '0', PCMA: '8', G722: '9' };

function speaks(sdp: string, codec: string): boolean {
  const formats = /^m=audio \d+(?:\/\d+)? \S+((?: \d+)+)/m.exec(sdp)?.[1]?.trim().split(' ') ?? [];
  if (formats.includes(STATIC[codec.toUpperCase()] ?? '')) return true;
  return sdp.toLowerCase().split(/\r?\n/).some((line) => line.startsWith('a=rtpmap:') && line.includes(` ${codec.toLowerCase()}/`));
}
