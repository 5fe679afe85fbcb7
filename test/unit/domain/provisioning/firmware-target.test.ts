import t from 'tap';
import { rulesOverlap, type FirmwareRule } from '../../../../src/domain/device/firmware-rules.js';
import { isOpen, isWindowHours, type Weekday } from '../../../../src/domain/device/firmware-window.js';
import { asId, type AccountId, type DeviceId, type FirmwareRuleId, type SiteId } from '../../../../src/domain/ids.js';
import { firmwareWish, imageRule, wishKey, type FirmwareQuestion } from '../../../../src/domain/provisioning/firmware-target.js';

const HOME = asId<SiteId>('home');
const IMAGE = 'https://fw.example.com/T54W.rom';
const RULE: FirmwareRule = {
  id: asId<FirmwareRuleId>('rule'), accountId: asId<AccountId>('account'), siteId: null, deviceType: 'Yealink', deviceModel: 'T54W', version: '96.86.0.70',
  imageUrl: IMAGE, percent: 100, createdAt: 0, moreModels: [], fromVersion: '', toVersion: '', imageFile: '', hours: '', weekdays: [],
};
const OWN: FirmwareRule = { ...RULE, imageUrl: '', imageFile: 'T54W-70.rom' };
const phone = (n: number) => ({ id: asId<DeviceId>(`01m818kk7xjqhha4qyy${String(n).padStart(7, '0')}`), siteId: HOME, type: 'yealink', model: 't54w' });
const wish = (rules: readonly FirmwareRule[], more: Partial<FirmwareQuestion> = {}): string => {
  const found = firmwareWish({
    device: phone(1), rules, runs: '96.86.0.60', now: { weekday: 'wed', time: '12:00' }, told: '', held: false, allowedHosts: ['fw.example.com'], ...more,
  });
  return found === null ? '' : wishKey(found);
};
const TOLD = `96.86.0.70 ${IMAGE}`;

t.test('which rule tells the phone what', async (t) => {
  for (const [name, rules, told, more] of [
    ['no rule', [], ''],
    ['a rule with an image elsewhere', [RULE], TOLD],
    ['a rule with an image of ours', [OWN], '96.86.0.70 Yealink/T54W-70.rom'],
    ['a rule without an image', [{ ...RULE, imageUrl: '' }], ''],
    ["the site's rule before the account's", [RULE, { ...RULE, siteId: HOME, version: '96.86.0.71' }], `96.86.0.71 ${IMAGE}`],
    ["the site's rule without an image hides the account's", [RULE, { ...RULE, siteId: HOME, imageUrl: '' }], ''],
    ["another site's rule", [{ ...RULE, siteId: asId<SiteId>('other') }], ''],
    ['another model', [{ ...RULE, deviceModel: 'T46U' }], ''],
    ['one of more models', [{ ...RULE, deviceModel: 'T46U', moreModels: ['T53', 'T54W'] }], TOLD],
    ['a share of nothing', [{ ...RULE, percent: 0 }], ''],
    ['a host that is not allowed any more', [RULE], '', { allowedHosts: [] }],
    ['from the version that it runs on', [{ ...RULE, fromVersion: '96.86.0.60' }], TOLD],
    ['from a higher version on', [{ ...RULE, fromVersion: '96.86.0.61' }], ''],
    ['up to the version that it runs', [{ ...RULE, toVersion: '96.86.0.60' }], TOLD],
    ['up to a lower version', [{ ...RULE, toVersion: '96.85.9.99' }], ''],
    ['numbers are compared as numbers', [{ ...RULE, fromVersion: '96.86.0.9' }], TOLD],
    ['a range, and a phone that does not say what it runs', [{ ...RULE, fromVersion: '96.0' }], '', { runs: null }],
    ['no range, and a phone that does not say what it runs', [RULE], TOLD, { runs: null }],
    ['two steps: the one for what it runs', [{ ...RULE, toVersion: '96.85.0.0', version: '96.86.0.1' }, { ...RULE, fromVersion: '96.86.0.0' }], TOLD],
    ['out of hours', [{ ...RULE, hours: '22:00-05:00' }], ''],
    ['out of hours, and it was told before', [{ ...RULE, hours: '22:00-05:00' }], TOLD, { told: TOLD }],
    ['out of hours, and it was told another', [{ ...RULE, hours: '22:00-05:00' }], '', { told: '96.86.0.65 https://fw.example.com/old.rom' }],
    ['in hours', [{ ...RULE, hours: '11:30-12:30', weekdays: ['wed'] }], TOLD],
    ['somebody just signed in', [RULE], '', { held: true }],
    ['somebody just signed in, and it was told before', [RULE], TOLD, { held: true, told: TOLD }],
    ['somebody just signed in, and the rule went', [], '', { held: true, told: TOLD }],
  ] as readonly (readonly [string, readonly FirmwareRule[], string, Partial<FirmwareQuestion>?])[]) t.equal(wish(rules, more), told, name);
});

