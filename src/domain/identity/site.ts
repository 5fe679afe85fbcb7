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

export interface Site {
  readonly id: SiteId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly isMain: boolean;
  /** 1–2 digits typed before an extension of another site; null while the account uses none. */
  readonly siteCode: string | null;
  readonly shortExtensionLength: number;
  /** ISO 3166-1 alpha-2; decides emergency numbers and national dialling forms. */
  readonly country: string;
  /** IANA zone; null = the account's. */
  readonly timeZone: string | null;
  /** First language of spoken prompts at the site's phones, ISO 639-1; null = the account's. */
  readonly promptLanguage: string | null;
  readonly autoReceptionistName: string;
  readonly defaultEmergencyAddress: PostalAddress | null;
  readonly createdAt: number;
}
