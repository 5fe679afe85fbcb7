import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface UpgradeRules {
  /** See TransportLayerOptions. */
  readonly origins: readonly string[] | undefined;
  readonly maxMessageBytes: number;
}

export type UpgradeVerdict =
  | { readonly kind: 'upgrade' }
  | { readonly kind: 'refused'; readonly status: 400 | 403; readonly reason: string };

const SUBPROTOCOL = 'sip';

/**
 * Whether a client may open a WebSocket: asked before the upgrade (RFC 7118 §4, RFC 6455 §10.2).
 * @param headers of the request for the upgrade, names in lower case
 */
export function judgeUpgrade(headers: IncomingMessage['headers'], origins: readonly string[] | undefined): UpgradeVerdict {
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  // RFC 7118 §4.1: the client must ask for `sip`
  if (!protocols.includes(SUBPROTOCOL)) return { kind: 'refused', status: 400, reason: 'the WebSocket subprotocol must be sip' };
  const { origin } = headers;
  if (origin === undefined || mayOpen(origin, headers.host ?? '', origins)) return { kind: 'upgrade' };
  return { kind: 'refused', status: 403, reason: 'pages of this origin may not open WebSockets here' };
}

function mayOpen(origin: string, host: string, origins: readonly string[] | undefined): boolean {
  if (origins === undefined) return hostName(origin) !== undefined && hostName(origin) === hostName(`http://${host}`);
  return origins.some((allowed) => allowed === '*' || allowed.toLowerCase().replace(/\/$/, '') === origin.toLowerCase());
}

function hostName(url: string): string | undefined {
  try {
    return new URL(url).hostname || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Answers everything that comes to the server: upgrades to `onOpen`, the rest with a refusal.
 * @param onRefused for counting
 */
export function serveUpgrades(
  server: HttpServer, rules: UpgradeRules, onOpen: (socket: WebSocket, request: IncomingMessage) => void, onRefused: (reason: string, address: string) => void,
): void {
  const upgrader = new WebSocketServer({
    noServer: true, clientTracking: false, maxPayload: rules.maxMessageBytes, perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  upgrader.on('wsClientError', (error, stream) => {
    onRefused(error.message, addressOf(stream));
    refuse(stream, 400, error.message);
  });
  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => undefined);
    const verdict = judgeUpgrade(request.headers, rules.origins);
    if (verdict.kind === 'refused') {
      onRefused(verdict.reason, addressOf(stream));
      refuse(stream, verdict.status, verdict.reason);
      return;
    }
    upgrader.handleUpgrade(request, stream, head, (socket) => {
      onOpen(socket, request);
    });
  });
  server.on('request', (request, response) => {
    onRefused('no upgrade asked for', addressOf(request.socket));
    response.writeHead(426, { 'Connection': 'close', 'Upgrade': 'websocket', 'Content-Type': 'text/plain' });
    response.end('SIP over WebSocket (RFC 7118) only\n');
  });
  server.on('clientError', (error, stream) => {
    onRefused(error.message, addressOf(stream));
    refuse(stream, 400, 'not HTTP');
  });
}

const addressOf = (stream: Duplex): string => (stream instanceof Socket ? stream.remoteAddress ?? '' : '');

const REASONS = { 400: 'Bad Request', 403: 'Forbidden' } as const;

/** Says why, and closes. */
function refuse(stream: Duplex, status: 400 | 403, text: string): void {
  if (!stream.writable) {
    stream.destroy();
    return;
  }
  const body = `${text}\n`;
  stream.once('finish', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
