import { asId, type DeviceId, type ExtensionId, type SiteId } from '../../domain/ids.js';
import type { Device, HotDeskingPolicy } from '../../domain/device/device.js';
import { readPhone } from '../../domain/device/phone-models.js';
import type { Extension } from '../../domain/numbering/extension.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { openWindowOfNew } from '../provisioning/enrol-windows.js';
import type { AdminDeps } from './admin-deps.js';
import { accountNotFound } from './not-found.js';
import { readTemplate } from './provision-templates.js';
import { findAssignee } from './resolve.js';

/** Characters of a device's SIP password: 28 of 32 symbols are 140 bits. */
const PASSWORD_LENGTH = 28;
/** Characters of the opaque SIP user name: 80 bits, enough never to meet another. */
const USER_NAME_LENGTH = 16;

export interface NewDevice {
  readonly displayName: string;
  /** In any usual notation; kept as twelve lower-case hex digits. */
  readonly macAddress: string;
  /** Maker and model as people write them; kept as `readPhone` names them. */
  readonly type: string;
  readonly model: string;
  /** Ids of extensions, common areas or users, or e-mail addresses; none leaves the device unassigned. */
  readonly assignees: readonly string[];
  /** By id or name. */
  readonly provisionTemplateId: string | null;
  readonly hotDesking?: HotDeskingPolicy;
  /** Missing = the assignee's, or the main site without one. */
  readonly siteId?: SiteId;
}

/** Adds a device with SIP credentials of its own, and lets its phone enrol; its site is its assignee's, or the main site without one. */
export async function addDevice(deps: AdminDeps, actor: Actor, wanted: NewDevice): Promise<Outcome<Device>> {
  return change(deps, actor, (draft) => insertDevice(deps, draft, wanted));
}

/** The same inside a larger change. */
export async function insertDevice(
  deps: Pick<AdminDeps, 'random' | 'secretBox' | 'enrolling'>, draft: Draft, wanted: NewDevice,
): Promise<Outcome<Device>> {
  const owner = await readOwner(draft, wanted.assignees);
  if (owner.kind === 'refused') return owner;
  const mac = await freeMac(draft, wanted.macAddress, null);
  if (mac.kind === 'refused') return mac;
  const phone = readPhone(wanted.type, wanted.model);
  if (phone.kind === 'unknown') return refused('invalid', phone.field, phone.text, phone.field === 'type' ? wanted.type : wanted.model);
  const template = await readTemplate(draft.stores, draft.accountId, wanted.provisionTemplateId);
  if (template.kind === 'refused') return template;
  const siteId = wanted.siteId ?? owner.extension?.siteId ?? (await draft.stores.sites.main(draft.accountId))?.id;
  if (siteId === undefined) return accountNotFound(draft.accountId);
  const device: Device = {
    id: asId<DeviceId>(draft.newId()),
    accountId: draft.accountId,
    siteId,
    displayName: wanted.displayName,
    macAddress: mac.mac,
    type: phone.type,
    model: phone.model,
    userName: deps.random.token(USER_NAME_LENGTH),
    assignees: owner.extension ? [owner.extension.id] : [],
    hotDesking: wanted.hotDesking ?? 'off',
    locked: false,
    digestAlgorithms: null,
    provisionTemplateId: template.id,
    createdAt: draft.at,
  };
  await draft.stores.devices.insert(device, deps.secretBox.seal(deps.random.token(PASSWORD_LENGTH), device.id));
  draft.note({
    aggregate: 'device', id: device.id, change: 'created', action: 'add-device', before: null, after: device,
    alsoAt: owner.extension ? [owner.extension.siteId] : [],
  });
  if (deps.enrolling !== undefined) await openWindowOfNew({ ...deps.enrolling, random: deps.random }, draft, device);
  return done(device);
}

/** At most one assignee until shared lines exist; each must be an extension of the account. */
export async function readOwner(
  draft: Draft, assignees: readonly string[],
): Promise<{ kind: 'owner'; extension: Extension | null } | Refused> {
  if (assignees.length > 1) {
    return refused(
      'invalid', 'assignee_extension_ids',
      'A device takes one assignee: shared lines are not available yet. Give one extension id.',
      assignees.join(','),
    );
  }
  const [text] = assignees;
  if (text === undefined) return { kind: 'owner', extension: null };
  const extension = await findAssignee(draft.stores, draft.accountId, text);
  return extension
    ? { kind: 'owner', extension }
    : refused('invalid', 'assignee_extension_ids[0]', 'No user or common area has this extension id.', text);
}

/** Twelve lower-case hex digits of a MAC address in any usual notation; null for anything else. */
export function normaliseMac(text: string): string | null {
  const digits = text.replace(/[:.\-\s]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits : null;
}

/** The normalised address, refused when it is none or belongs to another device. */
export async function freeMac(
  draft: Draft, text: string, except: DeviceId | null,
): Promise<{ kind: 'mac'; mac: string } | Refused> {
  const mac = normaliseMac(text);
  if (mac === null) {
    return refused('invalid', 'mac_address', 'A MAC address has twelve hex digits, e.g. 64-16-7f-37-90-92.', text);
  }
  const holder = await draft.stores.devices.byMac(draft.accountId, mac);
  if (holder && holder.id !== except) {
    return refused(
      'conflict', 'mac_address', `The device ${holder.displayName} (${holder.id}) has this MAC address.`, text,
    );
  }
  return { kind: 'mac', mac };
}

export function ownerOf(device: Device): ExtensionId | null {
  return device.assignees[0] ?? null;
}
