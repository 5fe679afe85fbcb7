import type { Device } from '../device/device.js';
import { readPhone } from '../device/phone-models.js';
import type { ExtensionId, SiteId } from '../ids.js';
import type { Site } from '../identity/site.js';
import type { Extension } from '../numbering/extension.js';
import { doubtOfMac, macDoubtText, type MakersPrefixes } from '../provisioning/plausible-mac.js';
import { DEVICE_COLUMNS, type DeviceColumn } from './device-columns.js';
import type { CellProblem, ExchangeRow } from './table-columns.js';

/** What rows are held against. */
export interface DeviceFacts {
  /** By MAC address, twelve lower-case hex digits. */
  readonly devices: ReadonlyMap<string, Device>;
  readonly sites: readonly Site[];
  /** Every extension that an assignee may mean, by the text in the cell; several where the digits are of several sites. */
  readonly assignees: ReadonlyMap<string, readonly Extension[]>;
  /** Ids of provision templates by the text in the cell; a text that is none of them is absent. */
  readonly templates: ReadonlyMap<string, string>;
  readonly prefixes: readonly MakersPrefixes[];
}

export interface DeviceToAdd {
  readonly displayName: string;
  readonly macAddress: string;
  readonly type: string;
  readonly model: string;
  readonly assignee: ExtensionId | null;
  /** Null = the assignee's, or the main site. */
  readonly siteId: SiteId | null;
  readonly provisionTemplateId: string | null;
}

export type PlannedRow = { readonly row: number; readonly problems: readonly CellProblem[]; readonly warnings: readonly CellProblem[] } & (
  | { readonly action: 'add'; readonly device: DeviceToAdd }
  /** It is there just so. */
  | { readonly action: 'unchanged'; readonly existing: Device }
  | { readonly action: 'error' }
);

const TITLES = new Map<DeviceColumn, string>(DEVICE_COLUMNS.map(({ name, title }) => [name, title]));

/** What an import would do, row by row; nothing that is there is ever changed by it. */
export function planDevices(rows: readonly ExchangeRow<DeviceColumn>[], facts: DeviceFacts): readonly PlannedRow[] {
  const seen = new Map<string, number>();
  return rows.map((row) => planRow(row, facts, seen));
}

function planRow({ row, cells, problems: read }: ExchangeRow<DeviceColumn>, facts: DeviceFacts, seen: Map<string, number>): PlannedRow {
  const problems = [...read];
  const told = (column: DeviceColumn, text: string): CellProblem => ({ row, column: TITLES.get(column) ?? column, text, value: cells[column] });
  const phone = readPhone(cells.brand, cells.model);
  if (cells.brand !== '' && phone.kind === 'unknown') problems.push(told(phone.field === 'type' ? 'brand' : 'model', phone.text));
  const macAddress = macOf(cells.macAddress);
  if (macAddress === null && cells.macAddress !== '') {
    problems.push(told('macAddress', /e\+/i.test(cells.macAddress) ? 'A spreadsheet has made a number of this MAC address. Write it with dashes, e.g. 80-5e-c0-00-00-01.'
      : 'A MAC address has twelve hex digits, e.g. 80-5e-c0-00-00-01.'));
  }
  const first = macAddress === null ? undefined : seen.get(macAddress);
  if (first !== undefined) problems.push(told('macAddress', `Row ${first} has the same MAC address.`));
  else if (macAddress !== null) seen.set(macAddress, row);
  const site = cells.site === '' ? null : facts.sites.find(({ name, siteCode }) => name.toLowerCase() === cells.site.toLowerCase() || siteCode === cells.site) ?? undefined;
  if (site === undefined) problems.push(told('site', 'No site has this name or code.'));
  const assignee = cells.assignee === '' ? null : oneAssignee(facts.assignees.get(cells.assignee) ?? [], site?.id ?? null);
  if (typeof assignee === 'string') problems.push(told('assignee', assignee));
  const template = cells.provisionTemplate === '' ? null : facts.templates.get(cells.provisionTemplate);
  if (template === undefined) problems.push(told('provisionTemplate', 'There is no such provision template.'));
  if (problems.length > 0 || macAddress === null || phone.kind === 'unknown' || site === undefined || template === undefined || typeof assignee === 'string') {
    return { row, action: 'error', problems, warnings: [] };
  }
  const device: DeviceToAdd = {
    displayName: cells.displayName, macAddress, type: phone.type, model: phone.model, assignee: assignee?.id ?? null, siteId: site?.id ?? null, provisionTemplateId: template,
  };
  const existing = facts.devices.get(macAddress);
  if (existing !== undefined) return planExisting(row, cells, device, existing);
  const doubt = doubtOfMac(macAddress, phone.type, facts.prefixes);
  return { row, action: 'add', device, problems, warnings: doubt === null ? [] : [told('macAddress', macDoubtText(doubt, phone.type))] };
}

/** Empty cells say nothing of a device that is there. */
function planExisting(row: number, cells: Readonly<Record<DeviceColumn, string>>, wanted: DeviceToAdd, existing: Device): PlannedRow {
  const differing: readonly DeviceColumn[] = ([
    ['displayName', wanted.displayName === existing.displayName], ['brand', wanted.type === existing.type], ['model', wanted.model === existing.model],
    ['site', wanted.siteId === existing.siteId], ['assignee', wanted.assignee === (existing.assignees[0] ?? null)],
    ['provisionTemplate', wanted.provisionTemplateId === existing.provisionTemplateId],
  ] as const).filter(([column, same]) => !same && cells[column] !== '').map(([column]) => column);
  if (differing.length === 0) return { row, action: 'unchanged', existing, problems: [], warnings: [] };
  const text = `The device ${existing.displayName} (${existing.id}) has this MAC address and another value here. An import changes no device: change it by the API, or remove it first.`;
  return {
    row, action: 'error', warnings: [], problems: differing.map((column) => ({ row, column: TITLES.get(column) ?? column, text, value: cells[column] })),
  };
}

/** The extension, or why there is none. */
function oneAssignee(found: readonly Extension[], siteId: SiteId | null): Extension | string {
  const here = found.length > 1 && siteId !== null ? found.filter((one) => one.siteId === siteId) : found;
  const [only, ...others] = here;
  if (only === undefined) return 'No phone user or common area has this extension or e-mail address.';
  return others.length === 0 ? only : 'Several sites have this extension. Give the site too, or site code and extension.';
}

function macOf(text: string): string | null {
  const digits = text.replace(/[:.\-\s]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits : null;
}
