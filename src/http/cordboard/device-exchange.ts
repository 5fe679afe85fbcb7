import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import type { Device } from '../../domain/device/device.js';
import { DEVICE_COLUMNS, type DeviceColumn } from '../../domain/exchange/device-columns.js';
import type { PlannedRow } from '../../domain/exchange/plan-devices.js';
import { delimiterOf, sampleTable, type CellProblem } from '../../domain/exchange/table-columns.js';
import { applyDeviceImport, planDeviceImport, type DeviceImport } from '../../usecases/admin/import-devices.js';
import { answer, failed, json, text } from '../answers.js';
import { csvAnswer } from '../csv.js';
import type { HttpDeps } from '../http-deps.js';
import { badRequest } from '../problem.js';
import { route, type Route } from '../route.js';

const TAG = 'Phone devices';
const CSV = 'text/csv; charset=utf-8; header=present';

const told = z.object({ column: z.string().describe('"" = the whole row.'), message: z.string(), value: z.string() });
const importView = z.object({
  applied: z.boolean().describe('Whether the devices are there now.'), total_records: z.int(), added: z.int(), unchanged: z.int(), errors: z.int(),
  rows: z.array(z.object({
    row: z.int().describe('Of the file, the titles being row 1.'), action: z.enum(['add', 'unchanged', 'error']), display_name: z.string(), mac_address: z.string(),
    device_id: z.string().describe('Of the device that is there; "" = none yet.'), problems: z.array(told), warnings: z.array(told).describe('What is odd, and no reason to refuse.'),
  })),
});

const cell = ({ column, text: message, value }: CellProblem) => ({ column, message, value });

function view({ applied, rows, devices }: DeviceImport): z.output<typeof importView> {
  const count = (action: PlannedRow['action']): number => rows.filter((one) => one.action === action).length;
  return {
    applied, total_records: rows.length, added: count('add'), unchanged: count('unchanged'), errors: count('error'),
    rows: rows.map((one) => {
      const device = one.action === 'add' ? one.device : one.action === 'unchanged' ? one.existing : null;
      return {
        row: one.row, action: one.action, display_name: device?.displayName ?? '', mac_address: device?.macAddress ?? '',
        device_id: one.action === 'unchanged' ? one.existing.id : devices.get(one.row)?.id ?? '', problems: one.problems.map(cell), warnings: one.warnings.map(cell),
      };
    }),
  };
}

/** Rows of cells; null for what is no CSV. Comma, semicolon or tab, with or without a byte order mark. */
function readCsv(body: string): readonly (readonly string[])[] | null {
  try {
    const plain = body.replace(/^\uFEFF/, '');
    const rows: unknown = parse(plain, { delimiter: delimiterOf(plain), relax_column_count: true });
    return rows as readonly (readonly string[])[];
  } catch {
    return null;
  }
}

/** As an import reads it. */
function rowOf({ directory }: Pick<HttpDeps, 'directory'>, templates: ReadonlyMap<string, string>, device: Device): Readonly<Record<string, string>> {
  const [ownerId] = device.assignees;
  const extension = ownerId === undefined ? undefined : directory.extension(ownerId);
  const user = extension?.owner.kind === 'user' ? directory.user(extension.owner.id) : undefined;
  const siteCode = extension === undefined ? '' : directory.site(extension.siteId)?.siteCode ?? '';
  const values: Readonly<Record<DeviceColumn, string>> = {
    displayName: device.displayName, brand: device.type, model: device.model, macAddress: device.macAddress.replace(/(..)(?=.)/g, '$1-'),
    site: directory.site(device.siteId)?.name ?? '', assignee: user?.email ?? `${siteCode}${extension?.number ?? ''}`,
    provisionTemplate: device.provisionTemplateId === null ? '' : templates.get(device.provisionTemplateId) ?? device.provisionTemplateId,
  };
  return Object.fromEntries(DEVICE_COLUMNS.map(({ name, title }) => [title, values[name]]));
}

const PAGE = 200;

async function templateNames({ stores }: Pick<HttpDeps, 'stores'>, accountId: Device['accountId']): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof stores.provisionTemplates.page>> = await stores.provisionTemplates.page(accountId, { size: PAGE, after });
    for (const { template } of page.items) names.set(template.id, template.name);
    after = page.next;
  } while (after !== null);
  return names;
}

export const deviceExchangeRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/cordboard/devices/import', operationId: 'importDevices', summary: 'Add devices by a CSV file', tag: TAG, access: 'device:write', load: 'heavy',
    bodyType: 'csv', body: z.string().min(1),
    query: z.object({ apply: z.enum(['true', 'false']).default('false').describe('false = only say what would be done.') }),
    answer: { status: 200, description: 'What each row does. With apply=true all of it is done, or nothing where a row is wrong (400).', schema: importView },
    async handle({ deps, actor, query, body }) {
      const table = readCsv(body);
      if (table === null) return failed(badRequest('body', 'This is no CSV file: a quote is open, or stands inside a cell without quotes.'));
      const outcome = query.apply === 'true' ? await applyDeviceImport(deps, actor, table) : await planDeviceImport(deps, actor, table);
      return answer(outcome, (found) => json(view(found)));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/devices/import/sample', operationId: 'sampleDeviceImport', summary: 'A CSV file to fill in', tag: TAG, access: 'device:read',
    answer: { status: 200, description: 'Titles and sample rows.', schema: null, contentType: 'text/csv' },
    handle: () => text(CSV, stringify(sampleTable(DEVICE_COLUMNS).map((row) => [...row]), { record_delimiter: 'windows' })),
  }),
  route({
    method: 'GET', path: '/v2/cordboard/devices/export', operationId: 'exportDevices', summary: 'Export devices as CSV', tag: TAG, access: 'device:read', load: 'heavy',
    answer: { status: 200, description: 'With the columns of the import, which takes it back and changes nothing.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor }) {
      const templates = await templateNames(deps, actor.accountId);
      return csvAnswer('devices.csv', DEVICE_COLUMNS.map(({ title }) => title), (page) => deps.stores.devices.page(actor.accountId, {}, page), (device) => rowOf(deps, templates, device));
    },
  }),
];
