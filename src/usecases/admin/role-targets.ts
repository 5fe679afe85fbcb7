import type { AccountId, SiteId, UserId } from '../../domain/ids.js';
import type { RoleTarget } from '../../ports/access-stores.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome } from '../outcome.js';
import { findRole, userIdsOf } from './phone-roles.js';
import { findUser } from './resolve.js';
import { sitesNamed } from './giving-roles.js';

/** The sites at which a role counts, of every member or of one (by id or e-mail address). */
export async function listRoleTargets(
  stores: Stores, accountId: AccountId, roleId: string, user: string | null,
): Promise<Outcome<readonly RoleTarget[]>> {
  const found = await findRole(stores, accountId, roleId);
  if (found.kind === 'refused') return found;
  const person = user === null ? null : await findUser(stores, accountId, user);
  if (user !== null && person === null) return refused('invalid', 'user_id', 'There is no user with this id or e-mail address.', user);
  return done(await stores.roles.targets(accountId, found.value.id, person?.id ?? null));
}

export interface TargetsWish {
  /** Members, by id or e-mail address. */
  readonly userIds: readonly string[];
  /** Ids of sites. */
  readonly targets: readonly string[];
}

/** From now on the role counts for these members at these sites, beside those it counted at; only there, where it counted everywhere. */
export async function addRoleTargets(deps: ChangeDeps, actor: Actor, roleId: string, wanted: TargetsWish): Promise<Outcome<null>> {
  return changeTargets(deps, actor, roleId, wanted, 'add-role-targets', (draft, id, users, sites) => draft.stores.roles.addTargets(draft.accountId, id, users, sites));
}

/** The role counts there no longer for these members; who has no target left reaches nothing with it. */
export async function removeRoleTargets(deps: ChangeDeps, actor: Actor, roleId: string, wanted: TargetsWish): Promise<Outcome<null>> {
  return changeTargets(
    deps, actor, roleId, wanted, 'remove-role-targets', (draft, id, users, sites) => draft.stores.roles.removeTargets(draft.accountId, id, users, sites));
}

type Apply = (draft: Draft, role: RoleTargetRole, users: readonly UserId[], sites: readonly SiteId[]) => Promise<void>;
type RoleTargetRole = Parameters<Stores['roles']['addTargets']>[1];

async function changeTargets(
  deps: ChangeDeps, actor: Actor, roleId: string, wanted: TargetsWish, action: string, apply: Apply,
): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const found = await findRole(draft.stores, draft.accountId, roleId);
    if (found.kind === 'refused') return found;
    const users = await userIdsOf(draft, wanted.userIds);
    if (users.kind === 'refused') return users;
    const members = new Set(await draft.stores.roles.memberIds(draft.accountId, found.value.id));
    const strangers = users.value.flatMap((id, index) => (members.has(id) ? [] : [
      refused('invalid', `user_ids[${index}]`, 'This user does not have the role. Give it with POST /v2/phone/roles/{roleId}/members.', wanted.userIds[index] ?? id),
    ]));
    if (strangers.length > 0) return allOf(strangers);
    const sites = await sitesNamed(draft, wanted.targets, 'target_ids');
    if (sites.kind === 'refused') return sites;
    await apply(draft, found.value.id, users.value, sites.value ?? []);
    draft.audit({ aggregate: 'phone_role', id: roleId, action, about: { userIds: users.value, siteIds: sites.value } });
    return done(null);
  });
}
