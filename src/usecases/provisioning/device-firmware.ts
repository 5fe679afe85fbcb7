import type { Device } from '../../domain/device/device.js';
import type { KnownPhone } from '../../domain/device/phone-families-recognise.js';
import { firmwareWish, imageRule, wishKey } from '../../domain/provisioning/firmware-target.js';
import type { FirmwareTarget, ProvisioningSource } from '../../domain/provisioning/phone-configuration.js';
import type { PhoneModel } from '../../domain/provisioning/phone-model.js';
import type { FirmwareImage } from '../../domain/device/firmware-image.js';
import { brandOf } from '../../domain/device/phone-models.js';
import type { AccountId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { ProvisioningDeps } from './provisioning-deps.js';

/** So long after a step of hot desking nothing new is told of firmware. */
const HOLD_MS = 15 * 60_000;

export interface DeviceFirmware {
  readonly target: FirmwareTarget | null;
  /** What is noted once the phone has the configuration. */
  readonly told: string;
}

const NOTHING: DeviceFirmware = { target: null, told: '' };

/** What the phone is told of firmware now. @param timeZone of its site */
export async function deviceFirmware(
  { stores, clock, wallClock, phoneFiles }: ProvisioningDeps, device: Device, model: PhoneModel, phone: KnownPhone,
  { timeZone, source }: { readonly timeZone: string; readonly source: ProvisioningSource },
): Promise<DeviceFirmware> {
  const rules = await stores.firmwareRules.all(device.accountId);
  if (rules.length === 0) return NOTHING;
  const at = clock.now();
  const told = (await stores.deviceConfigurations.of([device.id])).get(device.id)?.firmwareTold ?? '';
  const rule = firmwareWish({
    device, rules, told, runs: phone.firmware, now: wallClock(timeZone, at), allowedHosts: await allowedHostsOf(stores, device.accountId),
    held: at - await stores.deviceResyncs.newestStepAt(device.id) < HOLD_MS,
  });
  if (rule === null) return NOTHING;
  const url = rule.imageUrl === '' ? phoneFiles.firmwareAddress(model, source.url, rule.imageFile) : rule.imageUrl;
  return url === null ? NOTHING : { target: { version: rule.version, url }, told: wishKey(rule) };
}

/** The image that a phone asks for, where it was told of the release that has it. */
export async function deviceImage({ stores, phoneFiles }: ProvisioningDeps, device: Device, model: PhoneModel, fileName: string): Promise<FirmwareImage | null> {
  if (!phoneFiles.isFirmwareName(model, fileName)) return null;
  const told = (await stores.deviceConfigurations.of([device.id])).get(device.id)?.firmwareTold ?? '';
  const rule = told === '' ? null : imageRule(device, await stores.firmwareRules.all(device.accountId), told);
  const vendor = rule === null ? null : brandOf(rule.deviceType);
  return rule === null || vendor === null ? null : stores.firmwareImages.get(device.accountId, vendor, rule.version, fileName);
}

/** Names of the hosts that phones of the account may be sent to. */
export async function allowedHostsOf({ allowedHosts }: Pick<Stores, 'allowedHosts'>, accountId: AccountId): Promise<readonly string[]> {
  return (await allowedHosts.all(accountId)).map(({ host }) => host);
}
