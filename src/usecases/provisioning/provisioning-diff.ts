import type { DeviceConfiguration } from '../../domain/device/configuration-generation.js';
import type { Device } from '../../domain/device/device.js';
import type { PhoneModel } from '../../domain/provisioning/phone-model.js';
import { readDeviceProvisioning } from '../admin/device-provisioning.js';
import type { Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { compareFiles, type PhoneComparison } from './compare-files.js';
import type { PreviewDeps } from './preview-files.js';

export interface ProvisioningDiff {
  readonly device: Device;
  readonly model: PhoneModel;
  readonly configuration: DeviceConfiguration;
  readonly comparison: PhoneComparison;
}

/**
 * What a phone fetched last beside what it would get now, secrets masked. Refused for phones that there are no files for.
 * @throws StorageFault
 */
export async function readProvisioningDiff(deps: PreviewDeps, actor: Pick<Actor, 'accountId'>, deviceId: string): Promise<Outcome<ProvisioningDiff>> {
  const read = await readDeviceProvisioning(deps, actor, deviceId);
  if (read.kind === 'refused') return read;
  const { device, configuration } = read.value;
  const model = deps.phoneFiles.findModel(device.type, device.model);
  if (model === null) {
    return refused('conflict', 'deviceId', 'There are no files for this model. Correct type and model if they are wrong, or type the SIP account in.', deviceId);
  }
  const [bindings, kept] = await Promise.all([deps.locations.bindings([device.id]), deps.stores.deliveredFiles.of([device.id])]);
  return done({ device, model, configuration, comparison: await compareFiles(deps, device, model, bindings.get(device.id) ?? [], kept.get(device.id) ?? []) });
}
