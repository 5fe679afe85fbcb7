import type { AccountId, SiteId } from '../ids.js';

export interface PostalAddress {
  readonly addressLine1: string;
  readonly addressLine2: string;
  readonly city: string;
  readonly stateCode: string;
  readonly zip: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** Extensions that a site hands out by itself; both ends belong to it. */
export interface ExtensionRange {
  readonly from: string;
  readonly to: string;
}

/** What India's regulator wants to know of a place. */
export interface IndiaRegistration {
  readonly stateCode: string;
  readonly city: string;
  readonly sdcaNpa: string;
  readonly entityName: string;
}

export interface Site {
  readonly id: SiteId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly isMain: boolean;
  /** 1–2 digits typed before an extension of another site; null while the account uses none. */
  readonly siteCode: string | null;
  /** Digits that extensions handed out by the site begin with, 2–5. */
  readonly shortExtensionLength: number;
  /** Where the site's own choice of free extensions comes from; none = any. */
  readonly shortExtensionRanges: readonly ExtensionRange[];
  /** ISO 3166-1 alpha-2; decides emergency numbers and national dialling forms. */
  readonly country: string;
  /** IANA zone; null = the account's. */
  readonly timeZone: string | null;
  /** First language of spoken prompts at the site's phones, ISO 639-1; null = the account's. */
  readonly promptLanguage: string | null;
  readonly autoReceptionistName: string;
  readonly defaultEmergencyAddress: PostalAddress | null;
  /** Name beside the number of calls to the telephone network; '' = the caller's. */
  readonly callerIdName: string;
  /** As a script gave it; there are no zones here. */
  readonly sipZoneId: string;
  readonly india: IndiaRegistration | null;
  readonly createdAt: number;
}
