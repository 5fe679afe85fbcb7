import { asId, type ExtensionId, type LineKeyId } from '../../domain/ids.js';
import { changeLineKeys, lineKeyOf, MOST_KEYS, wholeLineKeys, type LineKey, type WantedLineKey } from '../../domain/device/line-keys.js';
import { capacityOf } from '../../domain/device/phone-models.js';
import type { Device } from '../../domain/device/device.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { DeviceLinePosition } from '../../ports/phone-stores.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { deviceNotFound } from './not-found.js';
import { devicesOfExtension, findAssignee, findDevice } from './resolve.js';

/** The keys of an extension (named by its own id, its user's or its common area's), its own line among them. */
export async function readLineKeys(stores: Stores, { accountId }: Pick<Actor, 'accountId'>, extensionId: string): Promise<Outcome<readonly LineKey[]>> {
  const extension = await findAssignee(stores, accountId, extensionId);
  return extension === null ? extensionNotFound(extensionId) : done(wholeLineKeys(extension, await stores.lineKeys.of(extension.id)));
}

/** Changes and adds keys, all or nothing; its phones are pending. */
export async function setLineKeys(deps: ChangeDeps, actor: Actor, extensionId: string, wanted: readonly WantedLineKey[]): Promise<Outcome<readonly LineKey[]>> {
  return change(deps, actor, async (draft) => {
    const extension = await findAssignee(draft.stores, draft.accountId, extensionId);
    if (extension === null) return extensionNotFound(extensionId);
    const before = wholeLineKeys(extension, await draft.stores.lineKeys.of(extension.id));
    const targets = await readTargets(draft, wanted);
    if (targets.kind === 'refused') return targets;
    const limit = limitOf(await devicesOfExtension(draft.stores, draft.accountId, extension.id));
    const page = changeLineKeys(before, extension, targets.wanted, limit, wanted.map(() => asId<LineKeyId>(draft.newId())));
    if (page.kind === 'wrong') return allOf(page.problems.map(({ at, field, text }) => refused('invalid', `line_keys[${at}].${field}`, text)));
    return write(draft, extension, before, page.keys);
  });
}

/** Removes a key; the extension's own line goes back to the first free place. */
export async function removeLineKey(deps: ChangeDeps, actor: Actor, extensionId: string, lineKeyId: string): Promise<Outcome<readonly LineKey[]>> {
  return change(deps, actor, async (draft) => {
    const extension = await findAssignee(draft.stores, draft.accountId, extensionId);
    if (extension === null) return extensionNotFound(extensionId);
    const before = wholeLineKeys(extension, await draft.stores.lineKeys.of(extension.id));
    const key = before.find(({ id }) => id === lineKeyId);
    if (key === undefined) return refused('not-found', 'lineKeyId', 'The extension has no key with this id.', lineKeyId);
    if (key.type === 'line') return refused('conflict', 'lineKeyId', "The extension's own line stays: move it, or unassign its phones.", lineKeyId);
    return write(draft, extension, before, before.filter((one) => one !== key));
  });
}

/** Takes the keys away that show an extension which is going, and lets their phones know. */
export async function releaseLineKeys(draft: Draft, extensionId: ExtensionId): Promise<void> {
  for (const id of await draft.stores.lineKeys.showing(extensionId)) {
    const before = await draft.stores.lineKeys.of(id);
    const after = before.filter(({ targetExtensionId }) => targetExtensionId !== extensionId);
    draft.note({ aggregate: 'line_keys', id, change: 'updated', action: 'release-line-keys', before: { keys: before }, after: { keys: after }, consequence: true });
  }
  await draft.stores.lineKeys.forgetTarget(extensionId);
}

export interface DeviceLines {
  readonly device: Device;
  readonly positions: readonly DeviceLinePosition[];
}

