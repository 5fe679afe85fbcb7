import { isIP } from 'node:net';
import type { Target } from '../rtp/latch.js';
import { isNowhere } from './direction.js';
import type { LocalMedia } from './own-description.js';
import { attributeOf, type SessionDescription } from './session-description.js';

/** Where the writer of an SDP has one stream; null: switched off, or on hold by 0.0.0.0. */
export interface StreamPlace {
  readonly rtp: Target | null;
  readonly rtcp: Target | null;
}

export type RelayReading =
  | { readonly kind: 'streams'; readonly streams: readonly StreamPlace[] }
  | { readonly kind: 'not-relayable'; readonly why: 'transport' | 'ice' | 'address-family' | 'too-many-streams' }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Where each media line's packets are to go, or why a relay of RTP cannot carry one of them. */
export function readRelayed(session: SessionDescription, family: 'IP4' | 'IP6', room: number): RelayReading {
  if (session.media.length > room) return { kind: 'not-relayable', why: 'too-many-streams' };
  const streams: StreamPlace[] = [];
  for (const [index, medium] of session.media.entries()) {
    const { port, connection, protocol } = medium;
    if (port === 0) {
      streams.push({ rtp: null, rtcp: null });
      continue;
    }
    if (/TLS/i.test(protocol)) return { kind: 'not-relayable', why: 'ice' };
    if (!/^RTP\/S?AVPF?$/i.test(protocol)) return { kind: 'not-relayable', why: 'transport' };
    if (connection === null) return { kind: 'malformed', reason: `m= line ${index + 1} has no c= line` };
    if (isNowhere(connection.address)) {
      if (attributeOf(session, medium, 'ice-ufrag') !== null) return { kind: 'not-relayable', why: 'ice' };
      streams.push({ rtp: null, rtcp: null });
      continue;
    }
    if (isIP(connection.address) === 0) return { kind: 'malformed', reason: `the c= line of m= line ${index + 1} has no IP address` };
    if (connection.family !== family) return { kind: 'not-relayable', why: 'address-family' };
    const rtcpPort = Number(/^\d{1,5}/.exec(attributeOf(session, medium, 'rtcp') ?? '')?.[0] ?? port + 1);
    const rtp = { address: connection.address, port };
    streams.push({ rtp, rtcp: { address: connection.address, port: rtcpPort > 0 && rtcpPort <= 65_535 ? rtcpPort : port } });
  }
  return { kind: 'streams', streams };
}

/** Lines that name another way around the relay. */
const OTHER_WAYS = /^a=(?:rtcp:|candidate:|end-of-candidates|remote-candidates|ice-)/;

/**
 * The same SDP with the relay's address on every c=, m= and o= line; a line of port 0 stays off, an address of 0.0.0.0
 * (hold) stays that. Ways around the relay (ICE candidates, a=rtcp) are left out.
 * @param places of the relay, one for each media line, in order
 */
export function rewriteSdp(session: SessionDescription, places: readonly LocalMedia[]): string {
  const here = places[0];
  const out: string[] = [];
  let medium = -1;
  for (const line of session.lines) {
    const place = places[Math.max(0, medium)] ?? here;
    if (place === undefined || OTHER_WAYS.test(line)) continue;
    if (line.startsWith('m=')) {
      medium += 1;
      const port = places[medium]?.port;
      out.push(port === undefined || session.media[medium]?.port === 0 ? line : line.replace(/^(m=\S+ )\d+(?:\/\d+)?/, `$1${port}`));
    } else if (line.startsWith('c=')) {
      out.push(isNowhere(line.split(' ')[2] ?? '') ? line : `c=IN ${place.family} ${place.address}`);
    } else if (line.startsWith('o=')) {
      out.push(line.replace(/ IN IP[46] \S+\s*$/, ` IN ${place.family} ${place.address}`));
    } else {
      out.push(line);
    }
  }
  return `${out.join('\r\n')}\r\n`;
}
