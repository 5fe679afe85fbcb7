import type { SeatCode } from '../../domain/licensing/plans.js';
import type { AccountUser } from '../../domain/identity/user.js';
import { change, type Actor, type Draft } from '../change.js';
import { fitNumbersToPlans } from '../numbers/release-numbers.js';
import { done, named, refused, type Outcome } from '../outcome.js';
import { asId, type CommonAreaId } from '../../domain/ids.js';
import type { AdminDeps } from './admin-deps.js';
import { withoutPackageNames } from './licence-packages.js';
import { commonAreaNotFound, phoneUserNotFound } from './not-found.js';
import { findPhoneUser } from './resolve.js';
import { codesOf, readEntitlements, takeSeats, withoutCode, type Entitlements } from './seats.js';

/** Who holds plans: a phone user (by id or e-mail address) or a common area. */
export type PlanHolder =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'common_area'; readonly id: string };

/**
 * Assigns plans or packages; one that is held already, unknown or without a free seat is refused, and then none is
 * assigned.
 */
export async function assignCallingPlans(
  deps: AdminDeps, actor: Actor, holder: PlanHolder, plans: readonly string[],
): Promise<Outcome<Entitlements>> {
  return withHolder(deps, actor, holder, 'assign-calling-plans', async (draft, held) => {
    const read = readEntitlements(await withoutPackageNames(draft, plans), 'calling_plans');
    if (read.kind === 'refused') return read;
    const wanted = codesOf(read.entitlements);
    const doubled = wanted.find((code) => codesOf(held).includes(code));
    if (doubled !== undefined) {
      return refused('conflict', 'calling_plans', 'This plan is assigned already.', String(doubled));
    }
    const full = await takeSeats(draft, wanted, 'calling_plans');
    return full ?? done({
      callingPlans: [...held.callingPlans, ...read.entitlements.callingPlans],
      packages: [...held.packages, ...read.entitlements.packages],
    });
  });
}

/** Takes one plan or package away; its seat is free at once, and the direct numbers with the last calling plan. */
export async function unassignCallingPlan(
  deps: AdminDeps, actor: Actor, holder: PlanHolder, plan: string,
): Promise<Outcome<Entitlements>> {
  return withHolder(deps, actor, holder, 'unassign-calling-plan', async (_draft, held) => {
    const code = heldCode(held, plan);
    if (code === null) return refused('not-found', 'planType', 'This plan is not assigned.', plan);
    return done(withoutCode(held, code));
  });
}

/** Exchanges one plan for another in one step, so that the holder is never without. */
export async function switchCallingPlan(
  deps: AdminDeps, actor: Actor, holder: PlanHolder, source: string, target: string,
): Promise<Outcome<Entitlements>> {
  return withHolder(deps, actor, holder, 'switch-calling-plan', async (draft, held) => {
    const from = heldCode(held, source);
    if (from === null) return refused('invalid', 'source_type', 'This plan is not assigned.', source);
    const read = readEntitlements([target], 'target_type');
    if (read.kind === 'refused') return named('target_type', read);
    const [to] = codesOf(read.entitlements);
    if (to === undefined || to === from) return done(held);
    if (codesOf(held).includes(to)) return refused('conflict', 'target_type', 'This plan is assigned already.', target);
    const full = await takeSeats(draft, [to], 'target_type');
    if (full) return full;
    const rest = withoutCode(held, from);
    return done({
      callingPlans: [...rest.callingPlans, ...read.entitlements.callingPlans],
      packages: [...rest.packages, ...read.entitlements.packages],
    });
  });
}

function heldCode(held: Entitlements, plan: string): SeatCode | null {
  const read = readEntitlements([plan], 'type');
  if (read.kind === 'refused') return null;
  const [code] = codesOf(read.entitlements);
  return code !== undefined && codesOf(held).includes(code) ? code : null;
}

async function withHolder(
  deps: AdminDeps, actor: Actor, holder: PlanHolder, action: string,
  decide: (draft: Draft, held: Entitlements) => Promise<Outcome<Entitlements>>,
): Promise<Outcome<Entitlements>> {
  return change(deps, actor, async (draft) => {
    if (holder.kind === 'user') {
      const view = await findPhoneUser(draft.stores, draft.accountId, holder.id);
      if (!view) return phoneUserNotFound(holder.id);
      const outcome = await decide(draft, view.phone);
      if (outcome.kind === 'refused') return outcome;
      const plans = plansOnly(outcome.value);
      const tooMany = await fitNumbersToPlans(draft, view.extension, plans.callingPlans, 'calling_plans');
      if (tooMany) return tooMany;
      await draft.stores.phoneUsers.update(view.phone.id, plans);
      await forgetBrokenPackage(draft, view.user, plans);
      draft.note({
        aggregate: 'phone_user', id: view.phone.id, change: 'updated', action, before: view.phone,
        after: { ...view.phone, ...plans },
      });
      return done(plans);
    }
    const view = await draft.stores.commonAreas.get(draft.accountId, asId<CommonAreaId>(holder.id));
    if (!view) return commonAreaNotFound(holder.id);
    const outcome = await decide(draft, view.commonArea);
    if (outcome.kind === 'refused') return outcome;
    const plans = plansOnly(outcome.value);
    const tooMany = await fitNumbersToPlans(draft, view.extension, plans.callingPlans, 'calling_plans');
    if (tooMany) return tooMany;
    const area = view.commonArea;
    await draft.stores.commonAreas.update(area.id, plans);
    draft.note({
      aggregate: 'common_area', id: area.id, change: 'updated', action, before: area, after: { ...area, ...plans },
    });
    return done(plans);
  });
}

/** A bundle of which a piece was taken away by itself has come apart: what is left counts as assigned singly. */
async function forgetBrokenPackage(draft: Draft, user: AccountUser, held: Entitlements): Promise<void> {
  if (user.licencePackageId === null) return;
  const bundle = await draft.stores.licencePackages.get(draft.accountId, user.licencePackageId);
  if (bundle?.codes.every((code) => codesOf(held).includes(code)) === true) return;
  await draft.stores.users.update(user.id, { licencePackageId: null });
}

function plansOnly({ callingPlans, packages }: Entitlements): Entitlements {
  return { callingPlans, packages };
}
