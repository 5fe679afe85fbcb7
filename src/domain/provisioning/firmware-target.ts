import { hostOfUrl } from '../addressing/https-url.js';
import type { Device } from '../device/device.js';
import { firmwareRuleFor, modelsOf, type FirmwareRule } from '../device/firmware-rules.js';
import { isOpen, type WallClock } from '../device/firmware-window.js';
import type { DeviceId } from '../ids.js';

type Phone = Pick<Device, 'id' | 'siteId' | 'type' | 'model'>;

/** What decides whether a phone is told of firmware now. */
export interface FirmwareQuestion {
  readonly device: Phone;
  readonly rules: readonly FirmwareRule[];
  /** Version that the phone has now; null = unknown. */
  readonly runs: string | null;
  /** At the phone's site. */
  readonly now: WallClock;
  /** What the configuration that it has says of firmware, as `wishKey` writes it; '' = nothing. */
  readonly told: string;
  /** Whether somebody sits down or leaves just now: then nothing new is told. */
  readonly held: boolean;
  /** Hosts that phones may be sent to. */
  readonly allowedHosts: readonly string[];
}

/**
 * The rule whose firmware the phone is told to run; null = it keeps what it has. A rule without an image tells phones nothing, and a
 * staged one reaches its share of phones: the same phones at each look, more of them when the share grows, others with the next
 * release. Out of hours, and while somebody signs in or out, a phone hears nothing new, since a restart would look like a failed
 * sign-in; what it was told before stays as it is.
 */
export function firmwareWish({ device, rules, runs, now, told, held, allowedHosts }: FirmwareQuestion): FirmwareRule | null {
  const rule = firmwareRuleFor(device, rules, runs);
  if (rule === null || wishKey(rule) === '' || !isInShare(rule, device.id)) return null;
  if (rule.imageUrl !== '' && !allowedHosts.includes(hostOfUrl(rule.imageUrl) ?? '')) return null;
  if (told === wishKey(rule)) return rule;
  return !held && isOpen(rule, now) ? rule : null;
}

/** The rule under which the phone may have an image that is kept here: the one that it was told of, while that holds. */
export function imageRule(device: Phone, rules: readonly FirmwareRule[], told: string): FirmwareRule | null {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  return rules.find((rule) => rule.imageFile !== '' && wishKey(rule) === told && (rule.siteId === null || rule.siteId === device.siteId)
    && same(rule.deviceType, device.type) && modelsOf(rule).some((model) => same(model, device.model)) && isInShare(rule, device.id)) ?? null;
}

/** What is noted of the firmware that a phone was told: equal for the same image; '' = none. */
export function wishKey({ deviceType, version, imageUrl, imageFile }: Pick<FirmwareRule, 'deviceType' | 'version' | 'imageUrl' | 'imageFile'>): string {
  if (imageUrl !== '') return `${version} ${imageUrl}`;
  return imageFile === '' ? '' : `${version} ${deviceType}/${imageFile}`;
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
