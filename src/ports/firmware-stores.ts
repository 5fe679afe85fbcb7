import type { FirmwareImage } from '../domain/device/firmware-image.js';
import type { PhoneBrand } from '../domain/device/phone-models.js';
import type { AccountId, DeviceAuthorityId, FirmwareImageId } from '../domain/ids.js';
import type { AllowedHost, DeviceAuthority } from '../domain/provisioning/device-authority.js';
import type { Page, PageRequest } from './admin-stores.js';

/** Images are written in pieces of `IMAGE_CHUNK` bytes, and nobody sees one before it is finished. */
export interface FirmwareImageStore {
  /** Of those that are finished, all of them or one maker's, by id. */
  page(accountId: AccountId, vendor: PhoneBrand | null, page: PageRequest): Promise<Page<FirmwareImage>>;
  /** Names compare without regard to case. */
  get(accountId: AccountId, vendor: PhoneBrand, version: string, fileName: string): Promise<FirmwareImage | null>;
  begin(image: Pick<FirmwareImage, 'id' | 'accountId' | 'vendor' | 'version' | 'fileName' | 'uploadedAt' | 'uploadedBy'>): Promise<void>;
  /** Pieces count from 0. */
  append(image: Pick<FirmwareImage, 'id' | 'accountId'>, number: number, data: Uint8Array): Promise<void>;
  /** From now on it is there, in the place of an earlier one of its name. */
  finish(image: FirmwareImage): Promise<void>;
  /** Null beyond its end, and when it is gone. */
  chunk(id: FirmwareImageId, number: number): Promise<Uint8Array | null>;
  delete(id: FirmwareImageId): Promise<void>;
  /** Deletes those that were begun before and never finished; returns how many. */
  forgetUnfinished(before: number): Promise<number>;
}

export interface AllowedHostStore {
  /** By name. */
  all(accountId: AccountId): Promise<readonly AllowedHost[]>;
  /** A host that is there keeps its time. */
  put(host: AllowedHost): Promise<void>;
  delete(accountId: AccountId, host: string): Promise<void>;
}

export interface DeviceAuthorityStore {
  /** Of one account, or of all: one listener serves every account. */
  all(accountId: AccountId | null): Promise<readonly DeviceAuthority[]>;
  /** One that is there stays as it is. */
  insert(authority: DeviceAuthority): Promise<void>;
  delete(id: DeviceAuthorityId): Promise<void>;
}

export interface FirmwareStores {
  readonly firmwareImages: FirmwareImageStore;
  readonly allowedHosts: AllowedHostStore;
  readonly deviceAuthorities: DeviceAuthorityStore;
}