t.test('an image of ours is for phones that were told of it', async (t) => {
  const told = wishKey(OWN);
  for (const [name, rules, heard, may] of [
    ['told', [OWN], told, true], ['never told', [OWN], '', false], ['told of another release', [OWN], '96.86.0.71 Yealink/T54W-70.rom', false],
    ['the rule is gone', [], told, false], ['its share is gone', [{ ...OWN, percent: 0 }], told, false],
    ['another site\'s rule', [{ ...OWN, siteId: asId<SiteId>('other') }], told, false], ['another model\'s', [{ ...OWN, deviceModel: 'T53' }], told, false],
    ['out of hours now', [{ ...OWN, hours: '01:00-02:00' }], told, true], ['an image elsewhere', [RULE], TOLD, false],
  ] as const) t.equal(imageRule(phone(1), rules, heard) !== null, may, name);
});

t.test('rules that could both hold for a phone', async (t) => {
  for (const [name, change, overlap] of [
    ['beside each other', {}, false], ['meeting', { fromVersion: '1.5' }, true], ['another place', { siteId: HOME, fromVersion: '' }, false], ['another model', { deviceModel: 'T46U', fromVersion: '' }, false], ['a model in common', { deviceModel: 'T46U', moreModels: ['t54w'], fromVersion: '' }, true],
    ['beside, without an end', { toVersion: '' }, false], ['versions that meet', { fromVersion: '2.0' }, true], ['all versions', { fromVersion: '', toVersion: '' }, true],
  ] as const) t.equal(rulesOverlap({ ...RULE, toVersion: '2.0' }, { ...RULE, toVersion: '3.0', fromVersion: '2.1', ...change }), overlap, name);
});

t.test('windows of hours and days', async (t) => {
  for (const [hours, weekdays, weekday, time, open] of [
    ['', [], 'mon', '00:00', true], ['', ['tue'], 'mon', '12:00', false], ['08:00-09:00', [], 'mon', '08:00', true], ['08:00-09:00', [], 'mon', '09:00', false],
    ['22:00-05:00', ['fri'], 'fri', '23:00', true], ['22:00-05:00', ['fri'], 'sat', '04:59', true], ['22:00-05:00', ['fri'], 'sat', '05:00', false],
    ['22:00-05:00', ['fri'], 'fri', '04:00', false], ['22:00-05:00', ['sun'], 'mon', '01:00', true], ['22:00-05:00', ['sat'], 'sat', '12:00', false],
  ] as readonly (readonly [string, readonly Weekday[], Weekday, string, boolean])[]) t.equal(isOpen({ hours, weekdays }, { weekday, time }), open, `${hours} ${weekdays.join()} at ${weekday} ${time}`);
  for (const [text, good] of [['', true], ['22:00-05:00', true], ['22:00-22:00', false], ['24:00-05:00', false], ['9:00-10:00', false], ['night', false]] as const) t.equal(isWindowHours(text), good, text);
});

t.test('a share of the phones: even, the same each time, growing, another with another release', async (t) => {
  const phones = Array.from({ length: 2000 }, (_, n) => phone(n));
  const toldAt = (percent: number, version = RULE.version): ReadonlySet<string> =>
    new Set(phones.filter((device) => wish([{ ...RULE, percent, version }], { device }) !== '').map(({ id }) => id));
  const [tenth, quarter] = [toldAt(10), toldAt(25)];
  t.ok(tenth.size > 140 && tenth.size < 260, `${tenth.size} of 2000 are a tenth`);
  t.ok(quarter.size > 420 && quarter.size < 580, `${quarter.size} of 2000 are a quarter`);
  t.ok([...tenth].every((id) => quarter.has(id)), 'nobody falls out as the share grows');
  t.same(toldAt(10), tenth);
  t.notSame(toldAt(10, '96.86.0.71'), tenth);
});
