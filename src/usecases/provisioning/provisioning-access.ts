import type { Device } from '../../domain/device/device.js';
import { currentSteady, ENROL_WINDOW, ROTATION_GRACE } from '../../domain/provisioning/provisioning-access.js';
import type { RandomSource } from '../../ports/crypto.js';
import { deviceNotFound } from '../admin/not-found.js';
import { findDevice } from '../admin/resolve.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { insertSteady, notServed, openWindow, type EnrolSources, type EnrolWindow } from './enrol-windows.js';

export type AccessDeps = ChangeDeps & EnrolSources & { readonly random: RandomSource };

const MINUTE_MS = 60_000;

/** A person opens a window in which one phone may fetch the device's configuration; an earlier window ends. */
export function openEnrolWindow(deps: AccessDeps, actor: Actor, deviceId: string, minutes: number = ENROL_WINDOW.usual): Promise<Outcome<EnrolWindow>> {
  return change(deps, actor, async (draft) => {
    const device = await findDevice(draft.stores, draft.accountId, deviceId);
    return device === null ? deviceNotFound(deviceId) : openWindow(deps, draft, device, minutes);
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
    await insertSteady(deps.provisioningMac, draft, device, current.rotation + 1);
    await draft.stores.provisioningTokens.retire(device.id, current.rotation + 1, oldUntil);
    await draft.stores.deviceConfigurations.raise(device.accountId, [{ kind: 'device', deviceId: device.id }], draft.at);
    draft.audit({ aggregate: 'device', id: device.id, action: 'rotate-provisioning', about: { oldUntil: new Date(oldUntil).toISOString() } });
    return done({ oldUntil });
  });
}

/** The device, where there are files for its model. */
async function served({ phoneFiles }: AccessDeps, draft: Draft, deviceId: string): Promise<Device | Refused> {
  const device = await findDevice(draft.stores, draft.accountId, deviceId);
  if (device === null) return deviceNotFound(deviceId);
  return phoneFiles.findModel(device.type, device.model) === null ? notServed(device) : device;
}
