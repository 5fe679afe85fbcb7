/** An edge that asks a DNS server of the test, and an application on it. */
import { dnsServer, type DnsRecord, type DnsServer } from './dns-server.js';
import { edgeBed, type EdgeBed, type ScriptedApp, type Teardown } from './edge-bed.js';
import type { SipPeer } from './sip-peer.js';

export interface ServerFarm {
  readonly bed: EdgeBed;
  readonly app: ScriptedApp;
  readonly dns: DnsServer;
  /** `farm.test`: these peers, tried in this order; a port alone is a server nobody runs. */
  serve(transport: 'udp' | 'tcp', ...servers: readonly (SipPeer | number)[]): void;
}

/** @param options for the edge; 64*T1 is 1.28 s */
export async function serverFarm(t: Teardown, options: Parameters<typeof edgeBed>[1] = {}): Promise<ServerFarm> {
  const dns = await dnsServer(t, []);
  const bed = await edgeBed(t, { timers: { t1: 20, t2: 160, t4: 200 }, dnsServers: [dns.address], ...options });
  return {
    bed, dns, app: await bed.app(),
    serve(transport, ...servers) {
      dns.records = [
        ...servers.map((server, at): DnsRecord => ({
          type: 'SRV', name: `_sip._${transport}.farm.test`, priority: at, weight: 0, port: typeof server === 'number' ? server : server.port, target: 'host.farm.test',
        })),
        { type: 'A', name: 'host.farm.test', address: '127.0.0.1' },
      ];
    },
  };
}
