import t from 'tap';
import type { FirmwareRule } from '../../../../src/domain/device/firmware-rules.js';
import { asId, type AccountId, type DeviceId, type FirmwareRuleId, type SiteId } from '../../../../src/domain/ids.js';
import { firmwareTarget } from '../../../../src/domain/provisioning/firmware-target.js';

const HOME = asId<SiteId>('home');
const IMAGE = 'https://fw.example.com/T54W.rom';
const RULE: FirmwareRule = {
  id: asId<FirmwareRuleId>('rule'), accountId: asId<AccountId>('account'), siteId: null, deviceType: 'Yealink', deviceModel: 'T54W', version: '96.86.0.70',
  imageUrl: IMAGE, percent: 100, createdAt: 0,
};
const phone = (n: number) => ({ id: asId<DeviceId>(`01m818kk7xjqhha4qyy${String(n).padStart(7, '0')}`), siteId: HOME, type: 'yealink', model: 't54w' });

t.test('which rule tells the phone what', async (t) => {
  for (const [name, rules, target] of [
    ['no rule', [], null],
    ['a rule with an image', [RULE], { version: '96.86.0.70', url: IMAGE }],
    ['a rule without an image', [{ ...RULE, imageUrl: '' }], null],
    ["the site's rule before the account's", [RULE, { ...RULE, siteId: HOME, version: '96.86.0.71' }], { version: '96.86.0.71', url: IMAGE }],
    ["the site's rule without an image hides the account's", [RULE, { ...RULE, siteId: HOME, imageUrl: '' }], null],
    ["another site's rule", [{ ...RULE, siteId: asId<SiteId>('other') }], null],
    ['another model', [{ ...RULE, deviceModel: 'T46U' }], null],
    ['a share of nothing', [{ ...RULE, percent: 0 }], null],
  ] as const) t.same(firmwareTarget(phone(1), rules), target, name);
});

t.test('a share of the phones: even, the same each time, growing, another with another release', async (t) => {
  const phones = Array.from({ length: 2000 }, (_, n) => phone(n));
  const toldAt = (percent: number, version = RULE.version): ReadonlySet<string> =>
    new Set(phones.filter((one) => firmwareTarget(one, [{ ...RULE, percent, version }]) !== null).map(({ id }) => id));
  const [tenth, quarter] = [toldAt(10), toldAt(25)];
  t.ok(tenth.size > 140 && tenth.size < 260, `${tenth.size} of 2000 are a tenth`);
  t.ok(quarter.size > 420 && quarter.size < 580, `${quarter.size} of 2000 are a quarter`);
  t.ok([...tenth].every((id) => quarter.has(id)), 'nobody falls out as the share grows');
  t.same(toldAt(10), tenth);
  t.notSame(toldAt(10, '96.86.0.71'), tenth);
});
