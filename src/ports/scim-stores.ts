import type { AccountId, ApiClientId, ScimGroupId, ScimTokenId, UserId } from '../domain/ids.js';
import type { ScimGroup, ScimGroupMember, ScimPerson, ScimProfile } from '../domain/scim/person.js';

/** How one person is asked for; names and addresses compare without regard to case. */
export type PersonKey = { readonly id: UserId } | { readonly userName: string } | { readonly externalId: string } | { readonly email: string };

export interface ScimPersonStore {
  get(accountId: AccountId, id: UserId): Promise<ScimPerson | null>;
  /** Those whom the key names: at most one but for `externalId`. */
  find(accountId: AccountId, key: PersonKey): Promise<readonly ScimPerson[]>;
  count(accountId: AccountId): Promise<number>;
  /** People in the order of their ids, in a fixed number of statements: so many after skipping so many, or after the id given. */
  list(accountId: AccountId, page: { readonly limit: number; readonly skip?: number; readonly after?: UserId | null }): Promise<readonly ScimPerson[]>;
  setProfile(accountId: AccountId, userId: UserId, profile: ScimProfile): Promise<void>;
}

export type GroupKey = { readonly id: ScimGroupId } | { readonly displayName: string } | { readonly externalId: string };

export interface ScimGroupStore {
  get(accountId: AccountId, id: ScimGroupId): Promise<ScimGroup | null>;
  find(accountId: AccountId, key: GroupKey): Promise<readonly ScimGroup[]>;
  /** In the order of their ids. */
  all(accountId: AccountId): Promise<readonly ScimGroup[]>;
  insert(accountId: AccountId, group: ScimGroup): Promise<void>;
  update(id: ScimGroupId, changes: Partial<Omit<ScimGroup, 'id' | 'createdAt'>>): Promise<void>;
  /** With its memberships. */
  delete(id: ScimGroupId): Promise<void>;
  /** Members of each of the groups, by user id. */
  members(ids: readonly ScimGroupId[]): Promise<ReadonlyMap<ScimGroupId, readonly ScimGroupMember[]>>;
  memberIds(id: ScimGroupId): Promise<readonly UserId[]>;
  /** Which of the ids are people of the account. */
  knownUsers(accountId: AccountId, ids: readonly UserId[]): Promise<ReadonlySet<UserId>>;
  /** Adds those who are no members yet. */
  addMembers(accountId: AccountId, id: ScimGroupId, userIds: readonly UserId[]): Promise<void>;
  removeMembers(id: ScimGroupId, userIds: readonly UserId[]): Promise<void>;
}

/** A long-lived token of an API client, for SCIM alone: identity providers keep one and fetch none. */
export interface ScimToken {
  readonly id: ScimTokenId;
  readonly accountId: AccountId;
  readonly clientId: ApiClientId;
  readonly name: string;
  readonly tokenHash: string;
  /** The client's generation at issue; raising it revokes this token, too. */
  readonly generation: number;
  readonly createdAt: number;
  /** Null = never. */
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

export interface ScimTokenStore {
  byHash(tokenHash: string): Promise<ScimToken | null>;
  of(clientId: ApiClientId): Promise<readonly ScimToken[]>;
  insert(token: ScimToken): Promise<void>;
  delete(clientId: ApiClientId, id: ScimTokenId): Promise<void>;
  used(id: ScimTokenId, at: number): Promise<void>;
}

export interface ScimStores {
  readonly scimPeople: ScimPersonStore;
  readonly scimGroups: ScimGroupStore;
  readonly scimTokens: ScimTokenStore;
}
