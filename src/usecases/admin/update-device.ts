import type { Device, HotDeskingPolicy } from '../../domain/device/device.js';
import type { DigestAlgorithm } from '../../domain/identity/account.js';
import { endSessionsOf } from '../hotdesk/session-step.js';
import { change, type Actor } from '../change.js';
import { done, named, type Outcome } from '../outcome.js';
import { releasePhone } from '../provisioning/enrol-windows.js';
import { leaveListing } from '../redirect/redirect-listings.js';
import { freeMac } from './add-device.js';
import type { AdminDeps } from './admin-deps.js';
import { setOwner } from './assign-device.js';
import { deviceNotFound } from './not-found.js';
import { readTemplate } from './provision-templates.js';
import { findDevice } from './resolve.js';

export interface DeviceChanges {
  readonly displayName?: string;
  readonly macAddress?: string;
  /** '' leaves the device unassigned. */
  readonly assignedTo?: string;
  readonly provisionTemplateId?: string | null;
  readonly hotDesking?: HotDeskingPolicy;
  /** In the order they are offered (RFC 8760); null = the account's. */
  readonly digestAlgorithms?: readonly DigestAlgorithm[] | null;
}

/**
 * Changes what is given and keeps the rest; SIP credentials stay, so a registered phone stays registered. Another MAC address stands for
 * another phone: the address of files that the former one holds ends at once.
 */
export async function updateDevice(
  deps: AdminDeps, actor: Actor, deviceId: string, wanted: DeviceChanges,
): Promise<Outcome<Device>> {
  return change(deps, actor, async (draft) => {
    const before = await findDevice(draft.stores, draft.accountId, deviceId);
    if (!before) return deviceNotFound(deviceId);
    const mac = wanted.macAddress === undefined
      ? { kind: 'mac' as const, mac: before.macAddress }
      : await freeMac(draft, wanted.macAddress, before.id);
    if (mac.kind === 'refused') return mac;
    const { digestAlgorithms: algorithms } = wanted;
    const template = wanted.provisionTemplateId === undefined ? { kind: 'template' as const, id: before.provisionTemplateId }
      : await readTemplate(draft.stores, draft.accountId, wanted.provisionTemplateId);
    if (template.kind === 'refused') return template;
    const changes = {
      displayName: wanted.displayName ?? before.displayName,
      macAddress: mac.mac,
      provisionTemplateId: template.id,
      hotDesking: wanted.hotDesking ?? before.hotDesking,
      digestAlgorithms: algorithms === undefined ? before.digestAlgorithms : algorithms,
    };
    await draft.stores.devices.update(before.id, changes);
    if (changes.hotDesking !== 'on') await endSessionsOf(deps, draft, { deviceId: before.id }, 'device-disabled');
    const after = { ...before, ...changes };
    draft.note({ aggregate: 'device', id: before.id, change: 'updated', action: 'update-device', before, after });
    if (after.macAddress !== before.macAddress) {
      await leaveListing(draft, before);
      if (deps.enrolling !== undefined) await releasePhone({ ...deps.enrolling, random: deps.random }, draft, after);
    }
    if (wanted.assignedTo === undefined) return done(after);
    const assigned = await setOwner(deps, draft, after, wanted.assignedTo === '' ? [] : [wanted.assignedTo]);
    return assigned.kind === 'refused' ? named('assigned_to', assigned) : assigned;
  });
}
