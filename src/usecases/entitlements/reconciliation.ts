import { asId, type EntitlementWishId, type PhoneRoleId } from '../../domain/ids.js';
import type { KeptWish } from '../../domain/entitlements/kept-wish.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { listRoles, type PhoneRole } from '../admin/phone-roles.js';
import { SUPER_ADMIN } from '../admin/roles.js';
import { change, type Actor, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome } from '../outcome.js';
import { grantAsked } from './apply-entitlements.js';

/** Takes an entry off the list for good: the same wish of the same source is not told again. */
export async function dismissWish(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const wish = await findWish(draft, id);
    if (wish.kind === 'refused') return wish;
    if (wish.value.state !== 'open' && wish.value.state !== 'pending') {
      return refused('conflict', 'entryId', `This entry is ${wish.value.state} already.`, id);
    }
    await draft.stores.entitlementWishes.update(wish.value.id, { state: 'dismissed', settledAt: draft.at });
    draft.note({
      aggregate: 'entitlement_wish', id: wish.value.id, change: 'updated', action: 'dismiss-wish', before: { state: wish.value.state }, after: { state: 'dismissed' },
    });
    return done(null);
  });
}

/** Tries everything that a person waits for, now. */
export async function retryWish(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<KeptWish>> {
  const wish = await deps.stores.entitlementWishes.get(actor.accountId, asId<EntitlementWishId>(id));
  if (wish === null) return wishNotFound(id);
  await grantAsked(deps, actor, wish.userId);
  const after = await deps.stores.entitlementWishes.get(actor.accountId, wish.id);
  return after === null ? wishNotFound(id) : done(after);
}

async function findWish(draft: Draft, id: string): Promise<Outcome<KeptWish>> {
  const wish = await draft.stores.entitlementWishes.get(draft.accountId, asId<EntitlementWishId>(id));
  return wish === null ? wishNotFound(id) : done(wish);
}

function wishNotFound(id: string) {
  return refused('not-found', 'entryId', 'There is no entry with this id. GET /v2/cordboard/scim/reconciliation lists them.', id);
}

/** Names the roles that identity providers may grant; the super admins' is none of them, nor a copy of it. */
export async function setGrantableRoles(deps: AdminDeps, actor: Actor, wanted: readonly string[]): Promise<Outcome<readonly PhoneRole[]>> {
  return change(deps, actor, async (draft) => {
    const roles = await listRoles(draft.stores, draft.accountId);
    const found = wanted.map((text, index) => {
      const role = roles.find(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase());
      if (role === undefined) return refused('invalid', `roles[${index}]`, 'There is no such role. GET /v2/phone/roles lists them.', text);
      return role.base === SUPER_ADMIN ? refused('invalid', `roles[${index}]`, 'Identity providers never grant this role.', text) : done(role);
    });
    const refusals = found.filter((one) => one.kind === 'refused');
    if (refusals.length > 0) return allOf(refusals);
    const granted = [...new Set(found.flatMap((one) => (one.kind === 'done' ? [one.value] : [])))];
    const before = await draft.stores.grantableRoles.all(draft.accountId);
    await draft.stores.grantableRoles.set(draft.accountId, granted.map(({ id }) => id));
    draft.note({
      aggregate: 'scim_settings', id: draft.accountId, change: 'updated', action: 'set-grantable-roles', before: { roles: [...before].sort() },
      after: { roles: granted.map(({ id }): PhoneRoleId => id).sort() },
    });
    return done(granted);
  });
}
