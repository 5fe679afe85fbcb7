import { lookup, Resolver } from 'node:dns/promises';
import { plainAddress } from '../local-address.js';
import { TransportFault } from '../transport-fault.js';
import { HostsFile } from './hosts-file.js';
import type { Answer, NameService, NaptrRecord, SrvRecord } from './records.js';

/** One question, repetitions included. */
const QUESTION_MS = 700;
/** Node.js tells no TTL of NAPTR and SRV records; those of addresses are told. */
const UNTOLD_TTL_MS = 60_000;
/** RFC 2308 §5: that there is nothing is remembered too, here briefly; a server that did not answer is asked again sooner. */
const NOTHING_MS = 10_000;
const NO_ANSWER_MS = 2_000;
const MAX_RECORDS = 16;

export interface DnsOptions {
  /** `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:53`; default those of the system. */
  readonly servers?: readonly string[] | undefined;
  /** Whether there are listeners of that address family. */
  readonly families: () => { readonly v4: boolean; readonly v6: boolean };
  readonly now: () => number;
}

/** The DNS, and the hosts file before it. */
export class DnsNames implements NameService {
  readonly #resolver = new Resolver({ timeout: QUESTION_MS / 2, tries: 2 });
  readonly #hosts: HostsFile;

  /** @throws TransportFault `bad-setting` naming the server */
  constructor(private readonly options: DnsOptions) {
    this.#hosts = new HostsFile(options.now);
    if (options.servers === undefined) return;
    try {
      this.#resolver.setServers(options.servers);
    } catch (cause) {
      throw new TransportFault('bad-setting', `DNS server among "${options.servers.join(', ')}"; write an IP address, with :PORT unless 53`, { cause });
    }
  }

  async naptr(name: string): Promise<Answer<NaptrRecord>> {
    return within(this.#resolver.resolveNaptr(name).then((records) => found(records, UNTOLD_TTL_MS)));
  }

  async srv(name: string): Promise<Answer<SrvRecord>> {
    return within(this.#resolver.resolveSrv(name)
      .then((records) => found(records.map((record) => (record.name === '.' ? { ...record, name: '' } : record)), UNTOLD_TTL_MS)));
  }

  async addresses(host: string): Promise<Answer<string>> {
    const { v4, v6 } = this.options.families();
    const usable = (addresses: readonly string[]): readonly string[] =>
      addresses.map(plainAddress).filter((address) => (address.includes(':') ? v6 : v4));
    const written = this.#hosts.addresses(host);
    if (written.length > 0) return { records: usable(written), ttlMs: 0 };
    // Search domains and other sources of names are known to the system's resolver only.
    const bySystem = (): Promise<Answer<string>> => within(lookup(host, { all: true, verbatim: true })
      .then((all) => found(usable(all.map(({ address }) => address)), NOTHING_MS)));
    if (this.isPlain(host)) return bySystem();
    const answers = await Promise.all([
      ...(v4 ? [within(this.#resolver.resolve4(host, { ttl: true }).then(addressAnswer))] : []),
      ...(v6 ? [within(this.#resolver.resolve6(host, { ttl: true }).then(addressAnswer))] : []),
    ]);
    const records = answers.flatMap((answer) => answer.records);
    if (records.length === 0 && this.options.servers === undefined) return bySystem();
    const holding = answers.filter((answer) => answer.records.length > 0 || records.length === 0);
    return { records, ttlMs: Math.min(...holding.map(({ ttlMs }) => ttlMs)) };
  }

  isPlain(host: string): boolean {
    return !host.includes('.') || this.#hosts.addresses(host).length > 0;
  }

  stop(): void {
    this.#resolver.cancel();
  }
}

const found = <T>(records: readonly T[], ttlMs: number): Answer<T> =>
  (records.length === 0 ? { records, ttlMs: NOTHING_MS } : { records: records.slice(0, MAX_RECORDS), ttlMs });

const addressAnswer = (records: readonly { readonly address: string; readonly ttl: number }[]): Answer<string> =>
  found(records.map(({ address }) => plainAddress(address)), Math.min(...records.map(({ ttl }) => ttl)) * 1_000);

/** RFC 3263 §4.3: what cannot be looked up is as good as absent; it must not hold up the call. */
async function within<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => resolve({ records: [], ttlMs: NO_ANSWER_MS }), QUESTION_MS);
  });
  const answered = answer.catch((fault: unknown): Answer<T> => {
    const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
    return { records: [], ttlMs: code === 'ENOTFOUND' || code === 'ENODATA' ? NOTHING_MS : NO_ANSWER_MS };
  });
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
