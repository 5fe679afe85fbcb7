import type { AccountId, ExtensionId, FraudGuardId, FraudIncidentId, SiteId } from '../ids.js';

/** What a guard counts, for one caller and the destinations it watches. */
export const FRAUD_METRICS = [
  'calls-per-minute', 'concurrent-calls', 'same-number', 'minutes-per-day', 'cost-per-day', 'new-countries', 'after-hours',
] as const;
export type FraudMetric = (typeof FRAUD_METRICS)[number];

/** Numbers that are watched: all of them where nothing is named, else those that fit anything named. */
export interface WatchedDestinations {
  /** E.164 with `+`. */
  readonly prefixes: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** Numbers outside the caller's own country and plan region. */
  readonly international: boolean;
}

/** When people work, by the clock of the caller's site; calls outside are after hours. */
export interface WorkingHours {
  /** HH:MM. */
  readonly from: string;
  readonly to: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly days: readonly number[];
}

/** A guard on calls to the telephone network. */
export interface FraudGuard {
  readonly id: FraudGuardId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly enabled: boolean;
  readonly metric: FraudMetric;
  readonly destinations: WatchedDestinations;
  /** Callers of one site, or one extension; null = everybody. */
  readonly siteId: SiteId | null;
  readonly extensionId: ExtensionId | null;
  /** More than so many warn; null = no warning. Money is in micro-units. */
  readonly warning: number | null;
  /** More than so many are refused; null = nothing is. */
  readonly critical: number | null;
  /** ISO 4217, of costs alone; '' = none. */
  readonly currency: string;
  /** Of after-hours guards alone. */
  readonly hours: WorkingHours | null;
  /** Once refused, the caller may not call there for so long, or until somebody lifts it; 0 = only while the count is high. */
  readonly holdMinutes: number;
  readonly createdAt: number;
}

/** A guard that was passed: once a guard, caller and level until it is over or lifted. */
export interface FraudIncident {
  readonly id: FraudIncidentId;
  readonly accountId: AccountId;
  readonly guardId: FraudGuardId;
  /** As it was then. */
  readonly guardName: string;
  readonly metric: FraudMetric;
  readonly level: 'warning' | 'critical';
  readonly extensionId: ExtensionId;
  readonly callerName: string;
  /** E.164, of the call that passed it. */
  readonly number: string;
  readonly value: number;
  readonly threshold: number;
  readonly at: number;
  /** The caller is held until then; null = not held. */
  readonly heldUntil: number | null;
  /** When and by whom it was lifted; null = nobody did. */
  readonly liftedAt: number | null;
  readonly liftedBy: string;
}
