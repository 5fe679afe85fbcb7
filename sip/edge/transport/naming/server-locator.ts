import { isIPv6 } from 'node:net';
import { TransportFault } from '../transport-fault.js';
import type { ConnectTarget, Listener, ServerName, TransportLayerOptions, TransportName } from '../transport.js';
import { AnswerCache } from './answer-cache.js';
import { DnsNames } from './dns-names.js';
import type { NameService, NaptrRecord, SrvRecord } from './records.js';
import { hostsOf, orderedTargets, planLocation, servicesOfNaptr, type FoundService, type Service } from './services.js';

export interface LocatorOptions {
  readonly names: NameService;
  /** Transports of our listeners. */
  readonly available: () => ReadonlySet<TransportName>;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Milliseconds on any clock. */
  readonly now: () => number;
}

/** Names asked about for one request; a zone must not make us ask about hundreds. */
const MAX_SERVICES = 8;
const MAX_HOSTS = 16;

/** Finds the servers of a name (RFC 3263 §4): asks what `planLocation` wants to know, at most three times one after the other. */
export class ServerLocator {
  readonly #naptr: AnswerCache<NaptrRecord>;
  readonly #srv: AnswerCache<SrvRecord>;
  readonly #addresses: AnswerCache<string>;

  constructor(private readonly options: LocatorOptions) {
    const { names, now } = options;
    this.#naptr = new AnswerCache((name) => names.naptr(name), now);
    this.#srv = new AnswerCache((name) => names.srv(name), now);
    this.#addresses = new AnswerCache((host) => names.addresses(host), now);
  }

  /**
   * @returns at least one server, in the order to be tried
   * @throws TransportFault `unresolved`
   */
  async locate(server: ServerName): Promise<readonly ConnectTarget[]> {
    const available = this.options.available();
    const plan = planLocation(server, available, (host) => this.options.names.isPlain(host));
    if (plan.kind === 'literal') return [plan.target];
    let services: readonly Service[] = [];
    if (plan.kind === 'naptr') services = servicesOfNaptr(await this.#naptr.get(plan.name), server.secure, available);
    let found = await this.#found(services.length > 0 ? services : plan.services);
    // RFC 3263 §4.2: no SRV records at all, so the name is that of a host.
    if (found.length === 0) found = [{ service: plan.otherwise, records: [] }];
    const addresses = new Map(await Promise.all(hostsOf(found).slice(0, MAX_HOSTS)
      .map(async (host) => [host, await this.#addresses.get(host)] as const)));
    const targets = orderedTargets(found, addresses, server.host, this.options.random);
    if (targets.length === 0) throw new TransportFault('unresolved', `no address for host "${server.host}"; check the name or the DNS`);
    return targets;
  }

  stop(): void {
    this.options.names.stop();
  }

  async #found(services: readonly Service[]): Promise<readonly FoundService[]> {
    const answers = await Promise.all(services.slice(0, MAX_SERVICES).map(async (service) =>
      ({ service, records: service.lookup === 'srv' ? await this.#srv.get(service.name) : [] })));
    return answers.filter(({ service, records }) => service.lookup === 'address' || records.length > 0);
  }
}

/** One that asks the DNS. @throws TransportFault `bad-setting` when a DNS server is no address */
export function locatorFor(options: Pick<TransportLayerOptions, 'dnsServers'>, listeners: () => readonly Listener[]): ServerLocator {
  const now = (): number => performance.now();
  const families = (): { readonly v4: boolean; readonly v6: boolean } => {
    const all = listeners();
    return { v4: all.some(({ host }) => !isIPv6(host)), v6: all.some(({ host }) => isIPv6(host)) };
  };
  return new ServerLocator({
    names: new DnsNames({ servers: options.dnsServers, families, now }), now, random: () => Math.random(),
    available: () => new Set(listeners().map(({ transport }) => transport)),
  });
}
