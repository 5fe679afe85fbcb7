import type { AccountId, CallRecordId, ExtensionId, RateDeckId, SiteId, TrunkId, UserId } from '../../domain/ids.js';
import type { ChargeMode } from '../../domain/charges/rate-call.js';
import type { Inclusion, RateDeck } from '../../domain/charges/rate.js';
import type { SeatCode } from '../../domain/licensing/plans.js';
import type { Instant, Json } from './column-types.js';

export interface RateDecksTable {
  readonly id: RateDeckId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly direction: RateDeck['direction'];
  readonly trunk_id: TrunkId | null;
  readonly rate_set: string;
  readonly created_at: Instant;
}

/** Prices in micro-units. */
export interface RatesTable {
  readonly account_id: AccountId;
  readonly rate_set: string;
  readonly prefix: string;
  readonly effective_from: Instant;
  readonly destination: string;
  readonly currency: string;
  readonly per_minute: number;
  readonly connect_fee: number;
  readonly first_seconds: number;
  readonly next_seconds: number;
  readonly included_by: Json<readonly Inclusion[]>;
  readonly written_at: Instant;
}

export interface PlanAllowancesTable {
  readonly account_id: AccountId;
  readonly plan_code: SeatCode;
  /** Null = without end. */
  readonly minutes: number | null;
}

export interface CallChargesTable {
  readonly call_id: CallRecordId;
  readonly account_id: AccountId;
  readonly direction: RateDeck['direction'];
  readonly trunk_id: TrunkId | null;
  readonly extension_id: ExtensionId | null;
  readonly user_id: UserId | null;
  readonly site_id: SiteId | null;
  readonly number: string;
  readonly country: string | null;
  readonly home: string;
  readonly plans: Json<readonly SeatCode[]>;
  readonly billing_number: string;
  readonly forward_billing_number: string;
  readonly started_at: Instant;
  readonly ended_at: Instant;
  readonly duration_ms: number;
  readonly deck_id: RateDeckId | null;
  readonly mode: ChargeMode;
  readonly prefix: string | null;
  readonly destination: string;
  readonly currency: string;
  readonly per_minute: number;
  readonly connect_fee: number;
  readonly billed_seconds: number;
  readonly included_seconds: number;
  readonly included_plan: SeatCode | null;
  readonly total: number;
  readonly rated_at: Instant;
}

export interface ChargeTables {
  readonly rate_decks: RateDecksTable;
  readonly rates: RatesTable;
  readonly plan_allowances: PlanAllowancesTable;
  readonly call_charges: CallChargesTable;
}
