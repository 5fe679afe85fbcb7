import { stringify } from 'csv-stringify/sync';
import { IMPORT_KINDS, type ImportKind } from '../../domain/exchange/import.js';
import { sampleTable, writtenCell } from '../../domain/exchange/table-columns.js';
import { EXCHANGE_KINDS } from '../../usecases/exchange/exchange-kinds.js';
import type { Page, PageRequest } from '../../ports/admin-stores.js';
import { failed, text, type Answer } from '../answers.js';
import { noPermission, problem, type Problem } from '../problem.js';
import { route, type Route } from '../route.js';
import { beyondReach, NEEDED } from './imports.js';

const TAG = 'Imports and exports';
const CSV = 'text/csv; charset=utf-8; header=present';
/** Rows read at once: what an export holds in memory, however long it is. */
const ROWS = 500;

function kindOf(name: string): ImportKind | Problem {
  return IMPORT_KINDS.find((kind) => kind === name) ?? problem(404, 404, `There is no such table. There are ${IMPORT_KINDS.join(', ')}.`);
}

const lines = (rows: readonly (readonly string[])[]): string => stringify(rows.map((row) => row.map(writtenCell)), { record_delimiter: 'windows' });

/** Page by page, as fast as the reader takes them; the first before the answer begins, so that a fault is still an error answer. */
async function exportAnswer(kind: ImportKind, read: (page: PageRequest) => Promise<Page<Readonly<Record<string, string | undefined>>>>): Promise<Answer> {
  const { columns } = EXCHANGE_KINDS[kind];
  const first = await read({ size: ROWS, after: null });
  async function* chunks(): AsyncGenerator<string> {
    yield lines([columns.map(({ title }) => title)]);
    for (let page = first; ; page = await read({ size: ROWS, after: page.next })) {
      if (page.items.length > 0) yield lines(page.items.map((cells) => columns.map(({ name }) => cells[name] ?? '')));
      if (page.next === null) return;
    }
  }
  return { kind: 'stream', status: 200, contentType: CSV, filename: `${kind}.csv`, chunks: chunks() };
}

export const exportRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/imports/samples/{kind}', operationId: 'sampleImport', summary: 'A CSV file to fill in', tag: TAG, access: 'import:read',
    answer: { status: 200, description: 'Titles and sample rows.', schema: null, contentType: 'text/csv' },
    handle({ params }) {
      const kind = kindOf(params.kind);
      return typeof kind === 'object' ? failed(kind) : text(CSV, lines(sampleTable(EXCHANGE_KINDS[kind].columns)));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/exports/{file}', operationId: 'exportTable', summary: 'Export people, common areas, devices or numbers as CSV', tag: TAG, access: 'import:read',
    load: 'heavy',
    answer: { status: 200, description: '`users.csv`, `common_areas.csv`, `devices.csv` or `phone_numbers.csv`: an import takes it back and changes nothing.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor, permissions, params }) {
      const beyond = beyondReach(actor);
      if (beyond !== null) return beyond;
      const kind = kindOf(params.file.replace(/\.csv$/, ''));
      if (typeof kind === 'object') return failed(kind);
      const needed = NEEDED[kind].read;
      if (!permissions.has(needed)) return failed(noPermission(needed));
      return exportAnswer(kind, (page) => EXCHANGE_KINDS[kind].exported(deps.stores, actor.accountId, page));
    },
  }),
];
