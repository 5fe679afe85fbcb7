/** A change of a zone's offset, as the zone's data has it. */
export interface ZoneTransition {
  /** Epoch ms of the first instant with the new offset. */
  readonly at: number;
  /** Minutes east of UTC before and after. */
  readonly before: number;
  readonly after: number;
}

/** When clocks change each year: the nth (or last) weekday of a month, at a wall-clock minute of that day (1440 = its end). */
export interface ChangeDay {
  /** 1–12. */
  readonly month: number;
  /** 1–4, or 5 = the last one of the month. */
  readonly week: 1 | 2 | 3 | 4 | 5;
  /** 0 = Sunday. */
  readonly weekday: number;
  /** Minutes after midnight by the clock as it runs before the change, 0–1440. */
  readonly minute: number;
}

/** The same for one year only, where the law follows no weekday (a religious calendar, a decree). */
export interface ChangeDate {
  readonly month: number;
  readonly day: number;
  readonly minute: number;
}

export type DaylightSaving =
  | { readonly kind: 'none' }
  | { readonly kind: 'weekdays'; readonly start: ChangeDay; readonly end: ChangeDay; readonly savingMinutes: number }
  /** Of the next year from the instant given; phones get the next ones when they read their configuration again. */
  | { readonly kind: 'dates'; readonly start: ChangeDate; readonly end: ChangeDate; readonly savingMinutes: number };

/** A zone as phones without zone data need it. */
export interface TimeZoneRules {
  /** IANA name. */
  readonly name: string;
  /** Standard time, minutes east of UTC. */
  readonly offsetMinutes: number;
  readonly daylightSaving: DaylightSaving;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface LocalChange {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly minute: number;
}

/**
 * What holds in a zone from an instant on. The larger offset counts as daylight saving, whatever the law calls it.
 * @param transitions of the zone in order, from a day before `at` for some years; one year's are not enough to see the rule
 * @param offsetNow minutes east of UTC at `at`
 */
export function timeZoneRules(name: string, transitions: readonly ZoneTransition[], offsetNow: number, at: number): TimeZoneRules {
  const coming = transitions.filter((one) => one.at > at);
  const [first, second] = coming;
  if (first === undefined) return { name, offsetMinutes: offsetNow, daylightSaving: { kind: 'none' } };
  // One change alone is a change for good: it holds when the phone reads its configuration after it.
  if (second === undefined || first.before !== second.after) return { name, offsetMinutes: offsetNow, daylightSaving: { kind: 'none' } };
  const standard = Math.min(first.before, first.after);
  const savingMinutes = Math.abs(first.after - first.before);
  const two = coming.filter((one) => Math.min(one.before, one.after) === standard && Math.abs(one.after - one.before) === savingMinutes);
  const starts = two.filter((one) => one.after > one.before).map(localChange);
  const ends = two.filter((one) => one.after < one.before).map(localChange);
  const [start, end] = [weekdayRule(starts), weekdayRule(ends)];
  const [nextStart, nextEnd] = [starts[0], ends[0]];
  const daylightSaving: DaylightSaving = two.length === coming.length && start !== null && end !== null
    ? { kind: 'weekdays', start, end, savingMinutes }
    : nextStart !== undefined && nextEnd !== undefined
      ? { kind: 'dates', start: dateOf(nextStart), end: dateOf(nextEnd), savingMinutes }
      : { kind: 'none' };
  return { name, offsetMinutes: standard, daylightSaving };
}

/** The calendar day and minute of a change by the clock that ran until then. */
function localChange({ at, before }: ZoneTransition): LocalChange {
  return localOf(at + before * MINUTE_MS);
}

function localOf(wall: number): LocalChange {
  const date = new Date(wall);
  return {
    year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(),
    minute: date.getUTCHours() * 60 + date.getUTCMinutes(),
  };
}

/** Midnight counted as the end of the day before, which is how some laws put it. */
function dayBefore({ year, month, day, minute }: LocalChange): LocalChange {
  return { ...localOf(Date.UTC(year, month - 1, day) - DAY_MS), minute: minute + 1440 };
}

function weekdayRule(changes: readonly LocalChange[]): ChangeDay | null {
  // Two years may agree by chance, three hardly ever do.
  if (changes.length < 3) return null;
  const [first] = changes;
  return sameWeekday(changes) ?? (first?.minute === 0 ? sameWeekday(changes.map(dayBefore)) : null);
}

function sameWeekday(changes: readonly LocalChange[]): ChangeDay | null {
  const [first, ...others] = changes;
  if (first === undefined) return null;
  const { month, weekday, minute } = first;
  if (!others.every((one) => one.month === month && one.weekday === weekday && one.minute === minute)) return null;
  for (const week of [5, 1, 2, 3, 4] as const) {
    if (changes.every((one) => (week === 5 ? isLast(one) : Math.ceil(one.day / 7) === week))) return { month, week, weekday, minute };
  }
  return null;
}

const isLast = ({ year, month, day }: LocalChange): boolean => day + 7 > daysIn(year, month);
const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const dateOf = ({ month, day, minute }: LocalChange): ChangeDate => ({ month, day, minute });

/** The day of the month on which a rule falls in a year. */
export function dayOfRule({ month, week, weekday }: ChangeDay, year: number): number {
  if (week === 5) {
    const last = daysIn(year, month);
    return last - ((new Date(Date.UTC(year, month - 1, last)).getUTCDay() - weekday + 7) % 7);
  }
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  return 1 + ((weekday - first + 7) % 7) + (week - 1) * 7;
}

/**
 * The zone as a POSIX TZ text, e.g. `STD5DST,M3.2.0/2,M11.1.0/2`; west is positive there. A rule by dates gives its year's days
 * as the Julian days that leave out 29 February (`J60` = 1 March).
 */
export function posixZone({ offsetMinutes, daylightSaving: dst }: TimeZoneRules): string {
  const standard = `STD${posixOffset(-offsetMinutes)}`;
  if (dst.kind === 'none') return standard;
  const named = dst.savingMinutes === 60 ? 'DST' : `DST${posixOffset(-offsetMinutes - dst.savingMinutes)}`;
  const days = dst.kind === 'weekdays'
    ? [dst.start, dst.end].map(({ month, week, weekday, minute }) => `M${month}.${week}.${weekday}/${clock(minute)}`)
    : [dst.start, dst.end].map(({ month, day, minute }) => `J${julian(month, day)}/${clock(minute)}`);
  return [`${standard}${named}`, ...days].join(',');
}

function posixOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : ''}${clock(size)}`;
}

const clock = (minutes: number): string => `${Math.floor(minutes / 60)}${minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`}`;
const julian = (month: number, day: number): number => Math.round((Date.UTC(2027, month - 1, day) - Date.UTC(2027, 0, 1)) / DAY_MS) + 1;
