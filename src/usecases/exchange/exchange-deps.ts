import type { Import } from '../../domain/exchange/import.js';
import type { PlannedRow } from '../../domain/exchange/plan-row.js';
import type { ExchangeColumn } from '../../domain/exchange/table-columns.js';
import type { Site } from '../../domain/identity/site.js';
import type { AccountId } from '../../domain/ids.js';
import type { Page, PageRequest, Stores } from '../../ports/admin-stores.js';
import type { StagedRow } from '../../ports/import-stores.js';
import type { LocationService } from '../../ports/location-service.js';
import type { SetUpGuides } from '../../ports/set-up-guides.js';
import type { AdminDeps } from '../admin/admin-deps.js';

export interface ExchangeDeps extends AdminDeps {
  readonly setUpGuides: Pick<SetUpGuides, 'prefixes'>;
  readonly locations: Pick<LocationService, 'drop'>;
}

/** What a planner of rows works with. */
export interface PlanContext {
  readonly stores: Stores;
  readonly guides: Pick<SetUpGuides, 'prefixes'>;
  readonly newId: () => string;
  readonly at: number;
  /** Makes the giver of free extensions where rows need one; at the time of applying every row has its own. */
  readonly freeExtensions: (() => Promise<(site: Site) => string | null>) | null;
}

/** One kind of file. */
export interface ExchangeKind {
  readonly columns: readonly ExchangeColumn<string>[];
  /** Reads what a batch of rows is held against; the planning itself is pure. */
  planner(context: PlanContext, wanted: Import, rows: readonly StagedRow[]): Promise<(row: StagedRow) => PlannedRow>;
  /** Cells by the names of columns, in the order of ids. */
  exported(stores: Stores, accountId: AccountId, page: PageRequest): Promise<Page<Readonly<Record<string, string | undefined>>>>;
}
