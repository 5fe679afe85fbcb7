import { comesFrom, sourcesOf } from '../../domain/trunk/match-source.js';
import { parseAddress, type Network } from '../../domain/emergency/network.js';
import type { TrunkGateway } from '../../domain/trunk/trunk.js';
import type { Clock, Log } from '../../ports/runtime.js';
import type { GatewayLocator, LocatedGateway, TrunkDirectory, TrunkSources } from '../../ports/trunks.js';

/** Addresses of gateways, resolved in the background, and the sources made of them. */
export interface GatewayAddresses extends TrunkSources {
  /** Where a gateway's name led when it was last asked; null = not asked yet. What was once found stays until something else is. */
  located(gateway: TrunkGateway): LocatedGateway | null;
  /** Every single address of enabled trunks: what their hosts are and lead to, and sources that are no ranges. */
  every(): readonly string[];
  /** Asks for every name whose answer is old; resolves with how many were asked. One run at a time. */
  tick(): Promise<number>;
}

interface Known {
  readonly located: LocatedGateway;
  /** Of the last answer that named any. */
  readonly addresses: readonly string[];
  readonly askAgainAt: number;
}

/** Records of carriers change rarely, and in announced windows; what could not be resolved is asked sooner. */
const FOUND_MS = 60_000;
const UNKNOWN_MS = 15_000;

export interface GatewayAddressDeps {
  readonly trunks: () => Pick<TrunkDirectory, 'all' | 'trunks'>;
  readonly locator: GatewayLocator;
  readonly clock: Clock;
  readonly log: Log;
}

export function createGatewayAddresses({ trunks, locator, clock, log }: GatewayAddressDeps): GatewayAddresses {
  const known = new Map<string, Known>();
  let networks = new WeakMap<TrunkGateway, readonly Network[]>();
  let running: Promise<number> | null = null;

  const networksOf = (gateway: TrunkGateway): readonly Network[] => {
    const held = networks.get(gateway);
    if (held !== undefined) return held;
    const made = sourcesOf(gateway, known.get(keyOf(gateway))?.addresses ?? []);
    networks.set(gateway, made);
    return made;
  };

  async function ask(gateway: TrunkGateway): Promise<void> {
    const key = keyOf(gateway);
    const before = known.get(key);
    const located = await locator.locate(gateway);
    const found = located.kind === 'found';
    if (!found && before?.located.kind !== 'unknown') log.warn('trunk-gateway-unresolved', { host: gateway.host, why: located.why });
    const addresses = found ? located.servers.map(({ address }) => address) : before?.addresses ?? [];
    known.set(key, { located, addresses, askAgainAt: clock.now() + (found ? FOUND_MS : UNKNOWN_MS) });
    networks = new WeakMap();
  }

  async function run(): Promise<number> {
    const wanted = new Map(trunks().all().filter(({ enabled }) => enabled).flatMap(({ gateways }) => gateways.map((each) => [keyOf(each), each] as const)));
    for (const key of known.keys()) if (!wanted.has(key)) known.delete(key);
    const now = clock.now();
    const due = [...wanted].filter(([key]) => (known.get(key)?.askAgainAt ?? 0) <= now).map(([, gateway]) => gateway);
    await Promise.all(due.map(ask));
    return due.length;
  }

  return {
    located: (gateway) => known.get(keyOf(gateway))?.located ?? null,
    every: () => [...new Set(trunks().all().filter(({ enabled }) => enabled).flatMap(({ gateways }) => gateways.flatMap((gateway) =>
      [...gateway.sources, gateway.host.replace(/^\[(.*)\]$/, '$1'), ...known.get(keyOf(gateway))?.addresses ?? []].filter((text) => parseAddress(text) !== null))))],
    tick: () => (running ??= run().finally(() => (running = null))),
    trunksAt: (accountId, address) => trunks().trunks(accountId).filter(({ enabled }) => enabled).flatMap((trunk) =>
      trunk.gateways.filter((gateway) => comesFrom(networksOf(gateway), address)).map((gateway) => ({ trunk, gateway }))),
  };
}

function keyOf({ transport, host, port }: TrunkGateway): string {
  return `${transport} ${host.toLowerCase()} ${port}`;
}
