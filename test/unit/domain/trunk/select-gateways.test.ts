import t from 'tap';
import type { SiteId, TrunkGatewayId } from '../../../../src/domain/ids.js';
import { newGateway, type GatewayHealth } from '../../../../src/domain/trunk/gateway-health.js';
import type { RoutingRule } from '../../../../src/domain/trunk/routing-rule.js';
import { selectGateways, type SelectionFacts } from '../../../../src/domain/trunk/select-gateways.js';
import { drawOrder } from '../../../../src/domain/trunk/spread.js';
import type { Trunk, TrunkGateway, TrunkRoute } from '../../../../src/domain/trunk/trunk.js';
import { newId } from '../../../support/sample-account.js';
import { aGateway, aRoute, aTrunk } from '../../../support/sample-trunk.js';

const accountId = newId<Parameters<typeof aTrunk>[0]>();
const HERE = newId<SiteId>();
const THERE = newId<SiteId>();
const AT = 100_000;

function trunk(name: string, routes: readonly Partial<TrunkRoute>[], changes: Partial<Trunk> = {}, gateways: readonly Partial<TrunkGateway>[] = [{ host: name }]): Trunk {
  return aTrunk(accountId, { name, routes: routes.map((route) => aRoute(route)), gateways: gateways.map((gateway) => aGateway(gateway)), ...changes });
}
const rule = (changes: Partial<RoutingRule>): RoutingRule => ({ id: newId(), accountId, siteId: null, name: 'r', numberPattern: '.*', translation: '', trunkId: null, order: 1, ...changes });

interface Row {
  readonly name: string;
  readonly trunks: readonly Trunk[];
  readonly rules?: readonly RoutingRule[];
  /** Hosts of gateways that are down; a number: resting until. */
  readonly down?: readonly string[];
  readonly resting?: readonly string[];
  readonly facts?: Partial<SelectionFacts>;
  /** Hosts in order; `!` behind one = last resort. */
  readonly want: readonly string[];
  readonly notes?: readonly RegExp[];
}

const us = trunk('us', [{}]);
const de = trunk('de', [{ prefix: '+49' }], { country: 'DE' });
const berlin = trunk('berlin', [{ prefix: '+4930' }]);
const ours = trunk('ours', [{ siteId: HERE }]);
const theirs = trunk('theirs', [{ siteId: THERE }]);
const off = trunk('off', [{}], { enabled: false });
const help = trunk('help', [{ siteId: HERE, emergency: true }]);
const helpAll = trunk('help-all', [{ emergency: true }]);
const two = trunk('two', [{}], {}, [{ host: 'two-b', priority: 2 }, { host: 'two-a', priority: 1 }]);

