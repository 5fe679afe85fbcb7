import { isIP } from 'node:net';
import { plainAddress } from '../local-address.js';
import type { ConnectTarget, ServerName, TransportName } from '../transport.js';
import type { NaptrRecord, SrvRecord } from './records.js';
import { orderSrv } from './srv-order.js';

/** RFC 3261 §19.1.2, RFC 7118 §5.2.1. */
export const DEFAULT_PORTS: Readonly<Record<TransportName, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };

/** Servers of one transport, and which records name them. */
export type Service =
  | { readonly lookup: 'srv'; readonly transport: TransportName; readonly name: string }
  | { readonly lookup: 'address'; readonly transport: TransportName; readonly name: string; readonly port: number };

export type LocationPlan =
  /** Nothing to look up. */
  | { readonly kind: 'literal'; readonly target: ConnectTarget }
  /** `otherwise` when none of the services has any SRV record. */
  | { readonly kind: 'services'; readonly services: readonly Service[]; readonly otherwise: Service }
  /** NAPTR of `name` first; without usable ones `services`. */
  | { readonly kind: 'naptr'; readonly name: string; readonly services: readonly Service[]; readonly otherwise: Service };

const SRV_LABELS: Readonly<Record<TransportName, string>> = {
  udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp', ws: '_sip._ws', wss: '_sips._ws',
};

/** RFC 3263 §4.1, RFC 7118 §6 (D2W). */
const NAPTR_SERVICES: ReadonlyMap<string, TransportName> = new Map([
  ['SIP+D2U', 'udp'], ['SIP+D2T', 'tcp'], ['SIPS+D2T', 'tls'], ['SIP+D2W', 'ws'], ['SIPS+D2W', 'wss'],
]);

/** RFC 3263 §4.1: SIPS only over TLS. */
const isSecure = (transport: TransportName): boolean => transport === 'tls' || transport === 'wss';

/**
 * What is to be asked of the DNS for a server (RFC 3263 §4).
 * @param available transports of ours
 * @param isPlain whether only addresses are asked for (hosts file)
 */
export function planLocation(server: ServerName, available: ReadonlySet<TransportName>, isPlain: (host: string) => boolean): LocationPlan {
  const { port } = server;
  const host = plainAddress(server.host);
  const transport = server.transport ?? defaultTransport(server.secure, available);
  const addressOnly: Service = { lookup: 'address', transport, name: host, port: port ?? DEFAULT_PORTS[transport] };
  // RFC 3263 §4.1, §4.2: a numeric host needs no look-up, whatever else is given.
  if (isIP(host) !== 0) return { kind: 'literal', target: { transport, host, port: addressOnly.port, name: host } };
  // RFC 3263 §4.2: with a port, addresses only; RFC 3263 §4.1: and UDP, or TLS for sips, unless a transport is named.
  if (port !== undefined || isPlain(host)) return { kind: 'services', services: [], otherwise: addressOnly };
  // RFC 3263 §4.1: a transport that is named needs no NAPTR; §4.2: SRV of that one.
  if (server.transport !== undefined) return { kind: 'services', services: [srvService(transport, host)], otherwise: addressOnly };
  // RFC 3263 §4.1: without NAPTR, the SRV records of every transport we have. WebSockets are not opened by us.
  const usual = (['udp', 'tcp', 'tls'] as const).filter((each) => available.has(each) && (!server.secure || isSecure(each)));
  return { kind: 'naptr', name: host, services: usual.map((each) => srvService(each, host)), otherwise: addressOnly };
}

const srvService = (transport: TransportName, host: string): Service => ({ lookup: 'srv', transport, name: `${SRV_LABELS[transport]}.${host}` });

/** RFC 3263 §4.1: UDP for sip, TLS for sips; another of ours where we have no UDP. */
function defaultTransport(secure: boolean, available: ReadonlySet<TransportName>): TransportName {
  if (secure) return 'tls';
  return available.has('udp') ? 'udp' : [...available][0] ?? 'udp';
}

/**
 * The services NAPTR records offer that we can use, best first (RFC 3263 §4.1, RFC 3403 §4.1). Those behind the best one
 * serve when it fails.
 */
export function servicesOfNaptr(records: readonly NaptrRecord[], secure: boolean, available: ReadonlySet<TransportName>): readonly Service[] {
  const sorted = [...records].sort((one, other) => one.order - other.order || one.preference - other.preference);
  return sorted.flatMap((record): Service[] => {
    const transport = NAPTR_SERVICES.get(record.service.toUpperCase());
    if (transport === undefined || !available.has(transport) || (secure && !isSecure(transport)) || record.replacement === '') return [];
    const flags = record.flags.toLowerCase();
    if (flags === 's') return [{ lookup: 'srv', transport, name: record.replacement }];
    return flags === 'a' ? [{ lookup: 'address', transport, name: record.replacement, port: DEFAULT_PORTS[transport] }] : [];
  });
}

/** A service and its SRV records; none for a service of addresses. */
export interface FoundService {
  readonly service: Service;
  readonly records: readonly SrvRecord[];
}

/** Names whose addresses are needed. */
export const hostsOf = (found: readonly FoundService[]): readonly string[] =>
  [...new Set(found.flatMap(({ service, records }) => (service.lookup === 'address' ? [service.name] : records.map(({ name }) => name))))]
    .filter((name) => name !== '');

/** What a zone may make us connect to for one request. */
const MAX_TARGETS = 8;

/**
 * Servers in the order to be tried (RFC 3263 §4.2, §4.3).
 * @param addresses IP literals by name
 * @param name the host as asked, for the certificate
 */
export function orderedTargets(
  found: readonly FoundService[], addresses: ReadonlyMap<string, readonly string[]>, name: string, random: () => number,
): readonly ConnectTarget[] {
  const targets = found.flatMap(({ service, records }) => {
    const at = (host: string, port: number): readonly ConnectTarget[] =>
      (addresses.get(host) ?? []).map((address) => ({ transport: service.transport, host: address, port, name }));
    if (service.lookup === 'address') return at(service.name, service.port);
    return orderSrv(records, random).flatMap((record) => (record.port === 0 ? [] : at(record.name, record.port)));
  });
  const seen = new Set<string>();
  return targets.filter((target) => {
    const key = `${target.transport} ${target.host} ${target.port}`;
    return !seen.has(key) && seen.add(key);
  }).slice(0, MAX_TARGETS);
}
