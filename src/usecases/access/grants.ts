import { joinReaches, NOWHERE, sitesReach, WHOLE_ACCOUNT, covers, type Reach } from '../../domain/access/reach.js';
import type { AccountId, SiteId, UserId } from '../../domain/ids.js';
import type { ApiClient } from '../../ports/access-stores.js';
import type { Stores } from '../../ports/admin-stores.js';
import { roleAllowing } from '../admin/phone-roles.js';
import type { Permission } from '../admin/roles.js';

/** What one role allows somebody, and how far. */
export interface Grant {
  readonly permissions: ReadonlySet<Permission>;
  readonly reach: Reach;
}

type Deps = Pick<Stores, 'roles'>;

export async function grantsOfClient(stores: Deps, client: Pick<ApiClient, 'accountId' | 'role' | 'targets'>): Promise<readonly Grant[]> {
  return [await grantOf(stores, client.accountId, client.role, client.targets)];
}

/** The roles of a person; nobody has one by themselves. */
export async function grantsOfUser(stores: Deps, accountId: AccountId, userId: UserId): Promise<readonly Grant[]> {
  const held = await stores.roles.heldBy(accountId, userId);
  return Promise.all(held.map(({ roleId, targets }) => grantOf(stores, accountId, roleId, targets)));
}

/** A role of one kind of thing counts at its targets alone; another one also without any. */
async function grantOf(stores: Deps, accountId: AccountId, role: string, targets: readonly SiteId[] | null): Promise<Grant> {
  const { permissions, needsTargets } = await roleAllowing(stores, accountId, role);
  const untargeted = needsTargets ? NOWHERE : WHOLE_ACCOUNT;
  return { permissions, reach: targets === null ? untargeted : sitesReach(targets) };
}

/** How far somebody may use a permission; null = they do not have it at all. */
export function reachWith(grants: readonly Grant[], permission: Permission): Reach | null {
  const giving = grants.filter(({ permissions }) => permissions.has(permission));
  return giving.length === 0 ? null : joinReaches(giving.map(({ reach }) => reach));
}

/** What somebody may do besides wherever a request of this reach leads: a permission for one site is none for another. */
export function permissionsWithin(grants: readonly Grant[], reach: Reach): ReadonlySet<Permission> {
  const all = new Set(grants.flatMap(({ permissions }) => [...permissions]));
  return new Set([...all].filter((permission) => covers(reachWith(grants, permission) ?? NOWHERE, { ...reach, own: null })));
}
