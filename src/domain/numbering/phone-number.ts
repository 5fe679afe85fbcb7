import type { AccountId, CustomizedNumberId, ExtensionId, PhoneNumberId, SiteId } from '../ids.js';

/** `international`: of no country, such as +883. */
export type PhoneNumberType = 'toll' | 'tollfree' | 'international';

/** A telephone number of the account's pool. Whoever it is assigned to, it is an extension that is rung. */
export interface PhoneNumber {
  readonly id: PhoneNumberId;
  readonly accountId: AccountId;
  /** E.164 with `+`; unique in its account. */
  readonly number: string;
  /** ISO 3166-1 alpha-2; null = of no country. */
  readonly country: string | null;
  readonly numberType: PhoneNumberType;
  /** `external`: brought along from a carrier (BYOC). */
  readonly source: 'external' | 'internal';
  readonly status: 'available' | 'pending';
  /** Of an assigned number: its extension's site. */
  readonly siteId: SiteId;
  readonly extensionId: ExtensionId | null;
  /** Place among the numbers of its extension, lowest = primary; null while unassigned. */
  readonly assignedOrder: number | null;
  /** May be called. */
  readonly incoming: boolean;
  /** May be shown as caller ID. */
  readonly outgoing: boolean;
  readonly carrier: string;
  /** Shown in place of the caller's name where the number belongs to somebody else than the caller; '' = none. */
  readonly displayName: string;
  readonly emergencyAddressId: string | null;
  /** As the API carries it; 0 = none registered. */
  readonly emergencyAddressStatus: number;
  readonly sipGroupId: string;
  readonly createdAt: number;
}

/** A number that everybody of the account, of a site, or one extension may show as caller ID without owning it. */
export interface CustomizedNumber {
  readonly id: CustomizedNumberId;
  readonly accountId: AccountId;
  readonly scope: 'account' | 'site' | 'extension';
  readonly scopeId: string;
  readonly phoneNumberId: PhoneNumberId;
  readonly createdAt: number;
}

/** Which of the permitted numbers an extension shows; without a choice the first permitted one is shown. */
export interface CallerIdChoice {
  /** Of the extension. */
  readonly id: ExtensionId;
  readonly accountId: AccountId;
  /** Null = the number is withheld. */
  readonly phoneNumberId: PhoneNumberId | null;
}
