import type { Reason } from '../reasons.js';
import type { CallingPlan, CallingPlanCode, PlanRegion, SeatCode } from './plans.js';

/** The public calling plan codes, in the order they are listed. */
export const CALLING_PLANS: readonly CallingPlan[] = [
  { code: 100, name: 'US/CA Metered Calling Plan', kind: 'metered', region: 'US_CA' },
  { code: 101, name: 'AU/NZ Metered Calling Plan', kind: 'metered', region: 'AU_NZ' },
  { code: 102, name: 'GB/IE Metered Calling Plan', kind: 'metered', region: 'GB_IE' },
  { code: 103, name: 'EUR-A Metered Calling Plan', kind: 'metered', region: 'EUR_A' },
  { code: 104, name: 'EUR-B Metered Calling Plan', kind: 'metered', region: 'EUR_B' },
  { code: 107, name: 'JP Metered Calling Plan', kind: 'metered', region: 'JP' },
  { code: 200, name: 'US/CA Unlimited Calling Plan', kind: 'unlimited', region: 'US_CA' },
  { code: 201, name: 'AU/NZ Unlimited Calling Plan', kind: 'unlimited', region: 'AU_NZ' },
  { code: 202, name: 'GB/IE Unlimited Calling Plan', kind: 'unlimited', region: 'GB_IE' },
  { code: 203, name: 'EUR-A Unlimited Calling Plan', kind: 'unlimited', region: 'EUR_A' },
  { code: 204, name: 'EUR-B Unlimited Calling Plan', kind: 'unlimited', region: 'EUR_B' },
  { code: 207, name: 'JP Unlimited Calling Plan', kind: 'unlimited', region: 'JP' },
  { code: 1000, name: 'Unlimited Domestic Select Calling Plan', kind: 'unlimited', region: 'GLOBAL' },
  { code: 1001, name: 'Metered Global Select Calling Plan', kind: 'metered', region: 'GLOBAL' },
];

/** One thing that is counted in seats. `constant` is the public name beside the public code. */
export interface Seat {
  readonly code: SeatCode;
  readonly name: string;
  readonly constant: string;
  readonly kind: 'calling-plan' | 'package' | 'add-on';
}

/** The public constant names beside the public codes of calling plans. */
const PLAN_CONSTANTS: Readonly<Record<CallingPlanCode, string>> = {
  100: 'METERED_PLAN_US_CA', 101: 'METERED_PLAN_AU_NZ', 102: 'METERED_PLAN_GB_IE', 103: 'METERED_EURA', 104: 'METERED_EURB',
  107: 'METERED_JP', 200: 'UNLIMITED_PLAN_US_CA', 201: 'UNLIMITED_PLAN_AU_NZ', 202: 'UNLIMITED_PLAN_GB_IE', 203: 'UNLIMITED_EURA',
  204: 'UNLIMITED_EURB', 207: 'UNLIMITED_JP', 1000: 'UNLIMITED_DOMESTIC_SELECT', 1001: 'METERED_GLOBAL_SELECT',
};

/** Everything that is counted in seats: calling plans, then packages, then add-ons. */
export const SEATS: readonly Seat[] = [
  ...CALLING_PLANS.map(({ code, name }): Seat => ({ code, name, constant: PLAN_CONSTANTS[code], kind: 'calling-plan' })),
  { code: 1, name: 'No Feature Package', constant: 'NO_FEATURE_PACKAGE', kind: 'package' },
  { code: 3000, name: 'Zoom Phone Pro', constant: 'ZP_PRO', kind: 'package' },
  { code: 3010, name: 'Zoom Phone Basic', constant: 'BASIC', kind: 'package' },
  { code: 3040, name: 'Zoom Phone Common Area', constant: 'ZP_COMMON_AREA', kind: 'package' },
  { code: 4000, name: 'International Select Add-on', constant: 'INTERNATIONAL_SELECT_ADDON', kind: 'add-on' },
  { code: 4010, name: 'Zoom Phone Power Pack', constant: 'ZP_POWER_PACK', kind: 'add-on' },
];

const PLAN_BY_CODE: ReadonlyMap<number, CallingPlan> = new Map(CALLING_PLANS.map((plan) => [plan.code, plan]));
const SEAT_BY_TEXT: ReadonlyMap<string, Seat> = new Map(
  SEATS.flatMap((seat) => [String(seat.code), seat.name, seat.constant].map((text): [string, Seat] => [searchForm(text), seat])),
);

