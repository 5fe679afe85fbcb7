import { DateTime } from 'luxon';
import { WEEKDAYS, type WallClock } from '../domain/device/firmware-window.js';
import type { LocalClock, LocalTime } from '../ports/runtime.js';

/** Wall clocks by the zone data of Node's own ICU. */
export const systemLocalTime: LocalTime = {
  nextAt(zone, time, after) {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    const there = DateTime.fromMillis(after, { zone });
    const now = there.isValid ? there : DateTime.fromMillis(after, { zone: 'utc' });
    const today = now.set({ hour, minute, second: 0, millisecond: 0 });
    const next = today.toMillis() > after ? today : now.plus({ days: 1 }).set({ hour, minute, second: 0, millisecond: 0 });
    // On the day the clocks go back a time may come twice, and counts the first time; one that is left out comes an hour later.
    const hourBefore = next.minus({ hours: 1 });
    const cameBefore = hourBefore.hour === hour && hourBefore.minute === minute && hourBefore.toMillis() > after;
    return (cameBefore ? hourBefore : next).toMillis();
  },
};

export const systemLocalClock: LocalClock = {
  timeAt(zone, at) {
    const there = DateTime.fromMillis(at, { zone });
    return (there.isValid ? there : DateTime.fromMillis(at, { zone: 'utc' })).toFormat('HH:mm:ss');
  },
};

/** Weekday and time of an IANA zone at an instant; an unknown zone counts as UTC. */
export function systemWallClock(zone: string, at: number): WallClock {
  const there = DateTime.fromMillis(at, { zone });
  const shown = there.isValid ? there : DateTime.fromMillis(at, { zone: 'utc' });
  return { weekday: WEEKDAYS[shown.weekday - 1] ?? 'mon', time: shown.toFormat('HH:mm') };
}
