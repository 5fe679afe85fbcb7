import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** Conversions between the domain's values and columns, the same for every store. */

/** An escape of NUL or of a lone surrogate in JSON text, neither of which jsonb takes (well-formed JSON.stringify escapes both). */
const UNSTORABLE_ESCAPE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** Text for a jsonb column; characters that PostgreSQL cannot hold become U+FFFD. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSTORABLE_ESCAPE, '$1\\ufffd');
}

/** Like `toJson`, with null as SQL's null. */
export function toJsonOrNull(value: unknown): string | null {
  return value === null ? null : toJson(value);
}

/** Applies `convert` to a change when it is given: `undefined` leaves the column as it is. */
export function changed<From, To>(value: From | undefined, convert: (value: From) => To): To | undefined {
  return value === undefined ? undefined : convert(value);
}

export function toDate(epochMs: number): Date {
  return new Date(epochMs);
}

/** An instant to compare a timestamptz column with. */
export function instant(epochMs: number): RawBuilder<number> {
  return sql<number>`${new Date(epochMs)}::timestamptz`;
}

export function toDateOrNull(epochMs: number | null): Date | null {
  return epochMs === null ? null : new Date(epochMs);
}

/** Whether an update names any column: kysely leaves out `undefined`, and an empty SET is no SQL. */
export function hasChanges(columns: Readonly<Record<string, unknown>>): boolean {
  return Object.values(columns).some((value) => value !== undefined);
}

/** The form of a text that case-insensitive unique rules compare: `lower` under the C collation changes A to Z alone. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
