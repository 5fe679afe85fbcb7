import { sql } from 'kysely';
import type { ExchangeWriter } from '../../ports/import-stores.js';
import { toJson } from './columns.js';
import { commonAreaRow } from './common-area-store.js';
import type { Queries } from './database.js';
import { deviceRow } from './device-store.js';
import { extensionRow } from './extension-store.js';
import { phoneUserRow } from './phone-user-store.js';
import { planRows, type PlanHolder } from './plan-assignments.js';
import type { CommonArea } from '../../domain/identity/common-area.js';
import type { PhoneUser } from '../../domain/identity/user.js';
import { userRow } from './user-store.js';

/** Rows of a statement: PostgreSQL takes 65,535 parameters. */
const ROWS = 500;

/** What a file adds, many rows a statement. */
export function createExchangeWriter(queries: Queries): ExchangeWriter {
  const addPlans = async (holders: readonly { readonly ref: PlanHolder; readonly holder: PhoneUser | CommonArea }[]): Promise<void> => {
    const rows = holders.flatMap(({ ref, holder }) => [
      ...planRows(holder.accountId, ref, 'calling-plan', holder.callingPlans), ...planRows(holder.accountId, ref, 'package', holder.packages),
    ]);
    for (const part of partsOf(rows)) await queries.insertInto('plan_assignments').values([...part]).execute();
  };
  return {
    addUsers: async (users) => {
      for (const part of partsOf(users)) await queries.insertInto('users').values(part.map(userRow)).execute();
    },
    addExtensions: async (extensions) => {
      for (const part of partsOf(extensions)) await queries.insertInto('extensions').values(part.map(extensionRow)).execute();
    },
    addPhoneUsers: async (phones) => {
      for (const part of partsOf(phones)) await queries.insertInto('phone_users').values(part.map(phoneUserRow)).execute();
      await addPlans(phones.map((holder) => ({ ref: { kind: 'user', id: holder.id }, holder })));
    },
    addCommonAreas: async (areas) => {
      for (const part of partsOf(areas)) await queries.insertInto('common_areas').values(part.map(commonAreaRow)).execute();
      await addPlans(areas.map((holder) => ({ ref: { kind: 'common_area', id: holder.id }, holder })));
    },
    addDevices: async (devices) => {
      for (const part of partsOf(devices)) await queries.insertInto('devices').values(part.map(({ device, sealedPassword }) => deviceRow(device, sealedPassword))).execute();
      const assignees = devices.flatMap(({ device }) => device.assignees.map((extensionId, position) => (
        { account_id: device.accountId, device_id: device.id, extension_id: extensionId, position })));
      for (const part of partsOf(assignees)) await queries.insertInto('device_assignees').values([...part]).execute();
    },
    setNumbers: async (entries) => {
      const moving = entries.flatMap(({ id, before }) => (before !== null && before.extensionId !== null ? [id] : []));
      if (moving.length > 0) {
        await sql`update phone_numbers set extension_id = null, assigned_order = null where id = any(${moving}::text[])`.execute(queries);
      }
      const held = entries.flatMap(({ id, after }) => (after === null ? [] : [{ id, extension_id: after.extensionId, assigned_order: after.assignedOrder, site_id: after.siteId }]));
      if (held.length === 0) return;
      await sql`update phone_numbers n set extension_id = v.extension_id, assigned_order = v.assigned_order, site_id = v.site_id
        from jsonb_to_recordset(${toJson(held)}::jsonb) as v(id text, extension_id text, assigned_order integer, site_id text) where n.id = v.id`.execute(queries);
    },
    setSettings: async (accountId, places) => {
      if (places.length === 0) return;
      await queries.deleteFrom('settings').where('account_id', '=', accountId).where('scope', '=', 'extension')
        .where(sql<boolean>`scope_id = any(${places.map(({ id }) => id)}::text[])`).execute();
      const rows = places.flatMap(({ id, settings }) => settings.map(({ key, value, locked }) => (
        { account_id: accountId, scope: 'extension' as const, scope_id: id, key, value: toJson(value), locked })));
      for (const part of partsOf(rows)) await queries.insertInto('settings').values([...part]).execute();
    },
  };
}

function* partsOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += ROWS) yield items.slice(start, start + ROWS);
}
