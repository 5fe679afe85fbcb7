import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { LineKey } from '../../domain/device/line-keys.js';
import type { LineKeyStore } from '../../ports/phone-stores.js';
import type { Queries } from './database.js';
import type { LineKeysTable } from './phone-tables.js';

export function createLineKeyStore(queries: Queries): LineKeyStore {
  return {
    of: async (extensionId) => {
      const rows = await queries.selectFrom('line_keys').selectAll().where('extension_id', '=', extensionId).orderBy('position').execute();
      return rows.map(lineKeyOf);
    },
    replace: async (extensionId, keys) => {
      await queries.deleteFrom('line_keys').where('extension_id', '=', extensionId).execute();
      if (keys.length === 0) return;
      await queries.insertInto('line_keys').values(keys.map((key) => ({
        id: key.id,
        account_id: key.accountId,
        extension_id: extensionId,
        position: key.index,
        type: key.type,
        alias: key.alias,
        target_extension_id: key.targetExtensionId,
        speed_dial_number: key.speedDialNumber,
        retrieval_code: key.retrievalCode,
        outbound_caller_id: key.outboundCallerId,
      }))).execute();
    },
    showing: async (targetId) => {
      const rows = await queries.selectFrom('line_keys').select('extension_id').distinct().where('target_extension_id', '=', targetId)
        .orderBy('extension_id').execute();
      return rows.map((row) => row.extension_id);
    },
    remove: async (id) => {
      await queries.deleteFrom('line_keys').where('id', '=', id).execute();
    },
    forgetTarget: async (targetId) => {
      await queries.deleteFrom('line_keys').where('target_extension_id', '=', targetId).execute();
    },
    positions: async (deviceId) => {
      const rows = await queries.selectFrom('device_line_positions').selectAll().where('device_id', '=', deviceId)
        .where(sql<boolean>`exists (select from device_assignees a where a.device_id = device_line_positions.device_id
          and a.extension_id = device_line_positions.extension_id)`).orderBy('position').execute();
      return rows.map((row) => ({ index: row.position, extensionId: row.extension_id }));
    },
    setPositions: async (accountId, deviceId, positions) => {
      await queries.deleteFrom('device_line_positions').where('device_id', '=', deviceId).execute();
      if (positions.length === 0) return;
      await queries.insertInto('device_line_positions')
        .values(positions.map(({ index, extensionId }) => ({ account_id: accountId, device_id: deviceId, position: index, extension_id: extensionId }))).execute();
    },
  };
}

function lineKeyOf(row: Selectable<LineKeysTable>): LineKey {
  return {
    id: row.id,
    accountId: row.account_id,
    extensionId: row.extension_id,
    index: row.position,
    type: row.type,
    alias: row.alias,
    targetExtensionId: row.target_extension_id,
    speedDialNumber: row.speed_dial_number,
    retrievalCode: row.retrieval_code,
    outboundCallerId: row.outbound_caller_id,
  };
}
