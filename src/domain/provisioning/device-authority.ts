import type { AccountId, DeviceAuthorityId } from '../ids.js';
import type { PhoneBrand } from '../device/phone-models.js';

/** A host, besides ours, that phones may be sent to for firmware, pictures and sounds. */
export interface AllowedHost {
  readonly accountId: AccountId;
  /** Lower case, without scheme and port. */
  readonly host: string;
  readonly note: string;
  readonly createdAt: number;
}

/** Who signs the certificates that a maker puts into phones, as the account trusts them. */
export interface DeviceAuthority {
  readonly id: DeviceAuthorityId;
  readonly accountId: AccountId;
  readonly vendor: PhoneBrand;
  /** Its subject, for people. */
  readonly name: string;
  /** SHA-256 of the certificate, upper-case hex with colons. */
  readonly fingerprint: string;
  readonly pem: string;
  readonly expiresAt: number;
  readonly createdAt: number;
}
