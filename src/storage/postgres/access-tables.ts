import type { AccountId, ApiClientId, PhoneRoleId, SiteId, UserId, UserSessionId } from '../../domain/ids.js';
import type { Generated } from 'kysely';
import type { Instant, InstantOrNull, JsonOrNull } from './column-types.js';

export interface ApiClientsTable {
  readonly id: ApiClientId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly secret_hash: string;
  readonly role: string;
  readonly generation: number;
  readonly disabled: boolean;
  readonly created_at: Instant;
  readonly earlier_secret_hash: string | null;
  readonly earlier_secret_until: InstantOrNull;
  readonly last_used_at: InstantOrNull;
  readonly targeted: Generated<boolean>;
}

export interface RevokedTokensTable {
  readonly id: string;
  readonly account_id: AccountId;
  readonly client_id: ApiClientId;
  readonly expires_at: Instant;
}

export interface PhoneRolesTable {
  readonly id: PhoneRoleId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly description: string;
  readonly base: string;
  readonly permissions: JsonOrNull<readonly string[]>;
  readonly created_at: Instant;
}

export interface PhoneRoleMembersTable {
  readonly account_id: AccountId;
  readonly role_id: PhoneRoleId;
  readonly user_id: UserId;
  readonly added_at: Instant;
  readonly targeted: Generated<boolean>;
}

export interface PhoneRoleTargetsTable {
  readonly account_id: AccountId;
  readonly role_id: PhoneRoleId;
  readonly user_id: UserId;
  readonly site_id: SiteId;
}

export interface ApiClientTargetsTable {
  readonly account_id: AccountId;
  readonly client_id: ApiClientId;
  readonly site_id: SiteId;
}

export interface UserSessionsTable {
  readonly id: UserSessionId;
  readonly account_id: AccountId;
  readonly user_id: UserId;
  readonly how: string;
  readonly refresh_hash: string;
  readonly earlier_refresh_hash: string | null;
  readonly address: string;
  readonly created_at: Instant;
  readonly expires_at: Instant;
}

export interface SignInCodesTable {
  readonly id: string;
  readonly account_id: AccountId;
  readonly user_id: UserId;
  readonly code_hash: string;
  readonly tries: number;
  readonly created_at: Instant;
  readonly expires_at: Instant;
}

export interface IdempotentRequestsTable {
  readonly account_id: AccountId;
  readonly client_id: ApiClientId;
  readonly key: string;
  readonly request_hash: string;
  readonly sealed_answer: string | null;
  readonly running_until: Instant;
  readonly made_at: Instant;
}

/** Tables of who may use the API, by name. */
export interface AccessTables {
  readonly api_clients: ApiClientsTable;
  readonly revoked_tokens: RevokedTokensTable;
  readonly phone_roles: PhoneRolesTable;
  readonly phone_role_members: PhoneRoleMembersTable;
  readonly phone_role_targets: PhoneRoleTargetsTable;
  readonly api_client_targets: ApiClientTargetsTable;
  readonly user_sessions: UserSessionsTable;
  readonly sign_in_codes: SignInCodesTable;
  readonly idempotent_requests: IdempotentRequestsTable;
}
