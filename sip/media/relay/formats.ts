import type { MediaDescription, SessionDescription } from '../sdp/session-description.js';

/** What a payload type of one stream stands for. */
export interface Format {
  /** As in SDP. */
  readonly codec: string;
  /** Of its timestamps, a second. */
  readonly clockRate: number;
}

/** One stream as far as a relay counts it. */
export interface StreamFormats {
  readonly audio: boolean;
  /** SRTCP cannot be read on its way. */
  readonly secure: boolean;
  readonly formats: ReadonlyMap<number, Format>;
}

/** RFC 3551 §6: audio formats that need no rtpmap. G.722's clock is 8000 by an old mistake (§4.5.2). */
const STATIC: readonly (readonly [type: number, format: Format])[] = [
  [0, { codec: 'PCMU', clockRate: 8000 }], [3, { codec: 'GSM', clockRate: 8000 }], [4, { codec: 'G723', clockRate: 8000 }],
  [8, { codec: 'PCMA', clockRate: 8000 }], [9, { codec: 'G722', clockRate: 8000 }], [18, { codec: 'G729', clockRate: 8000 }],
];

/** Each media line's formats, in order. */
export function formatsOf(session: SessionDescription): readonly StreamFormats[] {
  return session.media.map((medium) => ({
    audio: medium.kind === 'audio', secure: /SAVP/i.test(medium.protocol), formats: new Map([...STATIC, ...mapped(medium)]),
  }));
}

function mapped({ attributes }: MediaDescription): readonly (readonly [type: number, format: Format])[] {
  return attributes.flatMap(({ name, value }) => {
    const match = name === 'rtpmap' ? /^(\d{1,3}) +([A-Za-z0-9._-]{1,24})\/(\d{1,6})/.exec(value) : null;
    const clockRate = Number(match?.[3]);
    return match === null || clockRate === 0 ? [] : [[Number(match[1]), { codec: match[2] ?? '', clockRate }] as const];
  });
}

/** RFC 4733: its timestamps stand still while a key is held. */
export function isEvent({ codec }: Format): boolean {
  return /^(?:telephone-event|CN)$/i.test(codec);
}
