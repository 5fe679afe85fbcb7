import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { bracketed, withoutBrackets } from '../syntax/host.js';
import { TransportFault } from './transport-fault.js';

/** What decides how a listener presents itself. */
export interface AddressPolicy {
  readonly localNetworks: BlockList;
  /** Name or IP literal without brackets. */
  readonly publicAddress: string | undefined;
}

/** `::ffff:192.0.2.1` → `192.0.2.1` (RFC 5118 §4.9: both are one peer); other addresses unchanged. */
export function plainAddress(address: string): string {
  const mapped = address.slice(0, 7).toLowerCase() === '::ffff:' ? address.slice(7) : '';
  return isIPv4(mapped) ? mapped : address;
}

function family(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/**
 * @param networks CIDR blocks or single addresses
 * @throws TransportFault `bad-setting` naming the entry
 */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix, ...rest] = network.trim().split('/');
    const bits = prefix === undefined ? (isIPv6(address) ? 128 : 32) : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (isIP(address) === 0 || rest.length > 0 || bits < 0 || bits > (isIPv6(address) ? 128 : 32)) {
      throw new TransportFault('bad-setting', `local network "${network}" is no CIDR block; write it like 192.168.0.0/16 or fd00::/8`);
    }
    list.addSubnet(address, bits, family(address));
  }
  return list;
}

/** Whether the address is in one of the networks; false for text that is no address. */
export function isInNetworks(list: BlockList, address: string): boolean {
  // the zone of a link-local address (`fe80::1%eth0`) is nothing a BlockList knows
  const plain = address.split('%', 1)[0] ?? '';
  return isIP(plain) !== 0 && list.check(plain, family(plain));
}

const loopback = networkList(['127.0.0.0/8', '::1/128']);

export function isLoopback(address: string): boolean {
  return isInNetworks(loopback, address);
}

/** Whether a listener bound to this address takes all interfaces. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/**
 * Our address on the way to a peer, for listeners bound to all interfaces: loopback for loopback peers, else the address
 * of the interface whose subnet holds the peer, else the first one that is not internal, else loopback.
 * @param remote IP literal
 */
export function addressTowards(remote: string): string {
  const wanted = family(remote);
  const last = wanted === 'ipv6' ? '::1' : '127.0.0.1';
  if (isLoopback(remote)) return last;
  let first: string | undefined;
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, cidr, internal, family: name } of addresses ?? []) {
      if (internal || name.toLowerCase() !== wanted || cidr === null) continue;
      if (isInNetworks(networkList([cidr]), remote)) return address;
      // an IPv6 link-local address is of no use elsewhere
      if (!address.toLowerCase().startsWith('fe80:')) first ??= address;
    }
  }
  return first ?? last;
}

/** Peers remembered at once, and how long an answer holds (interfaces come and go). */
const MAX_REMEMBERED = 4096;
const REMEMBER_MS = 30_000;

/** How one listener presents itself to each peer; answers are remembered, they stand in every message. */
export class AdvertisedAddress {
  readonly #boundHost: string;
  readonly #port: number;
  readonly #policy: AddressPolicy;
  readonly #known = new Map<string, { readonly host: string; readonly port: number }>();
  #since = 0;

  constructor(boundHost: string, port: number, policy: AddressPolicy) {
    this.#boundHost = boundHost;
    this.#port = port;
    this.#policy = policy;
  }

  /** @returns host ready for a URI and the port */
  towards(remote: string): { readonly host: string; readonly port: number } {
    const now = Date.now();
    if (now - this.#since > REMEMBER_MS || this.#known.size >= MAX_REMEMBERED) {
      this.#known.clear();
      this.#since = now;
    }
    let answer = this.#known.get(remote);
    if (answer === undefined) {
      answer = { host: bracketed(this.#decide(plainAddress(remote))), port: this.#port };
      this.#known.set(remote, answer);
    }
    return answer;
  }

  #decide(remote: string): string {
    const { localNetworks, publicAddress } = this.#policy;
    if (publicAddress !== undefined && !isLoopback(remote) && !isInNetworks(localNetworks, remote)) {
      const literal = withoutBrackets(publicAddress);
      // an IPv4 literal is of no use to a peer that came by IPv6
      if (isIP(literal) === 0 || family(literal) === family(this.#boundHost)) return literal;
    }
    return isWildcard(this.#boundHost) ? addressTowards(remote) : this.#boundHost;
  }
}
