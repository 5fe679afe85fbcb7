import type { DeviceId } from '../../domain/ids.js';
import type { KeyedHash } from '../../ports/crypto.js';

/** 192 bits. */
const TOKEN_BYTES = 24;
const HASH_BYTES = 32;
/** Longer ones are none of ours; what is cut off makes no hash equal. */
const LONGEST_TOKEN = 256;

/** A device's steady token of one rotation, the same whenever it is made, so that it is nowhere kept. */
export function steadyToken(mac: KeyedHash, deviceId: DeviceId, rotation: number): string {
  return mac(`steady ${deviceId} ${rotation}`, TOKEN_BYTES);
}

/** Letters and digits that nobody confuses, five bits each: people may type it. */
const TYPED_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const TYPED_BYTES = 20;

/**
 * The token of a window for enrolling: 32 characters, 160 bits, the same whenever it is made of the window's serial number, so that the
 * address can be shown again although it is nowhere kept.
 */
export function enrolToken(mac: KeyedHash, deviceId: DeviceId, serial: number): string {
  const bits = [...Buffer.from(mac(`enrol ${deviceId} ${serial}`, TYPED_BYTES), 'base64url')].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => TYPED_ALPHABET.charAt(Number.parseInt(five, 2))).join('');
}

/** What is kept of a token, and looked for: one hash for each request, whatever came. */
export function tokenHash(mac: KeyedHash, token: string): string {
  return mac(`kept ${token.slice(0, LONGEST_TOKEN)}`, HASH_BYTES);
}

/** URL of the folder of a device's files, ending in `/`. */
export function folderUrl(origin: string, token: string): string {
  return `${origin}/p/${token}/`;
}
