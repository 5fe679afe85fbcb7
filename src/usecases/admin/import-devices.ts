import type { Device } from '../../domain/device/device.js';
import { DEVICE_COLUMNS, type DeviceColumn } from '../../domain/exchange/device-columns.js';
import { planDevices, type DeviceFacts, type PlannedRow } from '../../domain/exchange/plan-devices.js';
import { readTable, type CellProblem, type ExchangeRow } from '../../domain/exchange/table-columns.js';
import type { AccountId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { SetUpGuides } from '../../ports/set-up-guides.js';
import { change, type Actor } from '../change.js';
import { done, type Outcome, type Refused } from '../outcome.js';
import { insertDevice } from './add-device.js';
import type { AdminDeps } from './admin-deps.js';
import { readTemplate } from './provision-templates.js';
import { findPhoneUser } from './resolve.js';

export type ImportDeps = AdminDeps & { readonly setUpGuides: Pick<SetUpGuides, 'prefixes'> };

/** Rows of one file. */
export const MOST_ROWS = 1000;
/** Problems that an answer names. */
const MOST_TOLD = 100;

export interface DeviceImport {
  readonly applied: boolean;
  readonly rows: readonly PlannedRow[];
  /** Of the rows that added one. */
  readonly devices: ReadonlyMap<number, Device>;
}

/** What an import of the table would do; changes nothing. */
export async function planDeviceImport(deps: ImportDeps, { accountId }: Pick<Actor, 'accountId'>, table: readonly (readonly string[])[]): Promise<Outcome<DeviceImport>> {
  const read = rowsOf(table);
  if ('why' in read) return read;
  return done({ applied: false, rows: planDevices(read, await factsOf(deps.stores, accountId, read, deps.setUpGuides)), devices: new Map() });
}

/** Adds every device of the table in one transaction, or none where a single row is wrong. */
export async function applyDeviceImport(deps: ImportDeps, actor: Actor, table: readonly (readonly string[])[]): Promise<Outcome<DeviceImport>> {
  const read = rowsOf(table);
  if ('why' in read) return read;
  return change<DeviceImport>(deps, actor, async (draft) => {
    const rows = planDevices(read, await factsOf(draft.stores, draft.accountId, read, deps.setUpGuides));
    const wrong = rows.flatMap(({ problems }) => problems);
    if (wrong.length > 0) return refusal(wrong);
    const devices = new Map<number, Device>();
    for (const one of rows) {
      if (one.action !== 'add') continue;
      const { assignee, siteId, ...wanted } = one.device;
      const added = await insertDevice(deps, draft, { ...wanted, assignees: assignee === null ? [] : [assignee], ...(siteId === null ? {} : { siteId }) });
      if (added.kind === 'refused') return refusal(added.problems.map(({ text, value = '' }) => ({ row: one.row, column: '', text, value })));
      devices.set(one.row, added.value);
    }
    draft.audit({ aggregate: 'account', id: draft.accountId, action: 'import-devices', about: { rows: rows.length, added: devices.size } });
    return done({ applied: true, rows, devices });
  });
}

function rowsOf(table: readonly (readonly string[])[]): readonly ExchangeRow<DeviceColumn>[] | Refused {
  if (table.length > MOST_ROWS + 1) return refusal([{ row: MOST_ROWS + 2, column: '', text: `At most ${MOST_ROWS} devices at once. Cut the file in parts.`, value: '' }]);
  const read = readTable(DEVICE_COLUMNS, table);
  if (read.kind === 'unreadable') return refusal(read.problems);
  return read.rows.length > 0 ? read.rows : refusal([{ row: 1, column: '', text: 'The file has no rows below the titles.', value: '' }]);
}

function refusal(problems: readonly CellProblem[]): Refused {
  return {
    kind: 'refused', why: 'invalid',
    problems: problems.slice(0, MOST_TOLD).map(({ row, column, text, value }) => ({ field: column === '' ? `row ${row}` : `row ${row}, ${column}`, text, value })),
  };
}

async function factsOf(stores: Stores, accountId: AccountId, rows: readonly ExchangeRow<DeviceColumn>[], guides: Pick<SetUpGuides, 'prefixes'>): Promise<DeviceFacts> {
  const sites = await stores.sites.all(accountId);
  const assignees = new Map<string, readonly Extension[]>();
  for (const text of textsOf(rows, 'assignee')) assignees.set(text, await assigneesOf(stores, accountId, sites, text));
  const templates = new Map<string, string>();
  for (const text of textsOf(rows, 'provisionTemplate')) {
    const found = await readTemplate(stores, accountId, text);
    if (found.kind === 'template' && found.id !== null) templates.set(text, found.id);
  }
  return { devices: await devicesByMac(stores, accountId), sites, assignees, templates, prefixes: guides.prefixes };
}

function textsOf(rows: readonly ExchangeRow<DeviceColumn>[], column: DeviceColumn): ReadonlySet<string> {
  return new Set(rows.map(({ cells }) => cells[column]).filter((text) => text !== ''));
}

/** By e-mail address, by extension, or by site code and extension. */
async function assigneesOf(stores: Stores, accountId: AccountId, sites: readonly Site[], text: string): Promise<readonly Extension[]> {
  if (text.includes('@')) {
    const user = await findPhoneUser(stores, accountId, text);
    return user === null ? [] : [user.extension];
  }
  const short = await stores.extensions.byNumber(accountId, text);
  if (short.length > 0) return short;
  const whole: Extension[] = [];
  for (const { id, siteCode } of sites) {
    if (siteCode === null || siteCode === '' || !text.startsWith(siteCode)) continue;
    whole.push(...(await stores.extensions.byNumber(accountId, text.slice(siteCode.length))).filter((one) => one.siteId === id));
  }
  return whole;
}

const PAGE = 500;

async function devicesByMac(stores: Pick<Stores, 'devices'>, accountId: AccountId): Promise<ReadonlyMap<string, Device>> {
  const found = new Map<string, Device>();
  let after: string | null = null;
  do {
    const page: { readonly items: readonly Device[]; readonly next: string | null } = await stores.devices.page(accountId, {}, { size: PAGE, after });
    for (const device of page.items) found.set(device.macAddress, device);
    after = page.next;
  } while (after !== null);
  return found;
}
