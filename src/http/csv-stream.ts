import { Readable, pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import { delimiterOf } from '../domain/exchange/table-columns.js';
import type { ReadRow } from '../usecases/exchange/upload-import.js';

/** A hundred thousand people with nine phones each. */
const MOST_BYTES = 256 * 1_048_576;
/** Characters of one row. */
const LONGEST_ROW = 50_000;
/** Characters in which the first row ends, or what separates its cells is told by them alone. */
const FIRST_ROW = 20_000;

class Unreadable extends Error {}

/**
 * Reads a table as it comes, holding a few rows at a time: UTF-8 with or without a byte order mark, comma, semicolon or tab, any line ends, quoted
 * cells that hold each of them. Ends with what is wrong where the bytes are no such table.
 */
export async function* readCsvStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<ReadRow> {
  let row = 0;
  try {
    const texts = textsOf(body);
    const first = await firstOf(texts);
    const parser = parse({ delimiter: delimiterOf(first), relax_column_count: true, max_record_size: LONGEST_ROW });
    pipeline(Readable.from(joined(first, texts)), parser, () => undefined);
    for await (const cells of parser as AsyncIterable<readonly string[]>) {
      row += 1;
      yield { kind: 'row', row, cells };
    }
  } catch (error) {
    if (error instanceof Unreadable) yield { kind: 'unreadable', row: row + 1, text: error.message };
    else if (error instanceof CsvError) yield { kind: 'unreadable', row: row + 1, text: unreadableText(error) };
    else throw error;
  }
}

function unreadableText(error: CsvError): string {
  if (error.code === 'CSV_MAX_RECORD_SIZE') return `The row is longer than ${LONGEST_ROW} characters: perhaps a quote before it was never closed.`;
  return 'This is no CSV: a quote is open, or stands inside a cell without quotes.';
}

async function* textsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Unreadable(`The file is larger than ${MOST_BYTES / 1_048_576} MB. Cut it in parts.`);
    yield decoded(decoder, chunk);
  }
  yield decoded(decoder, null);
}

function decoded(decoder: TextDecoder, chunk: Uint8Array | null): string {
  try {
    return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new Unreadable('The file is not written in UTF-8. Save it as "CSV UTF-8" and send it again.');
  }
}

/** As much as tells what separates cells. */
async function firstOf(texts: AsyncGenerator<string>): Promise<string> {
  let first = '';
  while (!/[\r\n]/.test(first.replace(/"(?:[^"]|"")*"?/g, '')) && first.length < FIRST_ROW) {
    const next = await texts.next();
    if (next.done === true) break;
    first += next.value;
  }
  return first;
}

async function* joined(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}
