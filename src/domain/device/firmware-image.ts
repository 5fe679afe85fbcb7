import type { AccountId, FirmwareImageId } from '../ids.js';
import type { PhoneBrand } from './phone-models.js';

/** A maker's file of one release, kept for the account's phones. */
export interface FirmwareImage {
  readonly id: FirmwareImageId;
  readonly accountId: AccountId;
  readonly vendor: PhoneBrand;
  readonly version: string;
  /** As phones ask for it. */
  readonly fileName: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly uploadedAt: number;
  /** Who uploaded it, as the audit log names them. */
  readonly uploadedBy: string;
}

/** Bytes of a row; what is left makes the last one. */
export const IMAGE_CHUNK = 262_144;

/** What stands in a path and in the file of every phone as it is. */
export function isImageName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{2,99}$/.test(text) && !text.includes('..');
}
