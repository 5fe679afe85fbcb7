export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** What the clocks of a place show. */
export interface WallClock {
  readonly weekday: Weekday;
  /** HH:MM. */
  readonly time: string;
}

/** When something may happen, by the clocks of a place. */
export interface LocalWindow {
  /** `22:00-05:00`: the first minute, and the one that is too late; '' = all day. */
  readonly hours: string;
  /** Days on which it opens; none = every day. A window over midnight belongs to the day on which it opened. */
  readonly weekdays: readonly Weekday[];
}

const HOURS = /^((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9])$/;

/** '' = all day. */
export function isWindowHours(text: string): boolean {
  const [, from, to] = HOURS.exec(text) ?? [];
  return text === '' || (from !== undefined && from !== to);
}

/** Whether the window is open at the wall clock. */
export function isOpen({ hours, weekdays }: LocalWindow, { weekday, time }: WallClock): boolean {
  const [, from = '00:00', to = '24:00'] = HOURS.exec(hours) ?? [];
  const opensOn = (day: Weekday): boolean => weekdays.length === 0 || weekdays.includes(day);
  if (from < to) return time >= from && time < to && opensOn(weekday);
  return (time >= from && opensOn(weekday)) || (time < to && opensOn(dayBefore(weekday)));
}

function dayBefore(day: Weekday): Weekday {
  return WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? 'mon';
}
