import t from 'tap';
import { systemLocalTime } from '../../../src/wiring/local-time.js';

t.test('the next time on the clocks of a place', async (t) => {
  for (const [rule, zone, time, after, expected] of [
    ['today', 'Europe/Berlin', '18:00', '2026-01-15T12:00:00Z', '2026-01-15T17:00:00Z'],
    ['tomorrow, once it is past', 'Europe/Berlin', '18:00', '2026-01-15T17:00:00Z', '2026-01-16T17:00:00Z'],
    ['the date is the one of the place', 'Asia/Tokyo', '08:00', '2026-01-15T22:30:00Z', '2026-01-15T23:00:00Z'],
    ['across the change to summer time', 'Europe/Berlin', '18:00', '2026-03-28T20:00:00Z', '2026-03-29T16:00:00Z'],
    ['a time left out comes an hour later', 'Europe/Berlin', '02:30', '2026-03-28T20:00:00Z', '2026-03-29T01:30:00Z'],
    ['a time that comes twice counts the first time', 'Europe/Berlin', '02:30', '2026-10-24T20:00:00Z', '2026-10-25T00:30:00Z'],
    ['an unknown zone is UTC', 'Nowhere/Else', '18:00', '2026-01-15T12:00:00Z', '2026-01-15T18:00:00Z'],
  ] as const) t.equal(new Date(systemLocalTime.nextAt(zone, time, Date.parse(after))).toISOString().replace('.000', ''), expected, rule);
});
