import { networkInterfaces } from 'node:os';
import t from 'tap';
import { AdvertisedAddress, addressTowards, isInNetworks, networkList, plainAddress } from '../../../../../sip/edge/transport/local-address.js';
import { ListenerChoice } from '../../../../../sip/edge/transport/listener-choice.js';
import type { Listener } from '../../../../../sip/edge/transport/transport.js';
import { TransportFault } from '../../../../../sip/edge/transport/transport-fault.js';

const policy = { localNetworks: networkList(['10.0.0.0/8', 'fd00::/8', '192.168.7.7']), publicAddress: '203.0.113.5' };

const rows: readonly (readonly [rule: string, bound: string, publicAddress: string | undefined, remote: string, host: string])[] = [
  ['a local peer sees the bound address', '10.0.0.1', '203.0.113.5', '10.9.9.9', '10.0.0.1'],
  ['a peer outside sees the public address', '10.0.0.1', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
  ['a single address is a network', '10.0.0.1', '203.0.113.5', '192.168.7.7', '10.0.0.1'],
  ['without a public address all see the bound one', '10.0.0.1', undefined, '198.51.100.1', '10.0.0.1'],
  ['loopback is always local', '0.0.0.0', '203.0.113.5', '127.0.0.1', '127.0.0.1'],
  ['a name is shown as it is', '10.0.0.1', 'pbx.example.com', '198.51.100.1', 'pbx.example.com'],
  ['IPv6 stands in brackets', 'fd00::1', undefined, 'fd00::2', '[fd00::1]'],
  ['a public IPv6 address', '::', '[2001:db8::5]', '2001:db8:1::1', '[2001:db8::5]'],
  ['a public IPv4 address is not shown over IPv6', 'fd00::1', '203.0.113.5', '2001:db8:1::1', '[fd00::1]'],
  ['RFC 5118 §4.9: a mapped address is its IPv4 address', '10.0.0.1', '203.0.113.5', '::ffff:10.1.1.1', '10.0.0.1'],
];

t.test('what a peer is shown', (t) => {
  for (const [rule, bound, publicAddress, remote, host] of rows) {
    const advertised = new AdvertisedAddress(bound, 5060, { localNetworks: policy.localNetworks, publicAddress });
    t.same(advertised.towards(remote), { host, port: 5060 }, rule);
    t.equal(advertised.towards(remote), advertised.towards(remote), `${rule}: remembered`);
  }
  t.end();
});

t.test('a listener on all interfaces shows the one that faces the peer', (t) => {
  t.equal(addressTowards('127.5.5.5'), '127.0.0.1');
  t.equal(addressTowards('::1'), '::1');
  const outside = Object.values(networkInterfaces()).flat().filter((entry) => entry !== undefined && !entry.internal && entry.family === 'IPv4');
  for (const entry of outside) t.equal(addressTowards(entry?.address ?? ''), entry?.address, 'its own subnet');
  const elsewhere = addressTowards('198.51.100.1');
  t.ok(outside.length === 0 ? elsewhere === '127.0.0.1' : outside.some((entry) => entry?.address === elsewhere), 'else the first that is not internal');
  t.end();
});

t.test('networks', (t) => {
  for (const bad of ['10.0.0.0/33', 'fd00::/129', '10.0.0.0/', 'ten', '10.0.0.0/8/8', '10.0.0.0/0x8', '']) {
    t.throws(() => networkList([bad]), TransportFault, JSON.stringify(bad));
  }
  t.equal(isInNetworks(policy.localNetworks, 'fd12::1'), true);
  t.equal(isInNetworks(networkList(['fe80::/10']), 'fe80::1%eth0'), true, 'a zone is looked past');
  t.equal(isInNetworks(policy.localNetworks, 'example.com'), false);
  t.equal(plainAddress('::FFFF:192.0.2.1'), '192.0.2.1');
  t.equal(plainAddress('::ffff:c000:201'), '::ffff:c000:201');
  t.end();
});

t.test('which listener sends', (t) => {
  const listener = (host: string): Listener => ({ transport: 'udp', host, port: 5060, advertised: () => ({ host, port: 5060 }) });
  const choose = (hosts: readonly string[], remote: string): string => {
    const choice = new ListenerChoice<Listener>('udp');
    for (const host of hosts) choice.add(listener(host));
    return choice.towards(remote).host;
  };
  t.equal(choose(['0.0.0.0', '::'], '2001:db8::1'), '::', "the peer's family");
  t.equal(choose(['127.0.0.1', '192.0.2.99'], '198.51.100.1'), '192.0.2.99', 'not loopback towards the world');
  t.equal(choose(['192.0.2.99', '127.0.0.1'], '127.0.0.1'), '127.0.0.1', 'loopback towards loopback');
  t.equal(choose(['192.0.2.99', '127.0.0.2'], '127.0.0.1'), '127.0.0.2');
  t.throws(() => choose(['::'], '127.0.0.1'), { message: /^no-such-transport:/ });
  t.end();
});
