import t from 'tap';
import { asId, type AccountId, type AlertSettingId, type DeviceId, type SiteId, type UserId } from '../../../../src/domain/ids.js';
import { ALERT_RULES, type AlertSetting } from '../../../../src/domain/alerts/alert.js';
import { concerns, evaluateAlert, inFrame, mayTell, type AlertFacts, type WatchedDevice } from '../../../../src/domain/alerts/evaluate.js';

const AT = 10_000_000;
const MINUTE = 60_000;

function setting(changes: Partial<AlertSetting> = {}): AlertSetting {
  return {
    id: asId<AlertSettingId>('s'), accountId: asId<AccountId>('a'), name: 'Alert', rule: 10, targetType: 2, targetIds: [], conditions: [], timeFrame: null,
    frequencyMinutes: 10, emailRecipients: [], chatChannels: [], active: true, createdAt: 0, ...changes,
  };
}
function device(id: string, changes: Partial<WatchedDevice> = {}): WatchedDevice {
  return { id: asId<DeviceId>(id), name: id, siteId: asId<SiteId>('main'), userId: asId<UserId>(`user-${id}`), online: false, since: AT - 5 * MINUTE, changed: false, ...changes };
}
const facts = (changes: Partial<AlertFacts> = {}): AlertFacts => ({ at: AT, clock: '12:00:00', devices: [], locks: [], ...changes });
const open = (...ids: string[]) => ({ subjects: ids.map((id) => ({ id, name: id })) });
const lock = { id: 'd x', name: 'd', deviceId: asId<DeviceId>('d'), siteId: asId<SiteId>('main'), userId: null };
const bad = { id: 'c', name: 'c', mos: 3.4, phones: [{ id: asId<DeviceId>('d'), siteId: asId<SiteId>('main'), userId: null }] };
const value = (text: string) => [{ type: 1, value: text }];
const NIGHT = { from: '22:00:00', to: '06:00:00' };

const ROWS: readonly (readonly [string, AlertSetting, ReturnType<typeof open> | null, AlertFacts, string, number])[] = [
  ['all is well', setting(), null, facts({ devices: [device('d', { online: true })] }), 'none', 0],
  ['a phone is gone', setting(), null, facts({ devices: [device('d'), device('e', { online: true })] }), 'open', 1],
  ['it is still gone', setting(), open('d'), facts({ devices: [device('d')] }), 'none', 0],
  ['another one goes', setting(), open('d'), facts({ devices: [device('d'), device('e')] }), 'grow', 2],
  ['it is back', setting(), open('d'), facts({ devices: [device('d', { online: true })] }), 'close', 0],
  ['gone before anybody asked', setting({ createdAt: AT }), null, facts({ devices: [device('d')] }), 'none', 0],
  ['not gone for long enough', setting({ conditions: value('6') }), null, facts({ devices: [device('d')] }), 'none', 0],
  ['gone for long enough', setting({ conditions: value('5') }), null, facts({ devices: [device('d')] }), 'open', 1],
  ['outside its time nothing opens', setting({ timeFrame: NIGHT }), null, facts({ devices: [device('d')] }), 'none', 0],
  ['outside its time it closes', setting({ timeFrame: NIGHT }), open('d'), facts({ devices: [] }), 'close', 0],
  ['another site', setting({ targetType: 4, targetIds: ['branch'] }), null, facts({ devices: [device('d')] }), 'none', 0],
  ['a phone came', setting({ rule: 11 }), null, facts({ devices: [device('d', { online: true, changed: true }), device('e', { online: true })] }), 'moment', 1],
  ['a phone that came goes', setting({ rule: 11 }), null, facts({ devices: [device('d', { changed: true })] }), 'none', 0],
  ['less than the share', setting({ rule: 12, conditions: value('60') }), null, facts({ devices: [device('d'), device('e', { online: true })] }), 'none', 0],
  ['just the share', setting({ rule: 12, conditions: value('50') }), null, facts({ devices: [device('d'), device('e', { online: true })] }), 'open', 1],
  ['half without a share', setting({ rule: 12 }), null, facts({ devices: [device('d'), device('e', { online: true }), device('f', { online: true })] }), 'none', 0],
  ['a share of nothing', setting({ rule: 12 }), null, facts(), 'none', 0],
  ['a bad call', setting({ rule: 13 }), null, facts({ calls: [bad] }), 'open', 1],
  ['bad by a higher mark', setting({ rule: 13, conditions: value('4') }), null, facts({ calls: [bad, { ...bad, id: 'e', mos: 3.9 }, { ...bad, id: 'f', mos: 4 }] }), 'open', 2],
  ['a call that sounded well', setting({ rule: 13 }), null, facts({ calls: [{ ...bad, mos: 3.5 }] }), 'none', 0],
  ['another bad call', setting({ rule: 13 }), open('c'), facts({ calls: [bad, { ...bad, id: 'e' }] }), 'grow', 2],
  ['ten minutes without', setting({ rule: 13 }), open('c'), facts(), 'close', 0],
  ['a bad call elsewhere', setting({ rule: 13, targetType: 4, targetIds: ['branch'] }), null, facts({ calls: [bad] }), 'none', 0],
  ['a bad call of the phone', setting({ rule: 13, targetType: 5, targetIds: ['d'] }), null, facts({ calls: [bad] }), 'open', 1],
  ['a lock', setting({ rule: 101 }), null, facts({ locks: [lock] }), 'open', 1],
  ['the lock is over', setting({ rule: 101 }), open('d x'), facts(), 'close', 0],
];

t.test('what becomes of an alert', async (t) => {
  for (const [label, what, before, now, kind, count] of ROWS) {
    const verdict = evaluateAlert(what, before, now);
    t.equal(verdict.kind, kind, label);
    t.equal('subjects' in verdict ? verdict.subjects.length : 0, count, `${label}: subjects`);
  }
});

t.test('rules that nothing makes true stay quiet', async (t) => {
  const busy = facts({ devices: [device('d'), device('e', { online: true, changed: true })], locks: [lock], calls: [bad] });
  for (const { rule, fires } of ALERT_RULES) if (!fires) t.equal(evaluateAlert(setting({ rule }), null, busy).kind, 'none', String(rule));
});

t.test('frames, over midnight too', async (t) => {
  for (const [from, to, clock, inside] of [
    ['08:00:00', '18:00:00', '08:00:00', true], ['08:00:00', '18:00:00', '18:00:00', false], ['22:00:00', '06:00:00', '23:00:00', true],
    ['22:00:00', '06:00:00', '05:59:59', true], ['22:00:00', '06:00:00', '12:00:00', false], ['00:00:00', '00:00:00', '12:00:00', true],
  ] as const) t.equal(inFrame({ from, to }, clock), inside, `${clock} in ${from} to ${to}`);
  t.ok(inFrame(null, '03:00:00'));
});

t.test('how often, and about whom', async (t) => {
  t.same([mayTell(setting(), null, AT), mayTell(setting(), AT - 9 * MINUTE, AT), mayTell(setting(), AT - 10 * MINUTE, AT)], [true, false, true]);
  for (const [targetType, targetIds, told] of [
    [2, [], true], [2, ['a'], true], [5, ['d'], true], [5, ['e'], false], [1, ['user-d'], true], [1, ['user-e'], false], [4, ['main'], true], [3, ['queue'], false], [5, [], true],
  ] as const) t.equal(concerns(setting({ targetType, targetIds }), device('d')), told, `${targetType} ${targetIds.join()}`);
});