/** The calling plan with this code; undefined for every other number. */
export function callingPlan(code: number): CallingPlan | undefined {
  return PLAN_BY_CODE.get(code);
}

/** Finds a seat by code, name or public constant; letter case, spaces and punctuation do not matter. */
export function seatByNameOrCode(text: string): Seat | undefined {
  return SEAT_BY_TEXT.get(searchForm(text));
}

function searchForm(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * Countries of each region; a `GLOBAL` plan serves the home country of who holds it.
 * Deviation: the public plan codes name two European groups without their countries; the split here is our own.
 */
const REGION_COUNTRIES: Readonly<Record<Exclude<PlanRegion, 'GLOBAL'>, ReadonlySet<string>>> = {
  US_CA: new Set(['US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP']),
  AU_NZ: new Set(['AU', 'NZ', 'CX', 'CC']),
  GB_IE: new Set(['GB', 'IE', 'GG', 'JE', 'IM']),
  EUR_A: new Set(['AT', 'BE', 'CH', 'DE', 'DK', 'ES', 'FR', 'IT', 'LI', 'LU', 'NL', 'NO', 'PT', 'SE', 'SM', 'VA', 'SJ']),
  EUR_B: new Set(['BG', 'CY', 'CZ', 'EE', 'FI', 'AX', 'GR', 'HR', 'HU', 'IS', 'LT', 'LV', 'MT', 'PL', 'RO', 'SI', 'SK']),
  JP: new Set(['JP']),
};

export type PlanCoverage =
  | { readonly kind: 'covered' }
  | { readonly kind: 'refused'; readonly reason: Extract<Reason, 'no-calling-plan' | 'plan-region' | 'international-off'> };

/**
 * Whether the plans open a number (call-policy rule 5). Countries are ISO 3166-1 alpha-2; `numberCountry` is null for numbers
 * of no country (satellite, international services), which no plan opens.
 */
export function planCovers(
  plans: readonly CallingPlanCode[], homeCountry: string, numberCountry: string | null, internationalCalling: boolean,
): PlanCoverage {
  const held = plans.map(callingPlan).filter((plan) => plan !== undefined);
  if (held.length === 0) return { kind: 'refused', reason: 'no-calling-plan' };
  if (numberCountry === null) return { kind: 'refused', reason: 'plan-region' };
  if (held.some((plan) => serves(plan.region, homeCountry, numberCountry))) return { kind: 'covered' };
  if (internationalCalling) return { kind: 'covered' };
  return { kind: 'refused', reason: sameCountry(homeCountry, numberCountry) ? 'plan-region' : 'international-off' };
}

/**
 * Whether a number is international to a place: of another country, and of none that shares a public plan region with it,
 * so that it does not depend on any licence. Null, a number of no country, is.
 */
export function isInternational(homeCountry: string, numberCountry: string | null): boolean {
  if (numberCountry === null) return true;
  if (sameCountry(homeCountry, numberCountry)) return false;
  const [home, number] = [homeCountry.toUpperCase(), numberCountry.toUpperCase()];
  return !Object.values(REGION_COUNTRIES).some((countries) => countries.has(home) && countries.has(number));
}

/** The plan region that a country belongs to; null for the many that have none. */
export function regionOf(country: string): Exclude<PlanRegion, 'GLOBAL'> | null {
  const regions: readonly Exclude<PlanRegion, 'GLOBAL'>[] = ['US_CA', 'AU_NZ', 'GB_IE', 'EUR_A', 'EUR_B', 'JP'];
  return regions.find((region) => REGION_COUNTRIES[region].has(country.toUpperCase())) ?? null;
}

/** Whether calls to a country are domestic to a plan held in `homeCountry`. */
export function planServes(code: CallingPlanCode, homeCountry: string, numberCountry: string): boolean {
  const plan = callingPlan(code);
  return plan !== undefined && serves(plan.region, homeCountry, numberCountry);
}

function serves(region: PlanRegion, homeCountry: string, numberCountry: string): boolean {
  return region === 'GLOBAL' ? sameCountry(homeCountry, numberCountry) : REGION_COUNTRIES[region].has(numberCountry.toUpperCase());
}

function sameCountry(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}
