import type { AccountId, ExtensionId, FraudGuardId, FraudIncidentId } from '../domain/ids.js';
import type { FraudGuard, FraudIncident } from '../domain/fraud/guard.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface FraudGuardStore {
  get(accountId: AccountId, id: FraudGuardId): Promise<FraudGuard | null>;
  /** In the order they were made; an account has few. */
  all(accountId: AccountId): Promise<readonly FraudGuard[]>;
  /** Of every account. */
  everywhere(): Promise<readonly FraudGuard[]>;
  insert(guard: FraudGuard): Promise<void>;
  /** Everything but id, account and time of making. */
  update(guard: FraudGuard): Promise<void>;
  delete(id: FraudGuardId): Promise<void>;
}

export interface FraudIncidentStore {
  get(accountId: AccountId, id: FraudIncidentId): Promise<FraudIncident | null>;
  /** Newest first. */
  page(accountId: AccountId, filter: { readonly from: number; readonly to: number; readonly held?: true; readonly at: number }, page: PageRequest): Promise<Page<FraudIncident>>;
  /** Whether the guard told of this caller and level since the instant: then it is not told again. */
  toldSince(guardId: FraudGuardId, extensionId: ExtensionId, level: FraudIncident['level'], since: number): Promise<boolean>;
  insert(incident: FraudIncident): Promise<void>;
  lift(id: FraudIncidentId, at: number, by: string): Promise<void>;
}

/** What an extension spent and talked on a day (UTC), by currency; milliseconds and micro-units. */
export interface DaySum {
  readonly extensionId: ExtensionId;
  readonly currency: string;
  readonly total: number;
  readonly durationMs: number;
}

export interface SpendingStore {
  /** Of the account's calls that began from `from` on. */
  since(accountId: AccountId, from: number): Promise<readonly DaySum[]>;
}

export interface FraudStores {
  readonly fraudGuards: FraudGuardStore;
  readonly fraudIncidents: FraudIncidentStore;
  readonly spending: SpendingStore;
}

/** What calls read in their round trip and others write: holds, costs and minutes by their key. Throws StorageFault. */
export interface FraudCounters {
  put(values: readonly { readonly key: string; readonly value: number; readonly ttlMs: number }[]): Promise<void>;
  forget(keys: readonly string[]): Promise<void>;
}
