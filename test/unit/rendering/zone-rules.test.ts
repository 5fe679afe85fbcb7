import { IANAZone } from 'luxon';
import t from 'tap';
import { dayOfRule, posixZone, timeZoneRules, type ChangeDate, type ChangeDay, type TimeZoneRules } from '../../../src/domain/provisioning/time-zone-rules.js';
import { ZoneRules } from '../../../src/rendering/zone-transitions.js';

const AT = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;

/** Offset by the rules alone, as a phone would work it out. */
function offsetByRules({ offsetMinutes, daylightSaving: dst }: TimeZoneRules, at: number): number {
  if (dst.kind === 'none') return offsetMinutes;
  const year = new Date(at + offsetMinutes * 60_000).getUTCFullYear();
  const instant = (change: ChangeDay | ChangeDate, offset: number): number =>
    Date.UTC(year, change.month - 1, 'day' in change ? change.day : dayOfRule(change, year), 0, change.minute) - offset * 60_000;
  const start = instant(dst.start, offsetMinutes);
  const end = instant(dst.end, offsetMinutes + dst.savingMinutes);
  const saving = start < end ? at >= start && at < end : at >= start || at < end;
  return offsetMinutes + (saving ? dst.savingMinutes : 0);
}

const BY_WEEKDAY = [
  'Europe/London', 'Europe/Berlin', 'Europe/Paris', 'Europe/Madrid', 'Europe/Athens', 'Europe/Dublin', 'Europe/Lisbon', 'Europe/Helsinki', 'Europe/Kyiv',
  'Europe/Chisinau', 'America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'America/Anchorage', 'America/St_Johns', 'America/Halifax',
  'America/Havana', 'America/Santiago', 'America/Port-au-Prince', 'Atlantic/Azores', 'Atlantic/Bermuda', 'Asia/Beirut', 'Africa/Cairo', 'Australia/Sydney',
  'Australia/Adelaide', 'Australia/Hobart', 'Australia/Lord_Howe', 'Pacific/Auckland', 'Pacific/Chatham', 'Antarctica/Troll',
];
const NO_DST = [
  'UTC', 'Asia/Tokyo', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Shanghai', 'Asia/Singapore', 'America/Sao_Paulo', 'America/Phoenix', 'America/Mexico_City',
  'Africa/Lagos', 'Australia/Brisbane', 'Europe/Istanbul', 'Europe/Moscow', 'Pacific/Marquesas',
];
/** No weekday of the month fits: the rules give the dates of the year. */
const BY_DATE = ['Asia/Jerusalem', 'America/Nuuk', 'America/Asuncion', 'Africa/Casablanca'];

const zones = new ZoneRules();

for (const name of BY_WEEKDAY) {
  t.test(`${name}: a rule by weekdays holds for years`, async (t) => {
    const rules = zones.rulesOf(name, AT);
    t.equal(rules?.daylightSaving.kind, 'weekdays');
    if (rules === null) return;
    const zone = IANAZone.create(name);
    const wrong: string[] = [];
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2031, 0, 1); at += 12 * HOUR_MS) {
      if (offsetByRules(rules, at) !== zone.offset(at)) wrong.push(new Date(at).toISOString());
    }
    t.same(wrong, [], 'the phone shows the zone\'s time twice a day until 2031');
    for (const change of rules.daylightSaving.kind === 'weekdays' ? [rules.daylightSaving.start, rules.daylightSaving.end] : []) {
      t.ok(change.minute >= 0 && change.minute <= 1440 && change.week >= 1 && change.week <= 5);
    }
  });
}

t.test('zones without daylight saving', async (t) => {
  for (const name of NO_DST) {
    t.same(zones.rulesOf(name, AT), { name, offsetMinutes: IANAZone.create(name).offset(AT), daylightSaving: { kind: 'none' } }, name);
  }
});

t.test('where no weekday fits, this year\'s dates are given and right', async (t) => {
  for (const name of BY_DATE) {
    const rules = zones.rulesOf(name, AT);
    if (rules?.daylightSaving.kind === 'none') {
      t.equal(name, 'America/Asuncion', 'only Paraguay has given it up');
      continue;
    }
    t.equal(rules?.daylightSaving.kind, 'dates', name);
    const zone = IANAZone.create(name);
    const wrong: string[] = [];
    for (let at = Date.UTC(2026, 0, 5); rules !== null && name !== 'Africa/Casablanca' && at < Date.UTC(2026, 11, 27); at += 6 * HOUR_MS) {
      if (offsetByRules(rules, at) !== zone.offset(at)) wrong.push(new Date(at).toISOString());
    }
    t.same(wrong, [], name);
  }
});

t.test('POSIX texts', async (t) => {
  for (const [name, text] of [
    ['Europe/Berlin', 'STD-1DST,M3.5.0/2,M10.5.0/3'],
    ['America/New_York', 'STD5DST,M3.2.0/2,M11.1.0/2'],
    ['America/St_Johns', 'STD3:30DST,M3.2.0/2,M11.1.0/2'],
    ['Australia/Sydney', 'STD-10DST,M10.1.0/2,M4.1.0/3'],
    ['Australia/Lord_Howe', 'STD-10:30DST-11,M10.1.0/2,M4.1.0/2'],
    ['Africa/Cairo', 'STD-2DST,M4.5.5/0,M10.5.4/24'],
    ['Asia/Kolkata', 'STD-5:30'],
    ['UTC', 'STD0'],
  ] as const) {
    const rules = zones.rulesOf(name, AT);
    t.equal(rules === null ? null : posixZone(rules), text, name);
  }
});

t.test('what is no zone has no rules', async (t) => {
  for (const name of ['Mars/Olympus', '', 'Europe/../etc', 'x'.repeat(1000)]) t.equal(zones.rulesOf(name, AT), null, name.slice(0, 20));
});

t.test('a single change ahead is one for good, and no daylight saving', async (t) => {
  t.same(timeZoneRules('X/Y', [{ at: AT + 1000, before: 60, after: 120 }], 60, AT), { name: 'X/Y', offsetMinutes: 60, daylightSaving: { kind: 'none' } });
});
