import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { acceptorFor, admitSocket } from './acceptors.js';
import type { AcceptorContext } from './acceptors.js';
import { ConnectionTable } from './connection-table.js';
import { TransportCounters } from './counters.js';
import { ListenerChoice } from './listener-choice.js';
import { networkList, plainAddress } from './local-address.js';
import type { AddressPolicy } from './local-address.js';
import { locatorFor, type ServerLocator } from './naming/server-locator.js';
import { Outgoing } from './outgoing.js';
import { StreamListener } from './stream-listener.js';
import type { StreamTransport } from './stream-listener.js';
import { TlsIdentity } from './tls.js';
import { TransportFault } from './transport-fault.js';
import type {
  CertificatePair, Connection, ConnectionOptions, ConnectTarget, Endpoint, Flow, Listener, ListenerSpec, ServerName, TransportLayer, TransportLayerOptions,
} from './transport.js';
import { UdpFlow, UdpListener } from './udp-listener.js';

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
  readonly #streams: Readonly<Record<StreamTransport, ListenerChoice<StreamListener>>> = {
    tcp: new ListenerChoice('tcp'), tls: new ListenerChoice('tls'), ws: new ListenerChoice('ws'), wss: new ListenerChoice('wss'),
  };
  readonly #identity: TlsIdentity | undefined;
  readonly #locator: ServerLocator;
  readonly #outgoing: Outgoing;
  #flowIds = 0;
  #stopped = false;

  constructor(options: TransportLayerOptions) {
    this.#options = options;
    this.#policy = { localNetworks: networkList(options.localNetworks), publicAddress: options.publicAddress };
    this.#identity = options.tls === undefined ? undefined : new TlsIdentity(options.tls);
    const { limits } = options;
    this.#connections = new ConnectionTable(limits, this.#counters, (now) => {
      for (const listener of this.#streamListeners) {
        this.#counters.add('closed_handshake_deadline', listener.endHandshakes(now - limits.handshakeDeadlineMs));
      }
    });
    this.#locator = locatorFor(options, () => this.listeners);
    this.#outgoing = new Outgoing({
      limits, counters: this.#counters, connections: this.#connections, udp: this.#udp, listeners: this.#streams, locator: this.#locator,
      identity: () => this.#tls(),
      stopped: () => this.#stopped,
      adopt: (socket, listener, remote, verifiedName, make) => this.#adopt(socket, listener, remote, { inbound: false, verifiedName }, make),
    });
  }

  get listeners(): readonly Listener[] {
    return [...this.#udp.all, ...this.#streamListeners];
  }

  get #streamListeners(): readonly StreamListener[] {
    return Object.values(this.#streams).flatMap((choice) => choice.all);
  }

  async listen(spec: ListenerSpec): Promise<void> {
    const { transport, host, port } = spec;
    if (isIP(host) === 0) throw new TransportFault('bad-setting', `listener address "${host}" is no IP address; use 0.0.0.0 for all`);
    try {
      if (transport === 'udp') this.#udp.add(await this.#bindUdp(spec));
      else this.#streams[transport].add(await this.#bindStream({ transport, host, port }));
    } catch (fault) {
      if (spec.ifFree !== true || !(fault instanceof TransportFault) || fault.reason !== 'bind-failed') throw fault;
      this.#options.log.warn('listener-left-out', { transport, host, port, reason: fault.message });
    }
  }

  async #bindUdp(spec: ListenerSpec): Promise<UdpListener> {
    return UdpListener.bind(spec.host, spec.port, {
      policy: this.#policy,
      limits: this.#options.limits,
      log: this.#options.log,
      counters: this.#counters,
      sources: this.#options.sources,
      nextFlowId: () => this.#nextFlowId(),
      onMessage: (raw, flow) => {
        this.#deliver(raw, flow);
      },
    });
  }

  async #bindStream(spec: { readonly transport: StreamTransport; readonly host: string; readonly port: number }): Promise<StreamListener> {
    const { log } = this.#options;
    const accept = acceptorFor(spec.transport, this.#acceptorContext());
    return StreamListener.bind(spec, this.#policy, (socket, listener) => {
      if (!this.#stopped && admitSocket(socket, this.#connections, this.#counters, log, this.#options.sources)) accept(socket, listener);
      else socket.destroy();
    }, (error) => {
      log.warn('listener-error', { ...spec, error: error.message });
    });
  }

  #acceptorContext(): AcceptorContext {
    const { limits, log, wsOrigins } = this.#options;
    return {
      limits, wsOrigins, counters: this.#counters,
      identity: () => this.#tls(),
      onRefused: (event, address, reason) => {
        log.debug(event, { address, reason });
      },
      onClientCertificate: (address, trusted, subject) => {
        log.debug('client-certificate', { address, trusted, subject });
      },
      adopt: (stream, listener, make) => {
        const remote = { address: plainAddress(stream.remoteAddress ?? ''), port: stream.remotePort ?? 0 };
        listener.shaken(stream);
        if (remote.port === 0 || this.#stopped) {
          stream.destroy();
          return;
        }
        this.#counters.add('connections_accepted');
        this.#adopt(stream, listener, remote, { inbound: true }, make);
      },
    };
  }

  #tls(): TlsIdentity {
    if (this.#identity === undefined) throw new TransportFault('bad-setting', 'TLS needs a certificate and its key');
    return this.#identity;
  }

  setCertificates(certificate: CertificatePair): void {
    this.#tls().setCertificates(certificate);
  }

  send(flow: Flow, bytes: string | Buffer): 'sent' | 'closed' {
    const outcome = flow instanceof UdpFlow ? flow.listener.send(flow, bytes) : isConnection(flow) ? flow.send(bytes) : 'closed';
    if (outcome === 'sent') this.#counters.add('messages_out');
    return outcome;
  }

  async locate(server: ServerName): Promise<readonly ConnectTarget[]> {
    return this.#locator.locate(server);
  }

  async connect(target: ConnectTarget): Promise<Flow> {
    if (this.#stopped) throw new TransportFault('stopped', 'the transport layer has been stopped');
    return this.#outgoing.connect(target);
  }

  counters(): Readonly<Record<string, number>> {
    return this.#counters.snapshot();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const closing = [...this.#udp.all, ...this.#streamListeners].map((listener) => listener.close());
    this.#connections.closeAll();
    this.#locator.stop();
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

  #adopt(
    stream: Socket, listener: StreamListener, remote: Endpoint,
    kind: Pick<ConnectionOptions, 'inbound' | 'verifiedName'>, make: (options: ConnectionOptions) => Connection,
  ): Connection {
    const connection = make({
      ...kind,
      id: this.#nextFlowId(),
      transport: listener.transport,
      local: { address: plainAddress(stream.localAddress ?? listener.host), port: stream.localPort ?? listener.port },
      remote,
      listener,
      limits: this.#options.limits,
      counters: this.#counters,
      onMessage: (raw, flow) => {
        if (kind.inbound && this.#options.sources?.admits(remote.address) === false) flow.destroy('source-banned');
        else this.#deliver(raw, flow);
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

/** All flows of the layer that are not UDP's. */
const isConnection = (flow: Flow): flow is Connection => flow.reliable && 'send' in flow;
