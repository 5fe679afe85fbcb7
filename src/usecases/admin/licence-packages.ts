import { asId, type LicencePackageId } from '../../domain/ids.js';
import { seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import type { LicencePackage } from '../../domain/licensing/licence-package.js';
import type { SeatCode } from '../../domain/licensing/plans.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { codesOf, readEntitlements } from './seats.js';

export interface WantedPackage {
  readonly name: string;
  /** Names or codes of licences, calling plans and add-ons. */
  readonly plans: readonly string[];
}

const NO_PACKAGE = (id: string): Refused => refused('not-found', 'packageId', 'There is no package with this id.', id);

/** Makes a bundle; its name may be no plan's, since both are given in the same places. */
export async function addLicencePackage(deps: AdminDeps, actor: Actor, wanted: WantedPackage): Promise<Outcome<LicencePackage>> {
  return change(deps, actor, async (draft) => {
    const problem = await nameProblem(draft, wanted.name, null);
    if (problem !== null) return problem;
    const codes = codesFor(wanted.plans);
    if (codes.kind === 'refused') return codes;
    const bundle: LicencePackage = {
      id: asId<LicencePackageId>(draft.newId()), accountId: draft.accountId, name: wanted.name, codes: codes.value, createdAt: draft.at,
    };
    await draft.stores.licencePackages.insert(bundle);
    draft.note({ aggregate: 'licence_package', id: bundle.id, change: 'created', action: 'add-licence-package', before: null, after: bundle });
    return done(bundle);
  });
}

/** Renames a bundle, or changes what it holds while nobody has it. */
export async function updateLicencePackage(
  deps: AdminDeps, actor: Actor, id: string, wanted: Partial<WantedPackage>,
): Promise<Outcome<LicencePackage>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.licencePackages.get(draft.accountId, asId<LicencePackageId>(id));
    if (before === null) return NO_PACKAGE(id);
    const problem = wanted.name === undefined ? null : await nameProblem(draft, wanted.name, before.id);
    if (problem !== null) return problem;
    const codes = wanted.plans === undefined ? done(before.codes) : codesFor(wanted.plans);
    if (codes.kind === 'refused') return codes;
    if (wanted.plans !== undefined) {
      const held = await heldProblem(draft, before, 'plans', 'Make another package, or take this one from them first.');
      if (held !== null) return held;
    }
    const after = { ...before, name: wanted.name ?? before.name, codes: codes.value };
    await draft.stores.licencePackages.update(before.id, { name: after.name, codes: after.codes });
    draft.note({ aggregate: 'licence_package', id: before.id, change: 'updated', action: 'update-licence-package', before, after });
    return done(after);
  });
}

export async function removeLicencePackage(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<LicencePackage>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.licencePackages.get(draft.accountId, asId<LicencePackageId>(id));
    if (before === null) return NO_PACKAGE(id);
    const held = await heldProblem(draft, before, 'packageId', 'Take it from them first.');
    if (held !== null) return held;
    await draft.stores.licencePackages.delete(before.id);
    draft.note({ aggregate: 'licence_package', id: before.id, change: 'deleted', action: 'remove-licence-package', before, after: null });
    return done(before);
  });
}

/** A bundle by id or name. */
export async function findLicencePackage(stores: Stores, accountId: Draft['accountId'], text: string): Promise<LicencePackage | null> {
  return await stores.licencePackages.get(accountId, asId<LicencePackageId>(text)) ?? stores.licencePackages.byName(accountId, text);
}

/** The same list with every bundle's name replaced by the codes it holds; the rest stays for the plan reader to judge. */
export async function withoutPackageNames(draft: Draft, texts: readonly string[]): Promise<readonly string[]> {
  const pieces: string[] = [];
  for (const text of texts) {
    const bundle = seatByNameOrCode(text) === undefined ? await findLicencePackage(draft.stores, draft.accountId, text) : null;
    pieces.push(...(bundle === null ? [text] : bundle.codes.map(String)));
  }
  return pieces;
}

function codesFor(plans: readonly string[]): Outcome<readonly SeatCode[]> {
  const read = readEntitlements(plans, 'plans');
  if (read.kind === 'refused') return read;
  const codes = codesOf(read.entitlements);
  return codes.length > 0 ? done(codes) : refused('invalid', 'plans', 'A package holds at least one plan or licence.');
}

async function nameProblem(draft: Draft, name: string, own: LicencePackageId | null): Promise<Refused | null> {
  if (seatByNameOrCode(name) !== undefined || name.toLowerCase() === 'none') {
    return refused('invalid', 'name', 'This is the name of a plan, or of nothing. Choose another.', name);
  }
  const same = await draft.stores.licencePackages.byName(draft.accountId, name);
  return same === null || same.id === own ? null : refused('conflict', 'name', 'A package of the account has this name.', name);
}

async function heldProblem(draft: Draft, bundle: LicencePackage, field: string, remedy: string): Promise<Refused | null> {
  const holders = await draft.stores.licencePackages.holders(bundle.id);
  return holders === 0 ? null : refused('conflict', field, `${holders} people hold this package. ${remedy}`, bundle.name);
}
