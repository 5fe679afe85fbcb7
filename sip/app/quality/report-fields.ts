/** Fields of reports by their names in capitals; of one written twice the first counts. */
export type ReportFields = ReadonlyMap<string, string>;

/** More than any report has. */
const MOST_FIELDS = 64;

/** Reads `NAME=value` pieces; whatever else stands between the separators is left out. Values keep no quotes. */
export function readFields(text: string, separator: RegExp): ReportFields {
  const fields = new Map<string, string>();
  for (const piece of text.split(separator, MOST_FIELDS)) {
    const at = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, at)).trim().toUpperCase();
    if (/^[A-Z][A-Z0-9_-]{0,31}$/.test(name) && !fields.has(name)) fields.set(name, piece.slice(at + 1).trim().replace(/^"|"$/g, ''));
  }
  return fields;
}

/** A number between 0 and `most`; null where there is none, or no such. `at` = which of several with commas between. */
export function numberIn(fields: ReportFields, name: string, most: number, at = 0): number | null {
  const text = fields.get(name)?.split(',')[at]?.trim() ?? '';
  const value = /^\d{1,12}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  return value <= most ? value : null;
}

/** A mean opinion; null for 12.7 and its like, by which RFC 6035 §4.6.2 says that there is none. */
export function opinionIn(fields: ReportFields, ...names: readonly string[]): number | null {
  for (const name of names) {
    const mos = numberIn(fields, name, 5);
    if (mos !== null && mos >= 1) return mos;
  }
  return null;
}

/** A codec's name as in SDP, without rate; '' where there is none. */
export function codecIn(fields: ReportFields, ...names: readonly string[]): string {
  for (const name of names) {
    const codec = /^[A-Za-z][A-Za-z0-9._-]{0,23}/.exec(fields.get(name) ?? '')?.[0];
    if (codec !== undefined) return codec;
  }
  return '';
}

/** No way on earth takes longer, milliseconds. */
export const LONGEST_MS = 60_000;
export const ALL_PERCENT = 100;
/** 32 bits. */
export const MOST_PACKETS = 4_294_967_295;
