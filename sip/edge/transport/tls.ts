import { createServer as createHttpsServer } from 'node:https';
import type { Server as HttpsServer } from 'node:https';
import { isIP } from 'node:net';
import { connect, createSecureContext, createServer } from 'node:tls';
import type { SecureContext, SecureContextOptions, Server as TlsServer, TLSSocket, TlsOptions as NodeTlsOptions } from 'node:tls';
import { isWildcard } from './local-address.js';
import { KEEPALIVE_MS } from './stream-listener.js';
import { connectFaultOf, opened } from './tcp.js';
import { TransportFault } from './transport-fault.js';
import type { TransportFaultReason } from './transport-fault.js';
import type { CertificatePair, Endpoint, Listener, TlsOptions } from './transport.js';

/** RFC 8996: nothing older. */
const MIN_VERSION = 'TLSv1.2';

/** Our side of all TLS: the certificate shown, the servers that show it, and the connections to others. */
export class TlsIdentity {
  readonly #options: TlsOptions;
  readonly #servers: (TlsServer | HttpsServer)[] = [];
  #context: SecureContextOptions;
  #clientContext: SecureContext;

  /** @throws TransportFault `bad-setting` when the certificate cannot be used */
  constructor(options: TlsOptions) {
    this.#options = options;
    this.#context = this.#contextOptions(options.certificate);
    this.#clientContext = secureContext(this.#context);
  }

  /** A server that listens nowhere: sockets are handed to it as `connection`. */
  tlsServer(): TlsServer {
    const server = createServer(this.#serverOptions());
    this.#servers.push(server);
    return server;
  }

  /** The same with HTTP inside. */
  httpsServer(): HttpsServer {
    const server = createHttpsServer(this.#serverOptions());
    this.#servers.push(server);
    return server;
  }

  /** @throws TransportFault `bad-setting`; everything stays as it was then */
  setCertificates(certificate: CertificatePair): void {
    const context = this.#contextOptions(certificate);
    this.#clientContext = secureContext(context);
    this.#context = context;
    for (const server of this.#servers) server.setSecureContext(context);
  }

  /**
   * Opens a connection to a server and checks its certificate (RFC 5922 §7.3).
   * @param name the host as asked: sent as SNI and looked for in the certificate; an IP literal is looked for as such
   * @throws TransportFault `refused`, `unreachable`, `timeout` or `certificate-refused` (as rejection)
   */
  async open(to: Endpoint, name: string, timeoutMs: number, listener: Listener): Promise<TLSSocket> {
    const socket = connect({
      host: to.address, port: to.port, secureContext: this.#clientContext, minVersion: MIN_VERSION,
      // RFC 6066 §3: no literal addresses in SNI
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: this.verifiesServers,
      ...(isWildcard(listener.host) ? {} : { localAddress: listener.host }),
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE_MS);
    return opened(socket, 'secureConnect', `tls ${name} (${to.address}:${to.port})`, timeoutMs, faultOf);
  }

  get verifiesServers(): boolean {
    return this.#options.verifyServers !== false;
  }

  #contextOptions({ cert, key }: CertificatePair): SecureContextOptions {
    const { authorities } = this.#options;
    return { cert, key, minVersion: MIN_VERSION, ...(authorities === undefined ? {} : { ca: authorities }) };
  }

  #serverOptions(): NodeTlsOptions {
    return { ...this.#context, requestCert: this.#options.requestClientCertificates === true, rejectUnauthorized: false };
  }
}

function secureContext(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransportFault('bad-setting', `the TLS certificate and key cannot be used: ${why}; both must be PEM and belong together`, { cause });
  }
}

function faultOf(error: Error): TransportFaultReason {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const network = ['ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EPIPE'].includes(code);
  return network ? connectFaultOf(error) : 'certificate-refused';
}
