import type { AccountId, DeviceId } from '../domain/ids.js';
import type { ProvisioningFetch, ProvisioningToken } from '../domain/provisioning/provisioning-access.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface ProvisioningTokenStore {
  /** Of any account: the token alone says whose phone it is. */
  byHash(hash: string): Promise<ProvisioningToken | null>;
  of(deviceId: DeviceId): Promise<readonly ProvisioningToken[]>;
  /** Those that came back under an address of their own: phones that read their configuration from us. */
  enrolled(deviceIds: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>>;
  insert(token: ProvisioningToken): Promise<void>;
  /** Ends the window for enrolling. */
  endEnrol(deviceId: DeviceId): Promise<void>;
  /** Makes an enrol token this address's own, and shortens it to `expiresAt` at most; false where another address has it. */
  claim(hash: string, address: string, at: number, expiresAt: number): Promise<boolean>;
  /** Notes the first use; a later one changes nothing. */
  used(hash: string, at: number): Promise<void>;
  /** Notes since when the phone has the credentials of a steady token; null = it has none. One that is noted stays. */
  credentials(deviceId: DeviceId, rotation: number, at: number | null): Promise<void>;
  /** Whether any place of any account asks phones for credentials. */
  credentialsAsked(): Promise<boolean>;
  /** Lets the device's steady tokens below a rotation end at `expiresAt` where they would last longer. */
  retire(deviceId: DeviceId, below: number, expiresAt: number): Promise<void>;
  /** Deletes tokens that ended before; returns how many. */
  forget(before: number): Promise<number>;
}

export interface ProvisioningFetchStore {
  add(fetch: ProvisioningFetch): Promise<void>;
  /** The newest of the device. */
  last(deviceId: DeviceId): Promise<ProvisioningFetch | null>;
  /** Newest first. */
  page(accountId: AccountId, deviceId: DeviceId, page: PageRequest): Promise<Page<ProvisioningFetch>>;
  /** Deletes those of before; returns how many. */
  forget(before: number): Promise<number>;
}

export interface ProvisioningStores {
  readonly provisioningTokens: ProvisioningTokenStore;
  readonly provisioningFetches: ProvisioningFetchStore;
}
