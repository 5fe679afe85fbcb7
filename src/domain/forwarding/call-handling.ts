import type { AccountId, ExtensionId, ForwardingNumberId, PhoneNumberId } from '../ids.js';
import { WEEKDAYS, type WallClock, type Weekday } from '../device/firmware-window.js';

/** When calls are handled by which rules, by the clocks of the extension's site. */
export type HandlingPeriod = 'business_hours' | 'closed_hours';

/** Where a call is sent on to. */
export type ForwardTo =
  | { readonly kind: 'extension'; readonly extensionId: ExtensionId }
  /** E.164 with `+`. */
  | { readonly kind: 'number'; readonly number: string; readonly description: string };

/** What becomes of a call that nobody took; `disconnect` = the caller is told so. */
export type NotTaken = { readonly kind: 'disconnect' } | ForwardTo;

/** Seconds before something rings, and for how long at most while one rings after the other; null = as long as the whole call may. */
export interface RingTimes {
  readonly delaySeconds: number;
  readonly ringSeconds: number | null;
}

/** A number outside that rings like a phone of the extension. */
export interface ForwardingNumber extends RingTimes {
  readonly id: ForwardingNumberId;
  /** E.164 with `+`. */
  readonly number: string;
  readonly description: string;
  readonly enabled: boolean;
}

export interface HandlingRules {
  /** All at once, each after its delay; or one after the other, the extension's phones first. */
  readonly ringMode: 'simultaneous' | 'sequential';
  /** The extension's own phones. */
  readonly phones: RingTimes & { readonly enabled: boolean };
  /** In the order in which they ring one after the other. */
  readonly numbers: readonly ForwardingNumber[];
  /** How long all of it may ring; null = as long as the account's policy says. */
  readonly ringSeconds: number | null;
  readonly unanswered: NotTaken;
  readonly busy: NotTaken;
}

/** Business hours of one day; both ends `HH:MM`, `to` may be 24:00. */
export interface BusinessDay {
  readonly weekday: Weekday;
  readonly from: string;
  readonly to: string;
}

/** `always`: business hours never end. A weekday that is not named is closed. */
export type BusinessHours = { readonly kind: 'always' } | { readonly kind: 'custom'; readonly days: readonly BusinessDay[] };

/** How calls to one extension are handled, whatever number or extension was dialled. */
export interface CallHandling {
  /** Of the extension. */
  readonly id: ExtensionId;
  readonly accountId: AccountId;
  readonly hours: BusinessHours;
  readonly business: HandlingRules;
  readonly closed: HandlingRules;
}

/** A number of the account that leads straight outside, on behalf of whoever has it. */
export interface NumberForward {
  /** Of the number. */
  readonly id: PhoneNumberId;
  readonly accountId: AccountId;
  /** Who had the number when this was set: with another holder it says nothing. */
  readonly extensionId: ExtensionId;
  /** E.164 with `+`. */
  readonly number: string;
  readonly description: string;
}

/** Numbers of one period: each may become a call that is paid for. */
export const MOST_FORWARDING_NUMBERS = 10;
export const LONGEST_RINGING_SECONDS = 120;

/** Without rules of its own an extension rings its phones, and nothing else. */
export const PLAIN_RULES: HandlingRules = {
  ringMode: 'simultaneous', phones: { enabled: true, delaySeconds: 0, ringSeconds: null }, numbers: [], ringSeconds: null,
  unanswered: { kind: 'disconnect' }, busy: { kind: 'disconnect' },
};

export function plainHandling(id: ExtensionId, accountId: AccountId): CallHandling {
  return { id, accountId, hours: { kind: 'always' }, business: PLAIN_RULES, closed: PLAIN_RULES };
}

/** Which rules hold at the wall clock of the site. A day whose end is not behind its beginning ends on the next one. */
export function periodAt(hours: BusinessHours, { weekday, time }: WallClock): HandlingPeriod {
  if (hours.kind === 'always') return 'business_hours';
  const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(weekday) + 6) % 7];
  const open = hours.days.some((day) => {
    if (day.from < day.to) return day.weekday === weekday && time >= day.from && time < day.to;
    return (day.weekday === weekday && time >= day.from) || (day.weekday === yesterday && time < day.to);
  });
  return open ? 'business_hours' : 'closed_hours';
}

export function rulesOf({ business, closed }: CallHandling, period: HandlingPeriod): HandlingRules {
  return period === 'business_hours' ? business : closed;
}
