import type {
  AccountId, CommonAreaId, ExtensionId, PhoneRoleId, SiteId, UserId,
} from '../domain/ids.js';
import type { Account } from '../domain/identity/account.js';
import type { AccountUser, PhoneUser } from '../domain/identity/user.js';
import type { CommonArea } from '../domain/identity/common-area.js';
import type { Site } from '../domain/identity/site.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { ConfigEvent } from '../domain/events.js';
import type { FamilyStores } from './family-stores.js';
import type { SeatCode } from '../domain/licensing/plans.js';

/** Keyset paging: `after` is the last key of the page before (null = first page), `size` at least 1. */
export interface PageRequest {
  readonly size: number;
  readonly after: string | null;
}
export interface Page<T> {
  readonly items: readonly T[];
  /** Key to continue with; null on the last page. */
  readonly next: string | null;
  readonly total: number;
}

export interface AccountStore {
  get(id: AccountId): Promise<Account | null>;
  first(): Promise<Account | null>;
  /** Row-locked for the transaction: changes of one account run one after the other. */
  lock(id: AccountId): Promise<void>;
  insert(account: Account): Promise<void>;
  update(id: AccountId, changes: Partial<Omit<Account, 'id' | 'configVersion' | 'createdAt'>>): Promise<void>;
}

export interface SiteStore {
  get(accountId: AccountId, id: SiteId): Promise<Site | null>;
  byName(accountId: AccountId, name: string): Promise<Site | null>;
  main(accountId: AccountId): Promise<Site | null>;
  all(accountId: AccountId): Promise<readonly Site[]>;
  page(accountId: AccountId, page: PageRequest, within?: readonly SiteId[]): Promise<Page<Site>>;
  insert(site: Site): Promise<void>;
  update(id: SiteId, changes: Partial<Omit<Site, 'id' | 'accountId' | 'createdAt'>>): Promise<void>;
  delete(id: SiteId): Promise<void>;
  /** How many phone users, common areas, devices and phone numbers belong to it. */
  usage(id: SiteId): Promise<number>;
}

/** `licence`: code of a plan, licence or add-on that they hold; `role`: of the phone; `skip`: so many of the first are left out. */
export type UserFilter = {
  readonly status?: AccountUser['status']; readonly keyword?: string; readonly licence?: number; readonly role?: PhoneRoleId; readonly skip?: number;
  /** Only people whose phone is at one of these sites: as far as the reader's reach goes. */
  readonly within?: readonly SiteId[];
};
export interface UserStore {
  get(accountId: AccountId, id: UserId): Promise<AccountUser | null>;
  /** E-mail addresses compare without regard to case. */
  byEmail(accountId: AccountId, email: string): Promise<AccountUser | null>;
  byEmployeeId(accountId: AccountId, uniqueId: string): Promise<AccountUser | null>;
  page(accountId: AccountId, filter: UserFilter, page: PageRequest): Promise<Page<AccountUser>>;
  insert(user: AccountUser): Promise<void>;
  update(id: UserId, changes: Partial<Omit<AccountUser, 'id' | 'accountId' | 'createdAt'>>): Promise<void>;
  delete(id: UserId): Promise<void>;
}

export interface PhoneUserView {
  readonly user: AccountUser;
  readonly phone: PhoneUser;
  readonly extension: Extension;
  readonly site: Site;
}
export interface PhoneUserFilter {
  /** Only of these sites, whatever else is asked: as far as the reader's reach goes. */
  readonly within?: readonly SiteId[];
  readonly siteId?: SiteId;
  readonly callingPlan?: number;
  readonly status?: PhoneUser['status'];
  readonly department?: string;
  readonly costCenter?: string;
  readonly keyword?: string;
  /** Whether the person has an emergency address beside the site's. */
  readonly ownAddress?: boolean;
}
export interface PhoneUserStore {
  get(accountId: AccountId, id: UserId): Promise<PhoneUserView | null>;
  page(accountId: AccountId, filter: PhoneUserFilter, page: PageRequest): Promise<Page<PhoneUserView>>;
  insert(phone: PhoneUser): Promise<void>;
  /** `callingPlans` and `packages` replace the whole set. */
  update(id: UserId, changes: Partial<Omit<PhoneUser, 'id' | 'accountId' | 'extensionId' | 'createdAt'>>): Promise<void>;
  delete(id: UserId): Promise<void>;
}

export interface CommonAreaView {
  readonly commonArea: CommonArea;
  readonly extension: Extension;
  readonly site: Site;
}
export interface CommonAreaStore {
  get(accountId: AccountId, id: CommonAreaId): Promise<CommonAreaView | null>;
  page(accountId: AccountId, page: PageRequest, within?: readonly SiteId[]): Promise<Page<CommonAreaView>>;
  insert(area: CommonArea): Promise<void>;
  update(id: CommonAreaId, changes: Partial<Omit<CommonArea, 'id' | 'accountId' | 'extensionId' | 'createdAt'>>): Promise<void>;
  delete(id: CommonAreaId): Promise<void>;
}

export interface ExtensionStore {
  get(accountId: AccountId, id: ExtensionId): Promise<Extension | null>;
  /** All with these digits, of any site. */
  byNumber(accountId: AccountId, number: string): Promise<readonly Extension[]>;
  /** Every number in use, of the account or of one site: what a next free one is chosen against. */
  numbers(accountId: AccountId, siteId: SiteId | null): Promise<readonly string[]>;
  insert(extension: Extension): Promise<void>;
  update(id: ExtensionId, changes: { readonly number?: string; readonly siteId?: SiteId }): Promise<void>;
  delete(id: ExtensionId): Promise<void>;
}

export interface SeatCount {
  readonly code: SeatCode;
  readonly subscribed: number;
  readonly assigned: number;
}
export interface SeatStore {
  all(accountId: AccountId): Promise<readonly SeatCount[]>;
  /** Row-locked for the transaction, so that two assignments cannot share the last seat. */
  forUpdate(accountId: AccountId, code: SeatCode): Promise<SeatCount>;
  setSubscribed(accountId: AccountId, code: SeatCode, subscribed: number): Promise<void>;
}

export interface Stores extends FamilyStores {
  readonly accounts: AccountStore;
  readonly sites: SiteStore;
  readonly users: UserStore;
  readonly phoneUsers: PhoneUserStore;
  readonly commonAreas: CommonAreaStore;
  readonly extensions: ExtensionStore;
  readonly seats: SeatStore;
}

/** Inside a transaction: everything of `Stores`, and the announcement of what changed. */
export interface ChangeStores extends Stores {
  /** Writes an outbox row, raises the account's configVersion; the event comes after commit, at least once, in order per account. */
  emit(event: Omit<ConfigEvent, 'version'>): Promise<void>;
  /** The same for many, in the order given; of one account. */
  emitAll(events: readonly Omit<ConfigEvent, 'version'>[]): Promise<void>;
}

/**
 * One PostgreSQL transaction. Only SQL through the stores given is awaited inside. What `fn` returns decides: `commit` keeps it all,
 * `rollback` undoes it all; a throw undoes and is rethrown. After a commit, and before this resolves, the process's own directory
 * has applied the events. Faults are `StorageFault('postgres')`; a broken unique rule is `UniqueViolation`, naming the rule.
 */
export interface UnitOfWork {
  run<T>(fn: (stores: ChangeStores) => Promise<{ readonly end: 'commit' | 'rollback'; readonly value: T }>): Promise<T>;
}

export class UniqueViolation extends Error {
  constructor(readonly constraint: string) {
    super(`unique rule ${constraint} broken`);
    this.name = 'UniqueViolation';
  }
}
