import { refused, type Refused } from '../usecases/outcome.js';

const DAY_MS = 86_400_000;

/** An instant as the API writes it: `2026-11-22T08:30:00Z`; '' for none. */
export function apiTime(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A day as the API writes it, in UTC. */
export function apiDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The span that `from` and `to` name: days (both included, UTC) or instants; without them the last `days` days. */
export function readSpan(
  query: { readonly from?: string | undefined; readonly to?: string | undefined }, now: number, days: number,
): { readonly kind: 'span'; readonly from: number; readonly to: number } | Refused {
  const to = query.to === undefined ? now : endOf(query.to);
  const from = query.from === undefined ? to - days * DAY_MS : Date.parse(query.from);
  if (from > to) return refused('invalid', 'from', 'The span begins after its end.', query.from ?? '');
  return { kind: 'span', from, to };
}

function endOf(text: string): number {
  const at = Date.parse(text);
  return text.length === 'YYYY-MM-DD'.length ? at + DAY_MS - 1 : at;
}
