import type { PlanRegion } from '../licensing/plans.js';
import { regionOf } from '../licensing/catalogue.js';
import type { PhoneNumber } from './phone-number.js';

/** A kind of number as plans count them. */
export interface NumberKind {
  /** The public code. */
  readonly code: number;
  readonly name: string;
}

type Region = Exclude<PlanRegion, 'GLOBAL'>;

const REGION_NAMES: Readonly<Record<Region, string>> = {
  US_CA: 'US/CA', AU_NZ: 'AU/NZ', GB_IE: 'GB/IE', EUR_A: 'EUR-A', EUR_B: 'EUR-B', JP: 'JP',
};
const TOLL: Readonly<Record<Region, number>> = { US_CA: 300, AU_NZ: 301, GB_IE: 302, EUR_A: 303, EUR_B: 304, JP: 307 };
/** Public codes end at 404: a toll-free number of Japan counts as an international one. */
const TOLL_FREE: Readonly<Partial<Record<Region, number>>> = { US_CA: 400, AU_NZ: 401, GB_IE: 402, EUR_A: 403, EUR_B: 404 };
const BYOC: NumberKind = { code: 5, name: 'BYOC Number' };
const INTERNATIONAL_TOLL: NumberKind = { code: 3, name: 'International Toll Number' };
const INTERNATIONAL_TOLL_FREE: NumberKind = { code: 4, name: 'International Toll-free Number' };

const REGIONS: readonly Region[] = ['US_CA', 'AU_NZ', 'GB_IE', 'EUR_A', 'EUR_B', 'JP'];

/** Every kind there is, brought-along numbers first. */
export const NUMBER_KINDS: readonly NumberKind[] = [
  BYOC,
  ...REGIONS.map(tollOf),
  ...REGIONS.flatMap((region) => tollFreeOf(region) ?? []),
  INTERNATIONAL_TOLL,
  INTERNATIONAL_TOLL_FREE,
  { code: 5000, name: 'Premium Number' },
];

/** The kind a number counts as; a number brought along is BYOC whatever its country. */
export function numberKind({ source, numberType, country }: Pick<PhoneNumber, 'source' | 'numberType' | 'country'>): NumberKind {
  if (source === 'external') return BYOC;
  const region = country === null ? null : regionOf(country);
  if (numberType === 'tollfree') return (region === null ? null : tollFreeOf(region)) ?? INTERNATIONAL_TOLL_FREE;
  return region === null ? INTERNATIONAL_TOLL : tollOf(region);
}

function tollOf(region: Region): NumberKind {
  return { code: TOLL[region], name: `${REGION_NAMES[region]} Toll Number` };
}

function tollFreeOf(region: Region): NumberKind | null {
  const code = TOLL_FREE[region];
  return code === undefined ? null : { code, name: `${REGION_NAMES[region]} Toll-free Number` };
}
