import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { bareHost, type AllowedHosts } from './allowed-hosts.js';
import { isPublicAddress } from './public-address.js';

export interface PlainAddress {
  readonly address: string;
  readonly family: number;
}
/** Every address of a name, as the system has them; rejects when there is none. */
export type LookUp = (name: string) => Promise<readonly PlainAddress[]>;

export const systemLookUp: LookUp = (name) => lookup(name, { all: true });

export type CheckedAddress = { readonly kind: 'address'; readonly at: PlainAddress } | { readonly kind: 'refused'; readonly error: string };

/**
 * The one address that a host of a URL may be reached at. A name with any address inside a private network is refused whole, since
 * the next answer could be that one; the address given back is to be connected to as it is, so that no second answer counts.
 */
export async function checkedAddress(hostname: string, allowed: AllowedHosts, lookUp: LookUp): Promise<CheckedAddress> {
  const host = bareHost(hostname);
  const family = isIP(host);
  const found = family === 0 ? await lookUp(host) : [{ address: host, family }];
  const [first] = found;
  if (first === undefined) return { kind: 'refused', error: 'The name has no address.' };
  const safe = allowed.host(hostname) || found.every(({ address }) => isPublicAddress(address) || allowed.address(address));
  return safe ? { kind: 'address', at: first }
    : { kind: 'refused', error: 'The host is not on the public internet. The operator can allow it with WEBHOOK_ALLOWED_HOSTS.' };
}
