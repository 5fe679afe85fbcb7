import type { DeviceId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import { deviceNotFound } from '../admin/not-found.js';
import { change, type Draft } from '../change.js';
import { done, type Outcome } from '../outcome.js';
import { comparedAttempt, delayed, languageAt, phoneActor, refusedResult, type SignInDeps } from './create-sign-in.js';
import type { DeviceLock, DeviceLockOpening, DeviceUnlockResult, UnlockAttempt } from './device-lock.js';

export function createDeviceLock(deps: SignInDeps): DeviceLock {
  return {
    begin: (deviceId) => begin(deps, deviceId),
    unlock: (attempt) => unlock(deps, attempt),
    byApi: (actor, deviceId, locked) => change<Device>(deps, actor, async (draft) => {
      const device = await draft.stores.devices.get(draft.accountId, deviceId);
      return device === null ? deviceNotFound(deviceId) : done(await setLocked(draft, device, locked));
    }),
  };
}

async function begin(deps: SignInDeps, deviceId: DeviceId): Promise<DeviceLockOpening> {
  const known = deps.directory.device(deviceId);
  const language = languageAt(deps.directory, known);
  const no: DeviceLockOpening = { kind: 'refused', sounds: 'not-available', language };
  if (known === undefined) return no;
  const outcome: Outcome<DeviceLockOpening> = await change<DeviceLockOpening>(deps, phoneActor(known), async (draft) => {
    const device = await draft.stores.devices.get(draft.accountId, deviceId);
    const [own] = device?.assignees ?? [];
    const extension = own === undefined ? null : await draft.stores.extensions.get(draft.accountId, own);
    // Only the phone's own user locks it, and a guest acts in its place.
    if (device === null || extension === null || await draft.stores.hotDeskSessions.activeOn(deviceId) !== null) return done(no);
    if (device.locked) return done({ kind: 'ask', askExtension: extension.owner.kind === 'user', language });
    await setLocked(draft, device, true);
    return done({ kind: 'locked', language });
  });
  return outcome.kind === 'done' ? outcome.value : no;
}

async function unlock(deps: SignInDeps, attempt: UnlockAttempt): Promise<DeviceUnlockResult> {
  const known = deps.directory.device(attempt.deviceId);
  if (known === undefined) return delayed(deps, attempt.at, refusedResult('device-not-hot-deskable'));
  const language = languageAt(deps.directory, known);
  const result = await comparedAttempt<DeviceUnlockResult>(deps, phoneActor(known), attempt, async (draft, { desk, decision }) => {
    // A guest's PIN opens nothing; the phone is left to its own user.
    if (decision.kind !== 'owner-returns') return refusedResult('device-locked');
    await setLocked(draft, desk.device, false);
    return { kind: 'unlocked', language };
  });
  if ('kind' in result && result.kind === 'unlocked') return result;
  return delayed(deps, attempt.at, refusedResult(result.reason));
}

async function setLocked(draft: Draft, device: Device, locked: boolean): Promise<Device> {
  const after = { ...device, locked };
  await draft.stores.devices.update(device.id, { locked });
  draft.note({ aggregate: 'device', id: device.id, change: 'updated', action: locked ? 'lock-device' : 'unlock-device', before: device, after });
  return after;
}
