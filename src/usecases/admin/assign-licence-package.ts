import type { LicencePackage } from '../../domain/licensing/licence-package.js';
import type { AccountUser } from '../../domain/identity/user.js';
import type { Draft } from '../change.js';
import { fitNumbersToPlans } from '../numbers/release-numbers.js';
import { done, named, refused, type Outcome } from '../outcome.js';
import { findLicencePackage } from './licence-packages.js';
import { codesOf, isCallingPlan, isPackage, takeSeats, withoutCode, type Entitlements } from './seats.js';

/** The bundle that `plan_united_type` names: null for 'none' and ''. */
export async function packageWanted(draft: Draft, text: string, field: string): Promise<Outcome<LicencePackage | null>> {
  if (text === '' || text.toLowerCase() === 'none') return done(null);
  const bundle = await findLicencePackage(draft.stores, draft.accountId, text);
  return bundle === null
    ? refused('invalid', field, 'There is no such package. GET /v2/cordboard/licence_packages lists them; "none" takes one away.', text) : done(bundle);
}

/**
 * Gives a phone user a bundle inside a larger change: its licence, plan and add-ons at once, those of the bundle before taken away.
 * What was assigned singly stays, and a piece that is held already takes no second seat. Refused, naming `field`, without a free seat.
 */
export async function setLicencePackage(
  draft: Draft, user: AccountUser, bundle: LicencePackage | null, field: string,
): Promise<Outcome<AccountUser>> {
  if (user.licencePackageId === (bundle?.id ?? null)) return done(user);
  const view = await draft.stores.phoneUsers.get(draft.accountId, user.id);
  if (view === null) return refused('invalid', field, 'Only a phone user holds a package. Set feature.zoom_phone, too.');
  const before = user.licencePackageId === null ? null : await draft.stores.licencePackages.get(draft.accountId, user.licencePackageId);
  let held: Entitlements = { callingPlans: view.phone.callingPlans, packages: view.phone.packages };
  for (const code of before?.codes ?? []) held = withoutCode(held, code);
  await draft.stores.phoneUsers.update(user.id, held);
  const missing = (bundle?.codes ?? []).filter((code) => !codesOf(held).includes(code));
  const full = await takeSeats(draft, missing, field);
  if (full !== null) return named(field, full);
  const after = {
    callingPlans: [...held.callingPlans, ...missing.filter(isCallingPlan)], packages: [...held.packages, ...missing.filter(isPackage)],
  };
  const tooMany = await fitNumbersToPlans(draft, view.extension, after.callingPlans, field);
  if (tooMany !== null) return tooMany;
  await draft.stores.phoneUsers.update(user.id, after);
  await draft.stores.users.update(user.id, { licencePackageId: bundle?.id ?? null });
  draft.note({
    aggregate: 'phone_user', id: user.id, change: 'updated', action: 'set-licence-package',
    before: { ...view.phone, licencePackage: before?.name ?? null }, after: { ...view.phone, ...after, licencePackage: bundle?.name ?? null },
  });
  return done({ ...user, licencePackageId: bundle?.id ?? null });
}
