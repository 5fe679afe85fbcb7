import type { DeviceId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import type { RefusalSound, SignInRefusal } from '../../domain/hotdesk/sign-in-refusal.js';
import type { Actor } from '../change.js';
import type { Outcome } from '../outcome.js';

export type DeviceLockOpening =
  /** It was open and its own user acts on it: it is locked now. */
  | { readonly kind: 'locked'; readonly language: string }
  /** It was locked: the owner's extension and PIN, or the PIN of its common area alone, opens it. */
  | { readonly kind: 'ask'; readonly askExtension: boolean; readonly language: string }
  /** A guest acts on the phone, or it is nobody's. */
  | { readonly kind: 'refused'; readonly sounds: RefusalSound; readonly language: string };

export type DeviceUnlockResult =
  | { readonly kind: 'unlocked'; readonly language: string }
  | { readonly kind: 'refused'; readonly sounds: RefusalSound; readonly reason: SignInRefusal };

export interface UnlockAttempt {
  readonly deviceId: DeviceId;
  /** Null where the opening asked for the PIN alone. */
  readonly digits: string | null;
  readonly pin: string;
  /** Epoch ms of the last digit. */
  readonly at: number;
}

/** The device lock: not hot desking, and it ends no session, registration or assignment. All throw `StorageFault`. */
export interface DeviceLock {
  /** The code was dialled. */
  begin(deviceId: DeviceId): Promise<DeviceLockOpening>;
  /** Counts and delays failures as a sign-in does. */
  unlock(attempt: UnlockAttempt): Promise<DeviceUnlockResult>;
  byApi(actor: Actor, deviceId: DeviceId, locked: boolean): Promise<Outcome<Device>>;
}
