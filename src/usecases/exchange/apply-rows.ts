import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import { sameValue } from '../../domain/exchange/entry.js';
import { importStep, type CellChange, type Import } from '../../domain/exchange/import.js';
import type { PlannedRow } from '../../domain/exchange/plan-row.js';
import { SeatLedger } from '../../domain/exchange/seat-ledger.js';
import type { CellProblem } from '../../domain/exchange/table-columns.js';
import type { RowToApply } from '../../ports/import-stores.js';
import { change, type Actor, type Draft } from '../change.js';
import { freshPin, type FreshPin } from '../hotdesk/fresh-pins.js';
import { done, refused, type Outcome } from '../outcome.js';
import type { ExchangeDeps } from './exchange-deps.js';
import { EXCHANGE_KINDS } from './exchange-kinds.js';
import { givePins } from './give-pins.js';
import { freeSeats } from './plan-rows.js';
import { withUserNames, writeEntries } from './write-entries.js';

/** Rows of one transaction: short enough that nobody waits for it, and few enough events that other nodes follow them one by one. */
export const SLICE = 200;
/** Problems that are kept. */
export const MOST_TOLD = 100;

/** In whose name an import goes on when its request is over: whoever asked reached the whole account. */
export function importActor({ accountId, id, askedBy }: Import): Actor {
  return { accountId, name: askedBy, address: '', requestId: `import:${id}`, reach: WHOLE_ACCOUNT };
}

/**
 * Applies the next slice of rows in one transaction, each as it was planned: a row whose plan would be another one now stops the import, and what
 * it has applied is taken back. Returns the import as it is then.
 */
export async function applyRows(deps: ExchangeDeps, wanted: Import): Promise<Import> {
  const pins = await pinsFor(deps, wanted);
  const outcome = await change<Import>(deps, importActor(wanted), (draft) => applySlice(deps, draft, wanted, pins));
  if (outcome.kind === 'done') return outcome.value;
  const problems = outcome.problems.map(({ field, text, value = '' }) => ({ row: Number(field.split('|')[0]) || 0, column: field.split('|')[1] ?? '', text, value }));
  const after: Import = { ...wanted, state: importStep(wanted.state, 'refused') ?? wanted.state, cursor: LAST_ROW, problems: problems.slice(0, MOST_TOLD) };
  return await deps.stores.imports.settle(wanted, after) ? after : wanted;
}

/** Before any row, going backwards. */
export const LAST_ROW = 2_147_483_647;

async function applySlice(deps: ExchangeDeps, draft: Draft, wanted: Import, pins: readonly FreshPin[]): Promise<Outcome<Import>> {
  const { imports } = draft.stores;
  const rows = await imports.toApply(wanted.id, wanted.cursor, SLICE);
  const planned = await planAgain(deps, draft, wanted, rows);
  const problems = planned.flatMap((row, place) => problemsOf(row, rows[place]?.changes ?? []));
  if (problems.length > 0) return refusal(problems);
  const entries = planned.map((row) => withUserNames(deps, row.entries));
  await writeEntries(deps, draft, entries.flat(), 'import');
  if (pins.length > 0) await givePins(deps, draft, entries.flat(), pins);
  await imports.keepJournal(wanted.id, planned.map(({ row }, place) => ({ row, entries: entries[place] ?? [] })));
  const over = rows.length < SLICE;
  const applied = wanted.appliedRows + rows.length;
  const after: Import = {
    ...wanted, cursor: over ? 0 : rows.at(-1)?.row ?? wanted.cursor, appliedRows: applied, appliedAt: over ? draft.at : null,
    state: over ? importStep(wanted.state, 'finished') ?? wanted.state : wanted.state,
  };
  if (over) draft.audit({ aggregate: 'account', id: draft.accountId, action: 'apply-import', about: { import: wanted.id, kind: wanted.kind, rows: applied } });
  return await imports.settle(wanted, after) ? done(after) : refused('conflict', '0|', 'Another node carries this import on.');
}

async function planAgain(deps: ExchangeDeps, draft: Draft, wanted: Import, rows: readonly RowToApply[]): Promise<readonly PlannedRow[]> {
  const plan = await EXCHANGE_KINDS[wanted.kind].planner(
    { stores: draft.stores, guides: deps.setUpGuides, newId: draft.newId, at: draft.at, freeExtensions: null }, wanted, rows,
  );
  const ledger = new SeatLedger(await freeSeats(draft.stores, draft.accountId));
  return rows.map((row) => {
    const planned = plan(row);
    const full = planned.action === 'error' ? null : ledger.use(planned.seats);
    return full === null ? planned : { ...planned, problems: [{ row: row.row, column: 'Calling Plans', text: full, value: '' }] };
  });
}

/** What is not as it was planned. */
function problemsOf(row: PlannedRow, expected: readonly CellChange[]): readonly CellProblem[] {
  if (row.problems.length > 0) return row.problems.map((problem) => ({ ...problem, text: `Changed since it was planned. ${problem.text}` }));
  if (sameValue(row.changes, expected)) return [];
  const columns = new Set([...expected, ...row.changes].map(({ column }) => column));
  const differing = [...columns].filter((column) => !sameValue(find(expected, column), find(row.changes, column)));
  return differing.map((column) => {
    const was = find(expected, column);
    const now = find(row.changes, column);
    const text = now === undefined ? 'it would change nothing now' : `it is "${now.before}" now, and was "${was?.before ?? now.after}" then`;
    return { row: row.row, column, text: `Changed since it was planned: ${text}. Plan the file again: POST …/plan.`, value: was?.after ?? '' };
  });
}

const find = (changes: readonly CellChange[], column: string): CellChange | undefined => changes.find((one) => one.column === column);

function refusal(problems: readonly CellProblem[]): Outcome<never> {
  return { kind: 'refused', why: 'conflict', problems: problems.map(({ row, column, text, value }) => ({ field: `${row}|${column}`, text, value })) };
}

/** Hashes are slow to make on purpose: before the transaction, as many as the slice may need. */
async function pinsFor(deps: ExchangeDeps, { notify, kind, id, cursor, accountId }: Import): Promise<readonly FreshPin[]> {
  if (!notify || kind !== 'users' || !deps.mail.enabled) return [];
  const rows = await deps.stores.imports.toApply(id, cursor, SLICE);
  return Promise.all(rows.map(() => freshPin(deps, accountId)));
}

