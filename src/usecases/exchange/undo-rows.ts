import { importStep, type Import } from '../../domain/exchange/import.js';
import type { CellProblem } from '../../domain/exchange/table-columns.js';
import type { JournalRow } from '../../ports/import-stores.js';
import { StorageFault } from '../../ports/runtime.js';
import { change } from '../change.js';
import { done, refused } from '../outcome.js';
import { importActor, LAST_ROW, MOST_TOLD, SLICE } from './apply-rows.js';
import { laterChanges } from './check-entries.js';
import type { ExchangeDeps } from './exchange-deps.js';
import { removedDevices, reversed, writeEntries } from './write-entries.js';

/**
 * Takes back the last rows that are in force, a slice a transaction. A whole import is looked at first: where later changes stand in the way,
 * nothing of it is undone, and they are named. What somebody changes while it goes on stays as it is, and is named, too.
 */
export async function undoRows(deps: ExchangeDeps, wanted: Import): Promise<Import> {
  if (wanted.state === 'undoing' && wanted.cursor === LAST_ROW) {
    const problems = await obstacles(deps, wanted);
    const after: Import = problems.length === 0 ? { ...wanted, cursor: LAST_ROW - 1 } : { ...wanted, state: importStep(wanted.state, 'blocked') ?? wanted.state, cursor: 0, problems };
    return await deps.stores.imports.settle(wanted, after) ? after : wanted;
  }
  const outcome = await change<{ readonly after: Import; readonly gone: ReturnType<typeof removedDevices> }>(deps, importActor(wanted), async (draft) => {
    const { imports } = draft.stores;
    const journal = await imports.journal(wanted.id, wanted.cursor, SLICE);
    const rows = lightSlice(journal);
    const changed = await laterChanges(draft.stores, draft.accountId, rows);
    const entries = rows.filter(({ row }) => !changed.has(row)).flatMap((row) => reversed(row.entries));
    await writeEntries(deps, draft, entries, 'undo-import');
    await imports.dropJournal(wanted.id, rows.map(({ row }) => row));
    const over = journal.length < SLICE && rows.length === journal.length;
    const after: Import = {
      ...wanted, cursor: over ? 0 : rows.at(-1)?.row ?? 0, appliedRows: Math.max(0, wanted.appliedRows - rows.length), endedAt: over ? draft.at : null,
      problems: [...wanted.problems, ...[...changed].map(([row, text]): CellProblem => ({ row, column: '', text, value: '' }))].slice(0, MOST_TOLD),
      state: over ? importStep(wanted.state, 'finished') ?? wanted.state : wanted.state,
    };
    if (over) draft.audit({ aggregate: 'account', id: draft.accountId, action: 'undo-import', about: { import: wanted.id, kind: wanted.kind } });
    return await imports.settle(wanted, after) ? done({ after, gone: removedDevices(entries) }) : refused('conflict', '', 'Another node carries this import on.');
  });
  if (outcome.kind === 'refused') return wanted;
  for (const { id } of outcome.value.gone) {
    await deps.locations.drop(id, null, 'dropped').catch((fault: unknown) => {
      if (!(fault instanceof StorageFault)) throw fault;
      // The device is gone from the directory, so its bindings are never rung; they expire by themselves.
      deps.log.warn('registrations of a removed device left to expire', { deviceId: id, err: fault });
    });
  }
  return outcome.value.after;
}

/** People and common areas go one by one, with everything that hangs on them: few in a slice, so that it is as short as others. */
const MOST_REMOVED = 25;

function lightSlice(rows: readonly JournalRow[]): readonly JournalRow[] {
  let removed = 0;
  return rows.filter(({ entries }) => {
    if (removed > MOST_REMOVED) return false;
    if (entries.some(({ kind, before }) => before === null && (kind === 'phone_user' || kind === 'common_area' || kind === 'device'))) removed += 1;
    return removed <= MOST_REMOVED;
  });
}

async function obstacles({ stores }: ExchangeDeps, wanted: Import): Promise<readonly CellProblem[]> {
  const problems: CellProblem[] = [];
  for (let before = LAST_ROW; problems.length < MOST_TOLD;) {
    const rows = await stores.imports.journal(wanted.id, before, SLICE);
    for (const [row, text] of await laterChanges(stores, wanted.accountId, rows)) problems.push({ row, column: '', text, value: '' });
    before = rows.at(-1)?.row ?? 0;
    if (rows.length < SLICE) break;
  }
  return problems.slice(0, MOST_TOLD).sort((a, b) => a.row - b.row);
}
