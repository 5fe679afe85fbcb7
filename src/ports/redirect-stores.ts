import type { AccountId } from '../domain/ids.js';
import type { RedirectListing, RedirectVendor } from '../domain/provisioning/redirect-machine.js';

/** The account's access to a maker's redirect service; the secret is kept sealed beside it. */
export interface KeptRedirectService {
  readonly accountId: AccountId;
  readonly vendor: RedirectVendor;
  readonly accessKeyId: string;
  /** Whether the service is told of phones. */
  readonly active: boolean;
  readonly updatedAt: number;
}

export interface RedirectServiceStore {
  all(accountId: AccountId): Promise<readonly KeptRedirectService[]>;
  get(accountId: AccountId, vendor: RedirectVendor): Promise<KeptRedirectService | null>;
  /** Opened with `SecretBox.open(sealed, redirectSecretContext(…))`. */
  sealedSecret(accountId: AccountId, vendor: RedirectVendor): Promise<string | null>;
  set(service: KeptRedirectService, sealedSecret: string): Promise<void>;
  delete(accountId: AccountId, vendor: RedirectVendor): Promise<void>;
}

export interface RedirectListingStore {
  of(accountId: AccountId, macAddress: string): Promise<RedirectListing | null>;
  /** Replaces what is kept of the phone. */
  put(listing: RedirectListing): Promise<void>;
  /** A listed or wanted phone is to be forgotten; nothing where none is kept. */
  leave(accountId: AccountId, macAddress: string, at: number): Promise<void>;
  /** Tries again what failed for a cause that new credentials may have mended. */
  revive(accountId: AccountId, vendor: RedirectVendor, at: number): Promise<void>;
  /** Forgets what is kept of the phones of a service. */
  forget(accountId: AccountId, vendor: RedirectVendor): Promise<void>;
  /** Claims what is due of active services until `until`, one attempt more each; oldest first. */
  claimDue(at: number, claim: { readonly limit: number; readonly until: number }): Promise<readonly RedirectListing[]>;
  /** Writes what became of a claimed one, null = it is gone; nothing when it was wished anew meanwhile. */
  settle(claimed: RedirectListing, after: RedirectListing | null): Promise<void>;
}

export interface RedirectStores {
  readonly redirectServices: RedirectServiceStore;
  readonly redirectListings: RedirectListingStore;
}
