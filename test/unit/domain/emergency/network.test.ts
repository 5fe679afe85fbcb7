import t from 'tap';
import fc from 'fast-check';
import { holds, longestMatch, parseAddress, parseNetwork } from '../../../../src/domain/emergency/network.js';

const READ = [
  ['a single address', '192.0.2.7', 32], ['a range', '10.0.0.0/8', 8], ['everything', '0.0.0.0/0', 0], ['an IPv6 range', '2001:db8::/32', 32],
  ['one IPv6 address', '2001:db8::1', 128], ['all groups', '1:2:3:4:5:6:7:8', 128], ['an IPv4 address in IPv6', '::ffff:192.0.2.7', 32],
  ['blanks around', ' 10.1.0.0/16 ', 16], ['the unspecified one', '::/0', 0],
] as const;
const REFUSED = [
  ['host bits', '10.0.0.1/8'], ['too long a prefix', '10.0.0.0/33'], ['too long an IPv6 prefix', '::/129'], ['no number', '10.0.0.x'], ['three parts', '10.0.0'],
  ['a leading zero', '010.0.0.1'], ['256', '256.0.0.1'], ['a name', 'office.example'], ['nothing', ''], ['a prefix alone', '/8'], ['two prefixes', '10.0.0.0/8/8'],
  ['two gaps', '1::2::3'], ['seven groups', '1:2:3:4:5:6:7'], ['nine groups', '1:2:3:4:5:6:7:8:9'], ['a gap of nothing', '1:2:3:4::5:6:7:8'], ['five digits', '12345::'],
  ['a port', '192.0.2.1:5060'], ['a negative prefix', '10.0.0.0/-1'],
] as const;

t.test('networks are read', async (t) => {
  for (const [label, text, bits] of READ) t.equal(parseNetwork(text)?.bits, bits, label);
});

t.test('what is no network is refused', async (t) => {
  for (const [label, text] of REFUSED) t.equal(parseNetwork(text), null, label);
});

t.test('the longest prefix that holds the address counts', async (t) => {
  const networks = ['10.0.0.0/8', '10.20.0.0/16', '10.20.30.0/24', '2001:db8::/32'].flatMap((text) => parseNetwork(text) ?? []);
  for (const [address, bits] of [['10.9.9.9', 8], ['10.20.9.9', 16], ['10.20.30.255', 24], ['11.0.0.0', -1], ['2001:db8:1::', 32], ['2001:db9::', -1]] as const) {
    t.equal(longestMatch(networks, parseAddress(address)), bits, address);
  }
  t.equal(longestMatch(networks, null), -1);
  t.equal(parseAddress('[2001:db8::1]')?.family, 6, 'brackets of a URI');
});

t.test('a range holds exactly its own addresses', async () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 0xffffffff }), (base, bits, other) => {
    const dotted = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
    const host = BigInt(32 - bits);
    const start = (BigInt(base) >> host) << host;
    const network = parseNetwork(`${dotted(start)}/${bits}`);
    const address = parseAddress(dotted(BigInt(other)));
    if (network === null || address === null) return false;
    return holds(network, address) === (BigInt(other) >= start && BigInt(other) < start + (1n << host));
  }));
});
