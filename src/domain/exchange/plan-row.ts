import type { SeatCode } from '../licensing/plans.js';
import type { Entry } from './entry.js';
import type { CellChange, RowAction, RowCells } from './import.js';
import type { CellProblem, ExchangeColumn } from './table-columns.js';

/** A value that no two rows of a file may ask for. */
export interface Claim {
  /** `mac:805ec0000001` */
  readonly key: string;
  readonly column: string;
  readonly value: string;
}

export interface PlannedRow {
  readonly row: number;
  readonly action: RowAction;
  /** Whom or what it is about, as people call it. */
  readonly subject: string;
  readonly changes: readonly CellChange[];
  readonly problems: readonly CellProblem[];
  readonly warnings: readonly CellProblem[];
  readonly entries: readonly Entry[];
  readonly claims: readonly Claim[];
  readonly seats: SeatUse;
  /** Cells that the plan filled in, to be applied as if they stood in the file. */
  readonly chosen: RowCells;
}

export interface SeatUse {
  readonly taken: readonly SeatCode[];
  readonly freed: readonly SeatCode[];
}

/** What a planner says of one row while it reads it. */
export class RowReader<Name extends string> {
  readonly problems: CellProblem[] = [];
  readonly warnings: CellProblem[] = [];
  readonly claims: Claim[] = [];
  readonly row: number;
  readonly #cells: RowCells;
  readonly #columns: readonly ExchangeColumn<string>[];

  constructor(row: number, cells: RowCells, columns: readonly ExchangeColumn<Name>[]) {
    this.row = row;
    this.#cells = cells;
    this.#columns = columns;
    const broken = cells[''];
    if (typeof broken === 'string') this.problems.push({ row, column: '', text: broken, value: '' });
  }

  /** What the cell asks for; undefined keeps what is, null clears it. A cell that says what is there already keeps it. */
  wish(name: Name, now: string): string | null | undefined {
    const text = this.#cells[name];
    if (text === undefined || text === now || text === now.trim()) return undefined;
    return text === null && now === '' ? undefined : text;
  }

  /** The same for a column that cannot be cleared: `why` says so. */
  firm(name: Name, now: string, why: string): string | undefined {
    const wish = this.wish(name, now);
    if (wish !== null) return wish;
    this.problem(name, why);
    return undefined;
  }

  /** The same for text of people: null has become ''. */
  text(name: Name, now: string): string {
    const wish = this.wish(name, now);
    if (wish === undefined) return now;
    const longest = this.#columns.find((column) => column.name === name)?.longest ?? 0;
    if (wish !== null && wish.length > longest) this.problem(name, `At most ${longest} characters.`);
    if (wish !== null && /\p{Cc}/u.test(wish)) this.problem(name, 'The cell holds a line break or another control character.');
    return wish ?? '';
  }

  raw(name: Name): string | null | undefined {
    return this.#cells[name];
  }

  problem(name: Name | '', text: string): void {
    this.problems.push({ row: this.row, column: this.title(name), text, value: name === '' ? '' : (this.#cells[name] ?? '').slice(0, 200) });
  }

  warn(name: Name, text: string): void {
    this.warnings.push({ row: this.row, column: this.title(name), text, value: (this.#cells[name] ?? '').slice(0, 200) });
  }

  claim(name: Name, key: string): void {
    this.claims.push({ key, column: this.title(name), value: (this.#cells[name] ?? '').slice(0, 200) });
  }

  title(name: Name | ''): string {
    return this.#columns.find((column) => column.name === name)?.title ?? name;
  }
}

/** Cells as an export writes them, by column. */
export type ShownCells<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/** What differs between two rows of an export. */
export function changedCells<Name extends string>(
  columns: readonly ExchangeColumn<Name>[], before: ShownCells<Name>, after: ShownCells<Name>,
): readonly CellChange[] {
  return columns.flatMap(({ name, title }) => {
    const [old = '', now = ''] = [before[name], after[name]];
    return old === now ? [] : [{ column: title, before: old, after: now }];
  });
}
