/** An API office with two sites beside the main one, which have one of everything; whatever is of a site has its name in it. */
import type { Test } from 'tap';
import { asId, type CallRecordId, type DeviceId, type SiteId } from '../../src/domain/ids.js';
import { startApiOffice, type ApiOffice } from './api-office.js';
import { NO_PARTY, partyOf, pastCalls } from './past-calls.js';

export interface SiteThings {
  readonly name: string;
  readonly siteId: SiteId;
  readonly email: string;
  /** What stands for each parameter of a path. */
  readonly ids: ReadonlyMap<string, string>;
}

export interface TwoSites {
  readonly office: ApiOffice;
  readonly north: SiteThings;
  readonly south: SiteThings;
}

export async function startTwoSites(t: Test): Promise<TwoSites> {
  const office = await startApiOffice(t);
  return { office, north: await furnish(office, 'north', '81', '+120255501'), south: await furnish(office, 'south', '82', '+120255502') };
}

async function furnish(office: ApiOffice, name: string, digits: string, numbers: string): Promise<SiteThings> {
  const { expect } = office;
  const made = async (path: string, body: unknown): Promise<string> => (await expect(201, 'POST', path, body)).json.id;
  const address = { address_line1: `1 ${name} Street`, city: 'Springfield', state_code: 'IL', zip: '62701', country: 'US' };
  const siteId = await made('/v2/phone/sites', { name: `${name} site`, auto_receptionist_name: `${name} desk`, default_emergency_address: address });
  const email = `${name}@example.com`;
  await expect(201, 'POST', '/v2/phone/users/batch', {
    users: [{ email, first_name: name, last_name: 'Person', extension_number: `${digits}01`, site_name: `${name} site`, calling_plans: [] }],
  });
  const user = (await expect(200, 'GET', `/v2/phone/users/${email}`)).json;
  const area = await made('/v2/phone/common_areas', { display_name: `${name} lobby`, extension_number: Number(`${digits}02`), site_id: siteId });
  const deviceId = await made('/v2/phone/devices', {
    display_name: `${name} phone`, mac_address: `0200000000${digits}`, type: 'Yealink', model: 'T54W', assignee_extension_ids: [user.extension_id],
  });
  const [phoneNumberId = ''] = (await expect(201, 'POST', '/v2/phone/byoc_numbers', { carrier: 'Carrier', phone_numbers: [`${numbers}01`], site_id: siteId }))
    .json.phone_numbers.map(({ id }: { id: string }) => id);
  const emergencyAddressId = await made('/v2/phone/emergency_addresses', { ...address, address_line1: `2 ${name} Street`, site_id: siteId });
  const locationId = await made('/v2/phone/locations', {
    name: `${name} floor`, site_id: siteId, emergency_address_id: emergencyAddressId, public_ip: `203.0.113.${digits}`, identifier: `${name}-floor`,
  });
  await expect(204, 'PATCH', `/v2/phone/users/${user.id}/settings/desk_phone`, { desk_phone: { devices: [{ id: deviceId, policy: { hot_desking: { status: 'on' } } }] } });
  const guest = `${name}-guest@example.com`;
  await expect(201, 'POST', '/v2/phone/users/batch', { users: [{ email: guest, first_name: name, last_name: 'Guest', extension_number: `${digits}03`, site_name: `${name} site` }] });
  const session = (await expect(201, 'POST', `/v2/cordboard/devices/${deviceId}/hot_desk_sign_in`, { user_id: guest })).json;
  const rule = (await expect(201, 'POST', '/v2/phone/firmware_update_rules', { site_id: siteId, version: '96.86.0.100', device_type: 'Yealink', device_model: 'T54W' })).json.rule_id;
  const party = await partyOf(office, email, asId<DeviceId>(deviceId));
  const [callLogId] = await pastCalls(office, [{ at: office.clock.now() - 60_000, caller: party, callee: { ...NO_PARTY, number: '+442071838750', name: `${name} abroad` }, direction: 'outbound' }]);
  return {
    name, siteId: asId<SiteId>(siteId), email,
    ids: new Map([
      ['siteId', siteId], ['userId', user.id], ['extensionId', user.extension_id], ['commonAreaId', area], ['deviceId', deviceId],
      ['phoneNumberId', phoneNumberId], ['emergencyAddressId', emergencyAddressId], ['locationId', locationId], ['sessionId', session.id],
      ['ruleId', rule], ['callLogId', callLogId ?? asId<CallRecordId>('')],
    ]),
  };
}
