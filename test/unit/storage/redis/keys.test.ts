import t from 'tap';
import * as keys from '../../../../src/storage/redis/keys.js';
import { loadScripts } from '../../../../src/storage/redis/scripts.js';
import { testAccount, testDevice } from '../../../support/redis.js';

t.test('every key is ours and no two collide', async (t) => {
  const all = [
    keys.bindingsKey(testDevice(1)), keys.accountKey(testAccount), keys.EXPIRIES_KEY, keys.BINDINGS_CHANNEL, keys.nonceKey('n'),
    keys.EPOCH_KEY, keys.CALL_LOG_KEY, keys.callLogWriterKey('w'), keys.LEASES_KEY,
  ];
  t.equal(new Set(all).size, all.length);
  for (const key of all) t.ok(key.startsWith('cordboard:'), key);
});

t.test('the lifetime of a nonce is never zero: SET PX refuses it', async (t) => {
  t.equal(keys.nonceTtlMs(5000, 1000), 5000);
  t.equal(keys.nonceTtlMs(1000, 9000), 1000);
  t.equal(keys.nonceTtlMs(1000.5, 1000), 1001);
});

t.test('every script is there, and names no key itself', async (t) => {
  for (const [name, { text, sha }] of Object.entries(loadScripts())) {
    t.match(sha, /^[0-9a-f]{40}$/, name);
    t.notMatch(text, /cordboard:/, name);
  }
  t.throws(() => loadScripts('/nowhere'), /ENOENT/);
});
