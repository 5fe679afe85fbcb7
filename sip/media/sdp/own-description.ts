import type { Law } from '../audio/g711.js';
import type { AudioLine } from './audio-line.js';
import { ANSWERED, type Direction } from './direction.js';
import type { SessionDescription } from './session-description.js';

/** Where we are heard: an IP literal of this family, and the RTP port; RTCP is the next one. */
export interface LocalMedia {
  readonly address: string;
  readonly family: 'IP4' | 'IP6';
  readonly port: number;
}

/** Numbers in our own offers, which everybody else uses as well. */
export const OFFERED = { ulaw: 0, alaw: 8, events: 101 } as const;

const NAMES: Readonly<Record<Law, string>> = { ulaw: 'PCMU', alaw: 'PCMA' };

/** One session's SDPs: the same id always, another version when the text changes (RFC 3264 §8). */
export class OwnDescription {
  readonly #local: LocalMedia;
  readonly #id: string;
  #version = 0;
  #last = '';

  /** @param id digits, unique for this machine (RFC 8866 §5.2) */
  constructor(local: LocalMedia, id: string) {
    this.#local = local;
    this.#id = id;
  }

  /** Offers both laws and digits, to send and receive. */
  offer(): string {
    const { ulaw, alaw, events } = OFFERED;
    return this.#write('t=0 0', [
      `m=audio ${this.#local.port} RTP/AVP ${ulaw} ${alaw} ${events}`,
      `a=rtpmap:${ulaw} PCMU/8000`, `a=rtpmap:${alaw} PCMA/8000`, `a=rtpmap:${events} telephone-event/8000`, `a=fmtp:${events} 0-15`,
      'a=ptime:20', 'a=sendrecv',
    ]);
  }

  /** Answers an offer line by line (RFC 3264 §6): the audio line is taken, every other one refused with port 0. */
  answer(offer: SessionDescription, audio: AudioLine): string {
    return this.#write(offer.timing, offer.media.flatMap((medium, index) => (index === audio.index
      ? this.#audioLines(medium.protocol, medium.port === 0, audio)
      : [`m=${medium.kind} 0 ${medium.protocol} ${medium.formats.join(' ')}`])));
  }

  #audioLines(protocol: string, off: boolean, { law, payloadType, eventType, packetMs, direction, rtcpMux }: AudioLine): readonly string[] {
    const formats = eventType === null ? `${payloadType}` : `${payloadType} ${eventType}`;
    const answered: Direction = ANSWERED[direction];
    return [
      `m=audio ${off ? 0 : this.#local.port} ${protocol} ${formats}`,
      `a=rtpmap:${payloadType} ${NAMES[law]}/8000`,
      ...(eventType === null ? [] : [`a=rtpmap:${eventType} telephone-event/8000`, `a=fmtp:${eventType} 0-15`]),
      `a=ptime:${packetMs}`,
      ...(rtcpMux ? ['a=rtcp-mux'] : []),
      `a=${answered}`,
    ];
  }

  #write(timing: string, media: readonly string[]): string {
    const { address, family } = this.#local;
    const body = ['s=-', `c=IN ${family} ${address}`, timing, ...media].join('\r\n');
    if (body !== this.#last) this.#version += 1;
    this.#last = body;
    return `v=0\r\no=- ${this.#id} ${this.#version} IN ${family} ${address}\r\n${body}\r\n`;
  }
}
