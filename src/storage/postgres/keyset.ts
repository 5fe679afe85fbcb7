import type { Page, PageRequest } from '../../ports/admin-stores.js';

/** How many rows to read for a page: one more than asked for tells whether another page follows. */
export function rowsToRead(page: PageRequest): number {
  return pageSize(page) + 1;
}

function pageSize(page: PageRequest): number {
  return Math.max(1, Math.trunc(page.size));
}

/** Makes the page of what `rowsToRead` rows gave; `keyOf` gives the key that the next page continues after. */
export function toPage<Row, Item>(
  rows: readonly Row[], page: PageRequest, total: number, keyOf: (row: Row) => string, itemOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, pageSize(page));
  const last = shown.at(-1);
  return { items: shown.map(itemOf), next: rows.length > shown.length && last !== undefined ? keyOf(last) : null, total };
}
