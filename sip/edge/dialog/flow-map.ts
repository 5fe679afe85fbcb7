import type { SipRequest } from '../syntax/message.js';
import { parameter } from '../syntax/lists.js';
import { parseContacts } from '../syntax/name-addr.js';
import { parseUri } from '../syntax/uri.js';
import type { Flow } from '../transport/transport.js';
import { appHeader, type AppSip } from './app-text.js';
import { sipUri } from './next-hop.js';

interface Registered {
  readonly flow: Flow;
  readonly until: number;
  /** Of the Contact. */
  readonly port: number | undefined;
}

/** `user@host` of a SIP URI, without port and parameters; undefined for others. */
export function addressOf(uri: string): string | undefined {
  const parsed = parseUri(uri);
  if (parsed?.kind !== 'sip') return undefined;
  return `${parsed.uri.user ?? ''}@${parsed.uri.host.toLowerCase()}`;
}

/**
 * Clients on streams, by the Contact they registered (drachtio wire protocol §9.3). Two clients of the same user and
 * private address overwrite each other: applications that give a route url do not need this map.
 */
export class FlowMap {
  readonly #entries = new Map<string, Registered>();

  constructor(private readonly limit = 100_000) {}

  get size(): number {
    return this.#entries.size;
  }

  /**
   * An application accepted a REGISTER or SUBSCRIBE received on a stream.
   * @param response as the application gave it: its first Contact's `expires`, else its Expires, decides; neither or 0
   *   removes the entry
   * @param nowMs any clock, the same in `find`
   */
  accepted(request: SipRequest, response: AppSip, flow: Flow, nowMs: number): void {
    const contact = firstContact(request.all('contact'));
    const address = contact === undefined ? undefined : addressOf(contact.uri);
    if (address === undefined) return;
    const given = appHeader(response, 'contact');
    const expires = (given === undefined ? undefined : firstContact([given])?.expires) ?? appHeader(response, 'expires');
    const seconds = Number(expires ?? 0);
    this.#entries.delete(address);
    if (!(seconds > 0)) return;
    if (this.#entries.size >= this.limit) this.#dropOldest();
    this.#entries.set(address, { flow, until: nowMs + seconds * 1_000, port: sipUri(contact?.uri ?? '')?.port });
  }

  /** @returns the open connection of the client with that Contact */
  find(uri: string, nowMs: number): Flow | undefined {
    if (this.#entries.size === 0) return undefined;
    const address = addressOf(uri);
    const entry = address === undefined ? undefined : this.#entries.get(address);
    if (entry === undefined || entry.flow.closed || entry.until <= nowMs) return undefined;
    return mayMeanStream(uri, entry.port) ? entry.flow : undefined;
  }

  /** Forgets what is over; drachtio-server does so every 30 s. */
  sweep(nowMs: number): void {
    for (const [address, entry] of this.#entries) {
      if (entry.flow.closed || entry.until <= nowMs) this.#entries.delete(address);
    }
  }

  #dropOldest(): void {
    for (const address of this.#entries.keys()) {
      this.#entries.delete(address);
      return;
    }
  }
}

/**
 * Deviation: drachtio-server goes by user and host alone; then a client on UDP is taken for one on a stream at the same
 * address. A URI means the stream when it names a transport other than UDP, or none and no other port than the registered one.
 */
function mayMeanStream(text: string, registeredPort: number | undefined): boolean {
  const uri = sipUri(text);
  if (uri === undefined) return false;
  const transport = parameter(uri.parameters, 'transport');
  if (typeof transport === 'string') return transport.toLowerCase() !== 'udp';
  return uri.scheme === 'sips' || uri.port === undefined || uri.port === registeredPort;
}

function firstContact(values: readonly string[]): { readonly uri: string; readonly expires: string | undefined } | undefined {
  const contacts = values.length === 0 ? undefined : parseContacts(values);
  const contact = contacts?.kind === 'list' ? contacts.contacts[0] : undefined;
  if (contact === undefined) return undefined;
  const expires = parameter(contact.parameters, 'expires');
  return { uri: contact.uri, expires: typeof expires === 'string' ? expires : undefined };
}
