import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { ConnectionTable, peerKey } from './connection-table.js';
import { TransportCounters } from './counters.js';
import { ListenerChoice } from './listener-choice.js';
import { networkList, plainAddress } from './local-address.js';
import type { AddressPolicy } from './local-address.js';
import { resolveHost } from './resolve.js';
import { StreamConnection } from './stream-connection.js';
import { TcpListener, openTcp } from './tcp.js';
import { TransportFault } from './transport-fault.js';
import type { ConnectTarget, Endpoint, Flow, Listener, ListenerSpec, TransportLayer, TransportLayerOptions } from './transport.js';
import { UdpListener } from './udp-listener.js';

/**
 * Binds all listeners.
 * @throws TransportFault `bind-failed`, `bad-setting` or `no-such-transport` (as rejection); nothing stays open then
 */
export async function createTransportLayer(options: TransportLayerOptions): Promise<TransportLayer> {
  const layer = new SipTransportLayer(options);
  try {
    for (const spec of options.listeners) await layer.listen(spec);
  } catch (fault) {
    await layer.stop();
    throw fault;
  }
  return layer;
}

class SipTransportLayer implements TransportLayer {
  onMessage: (raw: string, flow: Flow) => void = () => undefined;
  onFlowClosed: (flow: Flow) => void = () => undefined;
  readonly #options: TransportLayerOptions;
  readonly #policy: AddressPolicy;
  readonly #counters = new TransportCounters();
  readonly #connections: ConnectionTable;
  readonly #udp = new ListenerChoice<UdpListener>('udp');
  readonly #tcp = new ListenerChoice<TcpListener>('tcp');
  /** Connections being opened, so that two requests to one peer share one. */
  readonly #opening = new Map<string, Promise<StreamConnection>>();
  #flowIds = 0;
  #stopped = false;

  constructor(options: TransportLayerOptions) {
    this.#options = options;
    this.#policy = { localNetworks: networkList(options.localNetworks), publicAddress: options.publicAddress };
    this.#connections = new ConnectionTable(options.limits, this.#counters);
  }

  get listeners(): readonly Listener[] {
    return [...this.#udp.all, ...this.#tcp.all];
  }

  async listen(spec: ListenerSpec): Promise<void> {
    if (isIP(spec.host) === 0) {
      throw new TransportFault('bad-setting', `listener address "${spec.host}" is no IP address; use 0.0.0.0 for all`);
    }
    if (spec.transport === 'udp') this.#udp.add(await this.#bindUdp(spec));
    else if (spec.transport === 'tcp') this.#tcp.add(await this.#bindTcp(spec));
    else throw new TransportFault('no-such-transport', `${spec.transport} listeners are not supported by this edge; use udp or tcp`);
  }

  async #bindUdp(spec: ListenerSpec): Promise<UdpListener> {
    return UdpListener.bind(spec.host, spec.port, {
      policy: this.#policy,
      limits: this.#options.limits,
      log: this.#options.log,
      counters: this.#counters,
      nextFlowId: () => this.#nextFlowId(),
      onMessage: (raw, flow) => {
        this.#deliver(raw, flow);
      },
    });
  }

