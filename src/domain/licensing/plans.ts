/** Regions a calling plan serves; `global` plans name their country when they are assigned. */
export type PlanRegion = 'US_CA' | 'AU_NZ' | 'GB_IE' | 'EUR_A' | 'EUR_B' | 'JP' | 'GLOBAL';

export type CallingPlanCode = 100 | 101 | 102 | 103 | 104 | 107 | 200 | 201 | 202 | 203 | 204 | 207 | 1000 | 1001;
export type PackageCode = 1 | 3000 | 3010 | 3040;
export type AddOnCode = 4000 | 4010;
/** What a person or a place holds besides calling plans. */
export type LicenceCode = PackageCode | AddOnCode;
/** Anything that is counted in seats. */
export type SeatCode = CallingPlanCode | PackageCode | AddOnCode;

export interface CallingPlan {
  readonly code: CallingPlanCode;
  readonly name: string;
  readonly kind: 'metered' | 'unlimited';
  readonly region: PlanRegion;
}
