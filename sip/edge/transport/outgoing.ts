import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { withoutBrackets } from '../syntax/host.js';
import { peerKey } from './connection-table.js';
import type { ConnectionTable } from './connection-table.js';
import type { TransportCounters } from './counters.js';
import type { ListenerChoice } from './listener-choice.js';
import type { ServerLocator } from './naming/server-locator.js';
import { StreamConnection } from './stream-connection.js';
import type { StreamListener } from './stream-listener.js';
import { openTcp } from './tcp.js';
import type { TlsIdentity } from './tls.js';
import { TransportFault } from './transport-fault.js';
import type { Connection, ConnectTarget, ConnectionOptions, Endpoint, Flow, TransportLimits } from './transport.js';
import type { UdpListener } from './udp-listener.js';

export interface OutgoingContext {
  readonly limits: TransportLimits;
  readonly counters: TransportCounters;
  readonly connections: ConnectionTable;
  readonly udp: ListenerChoice<UdpListener>;
  readonly listeners: Readonly<Record<'tcp' | 'tls', ListenerChoice<StreamListener>>>;
  readonly locator: ServerLocator;
  readonly identity: () => TlsIdentity;
  readonly stopped: () => boolean;
  readonly adopt: (socket: Socket, listener: StreamListener, remote: Endpoint, verifiedName: string | undefined, make: (options: ConnectionOptions) => Connection) => Connection;
}

/** Connections to servers and to peers that are connected already. */
export class Outgoing {
  /** Connections being opened, so that two requests to one peer share one. */
  readonly #opening = new Map<string, Promise<Connection>>();

  constructor(private readonly context: OutgoingContext) {}

  /** @throws TransportFault (as rejection) */
  async connect(target: ConnectTarget): Promise<Flow> {
    const { transport, port } = target;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new TransportFault('unreachable', `port ${port} of ${target.host}`);
    if (transport === 'ws' || transport === 'wss') return this.#webSocket(target);
    if (transport !== 'udp' && this.context.listeners[transport].all.length === 0) {
      throw new TransportFault('no-such-transport', `${transport} to ${target.host}`);
    }
    const host = withoutBrackets(target.host);
    const name = (target.name ?? host).toLowerCase();
    const addresses = await this.context.locator.locate({ host, port, transport, secure: false });
    let fault: TransportFault | undefined;
    // RFC 3263 §4.3: the next address is tried after the failure of one
    for (const { host: address } of addresses) {
      try {
        if (transport === 'udp') return this.context.udp.towards(address).flow(address, port);
        return await this.#stream(transport, { address, port }, name);
      } catch (error) {
        if (!(error instanceof TransportFault)) throw error;
        fault = error;
      }
    }
    throw fault ?? new TransportFault('unresolved', `no address for host "${target.host}"`);
  }

  /**
   * A WebSocket client's own connection, found by its address (RFC 7118 §5: nothing can be opened to it).
   * Interop: `ws` and `wss` find each other; a proxy in front may have ended the TLS its client speaks of.
   * @throws TransportFault `flow-gone`
   */
  #webSocket({ transport, host, port }: ConnectTarget): Connection {
    const address = withoutBrackets(host);
    const other = transport === 'ws' ? 'wss' : 'ws';
    const { connections } = this.context;
    const found = isIP(address) === 0 ? undefined : connections.find(transport, address, port) ?? connections.find(other, address, port);
    if (found === undefined) throw new TransportFault('flow-gone', `${transport} ${host}:${port}: the client has no connection any more`);
    return found;
  }

  /** @param name the host as asked, for the certificate */
  async #stream(transport: 'tcp' | 'tls', to: Endpoint, name: string): Promise<Connection> {
    const listener = this.context.listeners[transport].towards(to.address);
    const existing = this.context.connections.find(transport, to.address, to.port);
    // RFC 5923 §8.2: what was checked for one name does not serve another
    if (existing !== undefined && (transport === 'tcp' || isIP(name) !== 0 || existing.verifiedName === name)) return existing;
    const key = `${peerKey(transport, to.address, to.port)} ${transport === 'tls' ? name : ''}`;
    let opening = this.#opening.get(key);
    if (opening === undefined) {
      opening = this.#open(transport, to, name, listener).finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
    }
    return opening;
  }

  async #open(transport: 'tcp' | 'tls', to: Endpoint, name: string, listener: StreamListener): Promise<Connection> {
    const { connections, counters, limits, identity } = this.context;
    const where = `${transport} ${to.address}:${to.port}`;
    if (connections.isFull) throw new TransportFault('too-many-connections', where);
    try {
      const socket = transport === 'tcp'
        ? await openTcp(to.address, to.port, limits.connectTimeoutMs, listener)
        : await identity().open(to, name, limits.connectTimeoutMs, listener);
      if (this.context.stopped()) {
        socket.destroy();
        throw new TransportFault('stopped', where);
      }
      counters.add('connections_opened');
      const verified = transport === 'tls' ? name : undefined;
      return this.context.adopt(socket, listener, to, verified, (options) => new StreamConnection(socket, options));
    } catch (error) {
      counters.add('connect_failures');
      throw error;
    }
  }
}
