import { emergencyNumbers } from '../domain/numbering/emergency.js';
import type { BannedSource, EdgeAdmin, SipProtection } from '../ports/call-control.js';
import type { Directory } from '../ports/directory.js';
import type { LocationService } from '../ports/location-service.js';
import type { Clock, Log } from '../ports/runtime.js';

type Protecting = Pick<EdgeAdmin, 'protection' | 'banned' | 'ban' | 'lift' | 'setEmergencyUsers' | 'knowBindings'>;

/** Questions to the edge's thread, each with its answer (sip/edge/worker.ts). */
export class ProtectionQuestions {
  readonly #waiting = new Map<number, { readonly take: (value: never) => void; readonly end: () => void }>();
  #ids = 0;
  #ended = false;

  constructor(private readonly post: (message: { readonly kind: 'protection'; readonly id: number; readonly ask: object }) => void) {}

  readonly admin: Protecting = {
    protection: () => this.#ask<SipProtection>({ kind: 'report' }),
    banned: () => this.#ask<readonly BannedSource[]>({ kind: 'banned' }),
    ban: (address, seconds, despiteBindings) => this.#ask<'done' | 'trusted' | 'live'>({ kind: 'ban', address, seconds, despiteBindings }),
    lift: async (address) => (await this.#ask<boolean>({ kind: 'lift', address }) ? 'done' : 'unknown'),
    setEmergencyUsers: async (users) => {
      await this.#ask<undefined>({ kind: 'emergency-users', users });
      return 'done';
    },
    knowBindings: async (bindings) => {
      await this.#ask<undefined>({ kind: 'bindings', bindings });
      return 'done';
    },
  };

  answer(id: number, value: unknown): void {
    this.#waiting.get(id)?.take(value as never);
    this.#waiting.delete(id);
  }

  /** The edge is gone: nobody waits for it. */
  end(): void {
    this.#ended = true;
    for (const { end } of this.#waiting.values()) end();
    this.#waiting.clear();
  }

  /** The edge answers in the shape asked for: both sides are of one version. */
  #ask<T>(ask: object): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new Error('the SIP edge has ended'));
      const id = this.#ids += 1;
      this.#waiting.set(id, { take: (value: T) => resolve(value), end: () => reject(new Error('the SIP edge has ended')) });
      this.post({ kind: 'protection', id, ask });
    });
  }
}

/** Every emergency number of a country where the account has a site, in all dialled forms. */
export function emergencyUsersOf(directory: Directory): readonly string[] {
  const countries = new Set(directory.sites(directory.defaultAccount().id).map((site) => site.country));
  return [...new Set([...countries].flatMap((country) => emergencyNumbers(country)))].sort();
}

const FRESH_MS = 5_000;
const PAGE = 500;

/** A carrier is no stranger: it is told of as one that is registered, for longer than until it is told of again. */
const TRUNKS_MS = 60_000;
const TRUNKS_KNOWN_S = 300;

export interface InformEdgeDeps {
  readonly directory: Directory;
  readonly locations: LocationService;
  /** Addresses of trunks' peers. */
  readonly trunkAddresses: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps the edge's emergency numbers those of the sites, also of sites added later or by another node, and tells it at the
 * start which bindings there are: an office that was registered before a restart is no stranger after it. Addresses of trunks are told of each minute,
 * and when there are others: calls of strangers to numbers that nobody has must not get a carrier banned.
 */
export function informEdge(
  edge: EdgeAdmin, deps: InformEdgeDeps,
): { readonly stop: () => void } {
  const { directory, log } = deps;
  let told = emergencyUsersOf(directory).join();
  const follow = async (): Promise<void> => {
    const users = emergencyUsersOf(directory);
    if (users.join() === told) return;
    await edge.setEmergencyUsers(users);
    told = users.join();
  };
  let known = { at: -TRUNKS_MS, addresses: '' };
  const tellTrunks = async (): Promise<void> => {
    const addresses = deps.trunkAddresses();
    const now = deps.clock.now();
    if (addresses.length === 0 || (now - known.at < TRUNKS_MS && known.addresses === addresses.join())) return;
    known = { at: now, addresses: addresses.join() };
    await edge.knowBindings(addresses.map((address) => ({ address, user: 'trunk', seconds: TRUNKS_KNOWN_S })));
  };
  const tell = (): void => void tellTrunks().catch((error: unknown) => log.warn('trunks not told to the SIP edge', { err: error }));
  tell();
  const timer = setInterval(() => {
    tell();
    follow().catch((error: unknown) => log.warn('emergency numbers not told to the SIP edge', { err: error }));
  }, FRESH_MS).unref();
  tellBindings(edge, deps).catch((error: unknown) => log.warn('bindings not told to the SIP edge', { err: error }));
  return { stop: () => clearInterval(timer) };
}

async function tellBindings(
  edge: EdgeAdmin, { directory, locations, clock }: { readonly directory: Directory; readonly locations: LocationService; readonly clock: Clock },
): Promise<void> {
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<LocationService['list']>> = await locations.list(directory.defaultAccount().id, after, PAGE);
    const bindings = page.items.map((binding) => ({
      address: binding.flow.address,
      user: directory.device(binding.deviceId)?.userName ?? binding.deviceId,
      seconds: Math.max(0, (binding.expiresAt - clock.now()) / 1_000),
    }));
    if (await edge.knowBindings(bindings) === 'unsupported') return;
    after = page.next;
  } while (after !== null);
}
