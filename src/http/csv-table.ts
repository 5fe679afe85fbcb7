import { CsvError, parse } from 'csv-parse';
import { refused, type Outcome, type Refused, done } from '../usecases/outcome.js';

/** A row with the line it begins on; 1 is the header. */
export interface CsvRow<Column extends string> {
  readonly line: number;
  readonly cells: Readonly<Partial<Record<Column, string>>>;
}

export interface CsvShape<Column extends string> {
  readonly columns: readonly Column[];
  /** Those that the header must have. */
  readonly required: readonly Column[];
  readonly mostRows: number;
}

/** Rows read before others have their turn. */
const TURN = 2000;

/**
 * Reads a table whose first line names its columns, in any order and case; a byte order mark and empty lines do not matter. What cannot be
 * read is refused as a whole, by its line.
 */
export async function readCsvTable<Column extends string>(text: string, shape: CsvShape<Column>): Promise<Outcome<readonly CsvRow<Column>[]>> {
  const rows: CsvRow<Column>[] = [];
  let header: readonly (Column | null)[] | null = null;
  let seen = 0;
  const parser = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: 10_000 });
  try {
    for await (const one of parser) {
      const { record, info } = one as { readonly record: readonly string[]; readonly info: { readonly lines: number } };
      seen += 1;
      if (seen % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      if (header === null) {
        const read = readHeader(record, shape);
        if (read.kind === 'refused') return read;
        header = read.value;
        continue;
      }
      const columns = header;
      if (record.length > columns.length) return refused('invalid', `line ${info.lines}`, `The header names ${columns.length} columns, this line has ${record.length}.`);
      if (rows.length >= shape.mostRows) return refused('invalid', 'body', `Send at most ${shape.mostRows} rows.`);
      const cells = Object.fromEntries(record.flatMap((cell, index) => (columns[index] === null ? [] : [[columns[index], cell]])));
      rows.push({ line: info.lines, cells: cells as CsvRow<Column>['cells'] });
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return unreadable(error);
  }
  return header === null ? refused('invalid', 'body', `The table is empty. Its first line names the columns: ${shape.columns.join(', ')}.`) : done(rows);
}

function readHeader<Column extends string>(names: readonly string[], { columns, required }: CsvShape<Column>): Outcome<readonly (Column | null)[]> {
  const header = names.map((name) => columns.find((column) => column === name.trim().toLowerCase().replace(/[ -]/g, '_')) ?? null);
  const strange = names.find((name, index) => header[index] === null && name.trim() !== '');
  if (strange !== undefined) return refused('invalid', 'line 1', `There is no such column. There are ${columns.join(', ')}.`, strange.slice(0, 100));
  const twice = header.find((column, index) => column !== null && header.indexOf(column) !== index);
  if (twice !== undefined) return refused('invalid', 'line 1', 'This column stands twice. Keep one.', String(twice));
  const missing = required.filter((column) => !header.includes(column));
  return missing.length === 0 ? done(header) : refused('invalid', 'line 1', `The header lacks ${missing.join(', ')}.`);
}

function unreadable(error: CsvError): Refused {
  const line = typeof error['lines'] === 'number' ? error['lines'] : null;
  return refused('invalid', line === null ? 'body' : `line ${line}`, `This is no CSV: ${error.message.slice(0, 200)}`);
}
