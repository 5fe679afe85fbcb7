import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import express from 'express';
import type { HttpDeps } from './http-deps.js';
import { accessLog } from './middleware/access-log.js';
import { answerError } from './middleware/answer-error.js';
import { authenticate } from './middleware/authenticate.js';
import { authorise } from './middleware/authorise.js';
import { limitRate } from './middleware/limit-rate.js';
import { correlate } from './middleware/correlate.js';
import { findRoute } from './middleware/find-route.js';
import { readBody } from './middleware/read-body.js';
import { runRoute } from './middleware/run-route.js';
import { securityHeaders } from './middleware/security-headers.js';
import { taggedReads } from './entity-tag.js';
import type { Route } from './route.js';
import { ROUTES, checkRoutes } from './route-table.js';

/** The HTTP application as one ordered list. Throws when the route table itself is wrong. */
export function createHttpApp(deps: HttpDeps, routes: readonly Route[] = ROUTES): express.Express {
  checkRoutes(routes);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', [...deps.trustedProxies]);
  app.use(correlate(deps));
  app.use(accessLog(deps));
  app.use(securityHeaders());
  app.use(findRoute(routes));
  app.use(authenticate(deps));
  app.use(limitRate(deps));
  app.use(authorise(deps));
  app.use(readBody());
  app.use(runRoute(deps, taggedReads(routes)));
  app.use(answerError(deps));
  return app;
}

/** PEM texts. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface HttpListener {
  readonly port: number;
  /** New TLS handshakes use this certificate; nothing without TLS. */
  setCertificate(pair: ServerCertificate): void;
  /** Clients are asked for a certificate of one of these authorities (PEM), none = not asked; without one they are served all the same. */
  setClientAuthorities(authorities: readonly string[]): void;
  /** Stops listening, lets running requests end, and cuts what is still open after `graceMs`. Idempotent. */
  stop(graceMs?: number): Promise<void>;
}

/** Headers must come within the first time, the whole request within the second, files of firmware too; idle connections are closed. */
const TIMES = { headersMs: 10_000, requestMs: 900_000, idleMs: 15_000 } as const;
const MOST_HEADERS = 100;
const GRACE_MS = 3000;

/** Listens on `port` (0 = any free one), with TLS where a certificate is given. Rejects when the address cannot be used. */
export async function startHttpServer(
  handler: RequestListener, at: { readonly port: number; readonly host: string }, certificate?: ServerCertificate,
): Promise<HttpListener> {
  const { requestMs, headersMs, idleMs } = TIMES;
  const times = { requestTimeout: requestMs, headersTimeout: headersMs, keepAliveTimeout: idleMs };
  const server = certificate === undefined ? createServer(times, handler) : createTlsServer({ ...times, ...secured(certificate) }, handler);
  server.maxHeadersCount = MOST_HEADERS;
  server.on('clientError', answerBrokenRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  let stopping: Promise<void> | undefined;
  let pair = certificate;
  let ca: readonly string[] = [];
  const secure = (): void => {
    if (!(server instanceof TlsServer) || pair === undefined) return;
    server.setSecureContext({ ...secured(pair), ...(ca.length === 0 ? {} : { ca: [...ca] }) });
    // Looked at by each handshake that begins; there is no call for it.
    Object.assign(server, { requestCert: ca.length > 0, rejectUnauthorized: false });
  };
  return {
    port: portOf(server),
    setCertificate: (next) => {
      pair = next;
      secure();
    },
    setClientAuthorities: (authorities) => {
      ca = authorities;
      secure();
    },
    stop: (graceMs = GRACE_MS) => (stopping ??= stop(server, graceMs)),
  };
}

/** Desk phones in use know TLS 1.2. */
function secured({ cert, key }: ServerCertificate) {
  return { cert, key, minVersion: 'TLSv1.2' as const };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function stop(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}

/** Bytes that are no HTTP never reach the application; they get an answer in the same shape and a closed connection. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  // A handshake that failed has nobody to read an answer.
  if (!socket.writable || error.code === 'ECONNRESET' || error.code?.startsWith('ERR_SSL_') === true) {
    socket.destroy();
    return;
  }
  const [status, phrase] = error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large']
    : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? [408, 'Request Timeout'] : [400, 'Bad Request'];
  const body = JSON.stringify({ code: 300, message: `${phrase}.` });
  const head = [
    `HTTP/1.1 ${status} ${phrase}`, 'content-type: application/json', `content-length: ${body.length}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
