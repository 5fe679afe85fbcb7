import type { AccountId, FirmwareRuleId, SiteId } from '../ids.js';
import type { Device } from './device.js';

/** The firmware that phones of one model should run, in the account or at one site. */
export interface FirmwareRule {
  readonly id: FirmwareRuleId;
  readonly accountId: AccountId;
  /** Null = the whole account. */
  readonly siteId: SiteId | null;
  /** Maker and model, as devices have them. */
  readonly deviceType: string;
  readonly deviceModel: string;
  /** Dotted numbers, e.g. `96.86.0.70`. */
  readonly version: string;
  /** https URL of the image, or of the folder where the family looks for it; '' = phones are told nothing. */
  readonly imageUrl: string;
  /** Share of the phones that are told, 0 to 100. */
  readonly percent: number;
  readonly createdAt: number;
}

/** The rule that holds for a device: its site's, else the account's. */
export function firmwareRuleFor(device: Pick<Device, 'siteId' | 'type' | 'model'>, rules: readonly FirmwareRule[]): FirmwareRule | null {
  const fitting = rules.filter(({ deviceType, deviceModel }) => same(deviceType, device.type) && same(deviceModel, device.model));
  return fitting.find(({ siteId }) => siteId === device.siteId) ?? fitting.find(({ siteId }) => siteId === null) ?? null;
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
