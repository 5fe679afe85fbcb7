import type { AccountId, ExtensionId, UserId } from '../ids.js';

/**
 * What one extension may do for a person, or hear of the person's: `delegation` makes and answers calls as an assistant, `intercom`
 * is on the person's intercom, the others open voicemail and recordings.
 */
export const MEMBER_KINDS = ['delegation', 'intercom', 'voice_mail', 'auto_call_recording', 'ad_hoc_call_recording'] as const;
export type MemberKind = (typeof MEMBER_KINDS)[number];

export interface MemberRights {
  readonly delete: boolean;
  readonly download: boolean;
  readonly share: boolean;
  /** The phone of the person at which an intercom partner is reached; '' = any. */
  readonly deviceId: string;
}

export const NO_RIGHTS: MemberRights = { delete: false, download: false, share: false, deviceId: '' };

/** One extension in one of a person's lists; nothing obeys them yet, since neither voicemail nor recording nor intercom is built. */
export interface UserMember {
  readonly id: string;
  readonly accountId: AccountId;
  readonly userId: UserId;
  readonly kind: MemberKind;
  readonly memberId: ExtensionId;
  readonly rights: MemberRights;
  readonly createdAt: number;
}

/** Longest list of a person, of each kind. */
export const MOST_MEMBERS = 50;
