import type { SipMessage, SrfRequest, SrfResponse } from 'drachtio-srf';
import { parseSipUri } from '../../../src/domain/addressing/sip-uri.js';
import type { CallSide } from '../../../src/domain/calls/call-side.js';
import { NO_MEDIA_END, type MediaEnd } from '../../../src/domain/quality/call-quality.js';
import { rated, type QualitySource, type StreamDirection, type StreamFigures, type StreamReport } from '../../../src/domain/quality/stream-report.js';
import type { Flow } from '../../../src/domain/registration/binding.js';
import type { Clock } from '../../../src/ports/runtime.js';
import type { CallStory } from '../calls/call-story.js';
import type { AnchoredSound } from '../calls/media-path.js';
import { headerOf, viaTransport, type Body } from '../syntax/header.js';
import { parseNameAddr, splitList } from '../syntax/name-addr.js';
import { codecOfAnswer } from './answered-codec.js';
import { readRtpStat } from './rtp-stat.js';
import type { SoundTable } from './sound-table.js';
import type { VqReport } from './vq-report.js';

/** What is learnt of a call's sound, from whoever tells. */
export interface CallSound {
  /**
   * A leg stands.
   * @param said the phone's INVITE, or its 2xx to ours
   * @param answer that the phone got or gave; null = it comes later
   */
  stands(side: CallSide, said: SrfRequest | SrfResponse, answer: Body | null): void;
  /** What this side got or gave as the answer. */
  answered(side: CallSide, sdp: string): void;
  /** Where both ends are, as far as is known. */
  readonly ends: Readonly<Record<CallSide, MediaEnd>>;
  /** A BYE of that side, or its answer to ours. */
  farewell(side: CallSide, message: SipMessage): void;
  published(side: CallSide, report: VqReport): void;
  /** What carried the sound tells at the end; null = nothing did. Never rejects. */
  anchored(measured: Promise<AnchoredSound | null>): Promise<void>;
}

/** A phone that reports each five seconds needs half an hour for them; more are left out. */
const MOST_PUBLISHED = 400;

export interface CallSoundDeps {
  readonly clock: Clock;
  /** Where phones' reports find their call. */
  readonly sounds: SoundTable;
}

export function createCallSound({ clock, sounds }: CallSoundDeps, story: Pick<CallStory, 'live' | 'measured'>): CallSound {
  const ends: Record<CallSide, MediaEnd> = { caller: NO_MEDIA_END, callee: NO_MEDIA_END };
  let published = 0;
  const report = (
    side: CallSide, source: QualitySource, span: StreamReport['span'], told: Readonly<Record<StreamDirection, StreamFigures | null>>,
  ): readonly StreamReport[] => (['receiving', 'sending'] as const).flatMap((direction) => {
    const figures = told[direction];
    return figures === null ? [] : [{ ...rated(figures, ends[side].codec), side, direction, source, span, at: clock.now() }];
  });
  const tell = (reports: readonly StreamReport[]): void => {
    if (reports.length > 0) story.measured(reports);
  };
  const sound: CallSound = {
    get ends() {
      return { ...ends };
    },
    stands(side, said, answer) {
      const contact = parseNameAddr(splitList(headerOf(said, 'contact') ?? '')[0] ?? '');
      const host = contact === null ? '' : parseSipUri(contact.uri)?.host ?? '';
      const codec = answer === null ? ends[side].codec : codecOfAnswer(answer.body);
      ends[side] = { publicIp: said.source_address ?? '', privateIp: host.slice(0, 64), codec };
      const { deviceId } = story.live()[side];
      const callId = headerOf(said, 'call-id');
      if (deviceId !== null && callId !== undefined) sounds.add(deviceId, callId, { sound, side, flow: flowBy(said) });
    },
    answered(side, sdp) {
      ends[side] = { ...ends[side], codec: codecOfAnswer(sdp) };
    },
    farewell(side, message) {
      const stat = readRtpStat(message);
      if (stat !== null) tell(report(side, 'bye', 'session', stat));
    },
    published(side, told) {
      published += 1;
      if (published <= MOST_PUBLISHED) tell(report(side, 'phone', told.span, told));
    },
    async anchored(measured) {
      sounds.over(sound);
      const heard = await measured.catch(() => null);
      if (heard === null) return;
      tell((['caller', 'callee'] as const).flatMap((side) => {
        const { sent, heard: received } = heard[side] ?? { sent: null, heard: null };
        return [
          ...report(side, 'rtcp', 'session', { receiving: received, sending: null }),
          ...report(side, heard.source, 'session', { receiving: null, sending: sent }),
        ];
      }));
    },
  };
  return sound;
}

function flowBy(said: SrfRequest | SrfResponse): Flow | null {
  const { source_address: address, source_port: port } = said;
  return address === undefined || address === '' || port === undefined ? null : { transport: viaTransport(said), address, port };
}
