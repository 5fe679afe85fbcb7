import type { AccountId, CommonAreaId, DeviceId, ExtensionId } from '../ids.js';

/** Makes a phone somebody's, once: typed at a phone that is nobody's, or given to a softphone. One for each extension, the newest. */
export interface ActivationCode {
  readonly extensionId: ExtensionId;
  /** Whose the extension is; null = a user's. */
  readonly commonAreaId: CommonAreaId | null;
  readonly accountId: AccountId;
  /** Keyed hash; the code itself is told once and not kept. */
  readonly hash: string;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly usedAt: number | null;
  /** The device that it made, or that it gave to the extension. */
  readonly deviceId: DeviceId | null;
}

/** Digits, to be typed on a phone's keys: about 33 bits, which wrong attempts being limited keeps from being guessed within its life. */
export const ACTIVATION_CODE_LENGTH = 10;
export const ACTIVATION_CODE_MS = 7 * 86_400_000;

/** Wrong codes of a whole account in the time that failures count, from which on none is taken at any phone. */
export const MOST_WRONG_CODES = 50;

export type ActivationCodeStatus = 'unused' | 'used' | 'expired';

export function activationCodeStatus({ usedAt, expiresAt }: Pick<ActivationCode, 'usedAt' | 'expiresAt'>, at: number): ActivationCodeStatus {
  if (usedAt !== null) return 'used';
  return expiresAt <= at ? 'expired' : 'unused';
}

/** A code as people type it: blanks and dashes do not count. */
export function plainActivationCode(text: string): string {
  return text.replace(/[\s-]/g, '');
}

/** As people read it: 482-913-7756. */
export function readableActivationCode(code: string): string {
  return code.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3');
}

/**
 * As many digits as wanted, each as likely as any other.
 * @param bytes random ones, drawn anew as often as needed
 */
export function drawDigits(length: number, bytes: (length: number) => Uint8Array): string {
  let digits = '';
  while (digits.length < length) {
    // 250 and above would make low digits likelier.
    for (const byte of bytes(length)) if (byte < 250 && digits.length < length) digits += String(byte % 10);
  }
  return digits;
}
