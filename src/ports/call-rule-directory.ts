import type { AccountId, ExtensionId, SiteId } from '../domain/ids.js';
import type { BlockedNumber } from '../domain/routing/blocked-number.js';
import type { OutboundException, OutboundRule } from '../domain/routing/outbound-rules.js';

/** What one place says of one number. */
export interface OutboundSaying {
  /** The most specific active exception that matches. */
  readonly exception: OutboundException | null;
  readonly country: OutboundRule | null;
}

/** Blocked lists and outbound rules as the call path asks for them: answers are few, whatever the length of the lists. */
export interface CallRuleDirectory {
  /** Active outbound entries that match the number, those of the account first. */
  outboundBlocks(accountId: AccountId, siteId: SiteId, extensionId: ExtensionId | null, e164: string): readonly BlockedNumber[];
  /** Active inbound entries of the account and of the called extension that match any form of the caller. */
  inboundBlocks(accountId: AccountId, extensionId: ExtensionId, forms: readonly string[]): readonly BlockedNumber[];
  /** `country` is that of the number, null for numbers of none, of which nothing is said. */
  outboundSaying(placeId: AccountId | SiteId | ExtensionId, e164: string, country: string | null): OutboundSaying;
}
