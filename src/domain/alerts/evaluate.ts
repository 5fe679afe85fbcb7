import type { DeviceId, SiteId, UserId } from '../ids.js';
import { GOOD_MOS } from '../quality/call-quality.js';
import { ALERT_TARGETS, type Alert, type AlertSetting, type AlertSubject } from './alert.js';

/** A phone that was ever there, as an alert sees it. */
export interface WatchedDevice {
  readonly id: DeviceId;
  readonly name: string;
  readonly siteId: SiteId;
  /** Its own user; null = a common area's, or nobody's. */
  readonly userId: UserId | null;
  readonly online: boolean;
  /** Epoch ms of the last change. */
  readonly since: number;
  /** Whether this look is the one that saw the change. */
  readonly changed: boolean;
}

/** Somebody tried too many PINs at a phone. */
export interface WatchedLock extends AlertSubject {
  readonly deviceId: DeviceId;
  readonly siteId: SiteId;
  readonly userId: UserId | null;
}

/** A call that ended lately and was measured. */
export interface WatchedCall extends AlertSubject {
  readonly mos: number;
  /** Phones on both sides, as far as they are ours. */
  readonly phones: readonly Pick<WatchedDevice, 'id' | 'siteId' | 'userId'>[];
}

export interface AlertFacts {
  readonly at: number;
  /** Clock time of the account's main site, HH:MM:SS. */
  readonly clock: string;
  readonly devices: readonly WatchedDevice[];
  readonly locks: readonly WatchedLock[];
  /** Gateways that are down and registrations that failed; missing = none. */
  readonly troubles?: readonly AlertSubject[];
  /** Missing = none. */
  readonly calls?: readonly WatchedCall[];
}

/** What one look at a setting comes to. `subjects` are all there are now. */
export type AlertVerdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'close' }
  /** Opens, grows an open one, or, as a `moment`, opens and closes at once. */
  | { readonly kind: 'open' | 'grow' | 'moment'; readonly subjects: readonly AlertSubject[]; readonly text: string };

const MINUTE_MS = 60_000;
/** Share of phones where a setting names none. */
const DEFAULT_PERCENT = 50;
/** How long after its end a call keeps its alert open. */
export const BAD_CALL_MS = 10 * MINUTE_MS;
const NONE: AlertVerdict = { kind: 'none' };

/**
 * What becomes of one setting, of the state before (its open alert, if any) and what is so now. Pure. Outside its time frame nothing opens;
 * what is open closes whenever it is over.
 */
export function evaluateAlert(setting: AlertSetting, open: Pick<Alert, 'subjects'> | null, facts: AlertFacts): AlertVerdict {
  const inTime = inFrame(setting.timeFrame, facts.clock);
  if (setting.rule === 11) {
    const back = targets(setting, facts.devices).filter(({ online, changed }) => online && changed);
    return inTime && back.length > 0 ? { kind: 'moment', subjects: back.map(named), text: `${plural(back.length, 'phone')} came online.` } : NONE;
  }
  const subjects = subjectsOf(setting, facts);
  if (subjects.length === 0) return open === null ? NONE : { kind: 'close' };
  const text = textOf(setting, subjects.length);
  if (open === null) return inTime ? { kind: 'open', subjects, text } : NONE;
  const known = new Set(open.subjects.map(({ id }) => id));
  return subjects.some(({ id }) => !known.has(id)) ? { kind: 'grow', subjects, text } : NONE;
}

/** Whether people are to be told again: at first, and of something new no oftener than the setting says. */
export function mayTell(setting: Pick<AlertSetting, 'frequencyMinutes'>, lastToldAt: number | null, at: number): boolean {
  return lastToldAt === null || at - lastToldAt >= setting.frequencyMinutes * MINUTE_MS;
}

/** Whether a clock time lies in a frame; one that ends before it begins goes over midnight. */
export function inFrame(frame: AlertSetting['timeFrame'], clock: string): boolean {
  if (frame === null || frame.from === frame.to) return true;
  const { from, to } = frame;
  return from < to ? clock >= from && clock < to : clock >= from || clock < to;
}

/** Whether an alert is about this phone, and so about a call from it. */
export function concerns(setting: Pick<AlertSetting, 'targetType' | 'targetIds'>, device: Pick<WatchedDevice, 'id' | 'siteId' | 'userId'>): boolean {
  if (setting.targetIds.length === 0 || setting.targetType === ALERT_TARGETS.account) return true;
  const ids: ReadonlySet<string> = new Set(setting.targetIds);
  switch (setting.targetType) {
    case ALERT_TARGETS.user: return device.userId !== null && ids.has(device.userId);
    case ALERT_TARGETS.site: return ids.has(device.siteId);
    case ALERT_TARGETS.device: return ids.has(device.id);
    default: return false;
  }
}

function subjectsOf(setting: AlertSetting, { devices, locks, at, troubles = [], calls = [] }: AlertFacts): readonly AlertSubject[] {
  switch (setting.rule) {
    case 9:
      return troubles;
    case 10: {
      const longEnough = at - numberOf(setting, 0) * MINUTE_MS;
      // A phone that was gone before anybody asked is no news.
      return targets(setting, devices).filter(({ online, since }) => !online && since >= setting.createdAt && since <= longEnough).map(named);
    }
    case 12: {
      const watched = targets(setting, devices);
      const offline = watched.filter(({ online }) => !online);
      const reached = watched.length > 0 && offline.length * 100 >= watched.length * numberOf(setting, DEFAULT_PERCENT);
      return reached && offline.length > 0 ? offline.map(named) : [];
    }
    case 13:
      return calls.filter(({ mos, phones }) => mos < badBelow(setting) && phones.some((phone) => concerns(setting, phone))).map(named);
    case 101:
      return locks.filter((lock) => concerns(setting, { id: lock.deviceId, siteId: lock.siteId, userId: lock.userId })).map(named);
    default:
      return [];
  }
}

function targets(setting: AlertSetting, devices: readonly WatchedDevice[]): readonly WatchedDevice[] {
  return devices.filter((device) => concerns(setting, device));
}

/** The MOS below which a call is bad. */
export function badBelow(setting: AlertSetting): number {
  return numberOf(setting, GOOD_MOS);
}

function numberOf({ conditions }: AlertSetting, otherwise: number): number {
  const value = Number(conditions[0]?.value);
  return conditions.length === 0 || !Number.isFinite(value) ? otherwise : value;
}

function textOf({ rule }: AlertSetting, count: number): string {
  if (rule === 9) return `${plural(count, 'gateway or registration', 'gateways or registrations')} of trunks out of order.`;
  if (rule === 13) return `${plural(count, 'call')} of the last ten minutes sounded bad.`;
  if (rule === 101) return `${plural(count, 'sign-in lock')} after wrong PINs.`;
  return rule === 12 ? `${plural(count, 'phone')} offline: the share of the alert is reached.` : `${plural(count, 'phone')} went offline.`;
}

function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

function named({ id, name }: AlertSubject): AlertSubject {
  return { id, name };
}
