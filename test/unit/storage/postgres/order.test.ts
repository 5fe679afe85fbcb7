import t from 'tap';
import { asId } from '../../../../src/domain/ids.js';
import type { AccountId, EventId } from '../../../../src/domain/ids.js';
import type { ConfigEvent } from '../../../../src/domain/events.js';
import { GroupIndex } from '../../../../src/storage/postgres/group-index.js';
import { OrderedDelivery } from '../../../../src/storage/postgres/ordered-delivery.js';
import { compareStreamIds } from '../../../../src/storage/postgres/stream-id.js';
import { VersionTracker } from '../../../../src/storage/postgres/version-tracker.js';
import { createTestLog } from '../../../support/redis.js';

const A = asId<AccountId>('a');
const event = (version: number, accountId = A): ConfigEvent => ({
  id: asId<EventId>(`${accountId}${version}`), accountId, aggregate: 'site', aggregateId: 's', change: 'updated', version, at: 0,
});

t.test('stream ids sort by number', async (t) => {
  const sorted = ['9-1', '10-2', '10-11', '10-100', '1700000000000-0'];
  t.same([...sorted].reverse().sort(compareStreamIds), sorted);
  t.equal(compareStreamIds('1-1', '1-1'), 0);
  t.ok(compareStreamIds('a', 'b') < 0, 'of another form: as text');
});

t.test('versions held: up to a number, and single ones beyond', async (t) => {
  const versions = new VersionTracker();
  versions.reset(new Map([[A, 3]]));
  t.ok(versions.holds(event(3)));
  versions.applied([event(5), event(7)]);
  t.equal(versions.upTo(A), 3, '4 is missing');
  t.same([4, 5, 6, 7].map((version) => versions.holds(event(version))), [false, true, false, true]);
  versions.applied([event(4)]);
  t.equal(versions.upTo(A), 5);
  versions.applied([event(6), event(2)]);
  t.equal(versions.upTo(A), 7);
  t.equal(versions.upTo(asId('unknown')), 0);
  versions.reset(new Map());
  t.notOk(versions.holds(event(1)), 'forgotten');
});

t.test('group index: sorted by id, replaced by id, lists handed out stay as they were', async (t) => {
  const index = new GroupIndex<{ readonly id: string; readonly v?: number }>();
  index.add('k', { id: 'b' });
  index.add('k', { id: 'c' });
  const held = index.get('k');
  index.add('k', { id: 'a' });
  index.add('k', { id: 'b', v: 2 });
  t.same(index.get('k'), [{ id: 'a' }, { id: 'b', v: 2 }, { id: 'c' }]);
  t.same(held, [{ id: 'b' }, { id: 'c' }]);
  for (const id of ['a', 'b', 'c', 'c']) index.remove('k', id);
  t.same(index.get('k'), []);
  index.remove('never', 'x');
});

t.test('turns of one account wait for the earlier ones, of another account they do not', async (t) => {
  const order: string[] = [];
  const delivery = new OrderedDelivery({ onCommitted: async () => undefined, markSent: async () => undefined }, createTestLog());
  const [first, second, other] = [delivery.takeTurn(A), delivery.takeTurn(A), delivery.takeTurn(asId('b'))];
  const waited = second.earlier.then(() => order.push('second'));
  await other.earlier;
  order.push('other', 'first');
  first.done();
  await waited;
  second.done();
  t.same(order, ['other', 'first', 'second']);
  await delivery.takeTurn(A).earlier;
});

t.test('a failed mark is logged, not thrown; a failed delivery is kept without doubles', async (t) => {
  const log = createTestLog();
  const seen: number[][] = [];
  let away = true;
  const delivery = new OrderedDelivery({
    onCommitted: async (events) => {
      seen.push(events.map((one) => one.version));
      if (away) throw new Error('away');
    },
    markSent: async () => { throw new Error('no'); },
  }, log);
  await delivery.deliver(A, [event(2), event(1)]);
  away = false;
  await delivery.deliver(A, [event(1), event(3)]);
  t.same(seen, [[1, 2], [1, 2, 3]]);
  t.same(log.lines.map((line) => line.event), ['config-events-undelivered', 'config-events-unmarked']);
});
