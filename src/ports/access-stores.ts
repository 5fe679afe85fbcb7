import type { AccountId, ApiClientId, PhoneRoleId, SiteId, UserId } from '../domain/ids.js';

/** A program that speaks to the API with an id and a secret. */
export interface ApiClient {
  readonly id: ApiClientId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly secretHash: string;
  /** The name of a default role, or the id of a custom one. */
  readonly role: string;
  /** The sites its role counts at; null = wherever the role reaches by itself. */
  readonly targets: readonly SiteId[] | null;
  /** Tokens of earlier generations count no longer. */
  readonly generation: number;
  readonly disabled: boolean;
  readonly createdAt: number;
  /** The secret before the last rotation, which counts until the instant given (epoch ms). */
  readonly earlierSecret?: { readonly hash: string; readonly until: number } | null;
  /** When it last asked for something, to some minutes; null = never, or before this was kept. */
  readonly lastUsedAt?: number | null;
}

export interface ApiClientStore {
  get(id: ApiClientId): Promise<ApiClient | null>;
  all(accountId: AccountId): Promise<readonly ApiClient[]>;
  insert(client: ApiClient): Promise<void>;
  update(id: ApiClientId, changes: Partial<Pick<ApiClient, 'name' | 'secretHash' | 'role' | 'generation' | 'disabled' | 'earlierSecret' | 'targets'>>): Promise<void>;
  delete(id: ApiClientId): Promise<void>;
  /** Raises `lastUsedAt`; never lowers it. */
  used(id: ApiClientId, at: number): Promise<void>;
}

export interface RevokedTokenStore {
  has(tokenId: string): Promise<boolean>;
  /** `expiresAt` (epoch ms): when the token would have ended by itself. Idempotent. */
  add(token: { readonly id: string; readonly accountId: AccountId; readonly clientId: ApiClientId; readonly expiresAt: number }): Promise<void>;
}

/** An account's own role: a copy of a default one under a name of its own, with its permissions or with chosen ones. */
export interface CustomRole {
  readonly id: PhoneRoleId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly description: string;
  /** Name of the default role whose permissions it has. */
  readonly base: string;
  /** Null = those of the base. */
  readonly permissions: readonly string[] | null;
  readonly createdAt: number;
}

export interface RoleMember {
  readonly userId: UserId;
  readonly displayName: string;
  readonly email: string;
  /** '' and null for people without a phone. */
  readonly extensionNumber: string;
  readonly site: { readonly id: string; readonly name: string } | null;
}

/** A role of somebody, with the sites it counts at for them; null = wherever the role reaches by itself. */
export interface HeldRole {
  readonly roleId: PhoneRoleId;
  readonly targets: readonly SiteId[] | null;
}

/** One site at which a role counts for one of its members. */
export interface RoleTarget {
  readonly userId: UserId;
  readonly site: { readonly id: SiteId; readonly name: string };
}

export interface RoleStore {
  all(accountId: AccountId): Promise<readonly CustomRole[]>;
  get(accountId: AccountId, id: PhoneRoleId): Promise<CustomRole | null>;
  insert(role: CustomRole): Promise<void>;
  update(id: PhoneRoleId, changes: Partial<Pick<CustomRole, 'name' | 'description' | 'permissions'>>): Promise<void>;
  /** With its memberships. */
  delete(accountId: AccountId, id: PhoneRoleId): Promise<void>;
  /** Members of every role that has some, by role id. */
  memberCounts(accountId: AccountId): Promise<ReadonlyMap<string, number>>;
  /** Account users in the role, or all others, by id. */
  members(accountId: AccountId, id: PhoneRoleId, inRole: boolean): Promise<readonly RoleMember[]>;
  memberIds(accountId: AccountId, id: PhoneRoleId): Promise<readonly UserId[]>;
  /** The role of each of the users who has one; of several, the one given first. */
  firstRoles(accountId: AccountId, userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, PhoneRoleId>>;
  /** Whoever is a member already stays as they are; `targeted`: the role counts for new ones only at targets, of which they have none. */
  addMembers(accountId: AccountId, id: PhoneRoleId, userIds: readonly UserId[], at: number, targeted: boolean): Promise<void>;
  /** Every role of a person, by id. */
  heldBy(accountId: AccountId, userId: UserId): Promise<readonly HeldRole[]>;
  /** Of every member, or of one, by person and site. */
  targets(accountId: AccountId, id: PhoneRoleId, userId: UserId | null): Promise<readonly RoleTarget[]>;
  /** From now on the role counts for these members at targets alone. Idempotent. */
  addTargets(accountId: AccountId, id: PhoneRoleId, userIds: readonly UserId[], siteIds: readonly SiteId[]): Promise<void>;
  /** A member who loses the last one reaches nothing with the role. */
  removeTargets(accountId: AccountId, id: PhoneRoleId, userIds: readonly UserId[], siteIds: readonly SiteId[]): Promise<void>;
  removeMembers(accountId: AccountId, id: PhoneRoleId, userIds: readonly UserId[]): Promise<void>;
}

/** What is known of a request that may come again under the same key. */
export interface IdempotentRequest {
  readonly requestHash: string;
  /** Null while the first one runs. */
  readonly sealedAnswer: string | null;
}

export interface IdempotentRequestStore {
  /**
   * Takes the key for `requestHash` when nobody has it, when what was kept is older than `keptSince`, or when whoever took it
   * has let `running_until` pass without an answer: null. Else what is known of the request that has it.
   */
  take(
    request: { readonly accountId: AccountId; readonly clientId: ApiClientId; readonly key: string; readonly requestHash: string },
    times: { readonly now: number; readonly runningUntil: number; readonly keptSince: number },
  ): Promise<IdempotentRequest | null>;
  keep(clientId: ApiClientId, key: string, sealedAnswer: string): Promise<void>;
  /** Gives the key up: nothing was changed. */
  release(clientId: ApiClientId, key: string): Promise<void>;
}

export interface AccessStores {
  readonly apiClients: ApiClientStore;
  readonly revokedTokens: RevokedTokenStore;
  readonly roles: RoleStore;
  readonly idempotentRequests: IdempotentRequestStore;
}
