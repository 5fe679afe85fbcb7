import t from 'tap';
import { createGatewayAddresses } from '../../../../src/usecases/trunks/trunk-sources.js';
import { createGatewayHealth } from '../../../../src/usecases/trunks/gateway-health.js';
import type { LocatedGateway } from '../../../../src/ports/trunks.js';
import { TrunkIndex } from '../../../../src/storage/postgres/trunk-index.js';
import { createLog } from '../../../../src/observability/log.js';
import { newId } from '../../../support/sample-account.js';
import { aGateway, aTrunk } from '../../../support/sample-trunk.js';

const silentLog = createLog('silent', 'json');

t.test('whose call it is by its address', async (t) => {
  const accountId = newId<Parameters<typeof aTrunk>[0]>();
  const index = new TrunkIndex();
  const put = (name: string, gateway: Parameters<typeof aGateway>[0], enabled = true): void => {
    const trunk = aTrunk(accountId, { name, enabled, gateways: [aGateway(gateway)] });
    index.putTrunk({ id: trunk.id, trunk, sealedPassword: '' });
  };
  put('literal', { host: '192.0.2.10' });
  put('six', { host: '[2001:db8::1]' });
  put('range', { host: 'a.example', sources: ['198.51.100.0/24', '2001:db8:5::/48'] });
  put('named', { host: 'sip.carrier.example' });
  put('shared', { host: '192.0.2.10', port: 5080 });
  put('off', { host: '192.0.2.99' }, false);
  let answer: LocatedGateway = { kind: 'found', servers: [{ address: '203.0.113.7', port: 5060 }, { address: '203.0.113.8', port: 5060 }] };
  let asked: string[] = [];
  let now = 0;
  const addresses = createGatewayAddresses({
    trunks: () => index, clock: { now: () => now }, log: silentLog,
    locator: {
      async locate({ host }) {
        asked.push(host);
        return host === 'sip.carrier.example' ? answer : { kind: 'unknown', why: 'no such name' };
      },
    },
  });
  const at = (address: string): readonly string[] => addresses.trunksAt(accountId, address).map(({ trunk }) => trunk.name);
  t.same(at('203.0.113.7'), [], 'not asked yet');
  await addresses.tick();
  for (const [address, names] of [
    ['192.0.2.10', ['literal', 'shared']], ['::ffff:192.0.2.10', ['literal', 'shared']], ['2001:db8:0:0::1', ['six']], ['198.51.100.255', ['range']], ['2001:db8:5:1::9', ['range']],
    ['203.0.113.8', ['named']], ['203.0.113.9', []], ['192.0.2.99', []], ['nonsense', []],
  ] as const) t.same(at(address), names, address);
  t.same(addresses.trunksAt(newId(), '192.0.2.10'), [], 'of its account only');
  t.same([...addresses.every()].sort(), ['192.0.2.10', '2001:db8::1', '203.0.113.7', '203.0.113.8'], 'addresses without ranges and disabled ones');

  asked = [];
  answer = { kind: 'unknown', why: 'timeout' };
  t.equal(await addresses.tick(), 0, 'what was just asked is not asked again');
  now = 60_000;
  await addresses.tick();
  t.ok(asked.includes('sip.carrier.example'));
  t.same(at('203.0.113.7'), ['named'], 'what was once found stays while nobody answers');
  t.match(addresses.located(aGateway({ host: 'SIP.carrier.example' })), { kind: 'unknown', why: 'timeout' });
  answer = { kind: 'found', servers: [{ address: '203.0.113.20', port: 5060 }] };
  now = 75_000;
  await addresses.tick();
  t.same([at('203.0.113.7'), at('203.0.113.20')], [[], ['named']]);
});

t.test('the health of gateways, and who hears of changes', async (t) => {
  const index = new TrunkIndex();
  const gateway = aGateway();
  const trunk = aTrunk(newId(), { gateways: [gateway] });
  const unprobed = aTrunk(newId(), { probeSeconds: 0 });
  for (const each of [trunk, unprobed]) index.putTrunk({ id: each.id, trunk: each, sealedPassword: '' });
  const health = createGatewayHealth({ trunks: () => index, clock: { now: () => 1000 } });
  const changes: string[] = [];
  const deaf = health.onChange((change) => changes.push(`${change.trunk.name} ${change.health.state}`));
  const gone = { kind: 'unreachable', status: 503, retryAfterMs: null } as const;
  health.report(gateway.id, gone);
  health.report(gateway.id, gone);
  for (const each of unprobed.gateways) health.report(each.id, gone);
  t.same(changes, [`${trunk.name} down`]);
  t.match(unprobed.gateways.map(({ id }) => health.of(id)), [{ state: 'unknown', restsUntil: 31_000 }]);
  t.equal(health.of(newId()).state, 'unknown');
  deaf();
  index.putTrunk({ id: trunk.id, trunk: { ...trunk, enabled: false }, sealedPassword: '' });
  health.forgetOthers();
  t.equal(health.of(gateway.id).state, 'unknown', 'a disabled trunk starts anew');
});
