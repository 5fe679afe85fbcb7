import type { AccountId, LicencePackageId } from '../domain/ids.js';
import type { LicencePackage } from '../domain/licensing/licence-package.js';

export interface LicencePackageStore {
  get(accountId: AccountId, id: LicencePackageId): Promise<LicencePackage | null>;
  /** Names compare without regard to case. */
  byName(accountId: AccountId, name: string): Promise<LicencePackage | null>;
  /** In the order they were made. */
  all(accountId: AccountId): Promise<readonly LicencePackage[]>;
  insert(bundle: LicencePackage): Promise<void>;
  update(id: LicencePackageId, changes: Partial<Pick<LicencePackage, 'name' | 'codes'>>): Promise<void>;
  delete(id: LicencePackageId): Promise<void>;
  /** How many people hold it. */
  holders(id: LicencePackageId): Promise<number>;
  /** How many hold each, of the whole account. */
  holdersOfAll(accountId: AccountId): Promise<ReadonlyMap<LicencePackageId, number>>;
}

export interface LicenceStores {
  readonly licencePackages: LicencePackageStore;
}
