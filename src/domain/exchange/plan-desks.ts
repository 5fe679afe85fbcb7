import type { Device } from '../device/device.js';
import { readPhone } from '../device/phone-models.js';
import { asId, type DeviceId } from '../ids.js';
import type { Extension } from '../numbering/extension.js';
import { doubtOfMac, macDoubtText } from '../provisioning/plausible-mac.js';
import { entryOf, type Entry } from './entry.js';
import { deskColumn, DESK_PHONES, type DeskColumn, type DeskSlot } from './holder-columns.js';
import { ownerName, type Holder, type HolderFacts } from './holder-facts.js';
import { macIn, macProblem, macText } from './mac-cell.js';
import type { RowReader, ShownCells } from './plan-row.js';

/** As an export writes them: the first nine, in the order of ids. */
export function deskCells(devices: readonly Device[], { provisionTemplateNames }: Pick<HolderFacts, 'provisionTemplateNames'>): ShownCells<DeskColumn> {
  return Object.fromEntries(DESK_PHONES.flatMap((slot) => {
    const device = devices[slot - 1];
    if (device === undefined) return [];
    const { type, model, macAddress, provisionTemplateId: template } = device;
    return [
      [deskColumn(slot, 'Brand'), type], [deskColumn(slot, 'Model'), model], [deskColumn(slot, 'Mac'), macText(macAddress)],
      [deskColumn(slot, 'Template'), template === null ? '' : provisionTemplateNames.get(template) ?? template],
    ];
  }));
}

export interface PlannedDesks {
  /** The holder's, in the order of ids. */
  readonly devices: readonly Device[];
  readonly entries: readonly Entry[];
}

interface DeskPlan {
  readonly reader: RowReader<DeskColumn>;
  readonly facts: HolderFacts;
  readonly extension: Extension;
  readonly displayName: string;
}

/**
 * The holder's desk phones after the row. A MAC address in a place of its own takes the place of the phone that was there, which stays in the
 * account unassigned; one of another place of the same row stays where it is. A phone that nobody has is assigned, an unknown one is added.
 */
export function planDesks(plan: DeskPlan, holder: Holder): PlannedDesks {
  const { reader } = plan;
  const after = new Map<DeviceId, Device>(holder.devices.map((device) => [device.id, device]));
  const touched = new Map<DeviceId, Device | null>(holder.devices.map((device) => [device.id, device]));
  const named = new Set(DESK_PHONES.map((slot) => macIn(reader.raw(deskColumn(slot, 'Mac')) ?? '')));
  for (const slot of DESK_PHONES) {
    const now = holder.devices[slot - 1];
    const wish = reader.wish(deskColumn(slot, 'Mac'), now === undefined ? '' : macText(now.macAddress));
    const mac = wish === undefined || wish === null ? null : macIn(wish);
    if (wish === null || (mac !== null && mac !== now?.macAddress && now !== undefined && !named.has(now.macAddress))) {
      if (now !== undefined) after.delete(now.id);
    }
    if (wish === null) continue;
    if (wish !== undefined && mac === null) reader.problem(deskColumn(slot, 'Mac'), macProblem(wish));
    const device = mac === null ? now : deskWith(plan, holder, slot, mac, touched);
    if (device === undefined) noPhone(reader, slot);
    if (device === undefined || device === null) continue;
    const changed = described(plan, slot, device);
    if (mac === null && !after.has(device.id)) continue;
    after.set(changed.id, { ...changed, assignees: [plan.extension.id] });
  }
  const entries = [...touched].flatMap(([id, before]) => entryOf('device', before, after.get(id) ?? (before === null ? null : { ...before, assignees: [] })));
  return { devices: [...after.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), entries };
}

/** The phone with the address, to be the holder's; null after a problem. */
function deskWith({ reader, facts, extension, displayName }: DeskPlan, holder: Holder, slot: DeskSlot, mac: string, touched: Map<DeviceId, Device | null>): Device | null {
  const column = deskColumn(slot, 'Mac');
  reader.claim(column, `mac:${mac}`);
  const own = holder.devices.find((device) => device.macAddress === mac);
  if (own !== undefined) return own;
  const known = facts.devices.get(mac);
  const [owner] = known?.assignees ?? [];
  if (owner !== undefined) {
    reader.problem(column, `The phone is assigned to ${ownerName(facts, owner)}. Unassign it there first.`);
    return null;
  }
  if (known !== undefined) {
    touched.set(known.id, known);
    // A phone that nobody had goes to its first owner's site.
    return { ...known, siteId: extension.siteId };
  }
  const brand = reader.raw(deskColumn(slot, 'Brand')) ?? facts.prefixes.find(({ prefixes }) => prefixes.includes(mac.slice(0, 6)))?.maker;
  if (brand === undefined) {
    reader.problem(deskColumn(slot, 'Brand'), 'This phone is new, and its address tells no maker. Give the brand.');
    return null;
  }
  const id = asId<DeviceId>(facts.newId());
  touched.set(id, null);
  return {
    id, accountId: facts.account.id, siteId: extension.siteId, displayName, macAddress: mac, type: brand, model: '', userName: '', assignees: [],
    hotDesking: 'off', locked: false, digestAlgorithms: null, provisionTemplateId: null, createdAt: facts.at,
  };
}

function noPhone(reader: RowReader<DeskColumn>, slot: DeskSlot): void {
  for (const part of ['Brand', 'Model', 'Template'] as const) {
    const column = deskColumn(slot, part);
    if ((reader.raw(column) ?? '') !== '') reader.problem(column, 'There is no phone here: give its MAC address, too.');
  }
}

/** The device with what the row says of it. */
function described({ reader, facts }: DeskPlan, slot: DeskSlot, device: Device): Device {
  const isNew = device.userName === '';
  const why = 'A phone has a maker. Leave the cell empty to keep it.';
  const brand = reader.firm(deskColumn(slot, 'Brand'), isNew ? '' : device.type, why) ?? device.type;
  const model = reader.wish(deskColumn(slot, 'Model'), isNew ? '' : device.model);
  const template = reader.wish(deskColumn(slot, 'Template'), device.provisionTemplateId === null ? '' : facts.provisionTemplateNames.get(device.provisionTemplateId) ?? '');
  const templateId = template === undefined ? device.provisionTemplateId : template === null ? null : facts.provisionTemplates.get(template);
  if (templateId === undefined) reader.problem(deskColumn(slot, 'Template'), 'There is no such provision template. GET /v2/phone/provision_templates lists them.');
  const changed = { ...device, provisionTemplateId: templateId ?? device.provisionTemplateId };
  if (!isNew && brand === device.type && model === undefined) return changed;
  const phone = readPhone(brand, model === undefined ? (brand === device.type ? device.model : '') : model ?? '');
  if (phone.kind === 'unknown') {
    reader.problem(deskColumn(slot, phone.field === 'type' ? 'Brand' : 'Model'), phone.text);
    return changed;
  }
  const doubt = isNew ? doubtOfMac(device.macAddress, phone.type, facts.prefixes) : null;
  if (doubt !== null) reader.warn(deskColumn(slot, 'Mac'), macDoubtText(doubt, phone.type));
  return { ...changed, type: phone.type, model: phone.model };
}
