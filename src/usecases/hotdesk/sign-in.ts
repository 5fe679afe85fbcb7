import type { DeviceId, UserId } from '../../domain/ids.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import type { RefusalSound, SignInRefusal } from '../../domain/hotdesk/sign-in-refusal.js';
import type { Actor } from '../change.js';
import type { Outcome } from '../outcome.js';

/** What the sign-in code says before anything is asked. `language` is the prompt language of the phone's site. */
export type SignInOpening =
  | { readonly kind: 'ask'; readonly language: string }
  | { readonly kind: 'refused'; readonly sounds: RefusalSound; readonly reason: SignInRefusal; readonly language: string };

export interface PinAttempt {
  readonly deviceId: DeviceId;
  /** As typed at `enter-extension`, or dialled behind the code: a short extension of the phone's site, or site code and extension. */
  readonly digits: string;
  readonly pin: string;
  /** Epoch ms of the last digit: a refusal is answered 300 ms later, whatever it was. */
  readonly at: number;
}

export type SignInResult =
  | {
    readonly kind: 'signed-in';
    readonly session: HotDeskSession;
    /** Sessions this one ended, of another guest here or of the same user elsewhere: their phones have a label to change, too. */
    readonly displaced: readonly HotDeskSession[];
    readonly name: string;
    /** The user's prompt language, the phone's where the user has none. */
    readonly language: string;
  }
  /** The phone's own user, or its common area: a guest's session ended, the device lock opened, nothing else. */
  | { readonly kind: 'owner-returned'; readonly ended: HotDeskSession | null; readonly unlocked: boolean; readonly language: string }
  | { readonly kind: 'refused'; readonly sounds: RefusalSound; readonly reason: SignInRefusal };

/** Signing in at a phone that is another's. Every attempt is an audit entry, none holds digits. All throw `StorageFault`. */
export interface SignIn {
  /** Asked when the sign-in code is dialled: a phone that takes no guests says so at once. */
  begin(deviceId: DeviceId): Promise<SignInOpening>;
  /**
   * One attempt with extension and PIN. When it resolves as signed in, the directory of this node knows: the very next
   * INVITE is the guest's. An earlier session of the user, or another guest of the phone, is displaced, or refuses (account policy).
   */
  byPin(attempt: PinAttempt): Promise<SignInResult>;
  /** By an administrator, or for a signed-in web user; no PIN is asked and no lock of `*91` counts. */
  byApi(actor: Actor, deviceId: DeviceId, userId: UserId): Promise<Outcome<HotDeskSession>>;
}
