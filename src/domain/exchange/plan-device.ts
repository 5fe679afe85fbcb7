import type { Device } from '../device/device.js';
import { readPhone } from '../device/phone-models.js';
import { asId, type AccountId, type DeviceId } from '../ids.js';
import type { Site } from '../identity/site.js';
import type { Extension } from '../numbering/extension.js';
import { doubtOfMac, macDoubtText, type MakersPrefixes } from '../provisioning/plausible-mac.js';
import { DEVICE_COLUMNS, type DeviceColumn } from './device-columns.js';
import { entryOf } from './entry.js';
import type { RowCells } from './import.js';
import { macIn, macProblem, macText } from './mac-cell.js';
import { changedCells, RowReader, type PlannedRow, type ShownCells } from './plan-row.js';
import { failedRow } from './plan-user.js';
import type { ExchangeColumn } from './table-columns.js';

/** A row is about the phone with its MAC address: nothing else must be there to change one. */
export const DEVICE_PLAN_COLUMNS: readonly ExchangeColumn<DeviceColumn>[] = DEVICE_COLUMNS.map((column) => ({ ...column, required: column.name === 'macAddress' }));

/** What rows about phones are held against. */
export interface DevicePlanFacts {
  readonly accountId: AccountId;
  readonly sites: readonly Site[];
  /** Where a phone stands that names neither site nor assignee. */
  readonly site: Site;
  readonly at: number;
  readonly newId: () => string;
  /** By MAC address. */
  readonly devices: ReadonlyMap<string, Device>;
  /** Extensions that a text may mean, several where sites share digits. */
  readonly assignees: (text: string) => readonly Extension[];
  /** How an export calls an extension: an e-mail address, or site code and digits. */
  readonly assigneeText: (id: Device['assignees'][number]) => string;
  readonly provisionTemplates: ReadonlyMap<string, string>;
  readonly provisionTemplateNames: ReadonlyMap<string, string>;
  readonly prefixes: readonly MakersPrefixes[];
}

export function deviceCells(device: Device, facts: Pick<DevicePlanFacts, 'sites' | 'assigneeText' | 'provisionTemplateNames'>): ShownCells<DeviceColumn> {
  const [owner] = device.assignees;
  const template = device.provisionTemplateId;
  return {
    displayName: device.displayName, brand: device.type, model: device.model, macAddress: macText(device.macAddress),
    site: facts.sites.find(({ id }) => id === device.siteId)?.name ?? '', assignee: owner === undefined ? '' : facts.assigneeText(owner),
    provisionTemplate: template === null ? '' : facts.provisionTemplateNames.get(template) ?? template,
  };
}

