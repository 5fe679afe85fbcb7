import type { AccountId, ExtensionId, LicencePackageId, SiteId, UserId } from '../ids.js';
import type { CallingPlanCode, LicenceCode } from '../licensing/plans.js';
import type { UserDetails } from './user-details.js';

/** A person known to the account, with or without a phone. */
export interface AccountUser {
  readonly id: UserId;
  readonly accountId: AccountId;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly displayName: string;
  /** The account's user type number as the API carries it (1 basic, 2 licensed). */
  readonly type: number;
  readonly status: 'active' | 'inactive';
  readonly department: string;
  readonly costCenter: string;
  readonly jobTitle: string;
  readonly location: string;
  readonly timeZone: string;
  readonly language: string;
  readonly details: UserDetails;
  /** The bundle that gave licence and plans; null = none, or each was assigned by itself. */
  readonly licencePackageId: LicencePackageId | null;
  readonly createdAt: number;
}

/** A person with an extension. `deactivated` keeps everything and neither makes nor gets calls. */
export interface PhoneUser {
  readonly id: UserId;
  readonly accountId: AccountId;
  readonly siteId: SiteId;
  readonly extensionId: ExtensionId;
  readonly status: 'active' | 'deactivated';
  readonly callingPlans: readonly CallingPlanCode[];
  readonly packages: readonly LicenceCode[];
  readonly internationalCalling: boolean;
  /** Prefixed to local-form numbers; '' = none. */
  readonly areaCode: string;
  /** May sign in at phones of others that take guests. */
  readonly hotDeskAllowed: boolean;
  readonly createdAt: number;
}

/** The name others see: the display name, else first and last name, else the e-mail address. */
export function nameOf(user: Pick<AccountUser, 'displayName' | 'firstName' | 'lastName' | 'email'>): string {
  return user.displayName || [user.firstName, user.lastName].filter(Boolean).join(' ') || user.email;
}
