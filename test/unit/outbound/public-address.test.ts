import t from 'tap';
import { allowedHosts } from '../../../src/outbound/allowed-hosts.js';
import { checkedAddress } from '../../../src/outbound/checked-address.js';
import { isPublicAddress } from '../../../src/outbound/public-address.js';

const NOT_PUBLIC: readonly (readonly [what: string, address: string])[] = [
  ['loopback', '127.0.0.1'], ['loopback beyond .1', '127.8.9.10'], ['this host', '0.0.0.0'], ['private 10/8', '10.1.2.3'],
  ['private 172.16/12', '172.31.255.255'], ['private 192.168/16', '192.168.0.1'], ['shared 100.64/10', '100.64.0.1'],
  ['link-local', '169.254.0.5'], ['cloud metadata', '169.254.169.254'], ['documentation', '192.0.2.1'], ['documentation 2', '198.51.100.7'],
  ['documentation 3', '203.0.113.9'], ['benchmarking', '198.19.0.1'], ['multicast', '224.0.0.1'], ['reserved', '250.1.1.1'], ['broadcast', '255.255.255.255'],
  ['loopback v6', '::1'], ['unspecified v6', '::'], ['link-local v6', 'fe80::1'], ['unique local v6', 'fd00::1'], ['site-local v6', 'fec0::1'],
  ['multicast v6', 'ff02::1'], ['IPv4-mapped loopback', '::ffff:127.0.0.1'], ['IPv4-mapped public', '::ffff:8.8.8.8'], ['NAT64', '64:ff9b::a00:1'],
  ['6to4', '2002:a00:1::1'], ['Teredo', '2001:0:53aa:64c::1'], ['documentation v6', '2001:db8::1'], ['documentation v6, newer', '3fff::1'],
  ['a name', 'example.com'], ['nothing', ''],
];
const PUBLIC: readonly string[] = ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.63.255.255', '2606:4700:4700::1111', '2a00:1450:4001::1'];

t.test('addresses of no public place', async (t) => {
  for (const [what, address] of NOT_PUBLIC) t.notOk(isPublicAddress(address), `${what}: ${address}`);
  for (const address of PUBLIC) t.ok(isPublicAddress(address), address);
});

t.test('a host is reached at the address that was checked', async (t) => {
  const asked: string[] = [];
  const names: Readonly<Record<string, readonly string[]>> = {
    'good.example': ['8.8.8.8', '2606:4700:4700::1111'], 'bad.example': ['10.0.0.1'], 'mixed.example': ['8.8.8.8', '127.0.0.1'], 'empty.example': [],
  };
  const lookUp = async (name: string) => {
    asked.push(name);
    return (names[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const none = allowedHosts([]);
  t.match(await checkedAddress('good.example', none, lookUp), { kind: 'address', at: { address: '8.8.8.8', family: 4 } });
  t.match(await checkedAddress('bad.example', none, lookUp), { kind: 'refused', error: /WEBHOOK_ALLOWED_HOSTS/ });
  t.match(await checkedAddress('mixed.example', none, lookUp), { kind: 'refused' }, 'one private address among public ones spoils the name');
  t.match(await checkedAddress('empty.example', none, lookUp), { kind: 'refused', error: /no address/ });
  t.same(asked, ['good.example', 'bad.example', 'mixed.example', 'empty.example'], 'each name is asked for once');
  t.match(await checkedAddress('[::1]', none, lookUp), { kind: 'refused' });
  t.match(await checkedAddress('[2606:4700:4700::1111]', none, lookUp), { kind: 'address', at: { family: 6 } });
  t.equal(asked.length, 4, 'an address is asked for nowhere');
});

t.test('what the operator vouches for', async (t) => {
  const allowed = allowedHosts(['Hooks.internal', '10.1.0.0/16', '127.0.0.1', 'fd00::/8']);
  for (const host of ['hooks.internal', 'HOOKS.INTERNAL', '10.1.2.3', '127.0.0.1', '[fd00::5]']) t.ok(allowed.host(host), host);
  for (const host of ['other.hooks.internal', 'internal', '10.2.0.1', '127.0.0.2', '[fe80::1]']) t.notOk(allowed.host(host), host);
  const lookUp = async () => [{ address: '10.1.9.9', family: 4 }];
  t.match(await checkedAddress('pbx.example', allowed, lookUp), { kind: 'address' }, 'a name that leads into an allowed network');
});

t.test('forms in which URLs hide addresses are read as what they are', async (t) => {
  const lookUp = async () => [{ address: '8.8.8.8', family: 4 }];
  for (const url of ['https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://127.1/', 'https://[::ffff:7f00:1]/', 'https://①②⑦.0.0.1/']) {
    t.match(await checkedAddress(new URL(url).hostname, allowedHosts([]), lookUp), { kind: 'refused' }, url);
  }
});
