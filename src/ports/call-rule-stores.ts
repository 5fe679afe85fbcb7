import type { AccountId, BlockedNumberId, OutboundExceptionId } from '../domain/ids.js';
import type { BlockedNumber, BlockedStatistic, CallRulePlace } from '../domain/routing/blocked-number.js';
import type { OutboundCountryRule, OutboundException } from '../domain/routing/outbound-rules.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface BlockedNumberFilter {
  readonly direction?: BlockedNumber['direction'];
  readonly match?: BlockedNumber['match'];
  readonly type?: BlockedNumber['type'];
  readonly status?: BlockedNumber['status'];
  /** Found anywhere in number or comment, without regard to case. */
  readonly keyword?: string;
}

export interface BlockedNumberStore {
  get(accountId: AccountId, id: BlockedNumberId): Promise<BlockedNumber | null>;
  /** The one entry of a place's list for exactly this number or prefix. */
  find(
    accountId: AccountId, place: CallRulePlace, entry: Pick<BlockedNumber, 'direction' | 'number' | 'match'>,
  ): Promise<BlockedNumber | null>;
  page(accountId: AccountId, place: CallRulePlace, filter: BlockedNumberFilter, page: PageRequest): Promise<Page<BlockedNumber>>;
  insert(entry: BlockedNumber): Promise<void>;
  /** All but id, place and instant of making. */
  update(entry: BlockedNumber): Promise<void>;
  delete(id: BlockedNumberId): Promise<void>;
  /** Callers that extensions block by lists of their own; paged by the key the store hands out. */
  statistics(accountId: AccountId, filter: Omit<BlockedNumberFilter, 'direction' | 'status'>, page: PageRequest): Promise<Page<BlockedStatistic>>;
  /** The inbound entries of all extensions' own lists for exactly this number or prefix. */
  ofExtensions(accountId: AccountId, entry: Pick<BlockedNumber, 'number' | 'match'>): Promise<readonly BlockedNumber[]>;
}

export interface OutboundCountryStore {
  /** What the places say, in no order. */
  of(accountId: AccountId, places: readonly CallRulePlace[]): Promise<readonly OutboundCountryRule[]>;
  /** Sets or replaces. */
  put(rule: OutboundCountryRule): Promise<void>;
  delete(rule: Omit<OutboundCountryRule, 'rule'>): Promise<void>;
}

export interface OutboundExceptionFilter {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country?: string;
  readonly match?: OutboundException['match'];
  readonly status?: OutboundException['status'];
  /** Found anywhere in number or comment, without regard to case. */
  readonly keyword?: string;
}

export interface OutboundExceptionStore {
  get(accountId: AccountId, place: CallRulePlace, id: OutboundExceptionId): Promise<OutboundException | null>;
  find(accountId: AccountId, place: CallRulePlace, entry: Pick<OutboundException, 'number' | 'match'>): Promise<OutboundException | null>;
  page(accountId: AccountId, place: CallRulePlace, filter: OutboundExceptionFilter, page: PageRequest): Promise<Page<OutboundException>>;
  ofCountry(accountId: AccountId, place: CallRulePlace, country: string): Promise<readonly OutboundException[]>;
  insert(entry: OutboundException): Promise<void>;
  /** All but id, place and instant of making. */
  update(entry: OutboundException): Promise<void>;
  delete(id: OutboundExceptionId): Promise<void>;
}

/** Who may call whom: blocked lists, countries and regions, and their exceptions. */
export interface CallRuleStores {
  readonly blockedNumbers: BlockedNumberStore;
  readonly outboundCountries: OutboundCountryStore;
  readonly outboundExceptions: OutboundExceptionStore;
  /** Every rule of a site or extension that goes; the directory drops them with it. */
  readonly callRules: { clearPlace(accountId: AccountId, place: CallRulePlace): Promise<void> };
}
