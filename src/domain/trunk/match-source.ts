import { holds, parseAddress, parseNetwork, type Network } from '../emergency/network.js';
import type { TrunkGateway } from './trunk.js';

/** Every address a gateway's requests may come from: its sources, its host where that is an address, and what its name leads to. */
export function sourcesOf(gateway: Pick<TrunkGateway, 'host' | 'sources'>, resolved: readonly string[]): readonly Network[] {
  return [...gateway.sources, gateway.host, ...resolved].flatMap((text) => {
    const network = parseNetwork(text.replace(/^\[(.*)\]$/, '$1'));
    return network === null ? [] : [network];
  });
}

/** Whether one of the networks holds the address; false for a text that is none. */
export function comesFrom(networks: readonly Network[], address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== null && networks.some((network) => holds(network, parsed));
}
