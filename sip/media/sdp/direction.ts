import type { MediaDescription, SessionDescription } from './session-description.js';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** What the side that wrote the SDP does (RFC 8866 §6.7); `sendrecv` where it says nothing. */
export function directionOf(session: SessionDescription, medium: MediaDescription): Direction {
  const named = [...medium.attributes, ...session.attributes].find(({ name }) => DIRECTIONS.some((one) => one === name));
  return DIRECTIONS.find((one) => one === named?.name) ?? 'sendrecv';
}

/** The answerer's direction for each offered one (RFC 3264 §6.1). */
export const ANSWERED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive',
};

/** Whether nothing is to be sent to this address: hold of RFC 2543, or a place ICE has yet to find (RFC 3264 §8.4). */
export function isNowhere(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
