import type { EdgeLog } from '../log.js';

/** A transport of RFC 3261 §18 or RFC 7118, in lower case as in `;transport=`. */
export type TransportName = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** An IP literal (no brackets) and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The way to one peer: a connection, or on UDP the pair of listener and remote address. */
export interface Flow {
  readonly id: number;
  readonly transport: TransportName;
  /** True for all but UDP: no retransmissions needed (RFC 3261 §17.1.1.2). */
  readonly reliable: boolean;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The listener whose address stands for us on this flow; for a connection we opened, the best one of its transport. */
  readonly listener: Listener;
  readonly closed: boolean;
}

export interface Listener {
  readonly transport: TransportName;
  /** The address bound, as given (`0.0.0.0` and `::` stay). */
  readonly host: string;
  /** The port bound, never 0. */
  readonly port: number;
  /**
   * What we write into Via and Contact for this peer: peers inside LOCAL_NETWORKS see our local address, others the
   * public one where configured.
   * @param remote IP literal of the peer
   * @returns host ready for a URI (IPv6 in brackets)
   */
  advertised(remote: string): { readonly host: string; readonly port: number };
}

export interface ListenerSpec {
  readonly transport: TransportName;
  /** IP literal to bind. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface TransportLimits {
  /** Start line, headers and body together; more on a stream closes it, more in a datagram is dropped. */
  readonly maxMessageBytes: number;
  /** From the first byte of a message on a stream to its last; then the connection is closed. */
  readonly messageDeadlineMs: number;
  /** A connection that never carried a whole message is closed after this. */
  readonly unusedIdleMs: number;
  /** Attempt to connect to one address. */
  readonly connectTimeoutMs: number;
  /** Inbound and outbound together. */
  readonly maxConnections: number;
  /** Inbound, of one IP address. */
  readonly maxConnectionsPerSource: number;
  /** Bytes waiting for a peer that does not read; then the connection is closed. */
  readonly maxWriteBufferBytes: number;
  /** Wished size of the kernel's receive buffer of a UDP socket; the kernel may give less. */
  readonly udpReceiveBufferBytes: number;
}

export const defaultTransportLimits: TransportLimits = {
  maxMessageBytes: 65_536,
  messageDeadlineMs: 10_000,
  unusedIdleMs: 30_000,
  connectTimeoutMs: 5_000,
  maxConnections: 10_000,
  maxConnectionsPerSource: 256,
  maxWriteBufferBytes: 1_048_576,
  udpReceiveBufferBytes: 4_194_304,
};

/** Where a request shall go. */
export interface ConnectTarget {
  readonly transport: TransportName;
  /** Name or IP literal, IPv6 with or without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface TransportLayer {
  readonly listeners: readonly Listener[];
  /** Called with each whole message (latin1 text), to be set by the user before traffic is expected. */
  onMessage: (raw: string, flow: Flow) => void;
  /** Called once for each connection that ends, for whatever reason; never for UDP. */
  onFlowClosed: (flow: Flow) => void;
  /** Sends on exactly this flow. `sent` means handed to the kernel's or our buffer, not delivered. */
  send(flow: Flow, bytes: string | Buffer): 'sent' | 'closed';
  /**
   * A flow to the target: an existing connection of the same transport and peer ip:port, inbound ones included, or a
   * new one; on UDP the best listener.
   * @throws TransportFault (as rejection) when there is no such transport, the name is unknown or nobody answers
   */
  connect(target: ConnectTarget): Promise<Flow>;
  /** Figures since the start, for /metrics. */
  counters(): Readonly<Record<string, number>>;
  /** Closes all; afterwards `send` says `closed`. Idempotent. */
  stop(): Promise<void>;
}

export interface TransportLayerOptions {
  readonly listeners: readonly ListenerSpec[];
  /** Name or IP literal shown to peers outside `localNetworks`. */
  readonly publicAddress?: string;
  /** CIDR blocks, e.g. `10.0.0.0/8`, `fd00::/8`. */
  readonly localNetworks: readonly string[];
  readonly limits: TransportLimits;
  readonly log: EdgeLog;
}
