import type { AccountId, EntitlementWishId, GroupMappingId, PhoneRoleId, UserId } from '../domain/ids.js';
import type { WantedEntitlements } from '../domain/entitlements/entitlements.js';
import type { KeptWish, WishState } from '../domain/entitlements/kept-wish.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface WishFilter {
  readonly states?: readonly WishState[];
  readonly userId?: UserId;
  readonly attribute?: string;
}

export interface EntitlementWishStore {
  get(accountId: AccountId, id: EntitlementWishId): Promise<KeptWish | null>;
  /** A person's, in the order they were asked. */
  of(userId: UserId, states: readonly WishState[]): Promise<readonly KeptWish[]>;
  /** Newest first. */
  page(accountId: AccountId, filter: WishFilter, page: PageRequest): Promise<Page<KeptWish>>;
  insert(accountId: AccountId, wish: KeptWish): Promise<void>;
  update(id: EntitlementWishId, changes: Partial<Pick<KeptWish, 'state' | 'reason' | 'tries' | 'triedAt' | 'triedVersion' | 'settledAt'>>): Promise<void>;
  delete(ids: readonly EntitlementWishId[]): Promise<void>;
  /** People with wishes that were last tried before the account became what it is now, or are left of a process that died; longest untried first. */
  due(limit: number, pendingBefore: number): Promise<readonly { readonly accountId: AccountId; readonly userId: UserId }[]>;
  /** Deletes what was settled before the instant. */
  purge(before: number): Promise<void>;
}

/** What members of a group get, by the group's name. */
export interface GroupMapping {
  readonly id: GroupMappingId;
  readonly groupName: string;
  readonly entitlements: WantedEntitlements;
  readonly createdAt: number;
}

export interface GroupMappingStore {
  get(accountId: AccountId, id: GroupMappingId): Promise<GroupMapping | null>;
  /** By name. */
  all(accountId: AccountId): Promise<readonly GroupMapping[]>;
  insert(accountId: AccountId, mapping: GroupMapping): Promise<void>;
  update(id: GroupMappingId, changes: Partial<Pick<GroupMapping, 'groupName' | 'entitlements'>>): Promise<void>;
  delete(id: GroupMappingId): Promise<void>;
}

/** Roles that identity providers may grant; none by default. */
export interface GrantableRoleStore {
  all(accountId: AccountId): Promise<ReadonlySet<PhoneRoleId>>;
  set(accountId: AccountId, roleIds: readonly PhoneRoleId[]): Promise<void>;
}

export interface EntitlementStores {
  readonly entitlementWishes: EntitlementWishStore;
  readonly groupMappings: GroupMappingStore;
  readonly grantableRoles: GrantableRoleStore;
}
