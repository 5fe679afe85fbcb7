import type { LicencePackage } from '../licensing/licence-package.js';
import { seatByNameOrCode } from '../licensing/catalogue.js';
import type { CallingPlanCode, LicenceCode, SeatCode } from '../licensing/plans.js';
import { LIST_SEPARATOR, type HolderColumn } from './holder-columns.js';
import type { Holder, HolderFacts } from './holder-facts.js';
import type { RowReader, SeatUse } from './plan-row.js';

export interface PlannedPlans {
  readonly bundle: LicencePackage | null;
  readonly callingPlans: readonly CallingPlanCode[];
  readonly packages: readonly LicenceCode[];
  readonly seats: SeatUse;
}

/** What somebody holds beside a bundle, as an export writes it. */
export function singlePlans(held: readonly SeatCode[], bundle: LicencePackage | null): string {
  return [...held].filter((code) => bundle?.codes.includes(code) !== true).sort((a, b) => a - b)
    .map((code) => seatByNameOrCode(String(code))?.name ?? String(code)).join(LIST_SEPARATOR);
}

export function bundleOf({ user }: Pick<Holder, 'user'>, { packages }: Pick<HolderFacts, 'packages'>): LicencePackage | null {
  return packages.find(({ id }) => id === user?.licencePackageId) ?? null;
}

/** Bundle and single plans stand side by side: a cell that keeps one keeps it whatever becomes of the other. */
export function planEntitlements(reader: RowReader<HolderColumn>, facts: HolderFacts, holder: Holder): PlannedPlans {
  const { callingPlans = [], packages = [] } = holder.phone ?? holder.area ?? {};
  const held: readonly SeatCode[] = [...callingPlans, ...packages];
  const before = bundleOf(holder, facts);
  const bundle = wantedBundle(reader, facts, before);
  const single = wantedPlans(reader, singlePlans(held, before)) ?? held.filter((code) => before?.codes.includes(code) !== true);
  const wanted = new Set<SeatCode>([...bundle?.codes ?? [], ...single]);
  const codes = [...held.filter((code) => wanted.has(code)), ...[...wanted].filter((code) => !held.includes(code))];
  return {
    bundle, callingPlans: codes.filter(isCallingPlan), packages: codes.filter(isLicence),
    seats: { taken: codes.filter((code) => !held.includes(code)), freed: held.filter((code) => !wanted.has(code)) },
  };
}

function wantedBundle(reader: RowReader<HolderColumn>, { packages }: HolderFacts, before: LicencePackage | null): LicencePackage | null {
  const wish = reader.wish('package', before?.name ?? '');
  if (wish === undefined) return before;
  if (wish === null || wish.toLowerCase() === 'none') return null;
  const found = packages.find(({ id, name }) => id === wish || name.toLowerCase() === wish.toLowerCase());
  if (found === undefined) reader.problem('package', 'There is no such package. GET /v2/cordboard/licence_packages lists them; - takes one away.');
  return found ?? before;
}

function wantedPlans(reader: RowReader<HolderColumn>, now: string): readonly SeatCode[] | undefined {
  const wish = reader.wish('callingPlans', now);
  if (wish === undefined) return undefined;
  const codes: SeatCode[] = [];
  for (const text of listIn(wish ?? '')) {
    const seat = seatByNameOrCode(text);
    if (seat === undefined) reader.problem('callingPlans', `There is no plan ${text.slice(0, 60)}. GET /v2/phone/calling_plans lists them.`);
    else if (!codes.includes(seat.code)) codes.push(seat.code);
  }
  return codes;
}

/** The items of a list in a cell. */
export function listIn(text: string): readonly string[] {
  return text.split(/[;,\n]/).map((one) => one.trim()).filter((one) => one !== '');
}

function isCallingPlan(code: SeatCode): code is CallingPlanCode {
  return seatByNameOrCode(String(code))?.kind === 'calling-plan';
}

function isLicence(code: SeatCode): code is LicenceCode {
  return !isCallingPlan(code);
}
