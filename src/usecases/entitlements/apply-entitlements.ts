import { asId, type EntitlementWishId, type UserId } from '../../domain/ids.js';
import { e164Text } from '../../domain/numbering/pool-number.js';
import { seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import {
  planEntitlements, type AttributedWish, type EntitlementNames, type HeldEntitlements, type WantedEntitlements,
} from '../../domain/entitlements/entitlements.js';
import { sameWish, type KeptWish } from '../../domain/entitlements/kept-wish.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { withoutPackageNames } from '../admin/licence-packages.js';
import { listRoles } from '../admin/phone-roles.js';
import { codesOf } from '../admin/seats.js';
import { change, type Actor, type Draft } from '../change.js';
import { done } from '../outcome.js';
import { grantWish } from './grant-wish.js';

/** What somebody asked for a person, and by which way. */
export interface Asked {
  /** `scim`, `saml`, or `groups`. */
  readonly source: string;
  readonly wanted: WantedEntitlements;
  /** What nothing here can do. */
  readonly unknown: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Gives a person what is wanted as far as it can be had. What cannot stays a wish with its reason, tried again when the account
 * changes; nothing is refused because of it. Resolves with the wishes that are open now.
 */
export async function applyEntitlements(deps: AdminDeps, actor: Actor, userId: UserId, asked: Asked): Promise<readonly KeptWish[]> {
  await change(deps, actor, async (draft) => {
    await keepWishes(draft, userId, asked, actor);
    return done(null);
  });
  return grantAsked(deps, actor, userId);
}

/**
 * Writes inside a larger change what is asked, to be granted after it: a process that dies in between leaves wishes, not silence.
 * A new word on an attribute takes the place of every earlier one from the same source.
 */
export async function keepWishes(draft: Draft, userId: UserId, { source, wanted, unknown }: Asked, actor: Actor): Promise<void> {
  const said = Object.keys(wanted);
  if (said.length === 0 && unknown.length === 0) return;
  const wishes: readonly AttributedWish[] = [
    ...(said.length === 0 ? [] : planEntitlements(await heldBy(draft.stores, draft, userId), await readable(draft, wanted), await namesOf(draft.stores, draft))),
    ...unknown.map(({ name, value }): AttributedWish => ({ attribute: 'unknown', wish: { kind: 'unknown', name, value } })),
  ];
  const earlier = (await draft.stores.entitlementWishes.of(userId, ['pending', 'open', 'dismissed'])).filter((one) => one.source === source);
  const repeated = (one: KeptWish): boolean => wishes.some(({ wish }) => sameWish(wish, one.wish));
  const replaced = earlier.filter((one) => concerned(said, one) && !repeated(one));
  await draft.stores.entitlementWishes.delete(replaced.map(({ id }) => id));
  for (const { attribute, wish } of wishes) {
    const known = earlier.find((one) => sameWish(one.wish, wish));
    // Asked again, it is tried again; what an administrator dismissed stays so, and what cannot be done stays told.
    if (known?.state === 'dismissed' || (known !== undefined && wish.kind === 'unknown')) continue;
    if (known !== undefined) {
      await draft.stores.entitlementWishes.update(known.id, { state: 'pending' });
      continue;
    }
    const isUnknown = wish.kind === 'unknown';
    await draft.stores.entitlementWishes.insert(draft.accountId, {
      id: asId<EntitlementWishId>(draft.newId()), userId, attribute, wish, source, state: isUnknown ? 'open' : 'pending', askedBy: actor.name,
      requestId: actor.requestId, askedAt: draft.at, tries: 0, triedAt: null, triedVersion: null, settledAt: null,
      reason: isUnknown ? 'There is no such attribute here. Take it out of the identity provider\'s mapping, or dismiss this entry.' : '',
    });
  }
}

/** Unknown attributes have no attribute of ours that a later word could be about: they stay until they are dismissed. */
function concerned(said: readonly string[], one: KeptWish): boolean {
  const about = one.attribute === 'site' || one.attribute === 'extensionNumber' ? ['site', 'extensionNumber'] : [one.attribute];
  return about.some((attribute) => said.includes(attribute));
}

/** Tries what a person's wishes ask, in their order; resolves with those that are open after it. */
export async function grantAsked(deps: AdminDeps, actor: Actor, userId: UserId): Promise<readonly KeptWish[]> {
  const waiting = (await deps.stores.entitlementWishes.of(userId, ['pending', 'open'])).filter(({ wish }) => wish.kind !== 'unknown');
  const open: KeptWish[] = [];
  for (const one of waiting) {
    const outcome = await grantWish(deps, actor, userId, one.wish, open);
    const at = deps.clock.now();
    const triedVersion = (await deps.stores.accounts.get(actor.accountId))?.configVersion ?? 0;
    const tried = { tries: one.tries + 1, triedAt: at, triedVersion };
    const after = outcome.kind === 'done'
      ? { ...tried, state: 'resolved' as const, reason: '', settledAt: at }
      : { ...tried, state: 'open' as const, reason: outcome.problems.map(({ text }) => text).join(' ') };
    await change(deps, actor, async (draft) => {
      await draft.stores.entitlementWishes.update(one.id, after);
      return done(null);
    });
    if (outcome.kind === 'refused') open.push({ ...one, ...after });
  }
  return open;
}

/** Plans as their codes, those that a package's name stands for with them. */
async function readable(draft: Draft, wanted: WantedEntitlements): Promise<WantedEntitlements> {
  return wanted.callingPlans === undefined ? wanted : { ...wanted, callingPlans: await withoutPackageNames(draft, wanted.callingPlans) };
}

/** Ways to write plans, numbers and roles, as the account knows them. */
export async function namesOf(stores: Stores, { accountId }: Pick<Actor, 'accountId'>): Promise<EntitlementNames> {
  const roles = await listRoles(stores, accountId);
  return {
    planCode: (text) => {
      const seat = seatByNameOrCode(text);
      return seat === undefined ? null : String(seat.code);
    },
    number: e164Text,
    roleId: (text) => roles.find(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase())?.id ?? null,
  };
}

/** What a person has now. */
export async function heldBy(stores: Stores, { accountId }: Pick<Actor, 'accountId'>, userId: UserId): Promise<HeldEntitlements> {
  const person = await stores.scimPeople.get(accountId, userId);
  const view = await stores.phoneUsers.get(accountId, userId);
  const packageId = person?.user.licencePackageId ?? null;
  const bundle = packageId === null ? null : await stores.licencePackages.get(accountId, packageId);
  return {
    phone: view === null ? null : {
      extensionNumber: view.extension.number, siteName: view.site.name, siteCode: view.site.siteCode, siteIsMain: view.site.isMain,
    },
    phoneNumbers: person?.phone?.phoneNumbers ?? [], callingPlans: view === null ? [] : codesOf(view.phone).map(String),
    packagePlans: (bundle?.codes ?? []).map(String), packageName: bundle?.name ?? null, packageId, roleId: person?.roleId ?? null,
  };
}
