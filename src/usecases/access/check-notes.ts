import { ACCOUNT_PLACE, reaches, type Place, type Reach } from '../../domain/access/reach.js';
import { holderOf } from '../../domain/emergency/emergency-address.js';
import type { AggregateKind } from '../../domain/events.js';
import { asId, type AccountId, type SiteId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import { forbidden, type Refused } from '../outcome.js';
import { placeOf, type Placed } from './place-of.js';

/** What a change did to one thing; audit entries have no sides. */
interface NotedThing {
  readonly aggregate: AggregateKind;
  readonly id: string;
  readonly change?: 'created' | 'updated' | 'deleted';
  readonly action: string;
  readonly before?: object | null;
  readonly after?: object | null;
  readonly consequence?: boolean;
  readonly alsoAt?: readonly SiteId[];
}

/** Where an aggregate is looked up by its id when neither side says; what is not here is the account's. */
const KIND: Partial<Readonly<Record<AggregateKind, Placed>>> = {
  site: 'site', user: 'user', phone_user: 'user', common_area: 'common_area', extension: 'extension', device: 'device', phone_number: 'phone_number',
  hot_desk_session: 'hot_desk_session', line_keys: 'extension', device_line_keys: 'device', caller_id_choice: 'extension', setting: 'setting',
  call_handling: 'extension', number_forward: 'phone_number', peering_number: 'phone_number',
  emergency_address: 'emergency_address', emergency_location: 'emergency_location', firmware_rule: 'firmware_rule', setting_template: 'setting_template',
  call_record: 'call_record',
};

/** Ids that are of one of several kinds. */
const KINDS: Partial<Readonly<Record<AggregateKind, readonly Placed[]>>> = {
  pin: ['user', 'common_area'],
  activation_code: ['common_area', 'extension'],
};

/**
 * The first thing of a change that its actor does not reach, before or after; null when it reaches all. What follows by itself from another
 * thing of the same change (`consequence`) is not asked: who may remove a phone may leave its key of another site blank.
 */
export async function outsideReach(
  stores: Stores, accountId: AccountId, reach: Reach, noted: readonly NotedThing[],
): Promise<Refused | null> {
  if (reach.account) return null;
  for (const one of noted.filter(({ consequence }) => consequence !== true)) {
    const also = (one.alsoAt ?? []).map((siteId): Place => ({ siteIds: [siteId], owners: [] }));
    for (const place of [...await placesOf(stores, accountId, reach, one, noted), ...also]) {
      if (!reaches(reach, place)) return outside(stores, accountId, reach, place);
    }
  }
  return null;
}

/** The refusal that names the site of what was not reached. */
export async function outside(stores: Stores, accountId: AccountId, reach: Reach, { siteIds: [siteId] }: Place): Promise<Refused> {
  if (reach.own !== null && reach.siteIds.size === 0) return forbidden('This is not your own.');
  if (siteId === undefined) return forbidden('This is set for the whole account, and your role reaches only some sites.');
  const site = await stores.sites.get(accountId, siteId);
  return forbidden(`This is at the site ${site?.name ?? siteId}, which is none of your role's targets.`);
}

async function placesOf(
  stores: Stores, accountId: AccountId, reach: Reach, one: NotedThing, all: readonly NotedThing[],
): Promise<readonly Place[]> {
  // Sites come and go by the account alone.
  if (one.aggregate === 'site') return one.change === 'created' || one.change === 'deleted' ? [ACCOUNT_PLACE] : [{ siteIds: [asId<SiteId>(one.id)], owners: [] }];
  const sides = [one.before, one.after].filter((side) => side !== null && side !== undefined);
  // Whose it is matters only to somebody who reaches their own; where it is, a note says itself as a rule, so that thousands cost no look-up.
  const said = reach.own === null && sides.some((side) => toldPlace(one.id, side, []).length > 0);
  const found = said ? null : await lookUp(stores, accountId, one);
  const owners = found?.owners ?? [];
  const told = sides.flatMap((side) => toldPlace(one.id, side, owners));
  const placed = await Promise.all(told.map((place) => ('setting' in place ? placeOf(stores, accountId, 'setting', place.setting) : place)));
  if (placed.length > 0) return placed.map((place) => place ?? ACCOUNT_PLACE);
  if (found !== null && found.siteIds.length > 0) return [found];
  // A person who lost, or got, the phone in the same change is where the phone is.
  const phone = one.aggregate === 'user' ? all.find((other) => other.aggregate === 'phone_user' && other.id === one.id) : undefined;
  if (phone !== undefined) return placesOf(stores, accountId, reach, phone, []);
  return [found ?? ACCOUNT_PLACE];
}

async function lookUp(stores: Stores, accountId: AccountId, { aggregate, id }: NotedThing): Promise<Place | null> {
  if (aggregate === 'emergency_address_use') {
    const holder = holderOf(id);
    return holder && placeOf(stores, accountId, holder.kind, holder.id);
  }
  const single = KIND[aggregate];
  for (const kind of single === undefined ? KINDS[aggregate] ?? [] : [single]) {
    const place = await placeOf(stores, accountId, kind, id);
    if (place !== null) return place;
  }
  return null;
}

/** What one side of a note says of its place, by its site or by the level it is set at. */
function toldPlace(id: string, side: object, owners: Place['owners']): readonly (Place | { readonly setting: string })[] {
  const { siteId, scope, scopeId }: { readonly siteId?: unknown; readonly scope?: unknown; readonly scopeId?: unknown } = side;
  if (typeof siteId === 'string') return [{ siteIds: [asId<SiteId>(siteId)], owners }];
  if (siteId === null) return [ACCOUNT_PLACE];
  if (typeof scope === 'string') return [{ setting: `${scope}:${typeof scopeId === 'string' ? scopeId : id}` }];
  return [];
}
