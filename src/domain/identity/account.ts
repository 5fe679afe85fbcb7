import type { AccountId } from '../ids.js';

/** Digest algorithms in the order they are offered (RFC 8760); MD5 alone unless an account or device says otherwise. */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** `*` codes that phones dial; each account may change them. */
export interface FeatureCodes {
  readonly hotDeskSignIn: string;
  readonly hotDeskSignOut: string;
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
}

export const DEFAULT_ACCOUNT_POLICY: AccountPolicy = {
  digestAlgorithms: ['MD5'],
  featureCodes: { hotDeskSignIn: '*91', hotDeskSignOut: '*92' },
  registrationMinSeconds: 60,
  registrationMaxSeconds: 3600,
  streamRegistrationMaxSeconds: 300,
  contactsPerDevice: 5,
  ringSeconds: 60,
  maxCallSeconds: 14_400,
  sessionExpiresSeconds: 1800,
};

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
