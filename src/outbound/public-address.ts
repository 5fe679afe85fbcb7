import { BlockList, isIP } from 'node:net';

/**
 * IPv4 that is not the public internet: IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771) and the reserved
 * class beyond it.
 */
const SPECIAL_V4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.31.196.0', 24], ['192.52.193.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['192.175.48.0', 24],
  ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];

/** IPv6 is public in 2000::/3 (RFC 4291 §2.4, IANA) except for protocols, tunnels into IPv4, and documentation. */
const PUBLIC_V6: readonly [string, number] = ['2000::', 3];
const SPECIAL_V6: readonly (readonly [network: string, bits: number])[] = [
  ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20],
];

const special = new BlockList();
for (const [network, bits] of SPECIAL_V4) special.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of SPECIAL_V6) special.addSubnet(network, bits, 'ipv6');
const publicV6 = new BlockList();
publicV6.addSubnet(...PUBLIC_V6, 'ipv6');

/**
 * Whether an address is one that anybody on the internet could reach: not private, link-local, loopback, multicast, documentation or
 * a tunnel. IPv4 written as IPv6 (`::ffff:10.0.0.1`, NAT64) is not public, whatever it holds.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4: return !special.check(address, 'ipv4');
    case 6: return publicV6.check(address, 'ipv6') && !special.check(address, 'ipv6');
    default: return false;
  }
}
