import type { EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import type { ServiceLocation } from '../../domain/emergency/service-location.js';
import type { PostalAddress, Site } from '../../domain/identity/site.js';
import { siteById } from '../admin/resolve.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, within, type Outcome, type Refused } from '../outcome.js';
import { addAddressIn, postalProblem } from './emergency-addresses.js';
import { addLocationIn, type LocationFields } from './service-locations.js';

export interface LocationRow extends Omit<LocationFields, 'emergencyAddressId'> {
  readonly identifier: string;
  /** Of a location made before, or further up in the same batch; '' = a top one. */
  readonly parentIdentifier: string;
  readonly address: PostalAddress;
  readonly vatNumber: string;
}

/** Fields of a row as the batch names them. */
const FIELD: ReadonlyMap<string, string> = new Map([
  ['elin_phone_number_id', 'elin'], ['name', 'display_name'], ['parent_location_id', 'parent_identifier'], ['emergency_address_id', 'company_address'],
]);

/**
 * Adds many locations to a site (the main one without an id), all or none; every row that is wrong is named. An address that the site has
 * already is not made twice, and rows may lie in rows that come before or after them.
 */
export function addLocations(
  deps: ChangeDeps, actor: Actor, siteId: string | undefined, rows: readonly LocationRow[],
): Promise<Outcome<readonly ServiceLocation[]>> {
  return change(deps, actor, async (draft) => {
    const site = await siteById(draft.stores, draft.accountId, siteId);
    if (site.kind === 'refused') return site;
    const addresses = [...await draft.stores.emergencyAddresses.ofSite(site.site.id)];
    const made = new Map<number, ServiceLocation>();
    const refusals = new Map<number, Refused>(duplicates(rows));
    for (const index of parentsFirst(rows)) {
      const row = rows[index];
      if (row === undefined || refusals.has(index)) continue;
      const outcome = await addRow(draft, site.site, row, addresses, rows, refusals);
      if (outcome.kind === 'done') made.set(index, outcome.value);
      else refusals.set(index, { ...outcome, problems: outcome.problems.map((problem) => ({ ...problem, field: FIELD.get(problem.field) ?? problem.field })) });
    }
    if (refusals.size > 0) return allOf([...refusals].sort(([a], [b]) => a - b).map(([index, refusal]) => within(`locations[${index}].`, refusal)));
    return done(rows.flatMap((_, index) => made.get(index) ?? []));
  });
}

async function addRow(
  draft: Draft, site: Site, row: LocationRow, addresses: EmergencyAddress[], rows: readonly LocationRow[], refusals: ReadonlyMap<number, Refused>,
): Promise<Outcome<ServiceLocation>> {
  const problem = postalProblem(row.address, site, 'company_address.');
  if (problem !== null) return problem;
  const parent = row.parentIdentifier === '' ? null : await draft.stores.serviceLocations.byIdentifier(draft.accountId, row.parentIdentifier);
  if (row.parentIdentifier !== '' && parent?.siteId !== site.id) {
    const beside = rows.findIndex(({ identifier }) => identifier === row.parentIdentifier);
    const text = refusals.has(beside) ? 'The location around this one could not be added.' : 'There is no location with this identifier at the site, nor in this batch.';
    return refused('invalid', 'parent_identifier', text, row.parentIdentifier);
  }
  const address = await addressOf(draft, site, row, addresses);
  if (address.kind === 'refused') return address;
  return addLocationIn(draft, site, { ...row, emergencyAddressId: address.value.id, parentId: parent?.id ?? '', siteId: site.id });
}

async function addressOf(draft: Draft, site: Site, row: LocationRow, addresses: EmergencyAddress[]): Promise<Outcome<EmergencyAddress>> {
  const known = addresses.find((address) => same(address, row.address) && address.vatNumber === row.vatNumber);
  if (known !== undefined) return done(known);
  const added = await addAddressIn(draft, { address: row.address, vatNumber: row.vatNumber, isDefault: false, siteId: site.id });
  if (added.kind === 'done') addresses.push(added.value);
  return added;
}

function same(a: PostalAddress, b: PostalAddress): boolean {
  const key = (address: PostalAddress): string => [
    address.addressLine1, address.addressLine2, address.city, address.stateCode, address.zip, address.country,
  ].join('\n').toLowerCase();
  return key(a) === key(b);
}

function duplicates(rows: readonly LocationRow[]): readonly (readonly [number, Refused])[] {
  return rows.flatMap(({ identifier }, index) => (rows.findIndex((row) => row.identifier === identifier) === index ? []
    : [[index, refused('conflict', 'identifier', 'Two rows have this identifier.', identifier)] as const]));
}

/** Rows behind those that they lie in; those of a ring come last, and are refused for a parent that is not there. */
function parentsFirst(rows: readonly LocationRow[]): readonly number[] {
  const order: number[] = [];
  const placed = new Set<string>();
  const inBatch = new Set(rows.map(({ identifier }) => identifier));
  for (let grown = true; grown;) {
    grown = false;
    rows.forEach(({ identifier, parentIdentifier }, index) => {
      if (order.includes(index) || (inBatch.has(parentIdentifier) && !placed.has(parentIdentifier))) return;
      order.push(index);
      placed.add(identifier);
      grown = true;
    });
  }
  return [...order, ...rows.map((_, index) => index).filter((index) => !order.includes(index))];
}
