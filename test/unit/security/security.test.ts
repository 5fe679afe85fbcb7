import t from 'tap';
import { randomBytes } from 'node:crypto';
import { deriveKey, keyedHash } from '../../../src/security/key-material.js';
import { SealBroken, createSecretBox } from '../../../src/security/secret-box.js';
import { createSecretHasher } from '../../../src/security/secret-hasher.js';
import { createTokenIssuer } from '../../../src/security/token-issuer.js';
import { createIdSource, systemRandom } from '../../../src/security/random.js';

const secret = randomBytes(32);

t.test('keys differ by purpose and repeat for one', async (t) => {
  t.notOk(deriveKey(secret, 'nonce').equals(deriveKey(secret, 'token')));
  t.ok(deriveKey(secret, 'nonce').equals(deriveKey(secret, 'nonce')));
  t.equal(keyedHash(deriveKey(secret, 'nonce'))('text', 12).length, 16);
});

t.test('a sealed secret opens for its owner only', async (t) => {
  const box = createSecretBox(deriveKey(secret, 'device-password'));
  const sealed = box.seal('pässword', 'device-1');
  t.equal(box.open(sealed, 'device-1'), 'pässword');
  t.not(box.seal('pässword', 'device-1'), sealed, 'twice the same text is sealed differently');
  t.throws(() => box.open(sealed, 'device-2'), SealBroken);
  t.throws(() => box.open(`${sealed.slice(0, -2)}AA`, 'device-1'), SealBroken);
  t.throws(() => box.open('', 'device-1'), SealBroken);
  t.throws(() => createSecretBox(randomBytes(32)).open(sealed, 'device-1'), SealBroken);
});

t.test('a client secret verifies against its hash and no other', async (t) => {
  const hasher = createSecretHasher();
  const hash = await hasher.hash('correct');
  t.notMatch(hash, 'correct');
  t.equal(await hasher.verify('correct', hash), true);
  t.equal(await hasher.verify('wrong', hash), false);
  t.equal(await hasher.verify('correct', 'no hash at all'), false);
  t.strictSame(await Promise.all(Array.from({ length: 6 }, () => hasher.verify('correct', hash))), Array(6).fill(true), 'more than run at once');
});

t.test('tokens', async (t) => {
  let now = 1_700_000_000_000;
  const clock = { now: () => now };
  const issuer = createTokenIssuer(deriveKey(secret, 'token'), clock);
  const claims = { clientId: 'c', accountId: 'a', role: 'r', generation: 3 };
  const token = await issuer.issue(claims, 3600);
  t.match(await issuer.verify(token), { ...claims, tokenId: /^[\w-]{22}$/, expiresAt: now + 3_600_000 });
  t.equal(await createTokenIssuer(randomBytes(32), clock).verify(token), null, 'another key');
  t.equal(await issuer.verify(`${token}x`), null, 'changed');
  t.equal(await issuer.verify('e30.e30.'), null, 'alg none');
  now += 3_600_001;
  t.equal(await issuer.verify(token), null, 'expired');
});

t.test('ids rise within a millisecond and are lower case', async (t) => {
  const ids = createIdSource({ now: () => 1 });
  const made = Array.from({ length: 100 }, () => ids.next());
  t.strictSame([...made].sort(), made);
  t.match(made[0], /^[0-9a-z]{26}$/);
});

t.test('random tokens have the wanted length and alphabet', async (t) => {
  t.match(systemRandom.token(40), /^[a-km-np-z2-9]{40}$/);
  const many = Array.from({ length: 1000 }, () => systemRandom.token(20));
  t.equal(new Set(many).size, many.length, 'none comes twice, across refills of the pool');
  t.equal(systemRandom.bytes(10_000).length, 10_000, 'more than the pool holds');
});
