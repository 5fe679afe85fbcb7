import type { EntitlementNames, HeldEntitlements, WantedEntitlements } from './entitlements.js';

/** What the members of one group get, by the group's name. */
export interface GroupRule {
  readonly groupName: string;
  readonly entitlements: WantedEntitlements;
}

/**
 * What all rules of somebody's groups give together: every plan, and of the rest what the first rule says, by the groups' names.
 */
export function givenByGroups(groupNames: readonly string[], rules: readonly GroupRule[]): WantedEntitlements {
  const names = new Set(groupNames.map((name) => name.toLowerCase()));
  const own = rules.filter(({ groupName }) => names.has(groupName.toLowerCase())).sort((a, b) => (a.groupName < b.groupName ? -1 : 1));
  const plans = own.flatMap(({ entitlements }) => entitlements.callingPlans ?? []);
  const firsts: WantedEntitlements = Object.assign({}, ...own.toReversed().map(({ entitlements: { callingPlans: _plans, ...rest } }) => rest));
  return { ...firsts, ...(plans.length === 0 ? {} : { callingPlans: [...new Set(plans)] }) };
}

/**
 * What is to be wanted for a person whose groups gave `before` and give `after`: what groups give is added to what the person has,
 * what only groups gave goes with them. A phone is made and never taken away, and nobody who has one is moved.
 */
export function wantedByGroups(held: HeldEntitlements, before: WantedEntitlements, after: WantedEntitlements, names: EntitlementNames): WantedEntitlements {
  const code = (plan: string): string => names.planCode(plan) ?? plan;
  const given = (after.callingPlans ?? []).map(code);
  const lost = (before.callingPlans ?? []).map(code).filter((plan) => !given.includes(plan));
  const plans = [...new Set([...held.callingPlans.filter((plan) => !lost.includes(plan)), ...given])];
  const packageLost = before.licencePackage !== undefined && [held.packageName?.toLowerCase(), held.packageId].includes(before.licencePackage.toLowerCase());
  const roleLost = before.role !== undefined && names.roleId(before.role) === held.roleId && held.roleId !== null;
  const makesPhone = held.phone === null && (after.extensionNumber !== undefined || given.length > 0 || after.licencePackage !== undefined);
  return {
    ...(makesPhone ? { extensionNumber: after.extensionNumber ?? '0', site: after.site ?? '' } : {}),
    ...(given.length > 0 || lost.length > 0 ? { callingPlans: plans } : {}),
    ...(after.licencePackage !== undefined ? { licencePackage: after.licencePackage } : packageLost ? { licencePackage: '' } : {}),
    ...(after.role !== undefined ? { role: after.role } : roleLost ? { role: '' } : {}),
    ...(after.template !== undefined && makesPhone ? { template: after.template } : {}),
  };
}
