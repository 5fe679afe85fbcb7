import type { Entry } from '../../domain/exchange/entry.js';
import type { CellChange, Import, RowAction, RowCells, RowCounts } from '../../domain/exchange/import.js';
import type { CellProblem } from '../../domain/exchange/table-columns.js';
import type { AccountId, ImportId, SiteId, UserId } from '../../domain/ids.js';
import type { Instant, InstantOrNull, Json, JsonOrNull } from './column-types.js';

export interface ImportsTable {
  readonly id: ImportId;
  readonly account_id: AccountId;
  readonly kind: Import['kind'];
  readonly site_id: SiteId | null;
  readonly copy_from: UserId | null;
  readonly notify: boolean;
  readonly state: Import['state'];
  readonly staged: boolean;
  readonly rows: number;
  readonly cursor: number;
  readonly counts: Json<RowCounts>;
  readonly applied_rows: number;
  readonly seats: JsonOrNull<Readonly<Record<string, number>>>;
  readonly faulty_rows: Import['faultyRows'];
  readonly planned_version: number;
  readonly problems: Json<readonly CellProblem[]>;
  readonly created_at: Instant;
  readonly created_by: string;
  readonly asked_by: string;
  readonly applied_at: InstantOrNull;
  readonly ended_at: InstantOrNull;
  readonly busy_until: InstantOrNull;
}

export interface ImportRowsTable {
  readonly import_id: ImportId;
  readonly account_id: AccountId;
  readonly row: number;
  readonly cells: Json<RowCells>;
  readonly chosen: Json<RowCells>;
  /** '' = not planned yet. */
  readonly action: RowAction | '';
  readonly subject: string;
  readonly changes: Json<readonly CellChange[]>;
  readonly problems: Json<readonly CellProblem[]>;
  readonly warnings: Json<readonly CellProblem[]>;
  readonly journal: JsonOrNull<readonly Entry[]>;
}

export interface ImportClaimsTable {
  readonly import_id: ImportId;
  readonly account_id: AccountId;
  readonly key: string;
  readonly row: number;
}

export interface ImportTables {
  readonly imports: ImportsTable;
  readonly import_rows: ImportRowsTable;
  readonly import_claims: ImportClaimsTable;
}
