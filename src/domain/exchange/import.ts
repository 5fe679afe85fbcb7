import type { AccountId, ImportId, SiteId, UserId } from '../ids.js';
import type { CellProblem } from './table-columns.js';

/** What a file is about. */
export const IMPORT_KINDS = ['users', 'common_areas', 'devices', 'phone_numbers'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/**
 * `parsing`: its rows are read and planned. `applying`, `rolling_back` and `undoing` are on their way, a slice of rows a transaction, and go on
 * after a crash. `failed`: nothing of it is there.
 */
export const IMPORT_STATES = ['parsing', 'planned', 'applying', 'rolling_back', 'applied', 'undoing', 'undone', 'discarded', 'failed'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export type ImportEvent =
  /** Every row has its plan. */
  | 'planned'
  /** The file is none that can be read, or its sender went away. */
  | 'unreadable'
  /** A person asks. */
  | 'plan' | 'apply' | 'discard' | 'undo'
  /** A row is not as it was planned. */
  | 'refused'
  /** The last slice is done. */
  | 'finished'
  /** Later changes stand in the way of undoing. */
  | 'blocked';

const STEPS: Readonly<Record<ImportState, Partial<Readonly<Record<ImportEvent, ImportState>>>>> = {
  parsing: { planned: 'planned', unreadable: 'failed', discard: 'discarded' },
  planned: { apply: 'applying', discard: 'discarded', plan: 'parsing' },
  applying: { finished: 'applied', refused: 'rolling_back' },
  rolling_back: { finished: 'failed' },
  applied: { undo: 'undoing' },
  undoing: { finished: 'undone', blocked: 'applied' },
  undone: { plan: 'parsing' },
  discarded: {},
  failed: { plan: 'parsing', discard: 'discarded' },
};

/** The state after an event; null = the event means nothing there. */
export function importStep(state: ImportState, event: ImportEvent): ImportState | null {
  return STEPS[state][event] ?? null;
}

/** States that a node must carry on. */
export const WORKING_STATES: readonly ImportState[] = ['parsing', 'applying', 'rolling_back', 'undoing'];

export type RowAction = 'add' | 'update' | 'unchanged' | 'error';
export const ROW_ACTIONS: readonly RowAction[] = ['add', 'update', 'unchanged', 'error'];
export type RowCounts = Readonly<Record<RowAction, number>>;
export const NO_ROWS: RowCounts = { add: 0, update: 0, unchanged: 0, error: 0 };

/** Instants are epoch ms. */
export interface Import {
  readonly id: ImportId;
  readonly accountId: AccountId;
  readonly kind: ImportKind;
  /** Where rows belong that name no site; null = the main site. */
  readonly siteId: SiteId | null;
  /** Whose settings rows get first. */
  readonly copyFrom: UserId | null;
  /** People who are added get a PIN, by mail. */
  readonly notify: boolean;
  readonly state: ImportState;
  /** False while the file is on its way. */
  readonly staged: boolean;
  readonly rows: number;
  /** Of the file: the last row that the present work has dealt with; going backwards, the first. */
  readonly cursor: number;
  readonly counts: RowCounts;
  /** Rows that are in force now. */
  readonly appliedRows: number;
  /** Free seats by code, as the plan has used them up; null = not read yet. */
  readonly seats: Readonly<Record<string, number>> | null;
  readonly faultyRows: 'refuse' | 'ignore';
  /** Of the account's configuration, when planning began. */
  readonly plannedVersion: number;
  /** What is wrong with the file, or stood in the way; at most a hundred. */
  readonly problems: readonly CellProblem[];
  readonly createdAt: number;
  readonly createdBy: string;
  /** Who asked last for what is done with it, as the audit log names them. */
  readonly askedBy: string;
  readonly appliedAt: number | null;
  readonly endedAt: number | null;
}

/** One cell that a row changes. */
export interface CellChange {
  /** Title of the column. */
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** What a cell asks for; `null` clears. Cells that are not there keep what is. Under '' stands what is wrong with the row's form. */
export type RowCells = Readonly<Record<string, string | null>>;
