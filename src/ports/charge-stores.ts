import type { AccountId, CallRecordId, RateDeckId, SiteId, TrunkId, UserId } from '../domain/ids.js';
import type { CallHistoryEntry } from '../domain/calls/call-history.js';
import type { CallCharge } from '../domain/charges/charge.js';
import type { PlanAllowance } from '../domain/charges/rate-call.js';
import type { Rate, RateDeck } from '../domain/charges/rate.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface RateDeckStore {
  get(accountId: AccountId, id: RateDeckId): Promise<RateDeck | null>;
  /** In the order they were made; an account has few. */
  all(accountId: AccountId): Promise<readonly RateDeck[]>;
  insert(deck: RateDeck): Promise<void>;
  update(id: RateDeckId, changes: Partial<Pick<RateDeck, 'name' | 'trunkId' | 'rateSet'>>): Promise<void>;
  /** Charges made by it stay. */
  delete(id: RateDeckId): Promise<void>;
  /** Rates of each of the sets. */
  counts(rateSets: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** Rates by the set they belong to. A set is written in pieces, and holds once a deck names it. */
export interface RateStore {
  /** By prefix and time; `after` is a `rateKey`. */
  page(rateSet: string, page: PageRequest): Promise<Page<Rate>>;
  /** The page's rows without counting all of them. */
  rows(rateSet: string, page: PageRequest): Promise<Page<Rate>>;
  /** Rates with one of the prefixes, whenever they take effect. */
  withPrefixes(rateSet: string, prefixes: readonly string[]): Promise<readonly Rate[]>;
  /** At most 1000 at once. */
  add(accountId: AccountId, rateSet: string, rates: readonly Rate[], at: number): Promise<void>;
  /** Deletes up to `limit` rates of sets that no deck names and that were written before `before`; returns how many went. */
  deleteUnnamed(before: number, limit: number): Promise<number>;
}

export interface PlanAllowanceStore {
  /** Those that differ from what the catalogue says. */
  all(accountId: AccountId): Promise<readonly PlanAllowance[]>;
  replace(accountId: AccountId, allowances: readonly PlanAllowance[]): Promise<void>;
}

/** What is given narrows; instants are of the call's start, both included. */
export interface ChargeFilter {
  readonly from: number;
  readonly to: number;
  readonly siteId?: SiteId;
  readonly userId?: UserId;
  readonly trunkId?: TrunkId;
  /** Only what costs something. */
  readonly chargedOnly?: boolean;
}

/** A charge with its call. */
export interface ChargedCall {
  readonly charge: CallCharge;
  readonly call: CallHistoryEntry;
  /** Of who pays; '' where nobody is known. */
  readonly employeeId: string;
}

/** Sums of one trunk and currency. */
export interface ChargeTotal {
  readonly trunkId: TrunkId | null;
  readonly currency: string;
  readonly calls: number;
  readonly unrated: number;
  readonly billedSeconds: number;
  readonly includedSeconds: number;
  readonly total: number;
}

/** A call whose charge another rating changes; null = there was none, or there is to be none. */
export interface ChargeDifference {
  readonly callId: CallRecordId;
  readonly before: CallCharge | null;
  readonly after: CallCharge | null;
}

export interface RerateRequest {
  readonly accountId: AccountId;
  /** Of the calls' start, both included. */
  readonly from: number;
  readonly to: number;
  /** False: nothing is written. */
  readonly apply: boolean;
  readonly at: number;
}

/** Rates calls again by the decks of now, oldest first, with the plans held when they were rated first. */
export interface Rerating {
  /** One batch at a time; each is written whole, and the same batch again changes nothing. */
  steps(request: RerateRequest): AsyncIterable<RerateStep>;
}

export interface RerateStep {
  readonly differences: readonly ChargeDifference[];
  readonly calls: number;
}

export interface ChargeStore {
  get(accountId: AccountId, callId: CallRecordId): Promise<CallCharge | null>;
  ofCalls(callIds: readonly CallRecordId[]): Promise<ReadonlyMap<CallRecordId, CallCharge>>;
  /** Newest first. */
  page(accountId: AccountId, filter: ChargeFilter, page: PageRequest): Promise<Page<ChargedCall>>;
  rows(accountId: AccountId, filter: ChargeFilter, page: PageRequest): Promise<Page<ChargedCall>>;
  totals(accountId: AccountId, filter: ChargeFilter): Promise<readonly ChargeTotal[]>;
}

/** Calls of one extension or site that are over. Durations in milliseconds. */
export interface Usage {
  /** Of the extension or site. */
  readonly id: string;
  readonly name: string;
  /** '' for a site. */
  readonly extensionNumber: string;
  readonly userId: UserId | null;
  readonly siteId: SiteId | null;
  readonly outgoing: number;
  readonly outgoingAnswered: number;
  readonly inbound: number;
  readonly inboundAnswered: number;
  /** Taken by a phone of somebody else. */
  readonly answeredByOther: number;
  readonly missed: number;
  readonly callMs: number;
  readonly holdMs: number;
}

export interface UsageFilter {
  readonly from: number;
  readonly to: number;
  readonly siteId?: SiteId;
  readonly userId?: UserId;
}

export interface UsageStore {
  /** By id of extension or site. */
  page(accountId: AccountId, by: 'extension' | 'site', filter: UsageFilter, page: PageRequest): Promise<Page<Usage>>;
}

export interface ChargeStores {
  readonly usage: UsageStore;
  readonly rateDecks: RateDeckStore;
  readonly rates: RateStore;
  readonly planAllowances: PlanAllowanceStore;
  readonly charges: ChargeStore;
}
