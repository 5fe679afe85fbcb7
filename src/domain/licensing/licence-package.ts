import type { AccountId, LicencePackageId } from '../ids.js';
import type { SeatCode } from './plans.js';

/** A bundle that an account sells or assigns under one name: licence, calling plan and add-ons at once, each taking its own seat. */
export interface LicencePackage {
  readonly id: LicencePackageId;
  readonly accountId: AccountId;
  readonly name: string;
  /** In the order they are assigned; at least one. */
  readonly codes: readonly SeatCode[];
  readonly createdAt: number;
}
