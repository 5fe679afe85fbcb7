import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import type { DeviceConfiguration, DeviceScope, ProvisioningState } from '../../domain/device/configuration-generation.js';
import { PHONE_BRANDS, PROVISIONED_BRANDS } from '../../domain/device/phone-models.js';
import type { DeviceId } from '../../domain/ids.js';
import type { DeviceConfigurationStore } from '../../ports/phone-stores.js';
import { instant } from './columns.js';
import type { Queries } from './database.js';
import type { DeviceConfigurationsTable } from './phone-tables.js';

export function createDeviceConfigurationStore(queries: Queries): DeviceConfigurationStore {
  return {
    of: async (deviceIds) => {
      if (deviceIds.length === 0) return new Map();
      const rows = await queries.selectFrom('device_configurations').selectAll()
        .where(sql<boolean>`device_id = any(${deviceIds}::text[])`).execute();
      return new Map(rows.map((row) => [row.device_id, configurationOf(row)]));
    },
    raise: async (accountId, scopes, at) => {
      if (scopes.length === 0) return 0;
      const { numAffectedRows } = await sql`
        insert into device_configurations as c (device_id, account_id, generation, changed_at)
        select d.id, d.account_id, 1, ${instant(at)} from devices d
        where d.account_id = ${accountId} and (${sql.join(gathered(scopes), sql` or `)})
        on conflict on constraint device_configurations_pk do update set generation = c.generation + 1, changed_at = excluded.changed_at`
        .execute(queries);
      return Number(numAffectedRows ?? 0n);
    },
    showingPastGuests: async (deviceIds) => {
      if (deviceIds.length === 0) return new Set();
      // A file is on its way for a moment after it was made: until a minute after the session's end.
      const { rows } = await sql<{ readonly device_id: DeviceId }>`
        select c.device_id from device_configurations c
        where c.device_id = any(${deviceIds}::text[]) and c.delivered_generation < c.generation and exists (
          select 1 from hot_desk_sessions s where s.device_id = c.device_id and s.state <> 'active'
            and c.delivered_at between s.started_at and coalesce(s.draining_since, s.ended_at) + interval '1 minute')`.execute(queries);
      return new Set(rows.map((row) => row.device_id));
    },
    requested: async (deviceId, generation, at) => {
      await sql`update device_configurations set requested_generation = ${generation}, requested_at = ${instant(at)}
        where device_id = ${deviceId} and requested_generation <= ${generation}`.execute(queries);
    },
    delivered: async (deviceId, generation, at) => {
      await sql`update device_configurations set delivered_generation = ${generation}, delivered_at = ${instant(at)}
        where device_id = ${deviceId} and delivered_generation <= ${generation}`.execute(queries);
    },
    toldFirmware: async (deviceId, told) => {
      await sql`update device_configurations set firmware_told = ${told} where device_id = ${deviceId} and firmware_told <> ${told}`.execute(queries);
    },
  };
}

/** The same as `provisioningState` and `isProvisioned` say of one device; of the table `devices` by the name that the statement gives it. */
export function inProvisioningState(name: 'devices' | 'd' = 'devices'): RawBuilder<ProvisioningState> {
  const table = sql.raw(name);
  const types = PROVISIONED_BRANDS.flatMap((brand) => [brand.toLowerCase(), ...PHONE_BRANDS[brand].aliases]);
  return sql<ProvisioningState>`(case when lower(${table}.type) <> all(${types}::text[]) then 'manual' else coalesce((
    select case when c.delivered_generation >= c.generation then 'current' when c.requested_generation >= c.generation then 'requested' else 'pending' end
    from device_configurations c where c.device_id = ${table}.id), 'pending') end)`;
}

/** The same devices by few conditions: a file of changes names hundreds of devices, extensions and owners. */
function gathered(scopes: readonly DeviceScope[]): readonly RawBuilder<boolean>[] {
  const ids = (kind: DeviceScope['kind']): readonly string[] => [...new Set(scopes.flatMap((scope) => (scope.kind === kind ? [idIn(scope)] : [])))];
  const [devices, extensions, owners] = [ids('device'), ids('extension'), ids('owner')];
  return [
    ...scopes.filter(({ kind }) => kind !== 'device' && kind !== 'extension' && kind !== 'owner').map(inScope),
    ...(devices.length === 0 ? [] : [sql<boolean>`d.id = any(${devices}::text[])`]),
    ...(extensions.length === 0 ? [] : [sql<boolean>`d.id in (select a.device_id from device_assignees a where a.extension_id = any(${extensions}::text[]) union all
      select a.device_id from device_assignees a join line_keys k on k.extension_id = a.extension_id where k.target_extension_id = any(${extensions}::text[]))`]),
    ...(owners.length === 0 ? [] : [sql<boolean>`d.id in (select a.device_id from device_assignees a join extensions e on e.id = a.extension_id
      where e.account_id = d.account_id and e.owner_id = any(${owners}::text[]) union all
      select a.device_id from device_assignees a join line_keys k on k.extension_id = a.extension_id join extensions e on e.id = k.target_extension_id
      where e.account_id = d.account_id and e.owner_id = any(${owners}::text[]))`]),
  ];
}

function idIn(scope: DeviceScope): string {
  switch (scope.kind) {
    case 'device':
      return scope.deviceId;
    case 'extension':
      return scope.extensionId;
    case 'owner':
      return scope.ownerId;
    default:
      return '';
  }
}

/** Devices `d` of a scope. */
export function inScope(scope: DeviceScope): RawBuilder<boolean> {
  switch (scope.kind) {
    case 'account':
      return sql<boolean>`true`;
    case 'site':
      return sql<boolean>`d.site_id = ${scope.siteId}`;
    case 'device':
      return sql<boolean>`d.id = ${scope.deviceId}`;
    case 'extension':
      return sql<boolean>`d.id in (select a.device_id from device_assignees a where a.extension_id = ${scope.extensionId} or a.extension_id in (
        select k.extension_id from line_keys k where k.target_extension_id = ${scope.extensionId}))`;
    case 'owner':
      return sql<boolean>`d.id in (select a.device_id from device_assignees a where a.extension_id in (
        select e.id from extensions e where e.account_id = d.account_id and e.owner_id = ${scope.ownerId}
        union all
        select k.extension_id from line_keys k join extensions e on e.id = k.target_extension_id
        where e.account_id = d.account_id and e.owner_id = ${scope.ownerId}))`;
    case 'template':
      return sql<boolean>`coalesce(nullif(d.provision_template_id, ''), (
        select s.value #>> '{}' from settings s
        where s.account_id = d.account_id and s.key = 'desk-phone-provision-template'
          and ((s.scope = 'site' and s.scope_id = d.site_id) or (s.scope = 'account' and s.scope_id = d.account_id))
        order by s.scope = 'account' and s.locked desc, s.scope desc limit 1)) = ${scope.templateId}`;
    case 'model':
      return sql<boolean>`(${scope.siteId}::text is null or d.site_id = ${scope.siteId}) and lower(d.type) = lower(${scope.type})
        and lower(d.model) = lower(${scope.model})`;
  }
}

function configurationOf(row: Selectable<DeviceConfigurationsTable>): DeviceConfiguration {
  return {
    generation: row.generation,
    changedAt: row.changed_at,
    requestedGeneration: row.requested_generation,
    requestedAt: row.requested_at,
    deliveredGeneration: row.delivered_generation,
    deliveredAt: row.delivered_at,
    firmwareTold: row.firmware_told,
  };
}
