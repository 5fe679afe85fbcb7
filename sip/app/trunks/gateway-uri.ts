import type { TrunkGateway } from '../../../src/domain/trunk/trunk.js';

type Place = Pick<TrunkGateway, 'host' | 'port' | 'transport'>;

/** Host, port where one is given, and transport: what RFC 3263 needs to find the gateway. */
export function gatewayHost({ host, port, transport }: Place): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return `${bare.includes(':') ? `[${bare}]` : bare}${port === 0 ? '' : `:${port}`};transport=${transport}`;
}

/** The gateway itself, as Request-URI of what is asked of it, and as next hop of everything else. */
export function gatewayUri(gateway: Place): string {
  return `sip:${gatewayHost(gateway)}`;
}
