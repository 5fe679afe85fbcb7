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

/** What is kept of a token, and looked for: one hash for each request, whatever came. */
export function tokenHash(mac: KeyedHash, token: string): string {
  return mac(`kept ${token.slice(0, LONGEST_TOKEN)}`, HASH_BYTES);
}

/** URL of the folder of a device's files, ending in `/`. */
export function folderUrl(origin: string, token: string): string {
  return `${origin}/p/${token}/`;
}
