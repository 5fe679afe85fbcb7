import { sql } from 'kysely';
import { asId, type CommonAreaId, type DeviceId, type EmergencyAddressId, type ExternalContactId, type ServiceLocationId, type SiteId, type UserId } from '../../domain/ids.js';
import type { AggregateKind, ConfigEvent } from '../../domain/events.js';
import type { ExternalContact } from '../../domain/contacts/external-contact.js';
import { holderKey, holderOf, type AddressUse, type EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import type { ServiceLocation } from '../../domain/emergency/service-location.js';
import type { Queries } from './database.js';
import { everyChunk, named, picked, CHUNK, type RowPick } from './row-chunks.js';
import { addressUseOf, emergencyAddressOf, emergencyAddressRows } from './emergency-address-store.js';
import { externalContactOf, externalContactRows } from './external-contact-store.js';
import type { SafetyIndex } from './safety-index.js';
import { serviceLocationOf } from './service-location-store.js';

type HeldUse = AddressUse & { readonly id: string };

/** Reads what the safety index holds, as the directory's reader does. */
export class SafetyReader {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  addresses = async (pick: RowPick<EmergencyAddressId>): Promise<readonly EmergencyAddress[]> =>
    (await emergencyAddressRows(this.#queries).where(picked(pick)).orderBy('id').limit(CHUNK).execute()).map(emergencyAddressOf);

  locations = async (pick: RowPick<ServiceLocationId>): Promise<readonly ServiceLocation[]> =>
    (await this.#queries.selectFrom('emergency_locations').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute()).map(serviceLocationOf);

  contacts = async (pick: RowPick<ExternalContactId>): Promise<readonly ExternalContact[]> =>
    (await externalContactRows(this.#queries).where(picked(pick)).orderBy('id').limit(CHUNK).execute()).map(externalContactOf);

  /** Uses by the key of their holder. */
  uses = async (pick: RowPick<string>): Promise<readonly HeldUse[]> => {
    const key = sql<string>`case when user_id is not null then 'user:' || user_id when common_area_id is not null then 'common_area:' || common_area_id
      else 'device:' || device_id end collate "C"`;
    const rows = await this.#queries.selectFrom((eb) => eb.selectFrom('emergency_address_uses').selectAll().select(key.as('id')).as('uses'))
      .selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.flatMap((row) => {
      const use = addressUseOf(row);
      return use === null ? [] : [{ ...use, id: holderKey(use.holder) }];
    });
  };

  async load(index: SafetyIndex): Promise<void> {
    for await (const chunk of everyChunk(this.addresses)) for (const address of chunk) index.putAddress(address);
    for await (const chunk of everyChunk(this.uses)) for (const use of chunk) index.putUse(use);
    for await (const chunk of everyChunk(this.locations)) for (const location of chunk) index.putLocation(location);
    for await (const chunk of everyChunk(this.contacts)) for (const contact of chunk) index.putContact(contact);
  }

  /** Reads what the events name; the change returned is made in one go. */
  async affected(index: SafetyIndex, events: readonly ConfigEvent[]): Promise<() => void> {
    const ids = (kind: AggregateKind): ReadonlySet<string> => new Set(events.filter(({ aggregate }) => aggregate === kind).map((each) => each.aggregateId));
    const addressIds = [...ids('emergency_address')].map((id) => asId<EmergencyAddressId>(id));
    const useKeys = [...ids('emergency_address_use')];
    const locationIds = [...ids('emergency_location')].map((id) => asId<ServiceLocationId>(id));
    const contactIds = [...ids('external_contact')].map((id) => asId<ExternalContactId>(id));
    const uses = await named(this.uses, useKeys);
    // Whether a person's own address is the one in use stands in the address.
    const owners = useKeys.map(holderOf).flatMap((holder) => (holder?.kind === 'user' ? [holder.id] : []));
    for (const id of await this.#addressesOf(owners)) addressIds.push(id);
    const addresses = await named(this.addresses, addressIds);
    const locations = await named(this.locations, locationIds);
    const contacts = await named(this.contacts, contactIds);
    return () => {
      for (const event of events) if (event.change === 'deleted') forget(index, event);
      put(addressIds, addresses, (address) => index.putAddress(address), (id) => index.removeAddress(id));
      put(useKeys, uses, (use) => index.putUse(use), (key) => index.removeUse(key));
      put(locationIds, locations, (location) => index.putLocation(location), (id) => index.removeLocation(id));
      put(contactIds, contacts, (contact) => index.putContact(contact), (id) => index.removeContact(id));
    };
  }

  async #addressesOf(owners: readonly UserId[]): Promise<readonly EmergencyAddressId[]> {
    if (owners.length === 0) return [];
    const rows = await this.#queries.selectFrom('emergency_addresses').select('id').where(sql<boolean>`user_id = any(${owners}::text[])`).execute();
    return rows.map(({ id }) => id);
  }
}

function forget(index: SafetyIndex, { aggregate, aggregateId }: ConfigEvent): void {
  if (aggregate === 'site') index.removeSite(asId<SiteId>(aggregateId));
  if (aggregate === 'phone_user') index.removeHolder({ kind: 'user', id: asId<UserId>(aggregateId) });
  if (aggregate === 'common_area') index.removeHolder({ kind: 'common_area', id: asId<CommonAreaId>(aggregateId) });
  if (aggregate === 'device') index.removeHolder({ kind: 'device', id: asId<DeviceId>(aggregateId) });
}

function put<Id extends string, Item>(
  ids: Iterable<Id>, found: ReadonlyMap<Id, Item>, keep: (item: Item) => void, remove: (id: Id) => void,
): void {
  for (const id of ids) {
    const item = found.get(id);
    if (item === undefined) remove(id);
    else keep(item);
  }
}
