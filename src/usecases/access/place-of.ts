import { ACCOUNT_PLACE, type Place } from '../../domain/access/reach.js';
import {
  asId, type AccountId, type CallRecordId, type CommonAreaId, type DeviceId, type EmergencyAddressId, type ExtensionId,
  type FirmwareRuleId, type HotDeskSessionId, type PhoneNumberId, type ServiceLocationId, type SettingTemplateId, type SiteId,
} from '../../domain/ids.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Stores } from '../../ports/admin-stores.js';
import { findPhoneUser, findUser } from '../admin/resolve.js';

/** Kinds of things that have a place, as routes and notes of changes name them. */
export const PLACED = [
  'site', 'user', 'common_area', 'extension', 'device', 'phone_number', 'hot_desk_session', 'emergency_address', 'emergency_location', 'call_record',
  'firmware_rule', 'setting_template', 'setting',
] as const;
export type Placed = (typeof PLACED)[number];

/**
 * Where a thing is; null when there is none with this id (`user`: id or e-mail address; `setting`: `<scope>:<scopeId>`). People without a
 * phone are at no site.
 */
export async function placeOf(stores: Stores, accountId: AccountId, kind: Placed, id: string): Promise<Place | null> {
  switch (kind) {
    case 'site': {
      const site = await stores.sites.get(accountId, asId<SiteId>(id));
      return site && { siteIds: [site.id], owners: [] };
    }
    case 'user': {
      const phone = await findPhoneUser(stores, accountId, id);
      if (phone) return { siteIds: [phone.site.id], owners: [phone.user.id] };
      const user = await findUser(stores, accountId, id);
      return user && { siteIds: [], owners: [user.id] };
    }
    case 'common_area': {
      const area = await stores.commonAreas.get(accountId, asId<CommonAreaId>(id));
      return area && { siteIds: [area.site.id], owners: [] };
    }
    case 'extension': return placeOfExtension(await stores.extensions.get(accountId, asId<ExtensionId>(id)));
    case 'device': return placeOfDevice(stores, accountId, asId<DeviceId>(id));
    case 'phone_number': {
      const number = await stores.phoneNumbers.get(accountId, asId<PhoneNumberId>(id));
      return number && { siteIds: [number.siteId], owners: [] };
    }
    case 'hot_desk_session': {
      const session = await stores.hotDeskSessions.get(accountId, asId<HotDeskSessionId>(id));
      const desk = session && await placeOfDevice(stores, accountId, session.deviceId);
      return session && { siteIds: desk?.siteIds ?? [], owners: [session.userId, ...desk?.owners ?? []] };
    }
    case 'emergency_address': {
      const address = await stores.emergencyAddresses.get(accountId, asId<EmergencyAddressId>(id));
      return address && { siteIds: [address.siteId], owners: [] };
    }
    case 'emergency_location': {
      const location = await stores.serviceLocations.get(accountId, asId<ServiceLocationId>(id));
      return location && { siteIds: [location.siteId], owners: [] };
    }
    case 'firmware_rule': {
      const rule = await stores.firmwareRules.get(accountId, asId<FirmwareRuleId>(id));
      return rule && { siteIds: some(rule.siteId), owners: [] };
    }
    case 'setting_template': {
      const template = await stores.settingTemplates.get(accountId, asId<SettingTemplateId>(id));
      return template && { siteIds: some(template.siteId), owners: [] };
    }
    case 'setting': return placeOfSetting(stores, accountId, id);
    case 'call_record': {
      const call = await stores.callRecords.get(accountId, asId<CallRecordId>(id));
      if (call === null) return null;
      const parties = [call.caller, call.callee];
      return { siteIds: parties.flatMap((party) => some(party?.siteId ?? null)), owners: parties.flatMap((party) => some(party?.userId ?? null)) };
    }
  }
}

function placeOfExtension(extension: Extension | null): Place | null {
  return extension && { siteIds: [extension.siteId], owners: extension.owner.kind === 'user' ? [extension.owner.id] : [] };
}

async function placeOfDevice(stores: Stores, accountId: AccountId, id: DeviceId): Promise<Place | null> {
  const device = await stores.devices.get(accountId, id);
  if (device === null) return null;
  const [ownerId] = device.assignees;
  const owner = ownerId === undefined ? null : placeOfExtension(await stores.extensions.get(accountId, ownerId));
  return { siteIds: [device.siteId], owners: owner?.owners ?? [] };
}

async function placeOfSetting(stores: Stores, accountId: AccountId, id: string): Promise<Place | null> {
  const colon = id.indexOf(':');
  const scope = id.slice(0, colon);
  const known = (['site', 'extension', 'device'] as const).find((kind) => kind === scope);
  return known === undefined ? ACCOUNT_PLACE : placeOf(stores, accountId, known, id.slice(colon + 1));
}

function some<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value];
}
