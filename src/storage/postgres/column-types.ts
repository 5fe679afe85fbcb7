import type { ColumnType } from 'kysely';

/** timestamptz: read as epoch milliseconds (the pool's type parser), written as Date. */
export type Instant = ColumnType<number, Date, Date>;
export type InstantOrNull = ColumnType<number | null, Date | null, Date | null>;
/** jsonb: read as parsed value, written as the text of `toJson`. */
export type Json<T> = ColumnType<T, string, string>;
export type JsonOrNull<T> = ColumnType<T | null, string | null, string | null>;
