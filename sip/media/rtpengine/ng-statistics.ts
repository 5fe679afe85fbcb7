import type { PartyQuality, StreamQuality } from '../gateway/gateway.js';
import { isDictionary, type BencodeDictionary, type BencodeValue } from './bencode.js';

/**
 * What rtpengine's answer to `delete` or `query` says of each party, by tag; null where it knows of no party.
 * Interop: the figures under an SSRC are what that SSRC's owner told in its own reports (seen with 10.5), and rtpengine counts no loss of
 * what it receives.
 */
export function readStatistics(answer: BencodeDictionary): Readonly<Record<string, PartyQuality>> | null {
  const ssrcs = dictionary(answer['SSRC']);
  const parties = Object.entries(dictionary(answer['tags'])).flatMap(([tag, party]) => {
    const audio = list(dictionary(party)['medias']).map(dictionary).find((media) => media['type'] === 'audio');
    const stream = list(audio?.['streams']).map(dictionary)[0];
    return audio === undefined || stream === undefined ? [] : [[tag, partyOf(audio, stream, dictionary(ssrcs[String(stream['SSRC'])]))] as const];
  });
  return parties.length === 0 ? null : Object.fromEntries(parties);
}

const NOTHING: StreamQuality = {
  codec: '', packets: null, lossPercent: null, maxLossPercent: null, jitterMs: null, roundTripMs: null, bitrateKbps: null, mos: null,
};

function partyOf(audio: BencodeDictionary, stream: BencodeDictionary, told: BencodeDictionary): PartyQuality {
  const packets = number(dictionary(stream['stats'])['packets']);
  const codec = /^[A-Za-z0-9._-]{1,24}/.exec(String(audio['codec'] ?? ''))?.[0] ?? '';
  return { sent: packets === null || packets === 0 ? null : { ...NOTHING, codec, packets }, heard: heardOf(told) };
}

/** Loss in percent, jitter in milliseconds, round trips in microseconds, MOS times ten; 0 where rtpengine could not tell. */
function heardOf(told: BencodeDictionary): StreamQuality | null {
  const last = list(dictionary(told['MOS progression'])['entries']).map(dictionary).at(-1);
  const average = 'average MOS' in told ? dictionary(told['average MOS']) : last;
  const lossPercent = number(average?.['packet loss'], 100);
  if (average === undefined || lossPercent === null) return null;
  const [roundTrip, mos] = [number(average['round-trip time']), number(average['MOS'], 50)];
  const worst = number(dictionary(told['lowest MOS'])['packet loss'], 100);
  return {
    ...NOTHING, lossPercent, maxLossPercent: Math.max(lossPercent, worst ?? 0), jitterMs: number(average['jitter']),
    roundTripMs: roundTrip === null || roundTrip === 0 ? null : Math.round(roundTrip / 100) / 10,
    mos: mos === null || mos < 10 ? null : mos / 10,
  };
}

function dictionary(value: BencodeValue | undefined): BencodeDictionary {
  return value !== undefined && isDictionary(value) ? value : {};
}

function list(value: BencodeValue | undefined): readonly BencodeValue[] {
  return value !== undefined && typeof value === 'object' && !isDictionary(value) ? value : [];
}

function number(value: BencodeValue | undefined, most = 4_294_967_295): number | null {
  return typeof value === 'number' && value >= 0 && value <= most ? value : null;
}
