import { seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import type { AddOnCode, CallingPlanCode, LicenceCode, PackageCode, SeatCode } from '../../domain/licensing/plans.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';

/** Plans and packages that somebody holds; every code in it takes one seat. */
export interface Entitlements {
  readonly callingPlans: readonly CallingPlanCode[];
  readonly packages: readonly LicenceCode[];
}

/** Reads names or codes of plans, licences and add-ons; unknown and doubled ones are refused, naming the place in the list. */
export function readEntitlements(
  texts: readonly string[], field: string,
): { kind: 'read'; entitlements: Entitlements } | Refused {
  const callingPlans: CallingPlanCode[] = [];
  const packages: LicenceCode[] = [];
  for (const [index, text] of texts.entries()) {
    const place = `${field}[${index}]`;
    const seat = seatByNameOrCode(text);
    if (!seat) {
      return refused('invalid', place, 'There is no such plan. GET /v2/phone/calling_plans lists them.', text);
    }
    const code: SeatCode = seat.code;
    if (isCallingPlan(code)) {
      if (callingPlans.includes(code)) return refused('invalid', place, 'This plan is named twice.', text);
      callingPlans.push(code);
    } else if (isPackage(code)) {
      if (packages.includes(code)) return refused('invalid', place, 'This licence is named twice.', text);
      packages.push(code);
    }
  }
  return { kind: 'read', entitlements: { callingPlans, packages } };
}

const PACKAGES: ReadonlySet<SeatCode> = new Set<PackageCode>([1, 3000, 3010, 3040]);
const ADD_ONS: ReadonlySet<SeatCode> = new Set<AddOnCode>([4000, 4010]);

/** Licences and add-ons: everything that is no calling plan. */
export function isPackage(code: SeatCode): code is LicenceCode {
  return PACKAGES.has(code) || ADD_ONS.has(code);
}

export function isCallingPlan(code: SeatCode): code is CallingPlanCode {
  return !isPackage(code);
}

export function codesOf(held: Entitlements): readonly SeatCode[] {
  return [...held.callingPlans, ...held.packages];
}

/** What is left when one code is taken away. */
export function withoutCode(held: Entitlements, code: SeatCode): Entitlements {
  return {
    callingPlans: isCallingPlan(code) ? held.callingPlans.filter((plan) => plan !== code) : held.callingPlans,
    packages: isPackage(code) ? held.packages.filter((item) => item !== code) : held.packages,
  };
}

/**
 * Refuses when a code has no seat left. Rows are locked in code order, so that two changes cannot wait for each other.
 */
export async function takeSeats(draft: Draft, codes: readonly SeatCode[], field: string): Promise<Refused | null> {
  for (const code of [...codes].sort((a, b) => a - b)) {
    const seats = await draft.stores.seats.forUpdate(draft.accountId, code);
    if (seats.assigned < seats.subscribed) continue;
    const name = seatByNameOrCode(String(code))?.name ?? String(code);
    return refused(
      'conflict', field,
      `All ${seats.subscribed} seats of ${name} (${code}) are assigned. Unassign one, or subscribe more with `
      + `PATCH /v2/cordboard/plans/${code}.`,
      String(code),
    );
  }
  return null;
}

/** Sets how many seats of a plan or package the account has; fewer than are assigned is refused. */
export async function setSubscribedSeats(
  deps: AdminDeps, actor: Actor, type: string, subscribed: number,
): Promise<Outcome<SeatCode>> {
  const seat = seatByNameOrCode(type);
  if (!seat) return refused('not-found', 'type', 'There is no such plan or package.', type);
  return change(deps, actor, async (draft) => {
    const now = await draft.stores.seats.forUpdate(draft.accountId, seat.code);
    if (subscribed < now.assigned) {
      return refused(
        'conflict', 'subscribed', `${now.assigned} seats are assigned. Unassign some before going below.`,
        String(subscribed),
      );
    }
    await draft.stores.seats.setSubscribed(draft.accountId, seat.code, subscribed);
    draft.note({
      aggregate: 'plan_seats', id: String(seat.code), change: 'updated', action: 'set-subscribed-seats',
      before: { subscribed: now.subscribed }, after: { subscribed },
    });
    return done(seat.code);
  });
}
