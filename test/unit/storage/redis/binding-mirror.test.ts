import t from 'tap';
import { BindingMirror } from '../../../../src/storage/redis/binding-mirror.js';
import type { StoredBinding } from '../../../../src/storage/redis/binding-record.js';
import { testAccount, testDevice } from '../../../support/redis.js';

function stored(device: number, key: string, expiresAt: number, cseq = 1): StoredBinding {
  return {
    accountId: testAccount, nodeId: 'node-a', key, text: `${device} ${key} ${expiresAt} ${cseq}`,
    binding: {
      deviceId: testDevice(device), contactUri: key, contactParams: '', q: 1000, expiresAt, callId: 'c', cseq,
      flow: { transport: 'udp', address: '192.0.2.1', port: 5060 }, behindNat: false, userAgent: '', registeredAt: 0,
    },
  };
}

function keys(mirror: BindingMirror, device: number, now = 0): readonly string[] {
  return mirror.bindings(testDevice(device), now).map(({ contactUri }) => contactUri);
}

t.test('what expired is not answered, and pruned', async (t) => {
  const mirror = new BindingMirror();
  mirror.setDevice(testDevice(1), [stored(1, 'a', 100), stored(1, 'b', 200)]);
  t.same(keys(mirror, 1, 99), ['a', 'b']);
  t.same(keys(mirror, 1, 100), ['b']);
  mirror.prune(100);
  t.equal(mirror.size, 1);
  mirror.prune(200);
  t.equal(mirror.size, 0);
});

t.test('the end of an older binding does not end its successor', async (t) => {
  const mirror = new BindingMirror();
  mirror.put(stored(1, 'a', 100, 2));
  mirror.end(stored(1, 'a', 50, 1));
  t.same(keys(mirror, 1), ['a']);
  mirror.end(stored(1, 'a', 100, 2));
  t.same(keys(mirror, 1), []);
});

t.test('a full reading drops what it did not find', async (t) => {
  const mirror = new BindingMirror();
  mirror.put(stored(1, 'gone', 100));
  mirror.put(stored(2, 'there', 100));
  const full = mirror.beginReading();
  full.page([stored(2, 'there', 100)]);
  full.page([stored(3, 'new', 100)]);
  t.same(keys(mirror, 1), ['gone'], 'not before the end');
  full.finish();
  t.same([keys(mirror, 1), keys(mirror, 2), keys(mirror, 3)], [[], ['there'], ['new']]);
});

t.test('a full reading yields to what happens meanwhile', async (t) => {
  const mirror = new BindingMirror();
  const full = mirror.beginReading();
  mirror.put(stored(1, 'refreshed', 900, 2));
  mirror.put(stored(2, 'added', 900));
  mirror.end(stored(3, 'ended', 100));
  mirror.setDevice(testDevice(4), [stored(4, 'looked-up', 900)]);
  mirror.end(stored(5, 'ended-and-added-again', 100));
  mirror.put(stored(5, 'ended-and-added-again', 900));
  full.page([stored(1, 'refreshed', 100), stored(3, 'ended', 100)]);
  full.finish();
  t.equal(mirror.bindings(testDevice(1), 0)[0]?.expiresAt, 900, 'an older page does not overwrite');
  t.same([2, 3, 4, 5].map((device) => keys(mirror, device)), [['added'], [], ['looked-up'], ['ended-and-added-again']]);
});

t.test('an abandoned reading drops nothing', async (t) => {
  const mirror = new BindingMirror();
  mirror.put(stored(1, 'a', 100));
  mirror.beginReading().abandon();
  t.same(keys(mirror, 1), ['a']);
});
