import type { AccountId, DeviceId } from '../../domain/ids.js';
import type { FetchOutcome, ProvisioningTokenKind } from '../../domain/provisioning/provisioning-access.js';
import type { Instant, InstantOrNull } from './column-types.js';

export interface ProvisioningTokensTable {
  readonly hash: string;
  readonly account_id: AccountId;
  readonly device_id: DeviceId;
  readonly kind: ProvisioningTokenKind;
  readonly rotation: number;
  readonly created_at: Instant;
  readonly expires_at: InstantOrNull;
  readonly claimed_by: string | null;
  readonly first_used_at: InstantOrNull;
}

export interface ProvisioningFetchesTable {
  readonly id: string;
  readonly account_id: AccountId;
  readonly device_id: DeviceId;
  readonly at: Instant;
  readonly address: string;
  readonly method: string;
  readonly file_name: string;
  readonly token: ProvisioningTokenKind;
  readonly outcome: FetchOutcome;
  readonly status: number;
  readonly bytes: number;
  readonly whole: boolean;
  readonly user_agent: string;
  readonly model: string;
  readonly firmware: string;
}

export interface ProvisioningTables {
  readonly provisioning_tokens: ProvisioningTokensTable;
  readonly provisioning_fetches: ProvisioningFetchesTable;
}
