import { randomBytes } from 'node:crypto';
import t from 'tap';
import { asId, type AccountId } from '../../../src/domain/ids.js';
import { createPinHasher } from '../../../src/security/pin-hasher.js';

t.test('PINs are hashed under a key of the installation and the account', async (t) => {
  const key = randomBytes(32);
  const hasher = createPinHasher(key);
  const [here, there] = [asId<AccountId>('here'), asId<AccountId>('there')];
  const hash = await hasher.hash(here, '271828');
  t.notSame(hash, await hasher.hash(here, '271828'), 'salted');
  for (const [rule, verdict, expected] of [
    ['the right one', hasher.verify(here, '271828', hash), true], ['a wrong one', hasher.verify(here, '271829', hash), false],
    ['of another account', hasher.verify(there, '271828', hash), false], ['under another key', createPinHasher(randomBytes(32)).verify(here, '271828', hash), false],
    ['no hash never matches', hasher.verify(here, '', null), false], ['a hash that is none', hasher.verify(here, '271828', 'x$y'), false],
    ['after a restart', createPinHasher(key).verify(here, '271828', hash), true],
  ] as const) t.equal(await verdict, expected, rule);
  t.equal(hasher.keyOf(here, '4711'), hasher.keyOf(here, '4711'), 'digits nobody has keep their key');
  t.not(hasher.keyOf(here, '4711'), hasher.keyOf(there, '4711'));
  t.notMatch(hasher.keyOf(here, '4711'), /4711/);
});
