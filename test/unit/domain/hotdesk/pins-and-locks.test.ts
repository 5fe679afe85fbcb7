import t from 'tap';
import { asId } from '../../../../src/domain/ids.js';
import type { AccountId, DeviceId } from '../../../../src/domain/ids.js';
import { lockHolding, lockoutAfterFailure } from '../../../../src/domain/hotdesk/lockout.js';
import { pinWeakness } from '../../../../src/domain/hotdesk/pin-weakness.js';
import type { SignInFailure, SignInLock } from '../../../../src/domain/hotdesk/sign-in-lock.js';

t.test('PINs that are none, or too easy', async (t) => {
  const rules = { extensionForms: ['802', '12802'], minLength: 4 };
  for (const [rule, pin, weakness, minLength] of [
    ['a good one', '271828', null], ['a short good one', '2749', null], ['letters', '12a4', 'not-digits'], ['nothing', '', 'not-digits'],
    ['other digits of Unicode', '١٢٣٤', 'not-digits'], ['too short', '274', 'too-short'], ['as short as allowed', '7', null, 1], ['too long', '2749173', 'too-long'],
    ['the default', '000000', 'default'], ['one digit over and over', '7777', 'repeated'], ['two digits', '1212', 'repeated'], ['three digits', '927927', 'repeated'],
    ['up', '3456', 'sequential'], ['down', '987654', 'sequential'], ['round', '8901', 'sequential'], ['up and down is no run', '1232', null],
    ['the short form', '802', 'extension', 3], ['the full form', '12802', 'extension'], ['begins like the extension', '8021', null],
  ] as const) t.equal(pinWeakness(pin, { ...rules, minLength: minLength ?? 4 }), weakness, rule);
  t.equal(pinWeakness('000000', rules, true), null, 'the shape alone');
  t.equal(pinWeakness('1', rules, true), 'too-short', 'is still a shape');
});

const accountId = asId<AccountId>('account');
const deviceId = asId<DeviceId>('desk');
const MINUTE = 60_000;
const AT = 1_000_000_000;
const failure = (minutesAgo: number, extensionKey = 'ann', at = AT): SignInFailure => ({ deviceId, extensionKey, at: at - minutesAgo * MINUTE });
const lock = (changes: Partial<SignInLock>): SignInLock => ({ accountId, scope: 'pair', deviceId, extensionKey: 'ann', until: AT, level: 1, at: AT, ...changes });
const times = (count: number, one: (n: number) => SignInFailure): SignInFailure[] => Array.from({ length: count }, (_, n) => one(n));

t.test('locks after failures', async (t) => {
  const five = times(5, (n) => failure(n));
  for (const [rule, failures, locks, expected] of [
    ['four are none', times(4, (n) => failure(n)), [], []],
    ['five in a quarter of an hour lock the pair for 5 minutes', five, [], [['pair', 5, 1]]],
    ['older ones do not count', [...times(4, (n) => failure(n)), failure(15)], [], []],
    ['of another extension neither', [...times(4, (n) => failure(n)), failure(1, 'bob')], [], []],
    ['ten lock the phone', [failure(0), ...times(9, (n) => failure(n, `guess${n}`))], [], [['device', 5, 1]]],
    ['both at once', [...five, ...times(5, (n) => failure(n, `guess${n}`))], [], [['pair', 5, 1], ['device', 5, 1]]],
    ['failures before the last lock are spent', five, [lock({ at: AT - MINUTE, until: AT - 1 })], []],
    ['again within a day: twice as long', five, [lock({ at: AT - 20 * MINUTE, until: AT - 15 * MINUTE, level: 1 })], [['pair', 10, 2]]],
    ['a third time: four times', five, [lock({ at: AT - 20 * MINUTE, until: AT - 10 * MINUTE, level: 2 })], [['pair', 20, 3]]],
    ['up to a day', five, [lock({ at: AT - 2000 * MINUTE, until: AT - 20 * MINUTE, level: 12 })], [['pair', 1440, 13]]],
    ['after a day without: from the start', five, [lock({ at: AT - 1500 * MINUTE, until: AT - 1440 * MINUTE, level: 4 })], [['pair', 5, 1]]],
    ['the lock of another pair changes nothing', five, [lock({ extensionKey: 'bob', until: AT - MINUTE, level: 5 })], [['pair', 5, 1]]],
  ] as const) {
    const set = lockoutAfterFailure({ accountId, failure: failure(0), failures, locks });
    t.same(set.map((one) => [one.scope, (one.until - AT) / MINUTE, one.level]), expected, rule);
    t.ok(set.every((one) => one.at === AT && (one.scope === 'device') === (one.extensionKey === null)));
  }
});

t.test('what a lock blocks', async (t) => {
  const pair = lock({ until: AT + 1 });
  const device = lock({ scope: 'device', extensionKey: null, until: AT + 1 });
  for (const [rule, locks, key, at, expected] of [
    ['the pair', [pair], 'ann', AT, 'pair'], ['nobody else', [pair], 'bob', AT, null], ['not after its time', [pair], 'ann', AT + 1, null],
    ['the phone, for all', [pair, device], 'bob', AT, 'device'], ['the phone before the pair', [pair, device], 'ann', AT, 'device'],
    ['the phone, before anybody is named', [device], null, AT, 'device'], ['no other phone', [{ ...device, deviceId: asId<DeviceId>('x') }], 'ann', AT, null],
  ] as const) t.equal(lockHolding(locks, deviceId, key, at), expected, rule);
});
