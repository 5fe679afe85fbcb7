import type { CallReading } from '../calls/call-limits.js';
import type { ExtensionId, SiteId } from '../ids.js';
import { isInternational } from '../licensing/catalogue.js';
import type { FraudGuard, WorkingHours } from './guard.js';

/** A call to the telephone network as guards see it. */
export interface WatchedCall {
  readonly extensionId: ExtensionId;
  readonly siteId: SiteId;
  /** ISO 3166-1 alpha-2. */
  readonly home: string;
  /** E.164 with `+`. */
  readonly number: string;
  readonly country: string | null;
  /** Clock and day at the caller's site: HH:MM, 1 = Monday … 7 = Sunday. */
  readonly clock: { readonly time: string; readonly weekday: number };
  /** Day in UTC, by which costs and minutes are kept: YYYY-MM-DD. */
  readonly day: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Whether a guard is about the call. */
export function watches(guard: FraudGuard, call: WatchedCall): boolean {
  if (!guard.enabled || (guard.warning === null && guard.critical === null)) return false;
  if (guard.extensionId !== null && guard.extensionId !== call.extensionId) return false;
  if (guard.siteId !== null && guard.siteId !== call.siteId) return false;
  if (guard.metric === 'after-hours' && (guard.hours === null || isWithin(guard.hours, call.clock))) return false;
  const { prefixes, countries, international } = guard.destinations;
  if (prefixes.length === 0 && countries.length === 0 && !international) return true;
  return prefixes.some((prefix) => call.number.startsWith(prefix)) || (call.country !== null && countries.includes(call.country))
    || (international && isInternational(call.home, call.country));
}

/** What is to be counted or read for a guard, in the round trip of the call. */
export function readingOf({ id, metric, currency }: FraudGuard, { extensionId, number, country, day }: WatchedCall): CallReading {
  const key = `guard:${id}:${extensionId}`;
  switch (metric) {
    case 'calls-per-minute': return { kind: 'attempts', key, spanMs: MINUTE_MS };
    case 'after-hours': return { kind: 'attempts', key, spanMs: HOUR_MS };
    case 'concurrent-calls': return { kind: 'running', key };
    case 'same-number': return { kind: 'in-a-row', key, text: number, spanMs: HOUR_MS };
    case 'new-countries': return { kind: 'first-seen', key, text: country ?? 'none', spanMs: DAY_MS };
    case 'minutes-per-day': return { kind: 'kept', key: minutesKey(extensionId, day) };
    case 'cost-per-day': return { kind: 'kept', key: costKey(extensionId, day, currency) };
  }
}

/** Whether a caller is held back by the guard: 1 or 0. */
export function holdReading({ id }: Pick<FraudGuard, 'id'>, { extensionId }: Pick<WatchedCall, 'extensionId'>): CallReading {
  return { kind: 'kept', key: holdKey(id, extensionId) };
}

export function holdKey(guardId: string, extensionId: string): string {
  return `hold:${guardId}:${extensionId}`;
}
/** Micro-units that an extension spent on a day. */
export function costKey(extensionId: string, day: string, currency: string): string {
  return `cost:${extensionId}:${day}:${currency}`;
}
/** Minutes that an extension talked to the network on a day. */
export function minutesKey(extensionId: string, day: string): string {
  return `minutes:${extensionId}:${day}`;
}

/** Hours that end before they begin go over midnight, and belong to the day on which they begin. */
export function isWithin({ from, to, days }: WorkingHours, { time, weekday }: WatchedCall['clock']): boolean {
  if (from === to) return days.includes(weekday);
  if (from < to) return days.includes(weekday) && time >= from && time < to;
  return (days.includes(weekday) && time >= from) || (days.includes(weekday === 1 ? 7 : weekday - 1) && time < to);
}
