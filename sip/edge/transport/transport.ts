import type { EdgeLog } from '../log.js';
import type { FramingFault } from '../syntax/framing.js';
import type { TransportCounters } from './counters.js';

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

/** A flow that is a connection. Its deadlines are looked after by `sweep`, called by whoever holds the connections. */
export interface Connection extends Flow {
  readonly inbound: boolean;
  /** The name its certificate was checked for; undefined where nothing was checked. */
  readonly verifiedName: string | undefined;
  send(bytes: string | Buffer): 'sent' | 'closed';
  /** Ends at once; who waits for the end is told in a later turn, never from inside a `send`. */
  destroy(reason: CloseReason): void;
  /** Closes it when it is past a deadline. */
  sweep(nowMs: number): void;
}

/** Why a connection ended, for the log. */
export type CloseReason =
  | 'peer'
  | 'error'
  | 'stopped'
  | 'message-deadline'
  | 'unused'
  | 'silent'
  | 'write-buffer-full'
  | 'source-banned'
  | FramingFault;

/** What every connection is made with. */
export interface ConnectionOptions {
  readonly id: number;
  readonly transport: TransportName;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly listener: Listener;
  readonly inbound: boolean;
  readonly verifiedName?: string | undefined;
  readonly limits: TransportLimits;
  readonly counters: TransportCounters;
  readonly onMessage: (raw: string, connection: Connection) => void;
  /** Told once. */
  readonly onClosed: (connection: Connection, reason: CloseReason) => void;
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
  /** Where the port is taken: go on without this listener and say so, instead of failing. */
  readonly ifFree?: boolean;
}

/** A certificate chain and its private key, both PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export interface TlsOptions {
  /** Shown by tls and wss listeners, and to servers that ask for ours. */
  readonly certificate: CertificatePair;
  /** Ask clients for a certificate; one that is missing or untrusted is logged, never refused. Default false. */
  readonly requestClientCertificates?: boolean;
  /** Whether servers we connect to must have a certificate for the name asked, from an authority we trust. Default true. */
  readonly verifyServers?: boolean;
  /** Authorities trusted (PEM, several in one text); default those Node.js trusts, NODE_EXTRA_CA_CERTS included. */
  readonly authorities?: string;
}

export interface TransportLimits {
  /** Start line, headers and body together; more on a stream closes it, more in a datagram is dropped. */
  readonly maxMessageBytes: number;
  /** From the first byte of a message on a stream to its last; then the connection is closed. */
  readonly messageDeadlineMs: number;
  /** A connection that never carried a whole message is closed after this. */
  readonly unusedIdleMs: number;
  /** From the acceptance of a connection to the end of its TLS handshake and WebSocket upgrade; then it is closed. */
  readonly handshakeDeadlineMs: number;
  /** A WebSocket that was silent so long is pinged; one that then stays silent for `messageDeadlineMs` is closed. */
  readonly wsPingMs: number;
  /** Attempt to connect to one address, TLS handshake included. */
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
  handshakeDeadlineMs: 10_000,
  wsPingMs: 30_000,
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
  /** The name a TLS server's certificate must be for (RFC 5922 §4: the one asked for, not what the DNS made of it); default `host`. */
  readonly name?: string;
}

/** A server as a URI names it, to be located (RFC 3263 §4). */
export interface ServerName {
  /** Name or IP literal, no brackets. */
  readonly host: string;
  /** Undefined: the URI names none. */
  readonly port: number | undefined;
  /** Undefined: the URI names none. */
  readonly transport: TransportName | undefined;
  /** A sips URI: TLS only. */
  readonly secure: boolean;
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
   * The servers of that name as IP literals, in the order to be tried (RFC 3263 §4); at least one.
   * @throws TransportFault `unresolved` (as rejection), after 3 s at most
   */
  locate(server: ServerName): Promise<readonly ConnectTarget[]>;
  /**
   * A flow to the target: an existing connection of the same transport and peer ip:port, inbound ones included, or a
   * new one; on UDP the best listener. WebSocket clients are reached over their own connection only (RFC 7118 §5).
   * @throws TransportFault (as rejection) when there is no such transport, the name is unknown or nobody answers
   */
  connect(target: ConnectTarget): Promise<Flow>;
  /**
   * New handshakes use this certificate; connections that are up stay.
   * @throws TransportFault `bad-setting` when it cannot be used; the old one stays
   */
  setCertificates(certificate: CertificatePair): void;
  /** Figures since the start, for /metrics. */
  counters(): Readonly<Record<string, number>>;
  /** Closes all; afterwards `send` says `closed`. Idempotent. */
  stop(): Promise<void>;
}

/** Decides by the peer's address alone, before anything is read. */
export interface SourceAdmission {
  /** A message of this address may be read. */
  admits(address: string): boolean;
  /** A connection of this address may be opened. */
  accepts(address: string): boolean;
}

export interface TransportLayerOptions {
  readonly listeners: readonly ListenerSpec[];
  /** Name or IP literal shown to peers outside `localNetworks`. */
  readonly publicAddress?: string;
  /** CIDR blocks, e.g. `10.0.0.0/8`, `fd00::/8`. */
  readonly localNetworks: readonly string[];
  /** Needed by tls and wss listeners and by connections to TLS servers. */
  readonly tls?: TlsOptions;
  /**
   * Web pages that may open WebSockets: origins such as `https://phone.example.com`, or `*` for all. Default: pages of
   * the host asked. Clients that send no Origin are no browsers and always may.
   */
  readonly wsOrigins?: readonly string[];
  /** IP addresses, with `:port` where it is not 53; default those of the system. */
  readonly dnsServers?: readonly string[];
  /** Default: everybody may. Connections that we opened are not asked about. */
  readonly sources?: SourceAdmission;
  readonly limits: TransportLimits;
  readonly log: EdgeLog;
}
