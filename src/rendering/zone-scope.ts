import { dayOfRule, posixZone, type ChangeDate, type ChangeDay, type TimeZoneRules } from '../domain/provisioning/time-zone-rules.js';

type Change = Readonly<Record<string, string | number>>;

/** A change of clocks in all the forms phones want. */
function changeScope(change: ChangeDay | ChangeDate | null): Change {
  if (change === null) return { month: 0, day: 0, week: 0, weekday: 0, weekday_from_1: 0, weekday_monday_1: 0, hour: 0, minute: 0, time: '00:00', on_or_after: 0 };
  // Phones know no hour 24: the last minute of the day comes closest.
  const minutes = Math.min(change.minute, 1439);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  if ('day' in change) return { ...changeScope(null), month: change.month, day: change.day, hour, minute, time };
  const { month, week, weekday } = change;
  return {
    month, week, weekday, weekday_from_1: weekday + 1, weekday_monday_1: weekday === 0 ? 7 : weekday, hour, minute, time, day: dayOfRule(change, 2027),
    // The day of the month from which on the weekday counts; for the last one, negative: back from the month's end.
    on_or_after: week === 5 ? -1 : (week - 1) * 7 + 1,
  };
}

/** A zone for templates. */
export function zoneScope(zone: TimeZoneRules): Readonly<Record<string, unknown>> {
  const { name, offsetMinutes, daylightSaving: dst } = zone;
  const sign = offsetMinutes < 0 ? '-' : '+';
  const size = Math.abs(offsetMinutes);
  const [hours, minutes] = [Math.floor(size / 60), size % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return {
    name,
    offset_minutes: offsetMinutes,
    offset_seconds: offsetMinutes * 60,
    quarters: Math.round(offsetMinutes / 15),
    // Yealink: +1, -5, +5:30
    offset: `${sign}${hours}${minutes === 0 ? '' : `:${two(minutes)}`}`,
    offset_long: `${sign}${two(hours)}:${two(minutes)}`,
    posix: posixZone(zone),
    dst: dst.kind,
    saving_clock: dst.kind === 'none' ? '0:00:00' : `${Math.floor(dst.savingMinutes / 60)}:${two(dst.savingMinutes % 60)}:00`,
    saving_minutes: dst.kind === 'none' ? 0 : dst.savingMinutes,
    start: changeScope(dst.kind === 'none' ? null : dst.start),
    end: changeScope(dst.kind === 'none' ? null : dst.end),
  };
}
