import t from 'tap';
import { wholePolicy } from '../../../../src/domain/identity/account.js';
import { activationCodeStatus, drawDigits, plainActivationCode, readableActivationCode } from '../../../../src/domain/identity/activation-code.js';

t.test('how a code is written and read', async (t) => {
  t.equal(readableActivationCode('4829137756'), '482-913-7756');
  for (const typed of ['4829137756', '482-913-7756', ' 482 913 7756 ']) t.equal(plainActivationCode(typed), '4829137756', typed);
});

t.test('every digit is as likely as any other', async (t) => {
  let at = 0;
  const all = (length: number): Uint8Array => Uint8Array.from({ length }, () => at++ % 256);
  const drawn = drawDigits(2500, all);
  t.equal(drawn.length, 2500);
  for (const digit of '0123456789') t.equal(drawn.split(digit).length - 1, 250, digit);
});

t.test('states', async (t) => {
  for (const [state, usedAt, at] of [['unused', null, 9], ['expired', null, 10], ['used', 3, 9], ['used', 3, 99]] as const) {
    t.equal(activationCodeStatus({ usedAt, expiresAt: 10 }, at), state);
  }
});

t.test('an account that uses *93 for something else keeps it', async (t) => {
  for (const [rule, stored, expected] of [
    ['of old', {}, '*93'], ['taken by the lock', { deviceLock: '*93' }, ''], ['taken by what begins with it', { hotDeskSignIn: '*931' }, ''],
    ['its beginning is taken', { hotDeskSignOut: '*9' }, ''], ['chosen', { deviceLock: '*93', phoneActivation: '*94' }, '*94'], ['no lock', { deviceLock: '' }, '*93'],
  ] as const) t.equal(wholePolicy({ featureCodes: stored }).featureCodes.phoneActivation, expected, rule);
});
