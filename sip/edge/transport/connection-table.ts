import type { TransportCounters } from './counters.js';
import type { StreamConnection } from './stream-connection.js';
import type { TransportLimits, TransportName } from './transport.js';

/** Connections by peer, with the limits on how many there may be, and the sweep of their deadlines. */
export class ConnectionTable {
  readonly #limits: TransportLimits;
  readonly #counters: TransportCounters;
  readonly #all = new Set<StreamConnection>();
  readonly #byPeer = new Map<string, StreamConnection>();
  readonly #perSource = new Map<string, number>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(limits: TransportLimits, counters: TransportCounters) {
    this.#limits = limits;
    this.#counters = counters;
    const shortest = Math.min(limits.messageDeadlineMs, limits.unusedIdleMs, 4_000);
    // one timer for all instead of two for each connection; deadlines are kept to a quarter
    this.#sweeper = setInterval(() => {
      const now = Date.now();
      for (const connection of this.#all) connection.sweep(now);
    }, Math.max(10, shortest / 4));
    this.#sweeper.unref();
  }

  /** Whether one more may be taken from this address. */
  admits(address: string): 'yes' | 'too-many' | 'too-many-of-source' {
    if (this.#all.size >= this.#limits.maxConnections) return 'too-many';
    return (this.#perSource.get(address) ?? 0) >= this.#limits.maxConnectionsPerSource ? 'too-many-of-source' : 'yes';
  }

  get isFull(): boolean {
    return this.#all.size >= this.#limits.maxConnections;
  }

  add(connection: StreamConnection): void {
    this.#all.add(connection);
    this.#byPeer.set(peerKey(connection.transport, connection.remote.address, connection.remote.port), connection);
    if (connection.inbound) this.#countSource(connection.remote.address, 1);
    this.#counters.add('connections_open');
  }

  remove(connection: StreamConnection): void {
    if (!this.#all.delete(connection)) return;
    const key = peerKey(connection.transport, connection.remote.address, connection.remote.port);
    if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
    if (connection.inbound) this.#countSource(connection.remote.address, -1);
    this.#counters.add('connections_open', -1);
  }

  /** RFC 5923 in its plain form, as drachtio-server does: any open connection to the same peer ip:port serves. */
  find(transport: TransportName, address: string, port: number): StreamConnection | undefined {
    const connection = this.#byPeer.get(peerKey(transport, address, port));
    return connection === undefined || connection.closed ? undefined : connection;
  }

  closeAll(): void {
    clearInterval(this.#sweeper);
    for (const connection of this.#all) connection.destroy('stopped');
  }

  #countSource(address: string, change: number): void {
    const count = (this.#perSource.get(address) ?? 0) + change;
    if (count > 0) this.#perSource.set(address, count);
    else this.#perSource.delete(address);
  }
}

/** The key under which connections to one peer are shared. */
export function peerKey(transport: TransportName, address: string, port: number): string {
  return `${transport} ${address} ${port}`;
}
