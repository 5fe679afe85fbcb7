import { stringify } from 'csv-stringify/sync';
import type { Page, PageRequest } from '../ports/admin-stores.js';
import type { Answer } from './answers.js';

/** Rows read at once: what an export holds in memory, however long it is. */
const ROWS = 500;

/** What is no text is written as JSON. A cell that a spreadsheet would take for a formula gets an apostrophe; plain telephone numbers stay what they are. */
export function csvCell(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
  return /^[=+\-@\t\r]/.test(text) && !/^\+?\d+$/.test(text) ? `'${text}` : text;
}

/**
 * An answer that writes rows page by page, as fast as the reader takes them. The first page is read before the answer begins, so
 * that a fault then is still an error answer; a later one cuts the connection, which tells a whole file from a part.
 */
export async function csvAnswer<Item>(
  filename: string, columns: readonly string[], read: (page: PageRequest) => Promise<Page<Item>>,
  rowOf: (item: Item) => object,
): Promise<Answer> {
  const first = await read({ size: ROWS, after: null });
  const lines = (items: readonly Item[]): string => stringify(items.map((item) => {
    const row = new Map<string, unknown>(Object.entries(rowOf(item)));
    return columns.map((name) => csvCell(row.get(name) ?? ''));
  }), { record_delimiter: 'windows' });
  async function* chunks(): AsyncGenerator<string> {
    yield stringify([[...columns]], { record_delimiter: 'windows' });
    for (let page = first; ; page = await read({ size: ROWS, after: page.next })) {
      if (page.items.length > 0) yield lines(page.items);
      if (page.next === null) return;
    }
  }
  return { kind: 'stream', status: 200, contentType: 'text/csv; charset=utf-8; header=present', filename, chunks: chunks() };
}
