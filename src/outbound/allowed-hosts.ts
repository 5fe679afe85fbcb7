import { BlockList, isIP } from 'node:net';

/** Places the operator vouches for. */
export interface AllowedHosts {
  /** A host as it stands in a URL: named itself, or an address inside an allowed network. */
  host(hostname: string): boolean;
  /** An address that a name led to. */
  address(address: string): boolean;
}

/** `entries` are host names, addresses, and networks as `address/bits`; names mean themselves alone, no names below them. */
export function allowedHosts(entries: readonly string[]): AllowedHosts {
  const names = new Set<string>();
  const networks = new BlockList();
  for (const entry of entries) {
    const [host = '', bits] = entry.split('/');
    const family = isIP(host);
    if (family === 0) names.add(host.toLowerCase());
    else networks.addSubnet(host, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  const address = (text: string): boolean => {
    const family = isIP(text);
    return family !== 0 && networks.check(text, family === 4 ? 'ipv4' : 'ipv6');
  };
  return { address, host: (hostname) => names.has(hostname.toLowerCase()) || address(bareHost(hostname)) };
}

/** A host without the brackets that URLs put around IPv6. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
