import type { AccountId, ApiClientId, EntitlementWishId, GroupMappingId, PhoneRoleId, ScimGroupId, ScimTokenId, UserId } from '../../domain/ids.js';
import type { WantedEntitlements, Wish } from '../../domain/entitlements/entitlements.js';
import type { WishState } from '../../domain/entitlements/kept-wish.js';
import type { JsonObject } from '../../domain/scim/person.js';
import type { Instant, InstantOrNull, Json } from './column-types.js';

export interface ScimProfilesTable {
  readonly user_id: UserId;
  readonly account_id: AccountId;
  readonly user_name: string;
  readonly external_id: string;
  readonly attributes: Json<JsonObject>;
  readonly updated_at: Instant;
}

export interface ScimGroupsTable {
  readonly id: ScimGroupId;
  readonly account_id: AccountId;
  readonly display_name: string;
  readonly external_id: string;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

export interface ScimGroupMembersTable {
  readonly account_id: AccountId;
  readonly group_id: ScimGroupId;
  readonly user_id: UserId;
}

export interface GroupMappingsTable {
  readonly id: GroupMappingId;
  readonly account_id: AccountId;
  readonly group_name: string;
  readonly entitlements: Json<WantedEntitlements>;
  readonly created_at: Instant;
}

export interface GrantableRolesTable {
  readonly account_id: AccountId;
  readonly role_id: PhoneRoleId;
}

export interface ScimTokensTable {
  readonly id: ScimTokenId;
  readonly account_id: AccountId;
  readonly client_id: ApiClientId;
  readonly name: string;
  readonly token_hash: string;
  readonly generation: number;
  readonly created_at: Instant;
  readonly expires_at: InstantOrNull;
  readonly last_used_at: InstantOrNull;
}

export interface EntitlementWishesTable {
  readonly id: EntitlementWishId;
  readonly account_id: AccountId;
  readonly user_id: UserId;
  readonly attribute: string;
  readonly wish: Json<Wish>;
  readonly source: string;
  readonly state: WishState;
  readonly asked_by: string;
  readonly request_id: string;
  readonly asked_at: Instant;
  readonly reason: string;
  readonly tries: number;
  readonly tried_at: InstantOrNull;
  readonly tried_version: number | null;
  readonly settled_at: InstantOrNull;
}

/** Tables of what identity providers keep here, by name. */
export interface ScimTables {
  readonly scim_profiles: ScimProfilesTable;
  readonly scim_groups: ScimGroupsTable;
  readonly scim_group_members: ScimGroupMembersTable;
  readonly group_mappings: GroupMappingsTable;
  readonly grantable_roles: GrantableRolesTable;
  readonly scim_tokens: ScimTokensTable;
  readonly entitlement_wishes: EntitlementWishesTable;
}
