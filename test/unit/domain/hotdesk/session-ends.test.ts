import t from 'tap';
import { dueCause, sessionEnds } from '../../../../src/domain/hotdesk/session-ends.js';
import { DEFAULT_SESSION_SETTINGS, settingProblem } from '../../../../src/domain/hotdesk/session-settings.js';
import { resolveSetting } from '../../../../src/domain/settings/resolve-setting.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Clocks in UTC. */
const nextLocalTime = (time: string, after: number): number => {
  const [hours, minutes] = time.split(':').map(Number);
  const today = Math.floor(after / DAY) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE;
  return today > after ? today : today + DAY;
};

t.test('when a session ends by itself', async (t) => {
  const startedAt = 10 * HOUR;
  for (const [rule, settings, times, expected] of [
    ['never', {}, {}, [null, null, null]],
    ['by time-out', { timeoutMinutes: 30 }, {}, [startedAt + 30 * MINUTE, 'timeout', null]],
    ['by the clock', { dailyEnd: '18:00' }, {}, [18 * HOUR, 'schedule', null]],
    ['tomorrow, where today is past', { dailyEnd: '09:00' }, {}, [33 * HOUR, 'schedule', null]],
    ['a start on the minute is not its end', { dailyEnd: '10:00' }, {}, [34 * HOUR, 'schedule', null]],
    ['the earlier of both: clock', { timeoutMinutes: 600, dailyEnd: '18:00' }, {}, [18 * HOUR, 'schedule', null]],
    ['the earlier of both: time-out', { timeoutMinutes: 60, dailyEnd: '18:00' }, {}, [11 * HOUR, 'timeout', null]],
    ['a time-out set afterwards may be over', { timeoutMinutes: 30 }, { at: 12 * HOUR }, [startedAt + 30 * MINUTE, 'timeout', null]],
    ['a daily end set after its time is tomorrow', { dailyEnd: '18:00' }, { at: 19 * HOUR }, [42 * HOUR, 'schedule', null]],
    ['idle from the sign-in', { idleMinutes: 10 }, {}, [null, null, startedAt + 10 * MINUTE]],
    ['idle from the last call', { idleMinutes: 10 }, { lastActivityAt: 11 * HOUR }, [null, null, 11 * HOUR + 10 * MINUTE]],
    ['calls of before do not count', { idleMinutes: 10 }, { lastActivityAt: HOUR }, [null, null, startedAt + 10 * MINUTE]],
  ] as const) {
    const ends = sessionEnds({
      startedAt, lastActivityAt: startedAt, at: startedAt, settings: { ...DEFAULT_SESSION_SETTINGS, ...settings }, nextLocalTime, ...times,
    });
    t.same([ends.endsAt, ends.endsBy, ends.idleEndsAt], expected, rule);
  }
});

t.test('what is due', async (t) => {
  for (const [rule, ends, expected] of [
    ['nothing set', { endsAt: null, endsBy: null, idleEndsAt: null }, null], ['not yet', { endsAt: 11, endsBy: 'timeout', idleEndsAt: 12 }, null],
    ['on the millisecond', { endsAt: 10, endsBy: 'schedule', idleEndsAt: null }, 'schedule'], ['idle', { endsAt: null, endsBy: null, idleEndsAt: 9 }, 'idle'],
    ['time before idle', { endsAt: 10, endsBy: 'timeout', idleEndsAt: 1 }, 'timeout'],
  ] as const) t.equal(dueCause(ends, 10), expected, rule);
});

t.test('settings: nearest set value wins, a locked level ends the search', async (t) => {
  const account = { scope: 'account', value: 60, locked: false } as const;
  const site = { scope: 'site', value: null, locked: false } as const;
  const device = { scope: 'device', value: 30, locked: false } as const;
  for (const [rule, levels, value, origin, lockedBy] of [
    ['the default', [], 5, 'default', null], ['the only one', [account], 60, 'account', null], ['the nearest', [account, device], 30, 'device', null],
    ['none is a value', [account, site], null, 'site', null], ['a locked level is not overridden', [{ ...account, locked: true }, device], 60, 'account', 'account'],
    ['the outermost lock holds', [account, { ...site, locked: true }, { ...device, locked: true }], null, 'site', 'site'],
    ['a lock of the nearest', [account, { ...device, locked: true }], 30, 'device', 'device'],
  ] as const) t.same(resolveSetting<number | null>(levels, 5), { value, origin, lockedBy }, rule);
});

t.test('values of settings', async (t) => {
  for (const [key, good, bad] of [
    ['hot-desk-session-timeout', [null, 30, 60, 1440, 120], [0, 29, 31, 45, 90, 1500, -60, '60', 60.5, Number.NaN, {}]],
    ['hot-desk-idle-timeout', [null, 1, 15, 1440], [0, -1, 1441, 1.5, '5']],
    ['hot-desk-daily-end', [null, '00:00', '18:30', '23:59'], ['24:00', '8:00', '18:60', '1800', 18, '18:00:00']],
  ] as const) {
    for (const value of good) t.equal(settingProblem(key, value), null, `${key} ${value}`);
    for (const value of bad) t.type(settingProblem(key, value), 'string', `${key} ${String(value)}`);
  }
});
