import type { AccountId, CommonAreaId, DeviceId } from '../ids.js';

/** Lets somebody make a phone of a common area their own, once; one for each common area, the newest. */
export interface ActivationCode {
  readonly commonAreaId: CommonAreaId;
  readonly accountId: AccountId;
  /** Keyed hash; the code itself is told once and not kept. */
  readonly hash: string;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly usedAt: number | null;
  /** The device that it made. */
  readonly deviceId: DeviceId | null;
}

/** 80 bits of the unambiguous alphabet: nobody guesses one within its life. */
export const ACTIVATION_CODE_LENGTH = 16;
export const ACTIVATION_CODE_MS = 7 * 86_400_000;

export type ActivationCodeStatus = 'unused' | 'used' | 'expired';

export function activationCodeStatus({ usedAt, expiresAt }: Pick<ActivationCode, 'usedAt' | 'expiresAt'>, at: number): ActivationCodeStatus {
  if (usedAt !== null) return 'used';
  return expiresAt <= at ? 'expired' : 'unused';
}

/** A code as people type it: blanks and dashes do not count, nor does case. */
export function plainActivationCode(text: string): string {
  return text.replace(/[\s-]/g, '').toLowerCase();
}
