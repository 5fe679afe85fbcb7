import { callingPlan, planServes } from '../licensing/catalogue.js';
import type { CallingPlanCode, SeatCode } from '../licensing/plans.js';
import { priceOf, type Micros } from './money.js';
import type { Inclusion, Rate } from './rate.js';

/** What of a call its price depends on. */
export interface RateableCall {
  readonly direction: 'outbound' | 'inbound';
  /** Answered to ended. */
  readonly durationMs: number;
  /** ISO 3166-1 alpha-2 of the number; null = of no country. */
  readonly country: string | null;
  /** Home of who pays: what an unlimited plan calls domestic. */
  readonly home: string;
  /** Plans, licences and add-ons held when the call was rated. */
  readonly plans: readonly SeatCode[];
}

/** Seconds that a plan still includes for who pays, this month. */
export type SecondsLeft = (plan: SeatCode) => number;

/** `per-minute`: charged, at least in part; `included`: a plan has it all; `unrated`: no deck has a price. */
export type ChargeMode = 'per-minute' | 'included' | 'unrated';

/** The price of one call. */
export interface Price {
  readonly mode: ChargeMode;
  /** Of the rate that was used; null without one. */
  readonly prefix: string | null;
  readonly destination: string;
  /** '' without a rate. */
  readonly currency: string;
  readonly perMinute: Micros;
  readonly connectFee: Micros;
  /** After rounding up to increments. */
  readonly billedSeconds: number;
  /** Of those, what a plan includes. */
  readonly includedSeconds: number;
  /** The plan that includes them; null = none. */
  readonly plan: SeatCode | null;
  readonly total: Micros;
}

/** A call is answered, so it counts as at least a second. */
export function billedSeconds(durationMs: number, { firstSeconds, nextSeconds }: Pick<Rate, 'firstSeconds' | 'nextSeconds'>): number {
  const seconds = Math.max(1, Math.ceil(durationMs / 1000));
  return seconds <= firstSeconds ? firstSeconds : firstSeconds + Math.ceil((seconds - firstSeconds) / nextSeconds) * nextSeconds;
}

/**
 * What an answered call costs. Pure: the same call, rate and seconds left always cost the same. Without a rate a call that
 * comes in costs nothing, and so does one that an unlimited plan serves; any other is `unrated` until a deck says more.
 */
export function rateCall(call: RateableCall, rate: Rate | null, left: SecondsLeft): Price {
  const seconds = billedSeconds(call.durationMs, rate ?? { firstSeconds: 1, nextSeconds: 1 });
  if (rate === null && call.direction === 'inbound') return withoutRate('included', seconds, null);
  const plan = call.plans.find((code) => includes(rate?.includedBy ?? ['unlimited'], code, call) && left(code) > 0) ?? null;
  const includedSeconds = plan === null ? 0 : Math.min(seconds, left(plan));
  const charged = seconds - includedSeconds;
  if (rate === null) return charged === 0 ? withoutRate('included', seconds, plan) : withoutRate('unrated', seconds, null);
  const { prefix, destination, currency, perMinute, connectFee } = rate;
  return {
    mode: charged === 0 ? 'included' : 'per-minute', prefix, destination, currency, perMinute, connectFee, billedSeconds: seconds, includedSeconds, plan,
    total: charged === 0 ? 0 : connectFee + priceOf(perMinute, charged),
  };
}

function withoutRate(mode: 'included' | 'unrated', seconds: number, plan: SeatCode | null): Price {
  return {
    mode, prefix: null, destination: '', currency: '', perMinute: 0, connectFee: 0, billedSeconds: seconds, includedSeconds: plan === null ? 0 : seconds, plan, total: 0,
  };
}

/** A kind of plan includes what it serves; a code includes what its holder calls. */
function includes(tokens: readonly Inclusion[], code: SeatCode, { home, country }: RateableCall): boolean {
  if (tokens.includes(`${code}`)) return true;
  const plan = callingPlan(code);
  return plan !== undefined && tokens.includes(plan.kind) && country !== null && planServes(plan.code, home, country);
}

/** Minutes of a month that a plan includes for each of its holders; null = without end. */
export interface PlanAllowance {
  readonly plan: CallingPlanCode | 4000;
  readonly minutes: number | null;
}

/** By the catalogue: an unlimited plan and the international add-on include without end what a rate says they include, a metered one nothing. */
export function catalogueMinutes(plan: SeatCode): number | null {
  return callingPlan(plan)?.kind === 'metered' ? 0 : null;
}
