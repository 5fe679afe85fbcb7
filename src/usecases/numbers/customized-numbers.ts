import { asId, type AccountId, type CustomizedNumberId, type SiteId } from '../../domain/ids.js';
import type { CustomizedNumber } from '../../domain/numbering/phone-number.js';
import type { Stores } from '../../ports/admin-stores.js';
import { phoneUserNotFound, siteNotFound } from '../admin/not-found.js';
import { findPhoneUser } from '../admin/resolve.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { findNumbers } from './find-numbers.js';

/** Who may show the numbers: everybody of the account, of a site, or one phone user (by id or e-mail address). */
export type CallerIdPlace =
  | { readonly kind: 'account' }
  | { readonly kind: 'site'; readonly id: string }
  | { readonly kind: 'user'; readonly id: string };

type Scope = Pick<CustomizedNumber, 'scope' | 'scopeId'>;

/** Where permissions of a place are kept; a refusal when it is not there. */
export async function scopeOf(
  { stores, accountId }: { readonly stores: Stores; readonly accountId: AccountId }, place: CallerIdPlace,
): Promise<{ readonly kind: 'scope'; readonly scope: Scope } | Refused> {
  if (place.kind === 'account') return { kind: 'scope', scope: { scope: 'account', scopeId: accountId } };
  if (place.kind === 'site') {
    const site = await stores.sites.get(accountId, asId<SiteId>(place.id));
    return site === null ? siteNotFound(place.id) : { kind: 'scope', scope: { scope: 'site', scopeId: site.id } };
  }
  const view = await findPhoneUser(stores, accountId, place.id);
  return view === null ? phoneUserNotFound(place.id) : { kind: 'scope', scope: { scope: 'extension', scopeId: view.extension.id } };
}

/** Permits numbers as caller ID, all or none; one that takes no outgoing calls, or is permitted already, is refused by its place. */
export async function permitNumbers(
  deps: ChangeDeps, actor: Actor, place: CallerIdPlace, ids: readonly string[],
): Promise<Outcome<readonly CustomizedNumber[]>> {
  return change(deps, actor, async (draft) => {
    const found = await scopeOf(draft, place);
    if (found.kind === 'refused') return found;
    const numbers = await findNumbers(draft, ids.map((id) => ({ id })), 'phone_number_ids');
    if (numbers.kind === 'refused') return numbers;
    const there = await draft.stores.callerIds.entries(draft.accountId, { scopeId: found.scope.scopeId });
    const permitted = new Set(there.map(({ phoneNumberId }) => phoneNumberId));
    const refusals = numbers.numbers.flatMap(({ id, number, outgoing }, index) => {
      const place = `phone_number_ids[${index}]`;
      if (permitted.has(id)) return [refused('conflict', place, `${number} is permitted here already.`, id)];
      return outgoing ? [] : [refused('invalid', place, `${number} lacks the capability outgoing. Give it first.`, id)];
    });
    if (refusals.length > 0) return allOf(refusals);
    const entries = numbers.numbers.map(({ id }): CustomizedNumber => ({
      id: asId<CustomizedNumberId>(draft.newId()), accountId: draft.accountId, ...found.scope, phoneNumberId: id, createdAt: draft.at,
    }));
    await draft.stores.callerIds.insert(entries);
    const sites = new Map(numbers.numbers.map(({ id, siteId }) => [id, siteId]));
    for (const entry of entries) note(draft, entry, 'created', sites.get(entry.phoneNumberId));
    return done(entries);
  });
}

/** Forbids numbers again, all or none, by the ids of their permissions; whoever showed one shows the next permitted one. */
export async function forbidNumbers(
  deps: ChangeDeps, actor: Actor, place: CallerIdPlace, ids: readonly string[],
): Promise<Outcome<readonly CustomizedNumber[]>> {
  return change(deps, actor, async (draft) => {
    const found = await scopeOf(draft, place);
    if (found.kind === 'refused') return found;
    const wanted = [...new Set(ids)].map((id) => asId<CustomizedNumberId>(id));
    const entries = await draft.stores.callerIds.entries(draft.accountId, { scopeId: found.scope.scopeId, ids: wanted });
    const known = new Set(entries.map(({ id }) => id));
    const missing = wanted.flatMap((id, index) => (known.has(id) ? [] : [
      refused('invalid', `customize_ids[${index}]`, 'Nothing is permitted here under this id. List with selected=true to see what is.', id),
    ]));
    if (missing.length > 0) return allOf(missing);
    await draft.stores.callerIds.delete(wanted);
    for (const entry of entries) note(draft, entry, 'deleted');
    return done(entries);
  });
}


function note(draft: Draft, entry: CustomizedNumber, change: 'created' | 'deleted', numberAt?: SiteId): void {
  const created = change === 'created';
  draft.note({
    aggregate: 'customized_number', id: entry.id, change, action: created ? 'permit-caller-id' : 'forbid-caller-id',
    before: created ? null : entry, after: created ? entry : null,
    alsoAt: numberAt === undefined ? [] : [numberAt],
  });
}
