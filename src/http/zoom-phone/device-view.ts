import { parseSipUri } from '../../domain/addressing/sip-uri.js';
import type { ProvisioningState } from '../../domain/device/configuration-generation.js';
import type { DeviceId, ExtensionId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import { nameOf } from '../../domain/identity/user.js';
import type { Binding } from '../../domain/registration/binding.js';
import type { HttpDeps } from '../http-deps.js';
import { guestView } from '../schemas/hot-desk-fields.js';

export interface DeviceState {
  readonly status: 'online' | 'offline';
  /** Where its last registration came from; '' while offline. */
  readonly publicIp: string;
  /** As it names itself in its Contact, where that is an address; '' while offline. */
  readonly privateIp: string;
}

/** Whether each device has a live registration: one round trip for all of them. */
export async function statusesOf(
  deps: Pick<HttpDeps, 'locations'>, devices: readonly Device[],
): Promise<ReadonlyMap<DeviceId, DeviceState>> {
  if (devices.length === 0) return new Map();
  const bindings = await deps.locations.bindings(devices.map((device) => device.id));
  return new Map(devices.map((device) => [device.id, stateOf(bindings.get(device.id) ?? [])]));
}

function stateOf(bindings: readonly Binding[]): DeviceState {
  const [best] = bindings;
  if (best === undefined) return { status: 'offline', publicIp: '', privateIp: '' };
  const host = parseSipUri(best.contactUri)?.host.replace(/^\[|\]$/g, '') ?? '';
  return { status: 'online', publicIp: best.flow.address, privateIp: /^[0-9.]+$/.test(host) || host.includes(':') ? host : '' };
}

export function deviceType(device: Device): string {
  return [device.type, device.model].filter(Boolean).join(' ');
}

export interface AssigneeView {
  readonly id: string;
  readonly name: string;
  readonly extension_number: number;
  readonly extension_type: 'user' | 'commonArea';
  readonly extension_id: string;
}

/** Whose a phone is, read from memory; null for an extension that is just going. */
export function assigneeView({ directory }: Pick<HttpDeps, 'directory'>, id: ExtensionId): AssigneeView | null {
  const extension = directory.extension(id);
  if (!extension) return null;
  const common = { extension_number: Number(extension.number), extension_id: extension.id };
  if (extension.owner.kind === 'user') {
    const user = directory.user(extension.owner.id);
    return { id: extension.owner.id, name: user ? nameOf(user) : '', extension_type: 'user', ...common };
  }
  const area = directory.commonArea(extension.owner.id);
  return { id: extension.owner.id, name: area?.displayName ?? '', extension_type: 'commonArea', ...common };
}

/** What lists and single reads show alike. */
export function deviceView(
  deps: Pick<HttpDeps, 'directory'>, device: Device, state: DeviceState | undefined, provisioning: ProvisioningState | undefined,
) {
  const assignees = device.assignees.flatMap((id) => assigneeView(deps, id) ?? []);
  const guest = deps.directory.guestOf(device.id);
  const [first] = guest === undefined ? assignees : [assigneeView(deps, guest.extensionId) ?? undefined];
  const site = deps.directory.site(device.siteId);
  return {
    id: device.id,
    display_name: device.displayName,
    device_type: deviceType(device),
    mac_address: device.macAddress,
    site: { id: device.siteId, name: site?.name ?? '' },
    status: state?.status ?? 'offline',
    provision_template_id: device.provisionTemplateId ?? '',
    provisioning_status: provisioning ?? 'manual',
    assignees,
    ...(first === undefined ? {} : { assignee: first }),
    ...(guest === undefined ? {} : { hot_desk_session: guestView(deps, guest) }),
  };
}
