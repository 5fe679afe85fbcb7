import type { Device } from '../../domain/device/device.js';
import { recognisePhone } from '../../domain/device/phone-families-recognise.js';
import { MASK, maskConfiguration } from '../../domain/provisioning/phone-configuration.js';
import type { PhoneModel, UnsupportedSetting } from '../../domain/provisioning/phone-model.js';
import type { LocationService } from '../../ports/location-service.js';
import { deviceNotFound } from '../admin/not-found.js';
import { findDevice } from '../admin/resolve.js';
import type { Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { deviceConfiguration } from './device-configuration.js';
import { DAILY_LOOK } from './phone-files.js';
import type { ProvisioningDeps } from './provisioning-deps.js';
import { askedFactors, deviceCredentials } from './second-factors.js';
import { folderUrl } from './provisioning-tokens.js';

export interface PreviewDeps extends ProvisioningDeps {
  readonly locations: Pick<LocationService, 'bindings'>;
}

export interface PreviewedFile {
  /** As the phone asks for it. */
  readonly name: string;
  /** '' where the file cannot be made. */
  readonly contentType: string;
  readonly body: string;
  /** Why the file cannot be made; '' = it can. */
  readonly problem: string;
}

export interface FilesPreview {
  readonly device: Device;
  readonly model: PhoneModel;
  readonly files: readonly PreviewedFile[];
  /** What the model cannot do of what is set. */
  readonly unsupported: readonly UnsupportedSetting[];
  /** Why the provision template is left out; '' = it is not, or there is none. */
  readonly templateProblem: string;
}

/**
 * The files that the phone would get now, with passwords and the token of their address masked.
 * @throws StorageFault
 */
export async function previewFiles(deps: PreviewDeps, { accountId }: Pick<Actor, 'accountId'>, deviceId: string): Promise<Outcome<FilesPreview>> {
  const { stores, locations, phoneFiles } = deps;
  const device = await findDevice(stores, accountId, deviceId);
  if (device === null) return deviceNotFound(deviceId);
  const model = phoneFiles.findModel(device.type, device.model);
  if (model === null) {
    return refused('conflict', 'deviceId', 'There are no files for this model. Correct type and model if they are wrong, or type the SIP account in.', deviceId);
  }
  const [newest] = (await locations.bindings([device.id])).get(device.id) ?? [];
  const seen = await stores.provisioningFetches.last(device.id);
  const asked = await askedFactors(deps, device, model);
  const source = {
    ...DAILY_LOOK, url: folderUrl(deps.provisioningOrigin() ?? '', MASK), token: MASK, ...(asked.credentials ? { credentials: deviceCredentials(deps.provisioningMac, device, 1) } : {}),
  };
  const composed = await deviceConfiguration(deps, device, model, { ...recognisePhone(device, newest?.userAgent ?? null), address: seen?.address ?? null }, source);
  const configuration = maskConfiguration(composed.configuration);
  const files = phoneFiles.filesOf(model, device.macAddress).map(({ file, name }): PreviewedFile => {
    const made = phoneFiles.render(model, file, configuration, composed.template);
    if (made.kind === 'rendered') return { name, contentType: made.contentType, body: made.body, problem: '' };
    return { name, contentType: '', body: '', problem: made.kind === 'unrenderable' ? made.text : 'There is no such file.' };
  });
  return done({ device, model, files, unsupported: composed.unsupported, templateProblem: composed.templateProblem });
}
