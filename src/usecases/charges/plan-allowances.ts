import { catalogueMinutes, type PlanAllowance } from '../../domain/charges/rate-call.js';
import { CALLING_PLANS, seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';

/** Plans that can include minutes: every calling plan, and the international add-on. */
export const INCLUDING_PLANS: readonly PlanAllowance['plan'][] = [...CALLING_PLANS.map(({ code }) => code), 4000];

/** What each plan includes for each of its holders and month, as set or as the catalogue says. */
export async function allowancesOf(deps: Pick<AdminDeps, 'stores'>, actor: Actor): Promise<readonly PlanAllowance[]> {
  const set = new Map((await deps.stores.planAllowances.all(actor.accountId)).map((one) => [one.plan, one]));
  return INCLUDING_PLANS.map((plan) => set.get(plan) ?? { plan, minutes: catalogueMinutes(plan) });
}

/** Sets minutes of plans; those not named have the catalogue's. Holds for calls rated from now on. */
export async function setAllowances(
  deps: AdminDeps, actor: Actor, wanted: readonly { readonly plan: string; readonly minutes: number | null }[],
): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const allowances: PlanAllowance[] = [];
    for (const [index, { plan, minutes }] of wanted.entries()) {
      const code = INCLUDING_PLANS.find((one) => one === seatByNameOrCode(plan)?.code);
      const field = `allowances[${index}].plan`;
      if (code === undefined) return refused('invalid', field, 'Give the name or code of a calling plan, or of the international add-on.', plan);
      if (allowances.some((one) => one.plan === code)) return refused('invalid', field, 'This plan stands twice. Keep one.', plan);
      allowances.push({ plan: code, minutes });
    }
    const before = await draft.stores.planAllowances.all(draft.accountId);
    await draft.stores.planAllowances.replace(draft.accountId, allowances);
    draft.note({
      aggregate: 'plan_allowance', id: draft.accountId, change: 'updated', action: 'set-plan-allowances', before: { allowances: before }, after: { allowances },
    });
    return done(null);
  });
}
