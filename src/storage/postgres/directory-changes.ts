import type { AccountId, CommonAreaId, DeviceId, ExtensionId, HotDeskSessionId, SiteId, UserId } from '../../domain/ids.js';
import type { ConfigEvent } from '../../domain/events.js';
import { idsOf, replace } from './affected.js';
import type { BlockedNumber } from '../../domain/routing/blocked-number.js';
import type { OutboundException } from '../../domain/routing/outbound-rules.js';
import type { Ha1Maker } from './device-ha1.js';
import type { DirectoryIndex } from './directory-index.js';
import { placeId } from './setting-index.js';
import { settingsAt } from './setting-store.js';
import type { DirectoryReader } from './directory-reader.js';
import { readAffectedNumbers } from './number-reader.js';
import { named } from './row-chunks.js';

/**
 * Reads what the events name, and what hangs on it: a phone user's extension, an extension's devices, and all devices of an
 * account whose realm changed. Returns the change, to be made in one go; nothing is changed before.
 */
export async function readAffected(
  reader: DirectoryReader, index: DirectoryIndex, events: readonly ConfigEvent[], ha1Of: Ha1Maker,
): Promise<() => void> {
  const accountIds = idsOf<AccountId>(events, 'account');
  const siteIds = idsOf<SiteId>(events, 'site');
  const userIds = new Set([...idsOf<UserId>(events, 'user'), ...idsOf<UserId>(events, 'phone_user')]);
  const areaIds = idsOf<CommonAreaId>(events, 'common_area');
  const blockIds = idsOf<BlockedNumber['id']>(events, 'blocked_number');

  const accounts = await named(reader.accounts.bind(reader), accountIds);
  const sites = await named(reader.sites.bind(reader), siteIds);
  const users = await named(reader.users.bind(reader), userIds);
  const phoneUsers = await named(reader.phoneUsers.bind(reader), userIds);
  const areas = await named(reader.commonAreas.bind(reader), areaIds);
  const sessionIds = idsOf<HotDeskSessionId>(events, 'hot_desk_session');
  const sessions = await named(reader.hotDeskSessions.bind(reader), sessionIds);
  const blocks = await named(reader.blockedNumbers.bind(reader), blockIds);
  const changeNumbers = await readAffectedNumbers(reader.numbers, index.numbers, events);
  const exceptionIds = idsOf<OutboundException['id']>(events, 'outbound_exception');
  const exceptions = await named(reader.outboundExceptions.bind(reader), exceptionIds);
  const saying = new Set(events.filter(({ aggregate }) => aggregate === 'outbound_countries').map(({ aggregateId }) => aggregateId));
  const countries = saying.size === 0 ? [] : await reader.outboundCountries([...saying]);

  const settingPlaces = new Set(events.filter((event) => event.aggregate === 'setting').map((event) => event.aggregateId));
  const settings = await settingsAt(reader.queries, settingPlaces);

  const extensionIds = new Set<ExtensionId>(idsOf<ExtensionId>(events, 'extension'));
  const holders = [
    ...phoneUsers.values(), ...areas.values(),
    ...[...userIds].map((id) => index.phoneUser(id)), ...[...areaIds].map((id) => index.commonArea(id)),
  ];
  for (const holder of holders) if (holder !== undefined) extensionIds.add(holder.extensionId);
  const extensions = await named(reader.extensions.bind(reader), extensionIds);

  const deviceIds = new Set<DeviceId>(idsOf<DeviceId>(events, 'device'));
  for (const id of extensionIds) for (const device of index.devicesOf(id)) deviceIds.add(device.id);
  for (const id of await reader.devicesAssignedTo([...extensionIds])) deviceIds.add(id);
  for (const account of accounts.values()) {
    if (index.account(account.id)?.sipDomain === account.sipDomain) continue;
    for (const id of await reader.devicesOfAccount(account.id)) deviceIds.add(id);
  }
  const devices = await named(reader.devices.bind(reader), deviceIds);
  const ha1 = await ha1Of(devices.values(), (id) => (accounts.get(id) ?? index.account(id))?.sipDomain);

  return () => {
    replace(accountIds, accounts, (account) => index.putAccount(account), (id) => index.removeAccount(id));
    replace(siteIds, sites, (site) => index.putSite(site), (id) => {
      index.removeSite(id);
      index.forgetPlace(id);
    });
    replace(userIds, users, (user) => index.putUser(user), (id) => index.removeUser(id));
    replace(userIds, phoneUsers, (phone) => index.putPhoneUser(phone), (id) => index.removePhoneUser(id));
    replace(areaIds, areas, (area) => index.putCommonArea(area), (id) => index.removeCommonArea(id));
    replace(extensionIds, extensions, (extension) => index.putExtension(extension), (id) => {
      index.removeExtension(id);
      index.forgetPlace(id);
    });
    replace(deviceIds, devices, ({ id, device }) => index.putDevice(device, ha1.get(id)), (id) => index.removeDevice(id));
    replace(sessionIds, sessions, (session) => index.putHotDeskSession(session), (id) => index.removeHotDeskSession(id));
    for (const place of settingPlaces) index.settings.replace(place, settings.filter(({ scope, scopeId }) => placeId(scope, scopeId) === place));
    replace(blockIds, blocks, (entry) => index.putBlockedNumber(entry), (id) => index.removeBlockedNumber(id));
    changeNumbers();
    replace(exceptionIds, exceptions, (entry) => index.putException(entry), (id) => index.removeException(id));
    for (const placeId of saying) index.putCountries(placeId, countries.filter(({ scopeId }) => scopeId === placeId));
  };
}