/** What a row does to a phone: one with an unknown address is added. */
export function planDevice(row: number, cells: RowCells, facts: DevicePlanFacts): PlannedRow {
  const reader = new RowReader<DeviceColumn>(row, cells, DEVICE_PLAN_COLUMNS);
  const text = cells['macAddress'] ?? '';
  const mac = macIn(text);
  if (mac === null) reader.problem('macAddress', text === '' ? 'Every row names a phone by its MAC address.' : macProblem(text));
  else reader.claim('macAddress', `mac:${mac}`);
  const known = facts.devices.get(mac ?? '') ?? null;
  const now = known === null ? {} : deviceCells(known, facts);
  const displayName = reader.text('displayName', known?.displayName ?? '');
  if (displayName === '') reader.problem('displayName', 'A phone has a name.');
  const phone = phoneOf(reader, known, mac ?? '', facts);
  const site = siteOf(reader, facts, now.site ?? '');
  const owner = ownerOf(reader, facts, known, now.assignee ?? '', site);
  const wish = reader.wish('provisionTemplate', now.provisionTemplate ?? '');
  const template = wish === undefined ? known?.provisionTemplateId ?? null : wish === null ? null : facts.provisionTemplates.get(wish);
  if (template === undefined) reader.problem('provisionTemplate', 'There is no such provision template. GET /v2/phone/provision_templates lists them.');
  if (reader.problems.length > 0 || mac === null || phone === null || template === undefined) return failedRow(reader, text);
  const assignees = owner === undefined ? known?.assignees ?? [] : owner === null ? [] : [owner.id];
  // A phone that nobody had goes to its first owner's site, where the row names none.
  const ownersSite = owner !== undefined && owner !== null && (known?.assignees ?? []).length === 0 ? owner.siteId : undefined;
  const base: Device = known ?? {
    id: asId<DeviceId>(facts.newId()), accountId: facts.accountId, siteId: facts.site.id, displayName, macAddress: mac, type: phone.type, model: phone.model, userName: '', assignees: [],
    hotDesking: 'off', locked: false, digestAlgorithms: null, provisionTemplateId: null, createdAt: facts.at,
  };
  const after: Device = { ...base, displayName, type: phone.type, model: phone.model, siteId: site?.id ?? ownersSite ?? base.siteId, assignees, provisionTemplateId: template };
  const entries = entryOf('device', known, after);
  return {
    row, action: entries.length === 0 ? 'unchanged' : known === null ? 'add' : 'update', subject: displayName, changes: changedCells(DEVICE_PLAN_COLUMNS, now, deviceCells(after, facts)),
    problems: [], warnings: reader.warnings, entries, claims: reader.claims, seats: { taken: [], freed: [] }, chosen: {},
  };
}

function phoneOf(reader: RowReader<DeviceColumn>, known: Device | null, mac: string, { prefixes }: DevicePlanFacts): Pick<Device, 'type' | 'model'> | null {
  const brand = reader.firm('brand', known?.type ?? '', 'A phone has a maker. Leave the cell empty to keep it.') ?? known?.type ?? prefixes.find((one) => one.prefixes.includes(mac.slice(0, 6)))?.maker;
  const model = reader.wish('model', known?.model ?? '');
  if (brand === undefined) {
    reader.problem('brand', 'This phone is new, and its address tells no maker. Give the brand.');
    return null;
  }
  if (known !== null && brand === known.type && model === undefined) return known;
  const phone = readPhone(brand, model === undefined ? (brand === known?.type ? known.model : '') : model ?? '');
  if (phone.kind === 'unknown') {
    reader.problem(phone.field === 'type' ? 'brand' : 'model', phone.text);
    return null;
  }
  const doubt = known === null ? doubtOfMac(mac, phone.type, prefixes) : null;
  if (doubt !== null) reader.warn('macAddress', macDoubtText(doubt, phone.type));
  return phone;
}

function siteOf(reader: RowReader<DeviceColumn>, { sites }: DevicePlanFacts, now: string): Site | null {
  const wish = reader.firm('site', now, 'Every phone stands at a site: name another one, or leave the cell empty.');
  if (wish === undefined) return null;
  const found = sites.find(({ name, siteCode }) => name.toLowerCase() === wish.toLowerCase() || siteCode === wish);
  if (found === undefined) reader.problem('site', 'No site has this name or code.');
  return found ?? null;
}

/** Undefined = as it is, null = nobody's. */
function ownerOf(reader: RowReader<DeviceColumn>, facts: DevicePlanFacts, known: Device | null, now: string, site: Site | null): Extension | null | undefined {
  const wish = reader.wish('assignee', now);
  if (wish === undefined || wish === null) return wish;
  const found = facts.assignees(wish);
  const at = site?.id ?? known?.siteId;
  const here = found.length > 1 && at !== undefined ? found.filter(({ siteId }) => siteId === at) : found;
  if (here.length === 1) return here[0];
  reader.problem('assignee', here.length === 0 && found.length === 0 ? 'No phone user or common area has this extension or e-mail address.'
    : 'Several sites have this extension. Give the site too, or site code and extension.');
  return undefined;
}