const ROWS: readonly Row[] = [
  { name: 'no trunk', trunks: [], want: [] },
  { name: 'a route for all numbers', trunks: [us], want: ['us'] },
  { name: 'longer prefixes first, shorter ones when they fail', trunks: [us, de, berlin], facts: { number: '+493012345' }, want: ['berlin', 'de', 'us'] },
  { name: 'a prefix that does not fit', trunks: [us, de], want: ['us'] },
  { name: 'the site before the account, however short its prefix', trunks: [de, ours], facts: { number: '+493012345' }, want: ['ours', 'de'] },
  { name: 'another site does not count', trunks: [theirs], want: [] },
  { name: 'disabled', trunks: [off], want: [], notes: [/off is disabled/] },
  { name: 'gateways by priority', trunks: [two], want: ['two-a', 'two-b'] },
  { name: 'each trunk once, at its best place', trunks: [trunk('twice', [{}, { prefix: '+1' }]), us], want: ['twice', 'us'] },
  { name: 'route priority', trunks: [trunk('late', [{ priority: 2 }]), trunk('early', [{ priority: 1 }])], want: ['early', 'late'] },
  { name: 'a gateway that is down', trunks: [two, trunk('us', [{ priority: 2 }])], down: ['two-a'], want: ['two-b', 'us'], notes: [/two-a of trunk two is down for 40 s: gone/] },
  { name: 'a gateway that rests', trunks: [us], resting: ['us'], want: [], notes: [/rests for 5 s/] },
  { name: 'emergency routes take no other call', trunks: [help, helpAll], want: [] },

  { name: 'a rule decides alone', trunks: [us, de], rules: [rule({ numberPattern: '\\+1(\\d{10})', trunkId: de.id })], want: ['de'] },
  { name: 'a rule that does not fit', trunks: [us, de], rules: [rule({ numberPattern: '\\+44\\d+', trunkId: de.id })], want: ['us'] },
  { name: 'rules of the site come first', trunks: [us, de], rules: [rule({ trunkId: us.id, order: 1 }), rule({ trunkId: de.id, siteId: HERE, order: 9 })], want: ['de'] },
  { name: 'rules of another site do not count', trunks: [us, de], rules: [rule({ trunkId: de.id, siteId: THERE })], want: ['us'] },
  { name: 'a rule that leads nowhere leaves it to the routes', trunks: [us, de], rules: [rule({}), rule({ trunkId: de.id, order: 2 })], want: ['us'], notes: [/leaves the number/] },
  { name: 'the trunk of a rule is disabled', trunks: [us, off], rules: [rule({ trunkId: off.id })], want: ['us'], notes: [/off is disabled/, /passed over/] },
  { name: 'a pattern that cannot be read is none', trunks: [us, de], rules: [rule({ numberPattern: '(', trunkId: de.id })], want: ['us'] },

  {
    name: 'emergency: site, all sites, the country, the same that are down, others', facts: { emergency: true, number: '911' },
    trunks: [de, us, helpAll, help, two, off], down: ['help', 'two-a'], want: ['help-all', 'us', 'two-b', 'help', 'two-a', 'de!'],
    notes: [/off is disabled/, /help is down.* It is tried after the others/, /two-a/],
  },
  { name: 'emergency: by any trunk there is', facts: { emergency: true, number: '112', country: 'FR' }, trunks: [de], want: ['de!'] },
  { name: 'emergency: the last resort, though down', facts: { emergency: true, number: '112', country: 'FR' }, trunks: [de], down: ['de'], want: ['de!'], notes: [/./] },
  { name: 'emergency: routing rules do not count', facts: { emergency: true, number: '911' }, trunks: [us, de], rules: [rule({ trunkId: de.id })], want: ['us', 'de!'] },
];

for (const { name, trunks, rules, down = [], resting = [], facts, want, notes = [] } of ROWS) {
  t.test(name, async (t) => {
    const hosts = new Map(trunks.flatMap(({ gateways }) => gateways.map(({ id, host }) => [id, host])));
    const health = (id: TrunkGatewayId): GatewayHealth => {
      const host = hosts.get(id) ?? '';
      if (down.includes(host)) return { ...newGateway(AT - 40_000), state: 'down', lastSeen: 'gone' };
      return { ...newGateway(0), restsUntil: resting.includes(host) ? AT + 5000 : null };
    };
    const found = selectGateways({ trunks, rules: rules ?? [], siteId: HERE, country: 'US', number: '+12125550100', emergency: false, health, at: AT, spread: 0.5, ...facts });
    t.same(found.gateways.map(({ gateway, lastResort }) => gateway.host + (lastResort ? '!' : '')), want);
    t.equal(found.notes.length, notes.length, found.notes.join(' / '));
    for (const [index, pattern] of notes.entries()) t.match(found.notes[index] ?? '', pattern);
  });
}

t.test('a rule translates the number', async (t) => {
  const found = selectGateways({
    trunks: [us], rules: [rule({ numberPattern: '\\+1(\\d{10})', translation: '88$1', trunkId: us.id })], siteId: HERE, country: 'US', number: '+12125550100', emergency: false,
    health: () => newGateway(0), at: AT, spread: 0,
  });
  t.match(found.gateways, [{ number: '882125550100', why: 'routing rule r' }]);
});

t.test('weights are shares (RFC 2782)', async (t) => {
  const items = [{ name: 'a', priority: 1, weight: 70 }, { name: 'b', priority: 1, weight: 20 }, { name: 'c', priority: 1, weight: 10 }, { name: 'z', priority: 1, weight: 0 }, { name: 'l', priority: 2, weight: 5 }];
  const firsts = new Map<string, number>();
  const orders = new Set<string>();
  for (let draw = 0; draw < 1000; draw += 1) {
    const { items: order, spread } = drawOrder(items, draw / 1000);
    const names = order.map(({ name }) => name).join('');
    firsts.set(names.charAt(0), (firsts.get(names.charAt(0)) ?? 0) + 1);
    orders.add(names);
    if (!(spread >= 0 && spread < 1) || !names.endsWith('zl')) t.fail(`${names} ${spread}`);
  }
  t.same([firsts.get('a'), firsts.get('b'), firsts.get('c')], [700, 200, 100]);
  t.equal(orders.size, 6, 'every order of the three');
});
