import { sql } from 'kysely';
import type { Insertable, RawBuilder } from 'kysely';
import type { AccountId, CommonAreaId, UserId } from '../../domain/ids.js';
import type { AddOnCode, CallingPlanCode, LicenceCode } from '../../domain/licensing/plans.js';
import type { Queries } from './database.js';
import type { PlanAssignmentsTable, PlanKind } from './tables.js';

/** Who holds plans: a phone user or a common area. */
export type PlanHolder =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'common_area'; readonly id: CommonAreaId };

type PlanPair = readonly [kind: PlanKind, code: number];

/** Every plan of the row's holder as `[[kind, code], …]` in the order assigned, in the same statement as the row. */
export function plansOfUser(): RawBuilder<readonly PlanPair[]> {
  return sql<readonly PlanPair[]>`coalesce((select jsonb_agg(jsonb_build_array(a.kind, a.code) order by a.kind, a.position)
    from plan_assignments a where a.user_id = phone_users.id), '[]'::jsonb)`;
}
export function plansOfCommonArea(): RawBuilder<readonly PlanPair[]> {
  return sql<readonly PlanPair[]>`coalesce((select jsonb_agg(jsonb_build_array(a.kind, a.code) order by a.kind, a.position)
    from plan_assignments a where a.common_area_id = common_areas.id), '[]'::jsonb)`;
}

export function callingPlansIn(pairs: readonly PlanPair[]): readonly CallingPlanCode[] {
  return pairs.filter(([kind]) => kind === 'calling-plan').map(([, code]) => code as CallingPlanCode);
}
/** Licences first, then add-ons. */
export function packagesIn(pairs: readonly PlanPair[]): readonly LicenceCode[] {
  const of = (wanted: PlanKind) => pairs.filter(([kind]) => kind === wanted).map(([, code]) => code as LicenceCode);
  return [...of('package'), ...of('add-on')];
}

const ADD_ONS: ReadonlySet<number> = new Set<AddOnCode>([4000, 4010]);

/** Replaces the holder's calling plans, or the licences and add-ons; a code given twice counts once. */
export async function replacePlans(
  queries: Queries, accountId: AccountId, holder: PlanHolder, kind: 'calling-plan' | 'package', codes: readonly (CallingPlanCode | LicenceCode)[],
): Promise<void> {
  const kinds: readonly PlanKind[] = kind === 'package' ? ['package', 'add-on'] : [kind];
  const held = queries.deleteFrom('plan_assignments').where('kind', 'in', kinds);
  await (holder.kind === 'user' ? held.where('user_id', '=', holder.id) : held.where('common_area_id', '=', holder.id)).execute();
  if (codes.length === 0) return;
  await queries.insertInto('plan_assignments').values([...planRows(accountId, holder, kind, codes)]).execute();
}

/** The rows that say so. */
export function planRows(
  accountId: AccountId, holder: PlanHolder, kind: 'calling-plan' | 'package', codes: readonly (CallingPlanCode | LicenceCode)[],
): readonly Insertable<PlanAssignmentsTable>[] {
  return [...new Set(codes)].map((code, position) => ({
    account_id: accountId,
    user_id: holder.kind === 'user' ? holder.id : null,
    common_area_id: holder.kind === 'common_area' ? holder.id : null,
    kind: ADD_ONS.has(code) ? 'add-on' : kind,
    code,
    position,
  }));
}
