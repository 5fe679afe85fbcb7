import { seatByNameOrCode } from '../licensing/catalogue.js';
import { isCurrency, readPrice, moneyText } from './money.js';
import type { Inclusion, Rate } from './rate.js';

/** Columns of a rate deck as a file, in their order. */
export const RATE_COLUMNS = [
  'prefix', 'destination', 'currency', 'rate_per_minute', 'connect_fee', 'first_increment_seconds', 'next_increment_seconds', 'included_by', 'effective_from',
] as const;
export type RateColumn = (typeof RATE_COLUMNS)[number];

export type RateCells = Readonly<Partial<Record<RateColumn, string>>>;

/** One cell that cannot be taken, and what to write instead. */
export interface RateCellProblem {
  readonly column: RateColumn;
  readonly value: string;
  readonly text: string;
}

/** Prefix of the rate of every number without a closer one, as files write it. */
const EVERY_NUMBER = '*';
const LONGEST_INCREMENT = 3600;

/** Reads one row; every cell that is wrong is named. Empty cells take what is usual. */
export function readRateRow(cells: RateCells): { readonly kind: 'rate'; readonly rate: Rate } | { readonly kind: 'wrong'; readonly problems: readonly RateCellProblem[] } {
  const problems: RateCellProblem[] = [];
  const read = <T>(column: RateColumn, usual: string, parse: (text: string) => T | null, text: string): T | null => {
    // A sheet that guards texts against being taken for formulas puts an apostrophe before them.
    const value = (cells[column] ?? '').trim().replace(/^'/, '') || usual;
    const found = parse(value);
    if (found === null) problems.push({ column, value, text });
    return found;
  };
  const prefix = read('prefix', '', prefixOf, `Give the digits that numbers begin with, with country code, e.g. +4420; ${EVERY_NUMBER} is every number.`);
  const destination = read('destination', '', (text) => (text.length <= 100 && !hasControl(text) ? text : null), 'Give at most 100 characters, none of them control characters.');
  const currency = read('currency', '', (text) => (isCurrency(text) ? text : null), 'Give a currency of three capital letters, e.g. USD.');
  const perMinute = read('rate_per_minute', '', readPrice, 'Give a price from 0 to 1000 with at most six places, e.g. 0.0125.');
  const connectFee = read('connect_fee', '0', readPrice, 'Give a price from 0 to 1000 with at most six places, e.g. 0.05.');
  const seconds = `Give whole seconds from 1 to ${LONGEST_INCREMENT}.`;
  const firstSeconds = read('first_increment_seconds', '60', secondsOf, seconds);
  const nextSeconds = read('next_increment_seconds', '60', secondsOf, seconds);
  const includedBy = read('included_by', 'unlimited', inclusionsOf, 'Give unlimited, metered, codes or names of plans or the international add-on, separated by ;, or none.');
  const effectiveFrom = read('effective_from', '1970-01-01', instantOf, 'Give a day (UTC) or an instant, e.g. 2026-01-01 or 2026-01-01T08:00:00Z.');
  if (
    prefix === null || destination === null || currency === null || perMinute === null || connectFee === null || firstSeconds === null
    || nextSeconds === null || includedBy === null || effectiveFrom === null
  ) return { kind: 'wrong', problems };
  return { kind: 'rate', rate: { prefix, destination, currency, perMinute, connectFee, firstSeconds, nextSeconds, includedBy, effectiveFrom } };
}

/** The row of a rate; reading it again gives the same rate. */
export function rateRow(rate: Rate): Readonly<Record<RateColumn, string>> {
  return {
    prefix: rate.prefix === '' ? EVERY_NUMBER : rate.prefix, destination: rate.destination, currency: rate.currency,
    rate_per_minute: moneyText(rate.perMinute), connect_fee: moneyText(rate.connectFee), first_increment_seconds: String(rate.firstSeconds),
    next_increment_seconds: String(rate.nextSeconds), included_by: rate.includedBy.length === 0 ? 'none' : rate.includedBy.join(';'),
    effective_from: rate.effectiveFrom === 0 ? '' : new Date(rate.effectiveFrom).toISOString().replace('.000Z', 'Z'),
  };
}

function prefixOf(text: string): string | null {
  if (text === EVERY_NUMBER) return '';
  const digits = text.replace(/^\+/, '');
  return /^[1-9]\d{0,14}$/.test(digits) ? `+${digits}` : null;
}

function secondsOf(text: string): number | null {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return seconds >= 1 && seconds <= LONGEST_INCREMENT ? seconds : null;
}

function inclusionsOf(text: string): readonly Inclusion[] | null {
  if (text.toLowerCase() === 'none') return [];
  const found = text.split(/[;|]/).map((one): Inclusion | null => {
    const token = one.trim().toLowerCase();
    if (token === 'unlimited' || token === 'metered') return token;
    const seat = seatByNameOrCode(token);
    return seat === undefined || seat.kind === 'package' ? null : `${seat.code}`;
  });
  const tokens = found.filter((one) => one !== null);
  return tokens.length === found.length ? [...new Set(tokens)].sort() : null;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{3})?(Z|[+-]\d{2}:\d{2}))?$/;

function instantOf(text: string): number | null {
  const at = INSTANT.test(text) ? Date.parse(text) : NaN;
  return at >= 0 ? at : null;
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}
