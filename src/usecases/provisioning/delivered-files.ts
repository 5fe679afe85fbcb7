import type { DeviceId } from '../../domain/ids.js';
import { maskConfiguration } from '../../domain/provisioning/phone-configuration.js';
import type { PhoneModel } from '../../domain/provisioning/phone-model.js';
import type { ProvisioningToken } from '../../domain/provisioning/provisioning-access.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { KeyedHash } from '../../ports/crypto.js';
import type { RenderOutcome } from '../../ports/phone-files.js';
import type { DevicePhoneConfiguration } from './device-configuration.js';
import type { ProvisioningDeps } from './provisioning-deps.js';

/** A file of one phone as it goes out. */
export interface FetchedFile {
  /** As in the family's manifest. */
  readonly file: string;
  readonly etag: string;
  /** The same with its secrets masked; made only where it is another than the one that is kept. */
  readonly masked: () => RenderOutcome;
}

/** Eight characters behind a mask. */
const MARK_BYTES = 6;

/** What stands behind a masked secret: the same for the same secret of the phone, and of no use without the installation's key. */
function markOf(mac: KeyedHash, deviceId: DeviceId): (secret: string) => string {
  return (secret) => `-${mac(`mark ${deviceId} ${secret}`, MARK_BYTES)}`;
}

/** A file of the phone with each secret masked and marked, so that another secret is seen and none can be read. */
export function renderMasked(
  { phoneFiles, provisioningMac }: Pick<ProvisioningDeps, 'phoneFiles' | 'provisioningMac'>, model: PhoneModel, file: string,
  { configuration, template }: Pick<DevicePhoneConfiguration, 'configuration' | 'template'>,
): RenderOutcome {
  return phoneFiles.render(model, file, maskConfiguration(configuration, markOf(provisioningMac, configuration.deviceId)), template);
}

/** Keeps what a phone fetched whole; one look where it is what the phone had. */
export async function keepFetched(
  { deliveredFiles }: Pick<Stores, 'deliveredFiles'>, { accountId, deviceId }: Pick<ProvisioningToken, 'accountId' | 'deviceId'>, { file, etag, masked }: FetchedFile, at: number,
): Promise<void> {
  if (await deliveredFiles.etag(deviceId, file) === etag) return;
  const made = masked();
  if (made.kind === 'rendered') await deliveredFiles.keep(accountId, { deviceId, file, etag, body: made.body, at });
}
