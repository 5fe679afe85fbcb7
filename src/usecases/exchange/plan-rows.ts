import { importStep, NO_ROWS, type Import, type RowCounts } from '../../domain/exchange/import.js';
import { ExtensionBook, FreeExtensions } from '../../domain/exchange/extension-book.js';
import type { PlannedRow } from '../../domain/exchange/plan-row.js';
import { SeatLedger } from '../../domain/exchange/seat-ledger.js';
import type { CellProblem } from '../../domain/exchange/table-columns.js';
import type { Site } from '../../domain/identity/site.js';
import type { AccountId, ImportId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { ExchangeDeps, PlanContext } from './exchange-deps.js';
import { EXCHANGE_KINDS } from './exchange-kinds.js';

/** Rows planned at once. */
export const PLAN_BATCH = 250;

/** What planning a file keeps from batch to batch; made anew after a crash. */
export interface PlanMemory {
  free: ((site: Site) => string | null) | null;
}

/** Plans the next rows of an import; nothing of the account changes. Returns the import as it is then. */
export async function planRows(deps: ExchangeDeps, wanted: Import, memory: PlanMemory): Promise<Import> {
  const { stores } = deps;
  const version = wanted.cursor <= 1 ? (await stores.accounts.get(wanted.accountId))?.configVersion ?? 0 : wanted.plannedVersion;
  const rows = await stores.imports.staged(wanted.id, wanted.cursor, PLAN_BATCH);
  const context: PlanContext = {
    stores, guides: deps.setUpGuides, newId: () => deps.ids.next(), at: deps.clock.now(),
    freeExtensions: async () => (memory.free ??= await freeExtensions(stores, wanted.accountId, wanted.id)),
  };
  const plan = await EXCHANGE_KINDS[wanted.kind].planner(context, wanted, rows);
  const ledger = new SeatLedger(wanted.seats ?? await freeSeats(stores, wanted.accountId));
  const planned = await unlessClaimed(stores, wanted.id, rows.map((row) => plan(row)));
  const judged = planned.map((row) => withSeats(row, ledger));
  await stores.imports.plan(wanted.id, judged.map(({ row, action, subject, changes, problems, warnings, chosen }) => ({ row, action, subject, changes, problems, warnings, chosen })));
  const last = rows.at(-1)?.row ?? wanted.cursor;
  const over = rows.length < PLAN_BATCH;
  const after: Import = {
    ...wanted, cursor: over ? 0 : last, counts: counted(wanted.counts, judged), seats: ledger.free(), plannedVersion: version,
    state: over ? importStep(wanted.state, 'planned') ?? wanted.state : wanted.state,
  };
  return await stores.imports.settle(wanted, after) ? after : wanted;
}

/** As before any row was planned. */
export function unplanned(wanted: Import): Import {
  return { ...wanted, state: 'parsing', cursor: 1, counts: NO_ROWS, appliedRows: 0, seats: null, problems: [], appliedAt: null, endedAt: null };
}

export async function freeSeats(stores: Stores, accountId: AccountId): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await stores.seats.all(accountId)).map(({ code, subscribed, assigned }) => [String(code), subscribed - assigned]));
}

async function freeExtensions(stores: Stores, accountId: AccountId, id: ImportId): Promise<(site: Site) => string | null> {
  const [account, sites] = [await stores.accounts.get(accountId), await stores.sites.all(accountId)];
  const book = new ExtensionBook(sites, await stores.siteMembers.extensions(accountId));
  if (account === null) return () => null;
  const rulesOf = ({ siteCode, country }: Site) => ({ siteCode, country, featureCodes: account.policy.featureCodes });
  const free = new FreeExtensions(book, rulesOf, new Set(await stores.imports.texts(id, 'extension')));
  return (site) => free.next(site);
}

/** Rows that ask for what an earlier one of the file has are wrong. */
async function unlessClaimed(stores: Stores, id: ImportId, rows: readonly PlannedRow[]): Promise<readonly PlannedRow[]> {
  const wanted = rows.flatMap(({ row, claims }) => claims.map(({ key }) => ({ key, row })));
  const holders = await stores.imports.claimKeys(id, wanted);
  return rows.map((row) => {
    const problems = row.claims.flatMap(({ key, column, value }): readonly CellProblem[] => {
      const holder = holders.get(key) ?? row.row;
      return holder === row.row ? [] : [{ row: row.row, column, text: `Row ${holder} has the same.`, value }];
    });
    return problems.length === 0 ? row : faulty(row, problems);
  });
}

function withSeats(row: PlannedRow, ledger: SeatLedger): PlannedRow {
  if (row.action !== 'add' && row.action !== 'update') return row;
  const problem = ledger.use(row.seats);
  return problem === null ? row : faulty(row, [{ row: row.row, column: 'Calling Plans', text: problem, value: '' }]);
}

function faulty(row: PlannedRow, problems: readonly CellProblem[]): PlannedRow {
  return { ...row, action: 'error', changes: [], entries: [], chosen: {}, problems: [...row.problems, ...problems] };
}

function counted(before: RowCounts, rows: readonly PlannedRow[]): RowCounts {
  const of = (action: keyof RowCounts): number => before[action] + rows.filter((row) => row.action === action).length;
  return { add: of('add'), update: of('update'), unchanged: of('unchanged'), error: of('error') };
}
