import type { PhoneBrand } from '../../domain/device/phone-models.js';
import type { AccountId, DeviceAuthorityId, DeviceId, FirmwareImageId } from '../../domain/ids.js';
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
  readonly credentials_at: InstantOrNull;
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

export interface FirmwareImagesTable {
  readonly id: FirmwareImageId;
  readonly account_id: AccountId;
  readonly vendor: PhoneBrand;
  readonly version: string;
  readonly file_name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly complete: boolean;
  readonly uploaded_at: Instant;
  readonly uploaded_by: string;
}

export interface FirmwareImageChunksTable {
  readonly account_id: AccountId;
  readonly image_id: FirmwareImageId;
  readonly number: number;
  readonly data: Buffer;
}

export interface ProvisioningHostsTable {
  readonly account_id: AccountId;
  readonly host: string;
  readonly note: string;
  readonly created_at: Instant;
}

export interface DeviceAuthoritiesTable {
  readonly id: DeviceAuthorityId;
  readonly account_id: AccountId;
  readonly vendor: PhoneBrand;
  readonly name: string;
  readonly fingerprint: string;
  readonly pem: string;
  readonly expires_at: Instant;
  readonly created_at: Instant;
}

export interface ProvisioningTables {
  readonly provisioning_tokens: ProvisioningTokensTable;
  readonly provisioning_fetches: ProvisioningFetchesTable;
  readonly firmware_images: FirmwareImagesTable;
  readonly firmware_image_chunks: FirmwareImageChunksTable;
  readonly provisioning_hosts: ProvisioningHostsTable;
  readonly device_authorities: DeviceAuthoritiesTable;
}
