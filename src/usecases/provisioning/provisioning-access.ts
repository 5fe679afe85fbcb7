import { isProvisioned } from '../../domain/device/phone-models.js';
import type { Device } from '../../domain/device/device.js';
import { currentSteady, ENROL_WINDOW, ROTATION_GRACE } from '../../domain/provisioning/provisioning-access.js';
import type { RandomSource } from '../../ports/crypto.js';
import { deviceNotFound } from '../admin/not-found.js';
import { findDevice } from '../admin/resolve.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { ProvisioningDeps } from './provisioning-deps.js';
import { folderUrl, steadyToken, tokenHash } from './provisioning-tokens.js';

export type AccessDeps = ChangeDeps & Pick<ProvisioningDeps, 'phoneFiles' | 'provisioningMac' | 'provisioningOrigin'> & { readonly random: RandomSource };

const MINUTE_MS = 60_000;
/** Five bits each: 160. People may type it, so it has no letters that look alike. */
const ENROL_CHARACTERS = 32;

export interface EnrolWindow {
  /** Told once; the folder a phone is pointed at. */
  readonly url: string;
  readonly expiresAt: number;
}

/** Opens a window in which one phone may fetch the device's configuration; an earlier window ends. */
export function openEnrolWindow(deps: AccessDeps, actor: Actor, deviceId: string, minutes: number = ENROL_WINDOW.usual): Promise<Outcome<EnrolWindow>> {
  return change(deps, actor, async (draft) => {
    const origin = deps.provisioningOrigin();
    if (origin === null) return refused('conflict', 'deviceId', 'Files of phones are served by HTTPS only. Set HTTPS_PORT and start again.', deviceId);
    const device = await served(deps, draft, deviceId);
    if ('why' in device) return device;
    const expiresAt = draft.at + minutes * MINUTE_MS;
    const token = deps.random.token(ENROL_CHARACTERS);
    if (currentSteady(await draft.stores.provisioningTokens.of(device.id)) === null) await insertSteady(deps, draft, device, 1);
    await draft.stores.provisioningTokens.endEnrol(device.id);
    await draft.stores.provisioningTokens.insert({
      hash: tokenHash(deps.provisioningMac, token), accountId: device.accountId, deviceId: device.id, kind: 'enrol', rotation: 0,
      createdAt: draft.at, expiresAt, claimedBy: null, firstUsedAt: null, credentialsAt: null,
    });
    draft.audit({ aggregate: 'device', id: device.id, action: 'open-enrolment', about: { expiresAt: new Date(expiresAt).toISOString() } });
    return done({ url: folderUrl(origin, token), expiresAt });
  });
}

export interface RotatedAccess {
  /** Until when the phone may come under the old address. */
  readonly oldUntil: number;
}

/** Gives the device a new address for its files; it learns of it under the old one while that still works. */
export function rotateAccess(deps: AccessDeps, actor: Actor, deviceId: string, graceMinutes: number = ROTATION_GRACE.usual): Promise<Outcome<RotatedAccess>> {
  return change(deps, actor, async (draft) => {
    const device = await served(deps, draft, deviceId);
    if ('why' in device) return device;
    const current = currentSteady(await draft.stores.provisioningTokens.of(device.id));
    if (current === null) return refused('conflict', 'deviceId', 'The phone has no address for its files yet. Open a window for enrolling first.', deviceId);
    const oldUntil = draft.at + graceMinutes * MINUTE_MS;
    await insertSteady(deps, draft, device, current.rotation + 1);
    await draft.stores.provisioningTokens.retire(device.id, current.rotation + 1, oldUntil);
    await draft.stores.deviceConfigurations.raise(device.accountId, [{ kind: 'device', deviceId: device.id }], draft.at);
    draft.audit({ aggregate: 'device', id: device.id, action: 'rotate-provisioning', about: { oldUntil: new Date(oldUntil).toISOString() } });
    return done({ oldUntil });
  });
}

async function insertSteady({ provisioningMac: mac }: AccessDeps, draft: Draft, device: Device, rotation: number): Promise<void> {
  await draft.stores.provisioningTokens.insert({
    hash: tokenHash(mac, steadyToken(mac, device.id, rotation)), accountId: device.accountId, deviceId: device.id, kind: 'steady', rotation,
    createdAt: draft.at, expiresAt: null, claimedBy: null, firstUsedAt: null, credentialsAt: null,
  });
}

/** The device, where there are files for its model. */
async function served({ phoneFiles }: AccessDeps, draft: Draft, deviceId: string): Promise<Device | Refused> {
  const device = await findDevice(draft.stores, draft.accountId, deviceId);
  if (device === null) return deviceNotFound(deviceId);
  if (phoneFiles.findModel(device.type, device.model) !== null) return device;
  const text = isProvisioned(device) ? 'There are no files for this model.' : 'Phones of this make are set up by hand.';
  return refused('conflict', 'deviceId', `${text} Correct type and model if they are wrong, or type the SIP account in.`, deviceId);
}
