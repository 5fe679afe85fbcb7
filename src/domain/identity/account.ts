import type { AccountId } from '../ids.js';

/** Digest algorithms in the order they are offered (RFC 8760); MD5 alone unless an account or device says otherwise. */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** `*` codes that phones dial; each account may change them. */
export interface FeatureCodes {
  readonly hotDeskSignIn: string;
  readonly hotDeskSignOut: string;
  /** Locks and unlocks the phone for its own user, which is not hot desking; '' = no code. */
  readonly deviceLock: string;
  /** Makes a phone that is nobody's somebody's, by a code that is typed; '' = no code. */
  readonly phoneActivation: string;
}

/** What an account sets once for all its phones and calls. Durations name their unit. */
export interface AccountPolicy {
  readonly digestAlgorithms: readonly DigestAlgorithm[];
  readonly featureCodes: FeatureCodes;
  /** Floor and cap of a binding's lifetime; below the floor a REGISTER gets 423 (RFC 3261 §10.3 step 7). */
  readonly registrationMinSeconds: number;
  readonly registrationMaxSeconds: number;
  /** Cap for bindings over TCP, TLS and WS, whose flow dies with the process. */
  readonly streamRegistrationMaxSeconds: number;
  readonly contactsPerDevice: number;
  /** How long a called extension rings before the call fails with no answer. */
  readonly ringSeconds: number;
  readonly maxCallSeconds: number;
  /** Session-Expires asked for on both legs (RFC 4028); 0 = none. */
  readonly sessionExpiresSeconds: number;
  /** Signing in while signed in elsewhere ends the earlier session, or is refused. */
  readonly hotDeskConflict: 'displace' | 'refuse';
  /** Where a guest's extension rings: the borrowed desk and the guest's own phones, or the desk alone. */
  readonly hotDeskReach: 'desk-and-own' | 'desk-only';
  /** Refuses default, repeated, sequential and extension-equal PINs, when set and at sign-in. */
  readonly refuseWeakPins: boolean;
  /** Digits of a PIN, 1 to 6. */
  readonly pinMinLength: number;
  /** First language of spoken prompts where a site sets none; ISO 639-1. */
  readonly promptLanguage: string;
}

export const DEFAULT_ACCOUNT_POLICY: AccountPolicy = {
  digestAlgorithms: ['MD5'],
  featureCodes: { hotDeskSignIn: '*91', hotDeskSignOut: '*92', deviceLock: '', phoneActivation: '*93' },
  registrationMinSeconds: 60,
  registrationMaxSeconds: 3600,
  streamRegistrationMaxSeconds: 300,
  contactsPerDevice: 5,
  ringSeconds: 60,
  maxCallSeconds: 14_400,
  sessionExpiresSeconds: 1800,
  hotDeskConflict: 'displace',
  hotDeskReach: 'desk-and-own',
  refuseWeakPins: true,
  pinMinLength: 4,
  promptLanguage: 'en',
};

/** What a policy's own text may leave out, since it was written before the field was known. */
export type StoredAccountPolicy = Partial<Omit<AccountPolicy, 'featureCodes'>> & { readonly featureCodes?: Partial<FeatureCodes> };

/** A whole policy of what was stored: what it leaves out is the default. */
export function wholePolicy(stored: StoredAccountPolicy): AccountPolicy {
  return { ...DEFAULT_ACCOUNT_POLICY, ...stored, featureCodes: wholeCodes(stored.featureCodes ?? {}) };
}

/** A code that an account chose before the activation of phones had one keeps its meaning. */
function wholeCodes(stored: Partial<FeatureCodes>): FeatureCodes {
  const usual = DEFAULT_ACCOUNT_POLICY.featureCodes;
  const own = Object.values(stored).filter((code) => code !== '');
  const taken = own.some((code) => code.startsWith(usual.phoneActivation) || usual.phoneActivation.startsWith(code));
  return { ...usual, ...(taken ? { phoneActivation: '' } : {}), ...stored };
}

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  /** Domain of every AOR of the account and its digest realm. */
  readonly sipDomain: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly policy: AccountPolicy;
  /** Grows by one with every committed change of the account's configuration. */
  readonly configVersion: number;
  readonly createdAt: number;
}
