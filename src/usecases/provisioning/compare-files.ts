import type { Device } from '../../domain/device/device.js';
import { recognisePhone, type KnownPhone } from '../../domain/device/phone-families-recognise.js';
import { lineDiff, type LineDiff } from '../../domain/provisioning/line-diff.js';
import type { FirmwareTarget } from '../../domain/provisioning/phone-configuration.js';
import type { PhoneModel } from '../../domain/provisioning/phone-model.js';
import { currentSteady } from '../../domain/provisioning/provisioning-access.js';
import type { Binding } from '../../domain/registration/binding.js';
import type { DeliveredFile } from '../../ports/resync-stores.js';
import { renderMasked } from './delivered-files.js';
import { deviceConfiguration, type AskingPhone } from './device-configuration.js';
import { DAILY_LOOK, phoneOf } from './phone-files.js';
import type { ProvisioningDeps } from './provisioning-deps.js';
import { askedFactors, deviceCredentials } from './second-factors.js';
import { folderUrl, steadyToken } from './provisioning-tokens.js';

/** `unrenderable`: the next text cannot be made. */
export const FILE_CHANGES = ['never-delivered', 'same', 'changed', 'unrenderable'] as const;
export type FileChange = (typeof FILE_CHANGES)[number];

/** One file of a phone: what it fetched last beside what it would get now, secrets masked. */
export interface FileComparison extends LineDiff {
  /** As the phone asks for it. */
  readonly name: string;
  readonly change: FileChange;
  /** When the phone fetched first what it has; epoch ms, null = it never fetched the file. */
  readonly deliveredAt: number | null;
  /** Why the next text cannot be made; '' = it can. */
  readonly problem: string;
}

export interface PhoneComparison {
  /** Of the files that the phone has fetched; never-delivered where its configuration is none of them. */
  readonly change: FileChange;
  readonly files: readonly FileComparison[];
  readonly phone: KnownPhone;
  /** What it is told to run now; null = what it has. */
  readonly firmware: FirmwareTarget | null;
  readonly templateProblem: string;
}

const NO_DIFF: LineDiff = { added: 0, removed: 0, text: '' };

/**
 * What would change on the phone if it fetched now.
 * @param kept what it fetched last
 * @throws StorageFault; SealBroken when the installation's secret key is another one
 */
export async function compareFiles(
  deps: ProvisioningDeps, device: Device, model: PhoneModel, bindings: readonly Binding[], kept: readonly DeliveredFile[],
): Promise<PhoneComparison> {
  const { stores, phoneFiles, provisioningMac: mac } = deps;
  const phone = await knownPhone(deps, device, model, bindings);
  const rotation = currentSteady(await stores.provisioningTokens.of(device.id))?.rotation ?? 1;
  const token = steadyToken(mac, device.id, rotation);
  const asked = await askedFactors(deps, device, model);
  const next = await deviceConfiguration(deps, device, model, phone, {
    url: folderUrl(deps.provisioningOrigin() ?? '', token), token, rotation, ...DAILY_LOOK,
    ...(asked.credentials ? { credentials: deviceCredentials(deps.provisioningMac, device, rotation) } : {}),
  });
  const files = phoneFiles.filesOf(model, device.macAddress).map(({ file, name }) => ({
    configuration: phoneFiles.isConfiguration(model, file), ...compared(name, kept.find((one) => one.file === file), renderMasked(deps, model, file, next)),
  }));
  const changes = files.filter(({ deliveredAt, configuration }) => deliveredAt !== null || configuration).map(({ change }) => change);
  const delivered = files.some(({ deliveredAt, configuration }) => configuration && deliveredAt !== null);
  return {
    change: changes.includes('unrenderable') ? 'unrenderable' : !delivered ? 'never-delivered' : changes.includes('changed') ? 'changed' : 'same',
    files: files.map(({ configuration: _, ...file }) => file), phone, firmware: next.configuration.firmware, templateProblem: next.templateProblem,
  };
}

function compared(name: string, kept: DeliveredFile | undefined, next: ReturnType<typeof renderMasked>): FileComparison {
  const file = { name, deliveredAt: kept?.at ?? null, problem: '', ...NO_DIFF };
  if (next.kind !== 'rendered') return { ...file, change: 'unrenderable', problem: next.kind === 'unrenderable' ? next.text : 'There is no such file.' };
  if (kept === undefined) return { ...file, change: 'never-delivered' };
  return kept.body === next.body ? { ...file, change: 'same' } : { ...file, change: 'changed', ...lineDiff(kept.body, next.body) };
}

/** As it named itself when it fetched last, which decided what it got; else as its registration or the administrator names it. */
async function knownPhone(deps: ProvisioningDeps, device: Device, model: PhoneModel, [newest]: readonly Binding[]): Promise<AskingPhone> {
  const last = await deps.stores.provisioningFetches.last(device.id);
  const named = last === null ? null : phoneOf(deps, device, model, last.userAgent);
  return { ...named !== null && named.firmware !== null ? named : recognisePhone(device, newest?.userAgent ?? null), address: last?.address ?? null };
}
