import { NOBODY_KNOWN, type PartyAbout } from '../../domain/calls/call-history.js';
import type { CallParty, CallRecord } from '../../domain/calls/call-event.js';
import type { CallRecordId } from '../../domain/ids.js';
import type { CallAbout } from './call-record-store.js';
import type { Queries } from './database.js';

/** What is written into records of who and where their sides are, as long as people, sites and phones are there to be asked. */
export async function aboutCalls(queries: Queries, records: readonly CallRecord[]): Promise<ReadonlyMap<CallRecordId, CallAbout>> {
  const parties = records.flatMap(({ caller, callee, answeredBy }) => [caller, { ...callee, deviceId: callee.deviceId ?? answeredBy }]);
  const [users, sites, devices] = [
    await rowsById(given(parties.map(({ userId }) => userId)), (ids) => (
      queries.selectFrom('users').select(['id', 'email', 'department', 'cost_center']).where('id', 'in', ids).execute())),
    await rowsById(given(parties.map(({ siteId }) => siteId)), (ids) => (
      queries.selectFrom('sites').select(['id', 'name']).where('id', 'in', ids).execute())),
    await rowsById(given(parties.map(({ deviceId }) => deviceId)), (ids) => (
      queries.selectFrom('devices').select(['id', 'type', 'display_name']).where('id', 'in', ids).execute())),
  ];
  const about = (party: CallParty): PartyAbout => {
    const [user, site, device] = [find(users, party.userId), find(sites, party.siteId), find(devices, party.deviceId)];
    return {
      ...NOBODY_KNOWN,
      ...(user === undefined ? {} : { email: user.email, department: user.department, costCenter: user.cost_center }),
      ...(site === undefined ? {} : { siteName: site.name }),
      ...(device === undefined ? {} : { deviceType: device.type, deviceName: device.display_name }),
    };
  };
  return new Map(records.map((record) => [record.id, {
    caller: about(record.caller), callee: about({ ...record.callee, deviceId: record.callee.deviceId ?? record.answeredBy }),
  }]));
}

function given<Id>(ids: readonly (Id | null)[]): readonly Id[] {
  return [...new Set(ids)].filter((id) => id !== null) as Id[];
}

function find<Id, Row>(rows: ReadonlyMap<Id, Row>, id: Id | null): Row | undefined {
  return id === null ? undefined : rows.get(id);
}

async function rowsById<Id, Row extends { readonly id: Id }>(
  ids: readonly Id[], read: (ids: readonly Id[]) => Promise<readonly Row[]>,
): Promise<ReadonlyMap<Id, Row>> {
  return ids.length === 0 ? new Map() : new Map((await read(ids)).map((row) => [row.id, row]));
}
