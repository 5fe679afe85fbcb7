import type { ExtensionId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import { endSessionsOf, type EndingDeps } from '../hotdesk/session-step.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { readOwner } from './add-device.js';
import type { AdminDeps } from './admin-deps.js';
import { releaseLineKeys } from './line-keys.js';
import { deviceNotFound } from './not-found.js';
import { devicesOfExtension, findDevice } from './resolve.js';

/** Gives an unassigned device to an extension; a device that has one already is refused until shared lines exist. */
export async function addDeviceExtensions(
  deps: AdminDeps, actor: Actor, deviceId: string, assignees: readonly string[],
): Promise<Outcome<Device>> {
  return change(deps, actor, async (draft) => {
    const device = await findDevice(draft.stores, draft.accountId, deviceId);
    if (!device) return deviceNotFound(deviceId);
    if (assignees.length > 0 && device.assignees.length > 0) {
      return refused(
        'invalid', 'assignee_extension_ids',
        'The device has an assignee and takes one only, as shared lines are not available yet. Remove that one first.',
        assignees.join(','),
      );
    }
    return setOwner(deps, draft, device, assignees);
  });
}

/** Takes an extension off a device, which is unassigned afterwards: it registers, and dials emergency numbers only. */
export async function removeDeviceExtension(
  deps: AdminDeps, actor: Actor, deviceId: string, extensionId: string,
): Promise<Outcome<Device>> {
  return change(deps, actor, async (draft) => {
    const device = await findDevice(draft.stores, draft.accountId, deviceId);
    if (!device) return deviceNotFound(deviceId);
    const owner = await readOwner(draft, [extensionId]);
    if (owner.kind === 'refused' || !owner.extension || !device.assignees.includes(owner.extension.id)) {
      return refused('not-found', 'extensionId', 'The device is not assigned to this extension.', extensionId);
    }
    return setOwner(deps, draft, device, []);
  });
}

/**
 * Replaces the device's owner inside a larger change. An unassigned device moves to its first owner's site; an assigned
 * one stays where it stands, since the desk does not move with the person.
 */
export async function setOwner(
  deps: EndingDeps, draft: Draft, device: Device, assignees: readonly string[],
): Promise<Outcome<Device>> {
  const owner = await readOwner(draft, assignees);
  if (owner.kind === 'refused') return owner;
  const siteId = device.assignees.length === 0 && owner.extension ? owner.extension.siteId : device.siteId;
  const changes = { assignees: owner.extension ? [owner.extension.id] : [], siteId };
  await draft.stores.devices.update(device.id, changes);
  // A guest was let in by the owner that was: another owner, or none, begins without one.
  if (changes.assignees[0] !== device.assignees[0]) await endSessionsOf(deps, draft, { deviceId: device.id }, 'device-disabled');
  const after = { ...device, ...changes };
  const alsoAt = owner.extension ? [owner.extension.siteId] : [];
  draft.note({ aggregate: 'device', id: device.id, change: 'updated', action: 'assign-device', before: device, after, alsoAt });
  return done(after);
}

/** Leaves every device of an extension unassigned, before the extension goes, and takes it off the keys of others. */
export async function releaseDevices(deps: EndingDeps, draft: Draft, extensionId: ExtensionId): Promise<void> {
  await releaseLineKeys(draft, extensionId);
  for (const device of await devicesOfExtension(draft.stores, draft.accountId, extensionId)) {
    const after = { ...device, assignees: device.assignees.filter((id) => id !== extensionId) };
    await draft.stores.devices.update(device.id, { assignees: after.assignees });
    await endSessionsOf(deps, draft, { deviceId: device.id }, 'device-disabled');
    draft.note({
      aggregate: 'device', id: device.id, change: 'updated', action: 'release-device', before: device, after, consequence: true,
    });
  }
}
