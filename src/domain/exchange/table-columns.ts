/** A column of a table that people exchange with the product, as data. */
export interface ExchangeColumn<Name extends string> {
  readonly name: Name;
  /** As it stands in the first row; read without regard to case, blanks, dashes and underscores. */
  readonly title: string;
  readonly aliases?: readonly string[];
  readonly required: boolean;
  /** Most characters of a cell. */
  readonly longest: number;
  /** What stands there in a sample. */
  readonly sample: readonly string[];
}

export interface CellProblem {
  /** Of the file, the titles being row 1. */
  readonly row: number;
  /** Title of the column; '' = the whole row. */
  readonly column: string;
  readonly text: string;
  readonly value: string;
}

/** One row of the file; an absent or empty cell is ''. */
export interface ExchangeRow<Name extends string> {
  readonly row: number;
  readonly cells: Readonly<Record<Name, string>>;
  readonly problems: readonly CellProblem[];
}

export type ReadTable<Name extends string> =
  | { readonly kind: 'rows'; readonly rows: readonly ExchangeRow<Name>[] }
  /** The first row does not fit: nothing else is read. */
  | { readonly kind: 'unreadable'; readonly problems: readonly CellProblem[] };

const TITLE_ROW = 1;
const plainTitle = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, '');

/**
 * Reads a table by its columns; empty rows are passed over, and count.
 * @param table rows of cells, the titles first, as the file has them
 */
export function readTable<Name extends string>(columns: readonly ExchangeColumn<Name>[], table: readonly (readonly string[])[]): ReadTable<Name> {
  const [titles = [], ...body] = table;
  const places = titles.map((title) => columns.find((column) => [column.title, ...column.aliases ?? []].some((one) => plainTitle(one) === plainTitle(title))) ?? null);
  const problems = titleProblems(columns, titles, places);
  if (problems.length > 0) return { kind: 'unreadable', problems };
  const rows = body.flatMap((cells, at) => (cells.every((cell) => cell.trim() === '') ? [] : [readRow(columns, places, cells, at + TITLE_ROW + 1)]));
  return { kind: 'rows', rows };
}

function titleProblems<Name extends string>(
  columns: readonly ExchangeColumn<Name>[], titles: readonly string[], places: readonly (ExchangeColumn<Name> | null)[],
): readonly CellProblem[] {
  const all = columns.map(({ title }) => title).join(', ');
  const wrong = (column: string, text: string): CellProblem => ({ row: TITLE_ROW, column, text, value: column });
  return [
    ...titles.flatMap((title, at) => (places[at] === null ? [wrong(title, `There is no such column. The columns are ${all}.`)] : [])),
    ...columns.filter((column) => places.filter((place) => place === column).length > 1).map(({ title }) => wrong(title, 'This column is there twice.')),
    ...columns.filter((column) => column.required && !places.includes(column)).map(({ title }) => wrong(title, 'This column is missing.')),
  ];
}

function readRow<Name extends string>(
  columns: readonly ExchangeColumn<Name>[], places: readonly (ExchangeColumn<Name> | null)[], cells: readonly string[], row: number,
): ExchangeRow<Name> {
  const values = new Map<Name, string>(places.flatMap((column, at) => (column === null ? [] : [[column.name, plainCell(cells[at] ?? '')] as const])));
  const problems: CellProblem[] = [];
  if (cells.slice(places.length).some((cell) => cell.trim() !== '')) {
    problems.push({ row, column: '', text: `The row has ${cells.length} cells, the first one ${places.length}. Put cells that hold commas in quotes.`, value: '' });
  }
  for (const { name, title, required, longest } of columns) {
    const value = values.get(name) ?? '';
    if (required && value === '') problems.push({ row, column: title, text: 'This cell may not be empty.', value });
    else if (value.length > longest) problems.push({ row, column: title, text: `At most ${longest} characters.`, value: value.slice(0, longest) });
    else if (/\p{Cc}/u.test(value)) problems.push({ row, column: title, text: 'The cell holds a line break or another control character.', value: '' });
  }
  return { row, cells: Object.fromEntries(columns.map(({ name }) => [name, values.get(name) ?? ''])) as Record<Name, string>, problems };
}

/** A cell without blanks around it, and without the apostrophe that keeps a spreadsheet from calculating it: undoes `writtenCell`. */
export function plainCell(text: string): string {
  return text.trim().replace(/^'(?='*[=+\-@\t\r])/, '');
}

/** As a cell is written: what a spreadsheet would take for a formula gets one apostrophe more; a plain telephone number stays what it is. */
export function writtenCell(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) && !/^\+\d+$/.test(text) ? `'${text}` : text;
}

/** Titles and sample rows: a file that can be filled in. */
export function sampleTable<Name extends string>(columns: readonly ExchangeColumn<Name>[]): readonly (readonly string[])[] {
  const rows = Math.max(...columns.map(({ sample }) => sample.length));
  return [columns.map(({ title }) => title), ...Array.from({ length: rows }, (_, at) => columns.map(({ sample }) => sample[at] ?? ''))];
}

/** What separates the cells of a file, by its first row: quotes apart, whichever of comma, semicolon and tab is there most. */
export function delimiterOf(text: string): ',' | ';' | '\t' {
  const titles = (text.split(/\r\n|\n|\r/, 1)[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  const count = (one: string): number => titles.split(one).length - 1;
  return ([';', '\t'] as const).reduce<',' | ';' | '\t'>((best, one) => (count(one) > count(best) ? one : best), ',');
}
