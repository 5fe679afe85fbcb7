import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { AccountId, DeviceId, ExtensionId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import type { DeviceFilter, DeviceStore } from '../../ports/phone-stores.js';
import { changed, hasChanges, toDate, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { inProvisioningState } from './device-configuration-store.js';
import { containsPattern, searchText } from './keyword-search.js';
import { rowsToRead, toPage } from './keyset.js';
import type { DevicesTable } from './tables.js';

export function createDeviceStore(queries: Queries): DeviceStore {
  return {
    get: async (accountId, id) => {
      const row = await deviceRows(queries).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : deviceOf(row);
    },
    byMac: async (accountId, mac) => {
      const row = await deviceRows(queries).where('account_id', '=', accountId).where('mac_address', '=', mac).executeTakeFirst();
      return row === undefined ? null : deviceOf(row);
    },
    page: async (accountId, filter, page) => {
      const matching = filtered(queries, accountId, filter);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const ids = matching.select('devices.id')
        .$if(page.after !== null, (query) => query.where('devices.id', '>', page.after as DeviceId))
        .orderBy('devices.id').limit(rowsToRead(page));
      const rows = await deviceRows(queries).where('id', 'in', ids).orderBy('id').execute();
      return toPage(rows, page, total, (row) => row.id, deviceOf);
    },
    insert: async (device, sealedPassword) => {
      await queries.insertInto('devices').values(deviceRow(device, sealedPassword)).execute();
      await insertAssignees(queries, device.accountId, device.id, device.assignees);
    },
    sealedPassword: async (id) => {
      const row = await queries.selectFrom('devices').select('sealed_password').where('id', '=', id).executeTakeFirst();
      return row?.sealed_password ?? null;
    },
    update: async (id, changes) => {
      const row = await queries.selectFrom('devices').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) return;
      const columns = {
        site_id: changes.siteId,
        display_name: changes.displayName,
        mac_address: changes.macAddress,
        type: changes.type,
        model: changes.model,
        hot_desking: changes.hotDesking,
        locked: changes.locked,
        digest_algorithms: changed(changes.digestAlgorithms, toJsonOrNull),
        provision_template_id: changes.provisionTemplateId,
      };
      if (hasChanges(columns)) {
        const search = searchOf({
          displayName: changes.displayName ?? row.display_name,
          macAddress: changes.macAddress ?? row.mac_address,
          type: changes.type ?? row.type,
          model: changes.model ?? row.model,
        });
        await queries.updateTable('devices').set({ ...columns, search }).where('id', '=', id).execute();
      }
      if (changes.assignees === undefined) return;
      await queries.deleteFrom('device_assignees').where('device_id', '=', id).execute();
      await insertAssignees(queries, row.account_id, id, changes.assignees);
    },
    delete: async (id) => {
      await queries.deleteFrom('devices').where('id', '=', id).execute();
    },
  };
}

/** Rows of devices with their assignees; `sealed_password` is among the columns and goes no further than storage. */
export function deviceRows(queries: Queries) {
  return queries.selectFrom('devices').selectAll().select(sql<readonly ExtensionId[]>`coalesce((
    select jsonb_agg(a.extension_id order by a.position) from device_assignees a where a.device_id = devices.id
  ), '[]'::jsonb)`.as('assignees'));
}

export function deviceOf(row: Selectable<DevicesTable> & { readonly assignees: readonly ExtensionId[] }): Device {
  return {
    id: row.id,
    accountId: row.account_id,
    siteId: row.site_id,
    displayName: row.display_name,
    macAddress: row.mac_address,
    type: row.type,
    model: row.model,
    userName: row.user_name,
    assignees: row.assignees,
    hotDesking: row.hot_desking,
    locked: row.locked,
    digestAlgorithms: row.digest_algorithms,
    provisionTemplateId: row.provision_template_id,
    createdAt: row.created_at,
  };
}

async function insertAssignees(
  queries: Queries, accountId: AccountId, deviceId: DeviceId, assignees: readonly ExtensionId[],
): Promise<void> {
  if (assignees.length === 0) return;
  await queries.insertInto('device_assignees').values(assignees.map((extensionId, position) => ({
    account_id: accountId, device_id: deviceId, extension_id: extensionId, position,
  }))).execute();
}

function searchOf(device: Pick<Device, 'displayName' | 'macAddress' | 'type' | 'model'>): string {
  return searchText(device.displayName, device.macAddress, `${device.type} ${device.model}`);
}

function filtered(queries: Queries, accountId: AccountId, filter: DeviceFilter) {
  const { assigned, assigneeKind, siteId, keyword, extensionId, guestSignedIn, type, provisioning, within } = filter;
  let matching = queries.selectFrom('devices').where('devices.account_id', '=', accountId);
  if (within !== undefined) matching = matching.where(sql<boolean>`devices.site_id = any(${[...within]}::text[])`);
  if (siteId !== undefined) matching = matching.where('devices.site_id', '=', siteId);
  if (keyword !== undefined && keyword !== '') matching = matching.where('devices.search', 'like', containsPattern(keyword));
  if (assigned !== undefined) {
    const anyone = sql<boolean>`exists (select from device_assignees a where a.device_id = devices.id)`;
    matching = matching.where(anyone, '=', assigned);
  }
  if (assigneeKind !== undefined) {
    matching = matching.where(sql<boolean>`exists (select from device_assignees a join extensions e on e.id = a.extension_id
      where a.device_id = devices.id and e.owner_kind = ${assigneeKind})`);
  }
  if (extensionId !== undefined) {
    matching = matching.where(sql<boolean>`exists (select from device_assignees a
      where a.device_id = devices.id and a.extension_id = ${extensionId})`);
  }
  if (guestSignedIn !== undefined) {
    const signedIn = sql<boolean>`exists (select from hot_desk_sessions h where h.device_id = devices.id and h.state = 'active')`;
    matching = matching.where(signedIn, '=', guestSignedIn);
  }
  if (type !== undefined && type !== '') {
    matching = matching.where(sql<boolean>`${type.toLowerCase()} in (lower(devices.type), lower(devices.model), lower(devices.type || ' ' || devices.model))`);
  }
  if (provisioning !== undefined) matching = matching.where(inProvisioningState(), '=', provisioning);
  return matching;
}

/** The row that adds one. */
export function deviceRow(device: Device, sealedPassword: string): Insertable<DevicesTable> {
  return {
    id: device.id,
    account_id: device.accountId,
    site_id: device.siteId,
    display_name: device.displayName,
    mac_address: device.macAddress,
    type: device.type,
    model: device.model,
    user_name: device.userName,
    sealed_password: sealedPassword,
    hot_desking: device.hotDesking,
    locked: device.locked,
    digest_algorithms: toJsonOrNull(device.digestAlgorithms),
    provision_template_id: device.provisionTemplateId,
    search: searchOf(device),
    created_at: toDate(device.createdAt),
  };
}
