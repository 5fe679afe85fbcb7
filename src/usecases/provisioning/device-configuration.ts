import { DESK_PHONE_SETTING_KEYS } from '../../domain/device/desk-phone-settings.js';
import type { Device } from '../../domain/device/device.js';
import { labelRefreshOf, type KnownPhone } from '../../domain/device/phone-families-recognise.js';
import { composeConfiguration, oneNtpOrTwo, type ComposedConfiguration, type DeskPhoneSettings } from '../../domain/provisioning/compose-configuration.js';
import { templateForFamily } from '../../domain/provisioning/judge-template.js';
import type { ProvisioningSource } from '../../domain/provisioning/phone-configuration.js';
import type { PhoneModel } from '../../domain/provisioning/phone-model.js';
import type { FileSetting } from '../../domain/provisioning/template-settings.js';
import { adminPasswordContext } from '../admin/desk-phone-settings.js';
import { templateOf } from '../admin/device-provisioning.js';
import { chainOf } from '../admin/setting-places.js';
import { readSettings } from '../admin/settings.js';
import { allowedHostsOf, deviceFirmware } from './device-firmware.js';
import { phoneHolder, phoneLanguage } from './phone-holder.js';
import type { ProvisioningDeps } from './provisioning-deps.js';

/** A device's configuration of this moment. */
export interface DevicePhoneConfiguration extends ComposedConfiguration {
  /** The administrator's settings for the file; none where the text does not fit this phone's language. */
  readonly template: readonly FileSetting[];
  /** Why the administrator's text is left out; '' = it is not. */
  readonly templateProblem: string;
  /** What is noted of its firmware once the phone has it. */
  readonly firmwareTold: string;
}

const UTC = 'Etc/UTC';

/** The phone that asks, or that it is asked about. */
export interface AskingPhone extends KnownPhone {
  /** Where it is seen; null = not known. */
  readonly address: string | null;
}

/**
 * Gathers what the phone is to have. Read from PostgreSQL, not from memory, so that no node calls a phone current for what it has not heard of.
 * @param phone as it names itself in the request; decides whether a guest's label is shown
 * @throws StorageFault; SealBroken when the installation's secret key is another one
 */
export async function deviceConfiguration(deps: ProvisioningDeps, device: Device, model: PhoneModel, phone: AskingPhone, provisioning: ProvisioningSource): Promise<DevicePhoneConfiguration> {
  const { stores, secretBox, clock } = deps;
  const { accountId } = device;
  const [account, site, sealed, guest] = await Promise.all([
    stores.accounts.get(accountId), stores.sites.get(accountId, device.siteId), stores.devices.sealedPassword(device.id), stores.hotDeskSessions.activeOn(device.id),
  ]);
  if (account === null || site === null || sealed === null) throw new Error('a device without account, site or password');
  const [owner] = device.assignees;
  const language = phoneLanguage(site.promptLanguage) ?? phoneLanguage(account.policy.promptLanguage) ?? 'en';
  const zone = deps.zoneRules(site.timeZone ?? UTC, clock.now()) ?? deps.zoneRules(UTC, clock.now());
  if (zone === null) throw new Error('no rules of UTC');
  const firmware = await deviceFirmware(deps, device, model, phone, { timeZone: site.timeZone ?? UTC, source: provisioning });
  const composed = composeConfiguration({
    account, provisioning, labelRefresh: labelRefreshOf(phone),
    site: { country: site.country, zone, language },
    device: { ...device, password: secretBox.open(sealed, device.id) },
    holder: owner === undefined ? null : await phoneHolder(stores, device, owner),
    guest: guest === null ? null : await phoneHolder(stores, device, guest.extensionId),
    settings: { ...await deskPhoneSettings(deps, device), firmware: firmware.target },
    server: deps.phoneServer(phone.address),
  }, model);
  return { ...composed, ...await templateFor(deps, device, model), firmwareTold: firmware.told };
}

/** Values after inheritance. */
async function deskPhoneSettings({ stores, secretBox }: ProvisioningDeps, device: Device): Promise<Omit<DeskPhoneSettings, 'firmware'>> {
  const chain = chainOf(device.accountId, { siteId: device.siteId, extensionId: device.assignees[0], deviceId: device.id });
  const found = await readSettings(stores, device.accountId, chain, DESK_PHONE_SETTING_KEYS);
  const sealed = found.get('desk-phone-admin-password').value;
  const background = found.get('desk-phone-background-image').value;
  return {
    webInterface: found.get('desk-phone-web-interface').value,
    adminPassword: sealed === null ? null : secretBox.open(sealed, adminPasswordContext(device.accountId)),
    backgroundUrl: background === '' ? null : background,
    timeFormat: found.get('desk-phone-time-format').value,
    ntpPrimary: found.get('desk-phone-ntp-primary').value,
    ntpSecondary: found.get('desk-phone-ntp-secondary').value,
    codecs: found.get('desk-phone-codecs').value,
    dtmf: found.get('desk-phone-dtmf').value,
    srtp: found.get('desk-phone-srtp').value,
    transport: found.get('desk-phone-sip-transport').value,
  };
}

async function templateFor({ stores, phoneFiles }: ProvisioningDeps, device: Device, model: PhoneModel): Promise<Pick<DevicePhoneConfiguration, 'template' | 'templateProblem'>> {
  const chosen = await templateOf(stores, device);
  if (chosen === null) return { template: [], templateProblem: '' };
  const read = templateForFamily(chosen.template, model.family, phoneFiles.templateRules(model), { allowedHosts: await allowedHostsOf(stores, device.accountId) });
  if (read.kind === 'clean') return { template: read.settings, templateProblem: '' };
  const [first] = read.problems;
  return { template: [], templateProblem: `Template ${chosen.template.name}, line ${first?.line ?? 0}: ${first?.text ?? ''}` };
}

/** What files that belong to no single phone know of a place: time servers alone, so that they cost a look and no more. */
export async function commonTimeServers({ stores }: Pick<ProvisioningDeps, 'stores'>, device: Device, model: PhoneModel): Promise<{ readonly primary: string; readonly secondary: string }> {
  const chain = chainOf(device.accountId, { siteId: device.siteId, extensionId: device.assignees[0], deviceId: device.id });
  const found = await readSettings(stores, device.accountId, chain, ['desk-phone-ntp-primary', 'desk-phone-ntp-secondary']);
  return oneNtpOrTwo(model, { ntpPrimary: found.get('desk-phone-ntp-primary').value, ntpSecondary: found.get('desk-phone-ntp-secondary').value });
}
