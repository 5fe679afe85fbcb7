import type { TransportCounters } from './counters.js';
import type { Connection, TransportLimits, TransportName } from './transport.js';

/**
 * Connections by peer, with the limits on how many there may be, and the sweep of their deadlines. Accepted sockets count
 * from their first moment, also while a handshake has not made a connection of them yet.
 */
export class ConnectionTable {
  readonly #limits: TransportLimits;
  readonly #counters: TransportCounters;
  readonly #all = new Set<Connection>();
  readonly #byPeer = new Map<string, Connection>();
  readonly #perSource = new Map<string, number>();
  readonly #sweeper: NodeJS.Timeout;
  /** Accepted and opened ones. */
  #sockets = 0;

  /** @param alsoSweep called with each sweep, epoch ms */
  constructor(limits: TransportLimits, counters: TransportCounters, alsoSweep: (nowMs: number) => void) {
    this.#limits = limits;
    this.#counters = counters;
    const shortest = Math.min(limits.messageDeadlineMs, limits.unusedIdleMs, limits.handshakeDeadlineMs, limits.wsPingMs, 4_000);
    // one timer for all instead of two for each connection; deadlines are kept to a quarter
    this.#sweeper = setInterval(() => {
      const now = Date.now();
      for (const connection of this.#all) connection.sweep(now);
      alsoSweep(now);
    }, Math.max(10, shortest / 4));
    this.#sweeper.unref();
  }

  /** Counts one more socket of this address, unless there are too many; `release` must follow a `yes`. */
  admit(address: string): 'yes' | 'too-many' | 'too-many-of-source' {
    if (this.isFull) return 'too-many';
    const count = this.#perSource.get(address) ?? 0;
    if (count >= this.#limits.maxConnectionsPerSource) return 'too-many-of-source';
    this.#perSource.set(address, count + 1);
    this.#sockets += 1;
    return 'yes';
  }

  /** An admitted socket is gone. */
  release(address: string): void {
    const count = (this.#perSource.get(address) ?? 0) - 1;
    if (count > 0) this.#perSource.set(address, count);
    else this.#perSource.delete(address);
    this.#sockets -= 1;
  }

  get isFull(): boolean {
    return this.#sockets >= this.#limits.maxConnections;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
    this.#byPeer.set(peerKey(connection.transport, connection.remote.address, connection.remote.port), connection);
    if (!connection.inbound) this.#sockets += 1;
    this.#counters.add('connections_open');
  }

  remove(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const key = peerKey(connection.transport, connection.remote.address, connection.remote.port);
    if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
    if (!connection.inbound) this.#sockets -= 1;
    this.#counters.add('connections_open', -1);
  }

  /** RFC 5923 in its plain form, as drachtio-server does: any open connection to the same peer ip:port serves. */
  find(transport: TransportName, address: string, port: number): Connection | undefined {
    const connection = this.#byPeer.get(peerKey(transport, address, port));
    return connection === undefined || connection.closed ? undefined : connection;
  }

  closeAll(): void {
    clearInterval(this.#sweeper);
    for (const connection of this.#all) connection.destroy('stopped');
  }
}

/** The key under which connections to one peer are shared. */
export function peerKey(transport: TransportName, address: string, port: number): string {
  return `${transport} ${address} ${port}`;
}
