import { provisioningState, type DeviceConfiguration, type ProvisioningState } from '../../domain/device/configuration-generation.js';
import type { Device } from '../../domain/device/device.js';
import { firmwareRuleFor, type FirmwareRule } from '../../domain/device/firmware-rules.js';
import { recognisePhone, type KnownPhone } from '../../domain/device/phone-families-recognise.js';
import { isProvisioned } from '../../domain/device/phone-models.js';
import { asId, type DeviceId, type ProvisionTemplateId } from '../../domain/ids.js';
import type { ProvisionTemplate } from '../../domain/device/provision-template.js';
import type { ResolvedSetting } from '../../domain/settings/resolve-setting.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { LocationService } from '../../ports/location-service.js';
import { done, type Outcome } from '../outcome.js';
import type { Actor } from '../change.js';
import { deviceNotFound } from './not-found.js';
import { findDevice } from './resolve.js';
import { chainOf } from './setting-places.js';
import { readSettings } from './settings.js';

/** What a device should have, and how far it is with it. */
export interface DeviceProvisioning {
  readonly device: Device;
  readonly state: ProvisioningState;
  readonly configuration: DeviceConfiguration;
  /** The template that holds, and where it is chosen; null = none. */
  readonly template: { readonly template: ProvisionTemplate; readonly origin: ResolvedSetting<string>['origin'] } | null;
  readonly firmwareRule: FirmwareRule | null;
  /** As the phone names itself while it is registered. */
  readonly phone: KnownPhone;
}

/** Of a device that nothing was ever noted of. */
const UNTOUCHED: DeviceConfiguration = {
  generation: 1, changedAt: 0, requestedGeneration: 0, requestedAt: null, deliveredGeneration: 0, deliveredAt: null,
  firmwareTold: '',
};

/** Where each device is, in one statement. */
export async function provisioningStates(
  stores: Pick<Stores, 'deviceConfigurations'>, devices: readonly Device[],
): Promise<ReadonlyMap<DeviceId, ProvisioningState>> {
  const configurations = await stores.deviceConfigurations.of(devices.map(({ id }) => id));
  return new Map(devices.map((device) => [device.id, provisioningState(configurations.get(device.id) ?? UNTOUCHED, isProvisioned(device))]));
}

export async function readDeviceProvisioning(
  { stores, locations }: { readonly stores: Stores; readonly locations: Pick<LocationService, 'bindings'> }, { accountId }: Pick<Actor, 'accountId'>, deviceId: string,
): Promise<Outcome<DeviceProvisioning>> {
  const device = await findDevice(stores, accountId, deviceId);
  if (device === null) return deviceNotFound(deviceId);
  const configuration = (await stores.deviceConfigurations.of([device.id])).get(device.id) ?? { ...UNTOUCHED, changedAt: device.createdAt };
  const bindings = (await locations.bindings([device.id])).get(device.id) ?? [];
  const phone = recognisePhone(device, bindings[0]?.userAgent ?? null);
  return done({
    device, configuration, phone,
    state: provisioningState(configuration, isProvisioned(device)),
    template: await templateOf(stores, device),
    firmwareRule: firmwareRuleFor(device, await stores.firmwareRules.all(accountId), phone.firmware),
  });
}

/** The device's own template, else its site's or the account's. */
export async function templateOf(stores: Stores, device: Device): Promise<DeviceProvisioning['template']> {
  const find = async (id: string) => (await stores.provisionTemplates.get(device.accountId, asId<ProvisionTemplateId>(id)))?.template ?? null;
  const own = device.provisionTemplateId === null ? null : await find(device.provisionTemplateId);
  if (own !== null) return { template: own, origin: 'device' };
  const chain = chainOf(device.accountId, { siteId: device.siteId });
  const { value, origin } = (await readSettings(stores, device.accountId, chain, ['desk-phone-provision-template'])).get('desk-phone-provision-template');
  const found = value === '' ? null : await find(value);
  return found === null ? null : { template: found, origin };
}
