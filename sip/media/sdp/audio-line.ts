import { isIP } from 'node:net';
import type { Law } from '../audio/g711.js';
import type { Target } from '../rtp/latch.js';
import { directionOf, isNowhere, type Direction } from './direction.js';
import { attributeOf, type MediaDescription, type SessionDescription } from './session-description.js';

/** What the other side said about the audio it takes; numbers are payload types of its SDP. */
export interface AudioLine {
  readonly index: number;
  readonly law: Law;
  readonly payloadType: number;
  /** telephone-event at 8000 Hz (RFC 4733), null where it takes none. */
  readonly eventType: number | null;
  /** Milliseconds of sound in a packet to it. */
  readonly packetMs: number;
  /** Of the other side. */
  readonly direction: Direction;
  /** Null: nothing is to be sent (hold by 0.0.0.0, or the line is switched off). */
  readonly rtp: Target | null;
  readonly rtcp: Target | null;
  readonly rtcpMux: boolean;
}

export type AudioReading =
  | { readonly kind: 'audio'; readonly audio: AudioLine }
  | { readonly kind: 'no-common-codec' }
  | { readonly kind: 'needs-gateway'; readonly why: 'srtp' | 'dtls-srtp' | 'ice' | 'address-family' }
  | { readonly kind: 'malformed'; readonly reason: string };

const PLAIN = ['RTP/AVP', 'RTP/AVPF'];
/** RFC 3551 §6: formats that need no rtpmap. */
const STATIC: Readonly<Record<string, string>> = { 0: 'pcmu/8000', 8: 'pcma/8000' };
const LAWS: Readonly<Record<string, Law>> = { 'pcmu/8000': 'ulaw', 'pcma/8000': 'alaw' };

/**
 * Finds the audio line we can take part in. RTP/AVPF is taken as RTP/AVP without feedback. A line that also offers ICE is taken
 * as plain RTP when its default address can be sent to (RFC 8839 §4.2.5).
 * @param family which addresses we have
 */
export function readAudio(session: SessionDescription, family: 'IP4' | 'IP6'): AudioReading {
  const lines = session.media.map((medium, index) => ({ medium, index })).filter(({ medium }) => medium.kind === 'audio');
  const plain = lines.filter(({ medium }) => PLAIN.includes(medium.protocol.toUpperCase()));
  const live = plain.filter(({ medium }) => medium.port !== 0);
  let refusal: AudioReading = { kind: 'no-common-codec' };
  for (const { medium, index } of live.length > 0 ? live : plain) {
    const reading = readLine(session, medium, index, family);
    if (reading.kind === 'audio') return reading;
    if (refusal.kind === 'no-common-codec') refusal = reading;
  }
  const secure = lines.find(({ medium }) => medium.port !== 0 && /SAVPF?$/i.test(medium.protocol));
  if (refusal.kind === 'no-common-codec' && secure !== undefined) {
    return { kind: 'needs-gateway', why: /TLS/i.test(secure.medium.protocol) || attributeOf(session, secure.medium, 'fingerprint') !== null ? 'dtls-srtp' : 'srtp' };
  }
  return refusal;
}

function readLine(session: SessionDescription, medium: MediaDescription, index: number, family: 'IP4' | 'IP6'): AudioReading {
  const { connection, port } = medium;
  if (connection === null) return { kind: 'malformed', reason: `m= line ${index + 1} has no c= line` };
  const nowhere = isNowhere(connection.address);
  if (nowhere && attributeOf(session, medium, 'ice-ufrag') !== null) return { kind: 'needs-gateway', why: 'ice' };
  if (isIP(connection.address) === 0) return { kind: 'malformed', reason: `the c= line of m= line ${index + 1} has no IP address` };
  if (connection.family !== family && !nowhere) return { kind: 'needs-gateway', why: 'address-family' };
  const types = typesOf(medium);
  const codec = medium.formats.find((format) => LAWS[types.get(format) ?? ''] !== undefined);
  const law = codec === undefined ? undefined : LAWS[types.get(codec) ?? ''];
  if (codec === undefined || law === undefined) return { kind: 'no-common-codec' };
  const events = medium.formats.find((format) => types.get(format) === 'telephone-event/8000');
  const rtcpMux = medium.attributes.some(({ name }) => name === 'rtcp-mux');
  const silent = nowhere || port === 0;
  const rtp = silent ? null : { address: connection.address, port };
  return {
    kind: 'audio',
    audio: {
      index, law,
      payloadType: Number(codec),
      eventType: events === undefined ? null : Number(events),
      packetMs: packetMsOf(session, medium),
      direction: silent ? heldDirection(directionOf(session, medium), port) : directionOf(session, medium),
      rtp,
      rtcp: rtp === null ? null : rtcpMux ? rtp : rtcpTarget(medium, rtp),
      rtcpMux,
    },
  };
}

/** Connected to nowhere is hold, whatever the direction says (RFC 3264 §8.4); a line of port 0 is off. */
function heldDirection(direction: Direction, port: number): Direction {
  return port === 0 || direction === 'recvonly' || direction === 'inactive' ? 'inactive' : 'sendonly';
}

/** Payload type → `name/rate` in lower case. */
function typesOf(medium: MediaDescription): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const format of medium.formats) {
    if (!/^\d{1,3}$/.test(format) || Number(format) > 127) continue;
    const known = STATIC[format];
    if (known !== undefined) types.set(format, known);
  }
  for (const { name, value } of medium.attributes) {
    if (name !== 'rtpmap') continue;
    const match = /^(\d{1,3}) +([!-~]+?)(?:\/1)?$/.exec(value);
    if (match !== null && Number(match[1]) <= 127) types.set(String(Number(match[1])), (match[2] ?? '').toLowerCase());
  }
  return types;
}

/** Multiples of 20 ms up to 60 as asked (RFC 8866 §6.4 ptime, maxptime); 10 only where 20 is too much. */
function packetMsOf(session: SessionDescription, medium: MediaDescription): number {
  const [wanted, most] = [Number(attributeOf(session, medium, 'ptime') ?? 20), Number(attributeOf(session, medium, 'maxptime') ?? 60)];
  const limit = Number.isFinite(most) && most > 0 ? most : 60;
  if (limit < 20) return 10;
  const asked = Number.isFinite(wanted) ? wanted : 20;
  return Math.max(20, Math.floor(Math.min(asked, limit, 60) / 20) * 20);
}

/** RFC 3605: a=rtcp names port, and address where it is another; without it the next port (RFC 3550 §11). */
function rtcpTarget(medium: MediaDescription, rtp: Target): Target {
  const value = medium.attributes.find(({ name }) => name === 'rtcp')?.value ?? '';
  const [port = '', , , address = ''] = value.split(' ');
  if (!/^\d{1,5}$/.test(port) || Number(port) === 0 || Number(port) > 65_535) return { address: rtp.address, port: Math.min(rtp.port + 1, 65_535) };
  return { address: isIP(address) === isIP(rtp.address) ? address : rtp.address, port: Number(port) };
}
