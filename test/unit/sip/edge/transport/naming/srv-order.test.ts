import t from 'tap';
import type { SrvRecord } from '../../../../../../sip/edge/transport/naming/records.js';
import { orderSrv } from '../../../../../../sip/edge/transport/naming/srv-order.js';

const srv = (name: string, priority: number, weight: number): SrvRecord => ({ name, priority, weight, port: 5060 });
const names = (records: readonly SrvRecord[], random: () => number): string => orderSrv(records, random).map(({ name }) => name).join(' ');

t.test('orderSrv (RFC 2782)', (t) => {
  const equal = [srv('a', 10, 10), srv('b', 10, 30), srv('c', 10, 60)];
  const rows: readonly [string, readonly SrvRecord[], number, string][] = [
    ['the lower priority first, whatever the weights', [srv('b', 20, 100), srv('a', 10, 0)], 0.99, 'a b'],
    ['the running sum of the weights reaches the number drawn: low', equal, 0, 'a b c'],
    ['… in the second share', equal, 0.2, 'b c a'],
    ['… in the last share', equal, 0.99, 'c b a'],
    ['weight 0 among others: only the number 0 chooses it', [srv('a', 1, 10), srv('z', 1, 0)], 0, 'z a'],
    ['… and any other does not', [srv('a', 1, 10), srv('z', 1, 0)], 0.5, 'a z'],
    ['all of weight 0: all are served', [srv('a', 1, 0), srv('b', 1, 0)], 0.99, 'a b'],
    ['none', [], 0.5, ''],
  ];
  for (const [rule, records, drawn, expected] of rows) t.equal(names(records, () => drawn), expected, rule);
  t.end();
});

t.test('the chance of being first is the share of the weights (RFC 2782 "Weight")', (t) => {
  const first = new Map<string, number>();
  for (let step = 0; step < 1_000; step += 1) {
    const [chosen] = orderSrv([srv('a', 1, 25), srv('b', 1, 75)], () => step / 1_000);
    first.set(chosen?.name ?? '', (first.get(chosen?.name ?? '') ?? 0) + 1);
  }
  t.ok(Math.abs((first.get('b') ?? 0) - 750) < 15, `75 % of all: ${first.get('b')}`);
  t.end();
});
