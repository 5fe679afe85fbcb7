import type { AccountId, FirmwareRuleId, SiteId } from '../ids.js';
import type { Device } from './device.js';
import type { LocalWindow } from './firmware-window.js';

/** The firmware that phones of some models should run, in the account or at one site. */
export interface FirmwareRule extends LocalWindow {
  readonly id: FirmwareRuleId;
  readonly accountId: AccountId;
  /** Null = the whole account. */
  readonly siteId: SiteId | null;
  /** Maker and model, as devices have them. */
  readonly deviceType: string;
  readonly deviceModel: string;
  /** Other models of the maker that it holds for, too. */
  readonly moreModels: readonly string[];
  /** Dotted numbers, e.g. `96.86.0.70`. */
  readonly version: string;
  /** Only phones that run this version or a higher one now, and this or a lower one; '' = whatever they run. */
  readonly fromVersion: string;
  readonly toVersion: string;
  /** https URL of the image, or of the folder where the family looks for it; '' = none. */
  readonly imageUrl: string;
  /** Name of an image of this version that is kept here; '' = none. With neither, phones are told nothing. */
  readonly imageFile: string;
  /** Share of the phones that are told, 0 to 100. */
  readonly percent: number;
  readonly createdAt: number;
}

export type FirmwareRange = Pick<FirmwareRule, 'fromVersion' | 'toVersion'>;

/** The models that a rule holds for. */
export function modelsOf({ deviceModel, moreModels }: Pick<FirmwareRule, 'deviceModel' | 'moreModels'>): readonly string[] {
  return [deviceModel, ...moreModels];
}

/**
 * The rule that holds for a device: its site's, else the account's.
 * @param runs version that the phone has now; null = unknown, and rules with a range hold for known ones only
 */
export function firmwareRuleFor(
  device: Pick<Device, 'siteId' | 'type' | 'model'>, rules: readonly FirmwareRule[], runs: string | null,
): FirmwareRule | null {
  const fitting = rules.filter((rule) => isOfModel(rule, device) && inRange(rule, runs));
  return fitting.find(({ siteId }) => siteId === device.siteId) ?? fitting.find(({ siteId }) => siteId === null) ?? null;
}

/** Whether two rules of one place could both hold for a phone. */
export function rulesOverlap(a: FirmwareRule, b: FirmwareRule): boolean {
  return a.siteId === b.siteId && same(a.deviceType, b.deviceType) && modelsOf(a).some((model) => modelsOf(b).some((other) => same(model, other)))
    && reaches(a.fromVersion, b.toVersion) && reaches(b.fromVersion, a.toVersion);
}

function isOfModel(rule: FirmwareRule, { type, model }: Pick<Device, 'type' | 'model'>): boolean {
  return same(rule.deviceType, type) && modelsOf(rule).some((one) => same(one, model));
}

function inRange({ fromVersion, toVersion }: FirmwareRange, runs: string | null): boolean {
  if (fromVersion === '' && toVersion === '') return true;
  return runs !== null && reaches(fromVersion, runs) && reaches(runs, toVersion);
}

/** Whether `low` is not above `high`; '' has no bound. */
function reaches(low: string, high: string): boolean {
  return low === '' || high === '' || compareVersions(low, high) <= 0;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** What every maker's releases look like: two to five numbers, the last ones perhaps with letters (`11.3.7`, `V86.1.0.15`, `6.4.6.2453-rts12`). */
export function isFirmwareVersion(text: string): boolean {
  return text.length <= 50 && /^[A-Za-z]?[0-9]{1,6}(?:\.[0-9A-Za-z]{1,8}){1,5}(?:[-_][0-9A-Za-z]{1,12})?$/.test(text);
}

/** Lower, equal (0) or higher, number by number; letters decide last. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.match(/[0-9]+/g) ?? []).map(Number));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : Number(a > b);
}