  async #bindTcp(spec: ListenerSpec): Promise<TcpListener> {
    return TcpListener.bind(spec.host, spec.port, this.#policy, (socket, listener) => {
      this.#accept(socket, listener);
    }, (error) => {
      this.#options.log.warn('tcp-listener-error', { host: spec.host, port: spec.port, error: error.message });
    });
  }

  send(flow: Flow, bytes: string | Buffer): 'sent' | 'closed' {
    const { listener } = flow;
    const outcome = flow instanceof StreamConnection ? flow.send(bytes)
      : listener instanceof UdpListener ? listener.send(flow, bytes)
        : 'closed';
    if (outcome === 'sent') this.#counters.add('messages_out');
    return outcome;
  }

  async connect(target: ConnectTarget): Promise<Flow> {
    if (this.#stopped) throw new TransportFault('stopped', 'the transport layer has been stopped');
    if (!Number.isInteger(target.port) || target.port < 1 || target.port > 65_535) {
      throw new TransportFault('unreachable', `port ${target.port} of ${target.host}`);
    }
    if (target.transport !== 'udp' && target.transport !== 'tcp') {
      throw new TransportFault('no-such-transport', `${target.transport} to ${target.host}`);
    }
    const addresses = await resolveHost(target.host);
    let fault: TransportFault | undefined;
    // RFC 3263 §4.3: the next address is tried after the failure of one
    for (const address of addresses) {
      try {
        return target.transport === 'udp' ? this.#udpFlow(address, target.port) : await this.#tcpFlow(address, target.port);
      } catch (error) {
        if (!(error instanceof TransportFault)) throw error;
        fault = error;
      }
    }
    throw fault ?? new TransportFault('unresolved', `no address for host "${target.host}"`);
  }

  counters(): Readonly<Record<string, number>> {
    return this.#counters.snapshot();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const closing = [...this.#udp.all, ...this.#tcp.all].map((listener) => listener.close());
    this.#connections.closeAll();
    await Promise.all(closing);
  }

  #nextFlowId(): number {
    this.#flowIds += 1;
    return this.#flowIds;
  }

  #deliver(raw: string, flow: Flow): void {
    this.#counters.add('messages_in');
    this.#guard('message-handler-fault', flow, () => {
      this.onMessage(raw, flow);
    });
  }

  /** Whatever the user of the layer does wrong, the socket goes on. */
  #guard(event: string, flow: Flow, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#counters.add('handler_faults');
      this.#options.log.error(event, { transport: flow.transport, address: flow.remote.address, error });
    }
  }

  #udpFlow(address: string, port: number): Flow {
    return this.#udp.towards(address).flow(address, port);
  }

  async #tcpFlow(address: string, port: number): Promise<Flow> {
    const listener = this.#tcp.towards(address);
    const existing = this.#connections.find('tcp', address, port);
    if (existing !== undefined) return existing;
    const key = peerKey('tcp', address, port);
    let opening = this.#opening.get(key);
    if (opening === undefined) {
      opening = this.#open(address, port, listener).finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
    }
    return opening;
  }

  async #open(address: string, port: number, listener: TcpListener): Promise<StreamConnection> {
    if (this.#connections.isFull) throw new TransportFault('too-many-connections', `tcp ${address}:${port}`);
    try {
      const socket = await openTcp(address, port, this.#options.limits.connectTimeoutMs, listener);
      if (this.#stopped) {
        socket.destroy();
        throw new TransportFault('stopped', `tcp ${address}:${port}`);
      }
      this.#counters.add('connections_opened');
      return this.#adopt(socket, listener, { address, port }, false);
    } catch (error) {
      this.#counters.add('connect_failures');
      throw error;
    }
  }

  #accept(socket: Socket, listener: TcpListener): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const port = socket.remotePort;
    socket.on('error', () => undefined);
    // already gone again
    if (address === '' || port === undefined || this.#stopped) {
      socket.destroy();
      return;
    }
    const verdict = this.#connections.admits(address);
    if (verdict !== 'yes') {
      this.#counters.add(verdict === 'too-many' ? 'connections_refused_total' : 'connections_refused_source');
      this.#options.log.debug('connection-refused', { address, verdict });
      socket.destroy();
      return;
    }
    this.#counters.add('connections_accepted');
    this.#adopt(socket, listener, { address, port }, true);
  }

  #adopt(socket: Socket, listener: TcpListener, remote: Endpoint, inbound: boolean): StreamConnection {
    const connection = new StreamConnection(socket, {
      id: this.#nextFlowId(),
      transport: 'tcp',
      local: { address: plainAddress(socket.localAddress ?? listener.host), port: socket.localPort ?? listener.port },
      remote,
      listener,
      inbound,
      limits: this.#options.limits,
      counters: this.#counters,
      onMessage: (raw, flow) => {
        this.#deliver(raw, flow);
      },
      onClosed: (closed, reason) => {
        this.#connections.remove(closed);
        this.#options.log.debug('connection-closed', { id: closed.id, address: remote.address, port: remote.port, reason });
        this.#guard('flow-closed-handler-fault', closed, () => {
          this.onFlowClosed(closed);
        });
      },
    });
    this.#connections.add(connection);
    return connection;
  }
}
