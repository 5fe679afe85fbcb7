import type { DeviceId } from '../../domain/ids.js';
import type { RefusalSound } from '../../domain/hotdesk/sign-in-refusal.js';

/** What the activation code says before anything is asked. `language` is the prompt language of the phone's site. */
export type ActivationOpening =
  | { readonly kind: 'ask'; readonly language: string }
  | { readonly kind: 'refused'; readonly sounds: RefusalSound; readonly language: string };

export interface CodeAttempt {
  readonly deviceId: DeviceId;
  /** As typed. */
  readonly code: string;
  /** Epoch ms of the last digit: a refusal is answered 300 ms later, whatever it was. */
  readonly at: number;
}

export type ActivationResult =
  /** `language` is spoken at the phone's new site. */
  | { readonly kind: 'activated'; readonly language: string }
  | { readonly kind: 'refused'; readonly sounds: RefusalSound };

/** Making a phone that is nobody's somebody's, from its own keys. Every attempt is an audit entry, none holds digits. All throw `StorageFault`. */
export interface PhoneActivation {
  /** Asked when the code is dialled: a phone that has an assignee says so at once. */
  begin(deviceId: DeviceId): Promise<ActivationOpening>;
  /** One attempt. When it resolves as activated, the directory of this node knows: the very next INVITE is the assignee's. */
  byCode(attempt: CodeAttempt): Promise<ActivationResult>;
}
