/** Why a sign-in was refused; closed list, one name in code, API, audit and docs. */
export type SignInRefusal =
  | 'device-not-hot-deskable' | 'device-locked' | 'extension-unknown' | 'pin-wrong' | 'pin-weak' | 'not-entitled' | 'user-disabled'
  | 'session-exists' | 'pair-locked' | 'phone-locked';

/** What the phone says: most refusals sound alike, so that nobody learns who exists or may do what. */
export type RefusalSound = 'try-again' | 'locked' | 'not-available';

export interface SignInRefusalRow {
  readonly sounds: RefusalSound;
  /** Whether it counts towards a lock of `*91`. */
  readonly counts: boolean;
  /** One sentence for administrators: what happened and what can be done. */
  readonly text: string;
}

export const SIGN_IN_REFUSALS: Readonly<Record<SignInRefusal, SignInRefusalRow>> = {
  'device-not-hot-deskable': { sounds: 'not-available', counts: false, text: 'The phone takes no guests. Switch hot desking on for it; it must be assigned to a user or a common area.' },
  'device-locked': { sounds: 'not-available', counts: false, text: 'The phone is locked by its own user. Unlock it first.' },
  'extension-unknown': { sounds: 'try-again', counts: true, text: 'No user has this extension at the site of the phone. Use site code and extension for users of other sites.' },
  'pin-wrong': { sounds: 'try-again', counts: true, text: 'The PIN is wrong, or the user has none. An administrator can set a new one.' },
  'pin-weak': { sounds: 'not-available', counts: false, text: 'The PIN is too easy to guess. Set another one, then sign in again.' },
  'not-entitled': { sounds: 'try-again', counts: true, text: 'The user may not use phones of others. Allow hot desking for the user.' },
  'user-disabled': { sounds: 'try-again', counts: true, text: 'The user is deactivated. Activate the user to allow signing in.' },
  'session-exists': { sounds: 'not-available', counts: false, text: 'The user is signed in at another phone, and the account refuses a second session. Sign out there first.' },
  'pair-locked': { sounds: 'try-again', counts: false, text: 'Too many wrong attempts for this extension at this phone. Unlock it, set a new PIN, or wait.' },
  'phone-locked': { sounds: 'locked', counts: false, text: 'Too many wrong attempts at this phone. Unlock it, or wait.' },
};