/** Where the lines of a device's assignees sit on its keys: as set there, else where the assignee's own keys have them. */
export async function readDeviceLines(stores: Stores, { accountId }: Pick<Actor, 'accountId'>, deviceId: string): Promise<Outcome<DeviceLines>> {
  const device = await findDevice(stores, accountId, deviceId);
  if (device === null) return deviceNotFound(deviceId);
  const set = await stores.lineKeys.positions(device.id);
  if (set.length > 0 || device.assignees.length === 0) return done({ device, positions: set });
  const positions: DeviceLinePosition[] = [];
  for (const id of device.assignees) {
    const own = wholeLineKeys({ id, accountId }, await stores.lineKeys.of(id)).find((key) => key.id === lineKeyOf(id));
    if (own !== undefined) positions.push({ index: own.index, extensionId: id });
  }
  return done({ device, positions });
}

/** Places the lines of a device's assignees; none = as their own keys have them. */
export async function setDeviceLines(deps: ChangeDeps, actor: Actor, deviceId: string, wanted: readonly DeviceLinePosition[]): Promise<Outcome<DeviceLines>> {
  return change<DeviceLines>(deps, actor, async (draft) => {
    const device = await findDevice(draft.stores, draft.accountId, deviceId);
    if (device === null) return deviceNotFound(deviceId);
    const limit = limitOf([device]);
    const taken = new Set<number>();
    const problems: Refused[] = [];
    for (const [at, { index, extensionId }] of wanted.entries()) {
      if (!device.assignees.includes(extensionId)) {
        problems.push(refused('invalid', `positions[${at}].extension_id`, 'The device is not assigned to this extension. POST /v2/phone/devices/{deviceId}/extensions assigns it.', extensionId));
      }
      if (index > limit) problems.push(refused('invalid', `positions[${at}].index`, `The phone has ${limit} keys. Give 1 to ${limit}.`, String(index)));
      if (taken.has(index)) problems.push(refused('invalid', `positions[${at}].index`, 'Another line of this list has the same place.', String(index)));
      taken.add(index);
    }
    if (problems.length > 0) return allOf(problems);
    const before = await draft.stores.lineKeys.positions(device.id);
    await draft.stores.lineKeys.setPositions(draft.accountId, device.id, wanted);
    draft.note({ aggregate: 'device_line_keys', id: device.id, change: 'updated', action: 'set-device-lines', before: { positions: before }, after: { positions: wanted } });
    return done({ device, positions: wanted });
  });
}

export const extensionNotFound = (id: string): Refused => refused('not-found', 'extensionId', 'There is no extension with this id.', id);

/** The largest phone's keys; a phone of which nothing is known sets no limit. */
function limitOf(devices: readonly Device[]): number {
  const known = devices.map((device) => capacityOf(device).lineKeys);
  return devices.length === 0 || known.includes(null) ? MOST_KEYS : Math.max(1, ...known.map((keys) => keys ?? MOST_KEYS));
}

async function readTargets(
  draft: Draft, wanted: readonly WantedLineKey[],
): Promise<{ readonly kind: 'targets'; readonly wanted: readonly WantedLineKey[] } | Refused> {
  const problems: Refused[] = [];
  const read: WantedLineKey[] = [];
  for (const [at, one] of wanted.entries()) {
    const target = one.targetExtensionId === undefined ? undefined : await findAssignee(draft.stores, draft.accountId, one.targetExtensionId);
    if (target === null) {
      problems.push(refused('invalid', `line_keys[${at}].key_assignment.extension_id`, 'No user or common area has this extension id.', one.targetExtensionId));
    }
    read.push(target ? { ...one, targetExtensionId: target.id } : one);
  }
  return problems.length > 0 ? allOf(problems) : { kind: 'targets', wanted: read };
}

/** The own line is kept only where it differs from what it would be anyway. */
async function write(draft: Draft, extension: Extension, before: readonly LineKey[], keys: readonly LineKey[]): Promise<Outcome<readonly LineKey[]>> {
  if (JSON.stringify(before) === JSON.stringify(keys)) return done(keys);
  await draft.stores.lineKeys.replace(extension.id, keys);
  draft.note({ aggregate: 'line_keys', id: extension.id, change: 'updated', action: 'set-line-keys', before: { keys: before }, after: { keys } });
  return done(keys);
}
