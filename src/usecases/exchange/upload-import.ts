import { NO_ROWS, type Import, type ImportKind, type RowCells } from '../../domain/exchange/import.js';
import { plainCell, type CellProblem, type ExchangeColumn } from '../../domain/exchange/table-columns.js';
import { asId, type ImportId } from '../../domain/ids.js';
import type { StagedRow } from '../../ports/import-stores.js';
import { findPhoneUser, siteById } from '../admin/resolve.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import type { ExchangeDeps } from './exchange-deps.js';
import { EXCHANGE_KINDS } from './exchange-kinds.js';
import { UPLOAD_MS } from './run-imports.js';

export const MOST_ROWS = 100_000;
const STAGED_AT_ONCE = 500;

export interface WantedImport {
  readonly kind: ImportKind;
  readonly siteId?: string | undefined;
  /** Id or e-mail address. */
  readonly copyFromUser?: string | undefined;
  readonly notify: boolean;
}

/** The cells of a file's row with its number, the titles being row 1; or why the file ends here. */
export type ReadRow = { readonly kind: 'row'; readonly row: number; readonly cells: readonly string[] } | { readonly kind: 'unreadable'; readonly row: number; readonly text: string };

/** Takes a file in as it comes, a few hundred rows at a time; planning begins when it is there. Refused as a whole where it cannot be read. */
export async function uploadImport(deps: ExchangeDeps, actor: Actor, wanted: WantedImport, table: AsyncIterable<ReadRow>): Promise<Outcome<Import>> {
  const begun = await begin(deps, actor, wanted);
  if (begun.kind === 'refused') return begun;
  const { columns } = EXCHANGE_KINDS[wanted.kind];
  const { imports } = deps.stores;
  let places: readonly (ExchangeColumn<string> | null)[] | null = null;
  let waiting: StagedRow[] = [];
  let rows = 0;
  let problems: readonly CellProblem[] = [];
  const { id } = begun.value;
  for await (const one of table) {
    if (one.kind === 'unreadable') problems = [{ row: one.row, column: '', text: one.text, value: '' }];
    else if (places === null) {
      places = placesOf(columns, one.cells);
      problems = titleProblems(columns, one.cells, places, one.row);
    } else if (rows >= MOST_ROWS) problems = [{ row: one.row, column: '', text: `At most ${MOST_ROWS} rows at once. Cut the file in parts.`, value: '' }];
    else if (one.cells.some((cell) => cell.trim() !== '')) {
      rows += 1;
      waiting.push({ row: one.row, cells: cellsOf(places, one.cells) });
    }
    if (problems.length > 0) break;
    if (waiting.length < STAGED_AT_ONCE) continue;
    await imports.stage(id, waiting);
    await imports.hold(id, deps.clock.now() + UPLOAD_MS);
    waiting = [];
  }
  if (problems.length === 0 && rows === 0) problems = [{ row: 1, column: '', text: 'The file has no rows below the titles.', value: '' }];
  if (problems.length > 0) return giveUp(deps, begun.value, problems);
  await imports.stage(id, waiting);
  const staged: Import = { ...begun.value, staged: true, rows, cursor: 1 };
  if (!await imports.settle(begun.value, staged)) return refused('conflict', 'importId', 'This import was ended while its file came.', id);
  await imports.hold(id, deps.clock.now());
  return done(staged);
}

async function begin(deps: ExchangeDeps, actor: Actor, { kind, siteId, copyFromUser = '', notify }: WantedImport): Promise<Outcome<Import>> {
  return change(deps, actor, async (draft) => {
    const site = await siteById(draft.stores, draft.accountId, siteId);
    if (site.kind === 'refused') return site;
    const source = copyFromUser === '' ? null : await findPhoneUser(draft.stores, draft.accountId, copyFromUser);
    if (source === null && copyFromUser !== '') return refused('invalid', 'copy_from_user', 'There is no phone user with this id or e-mail address.', copyFromUser);
    const begun: Import = {
      id: asId<ImportId>(draft.newId()), accountId: draft.accountId, kind, siteId: site.site.id, copyFrom: source?.user.id ?? null, notify, state: 'parsing', staged: false, rows: 0,
      cursor: 0, counts: NO_ROWS, appliedRows: 0, seats: null, faultyRows: 'refuse', plannedVersion: 0, problems: [], createdAt: draft.at, createdBy: draft.actor,
      askedBy: draft.actor, appliedAt: null, endedAt: null,
    };
    await draft.stores.imports.insert(begun);
    await draft.stores.imports.hold(begun.id, draft.at + UPLOAD_MS);
    draft.audit({ aggregate: 'account', id: draft.accountId, action: 'upload-import', about: { import: begun.id, kind } });
    return done(begun);
  });
}

async function giveUp({ stores, clock }: ExchangeDeps, begun: Import, problems: readonly CellProblem[]): Promise<Outcome<never>> {
  await stores.imports.settle(begun, { ...begun, state: 'failed', problems, endedAt: clock.now() });
  return {
    kind: 'refused', why: 'invalid', problems: problems.map(({ row, column, text, value }) => ({ field: column === '' ? `row ${row}` : `row ${row}, ${column}`, text, value })),
  };
}

const plainTitle = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, '');

function placesOf(columns: readonly ExchangeColumn<string>[], titles: readonly string[]): readonly (ExchangeColumn<string> | null)[] {
  return titles.map((title) => columns.find((column) => [column.title, ...column.aliases ?? []].some((one) => plainTitle(one) === plainTitle(title))) ?? null);
}

/** Columns without a title are passed over, as spreadsheets leave some behind. */
function titleProblems(
  columns: readonly ExchangeColumn<string>[], titles: readonly string[], places: readonly (ExchangeColumn<string> | null)[], row: number,
): readonly CellProblem[] {
  const wrong = (column: string, text: string): CellProblem => ({ row, column: column.slice(0, 100), text, value: column.slice(0, 100) });
  return [
    ...titles.flatMap((title, at) => (places[at] === null && title.trim() !== '' ? [wrong(title, `There is no such column. The columns are ${columns.map((one) => one.title).join(', ')}.`)] : [])),
    ...columns.filter((column) => places.filter((place) => place === column).length > 1).map(({ title }) => wrong(title, 'This column is there twice.')),
    ...columns.filter((column) => column.required && !places.includes(column)).map(({ title }) => wrong(title, 'This column is missing.')),
  ];
}

/** An empty cell is none, and keeps what is; `-` clears it. */
function cellsOf(places: readonly (ExchangeColumn<string> | null)[], cells: readonly string[]): RowCells {
  const beyond = cells.slice(places.length).some((cell) => cell.trim() !== '');
  const known = Object.fromEntries(places.flatMap((column, at) => {
    const text = (cells[at] ?? '').trim();
    return column === null || text === '' ? [] : [[column.name, text === '-' ? null : plainCell(text)] as const];
  }));
  return beyond ? { ...known, '': `The row has ${cells.length} cells, the first one ${places.length}. Put cells that hold the separator in quotes.` } : known;
}
