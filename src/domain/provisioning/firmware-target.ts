import type { DeviceId } from '../ids.js';
import type { Device } from '../device/device.js';
import { firmwareRuleFor, type FirmwareRule } from '../device/firmware-rules.js';
import type { FirmwareTarget } from './phone-configuration.js';

/**
 * The firmware that the phone is told to run; null = it keeps what it has. A rule without an image tells phones nothing, and a staged
 * one reaches its share of phones: the same phones at each look, more of them when the share grows, others with the next release.
 */
export function firmwareTarget(device: Pick<Device, 'id' | 'siteId' | 'type' | 'model'>, rules: readonly FirmwareRule[]): FirmwareTarget | null {
  const rule = firmwareRuleFor(device, rules);
  if (rule === null || rule.imageUrl === '') return null;
  return isInShare(rule, device.id) ? { version: rule.version, url: rule.imageUrl } : null;
}

/** Whether a staged rule reaches the phone. */
export function isInShare({ deviceType, version, percent }: Pick<FirmwareRule, 'deviceType' | 'version' | 'percent'>, deviceId: DeviceId): boolean {
  return fnv1a(`${deviceType} ${version} ${deviceId}`) % 100 < percent;
}

/** FNV-1a, 32 bits: spreads ids evenly; it hides nothing. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  // The low bits of FNV are its weakest.
  return (hash ^ (hash >>> 15)) >>> 0;
}
