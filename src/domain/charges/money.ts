/** Money is whole micro-units (millionths) of a currency; no amount is ever a fraction of them. */
export type Micros = number;

export const MICROS_PER_UNIT = 1_000_000;
/** Dearest minute and connection: with a call of a week, every sum stays a safe integer. */
export const HIGHEST_PRICE: Micros = 1_000 * MICROS_PER_UNIT;

const PRICE = /^(\d{1,4})(?:\.(\d{1,6}))?$/;

/** Reads a decimal with a point and at most six places, `0.0125`; null = that is no price from 0 to 1000. */
export function readPrice(text: string): Micros | null {
  const parts = PRICE.exec(text);
  if (parts === null) return null;
  const micros = Number(parts[1]) * MICROS_PER_UNIT + Number((parts[2] ?? '').padEnd(6, '0'));
  return micros <= HIGHEST_PRICE ? micros : null;
}

/** As a decimal without needless zeros, at least two places: `0.0125`, `1.50`. */
export function moneyText(micros: Micros): string {
  const sign = micros < 0 ? '-' : '';
  const size = Math.abs(micros);
  const rest = size % MICROS_PER_UNIT;
  const places = String(rest).padStart(6, '0').replace(/0{1,4}$/, '');
  return `${sign}${(size - rest) / MICROS_PER_UNIT}.${places}`;
}

/** ISO 4217 by its form alone: which currencies there are is the deck's business. */
export function isCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}

/** What so many seconds cost, to the nearest micro-unit, halves up. */
export function priceOf(perMinute: Micros, seconds: number): Micros {
  const sixtieths = perMinute * seconds + 30;
  return (sixtieths - sixtieths % 60) / 60;
}
