import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { withoutBrackets } from '../syntax/host.js';
import { plainAddress } from './local-address.js';
import { TransportFault } from './transport-fault.js';

/** Addresses tried for one name before giving up. */
const MAX_ADDRESSES = 4;

/**
 * Addresses of a host, in the order to be tried. IP literals as they are, names by the system's resolver (hosts file,
 * A and AAAA).
 * Deviation: RFC 3263 §4 NAPTR and SRV are not looked up; a port and transport must be known or default.
 * @throws TransportFault `unresolved`
 */
export async function resolveHost(host: string): Promise<readonly string[]> {
  const literal = withoutBrackets(host);
  if (isIP(literal) !== 0) return [plainAddress(literal)];
  try {
    const found = await lookup(literal, { all: true, verbatim: true });
    return found.slice(0, MAX_ADDRESSES).map(({ address }) => plainAddress(address));
  } catch (cause) {
    throw new TransportFault('unresolved', `no address for host "${literal}"; check the name or the DNS`, { cause });
  }
}
