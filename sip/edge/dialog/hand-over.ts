import { withoutEscapedNames } from '../syntax/compose.js';
import type { SipMessage } from '../syntax/message.js';
import type { Flow } from '../transport/transport.js';
import type { Application, SentMessage } from './application.js';
import { reportedProtocol } from './next-hop.js';

export interface HandOverOptions {
  readonly transactionId: string;
  /** '' outside dialogs. */
  readonly dialogId: string;
  /** Requests outside dialogs tell where they arrived. */
  readonly withReceivedOn?: boolean;
  /** ACKs are handed over without protocol, as drachtio-server does. */
  readonly withoutProtocol?: boolean;
}

/** Hands a message from the network to an application. */
export function handOver(app: Application, message: SipMessage, flow: Flow, options: HandOverOptions): void {
  app.handOver({
    source: 'network',
    bytes: message.raw.length,
    protocol: options.withoutProtocol === true ? '' : reportedProtocol(flow),
    address: flow.remote.address,
    port: flow.remote.port,
    transactionId: options.transactionId,
    dialogId: options.dialogId,
    ...(options.withReceivedOn === true ? { receivedOn: flow.local } : {}),
    text: withoutEscapedNames(message),
  });
}

/** Hands over a response the edge made: `bytes` 0 and no address (drachtio wire protocol §9.2). */
export function handOverOwnResponse(app: Application, text: string, transactionId: string, dialogId: string): void {
  app.handOver({
    source: 'network', bytes: 0, protocol: '', address: '', port: 0, transactionId, dialogId, text,
  });
}

const COPIED = ['via:', 'from:', 'to:', 'call-id:', 'cseq:'];

/**
 * The response to a request of ours that never got one (RFC 3261 §8.1.3.1).
 * @param request as composed by the edge: long names, one header a line
 */
export function ownResponse(request: string, status: number, reason: string): string {
  const lines = request.slice(0, request.indexOf('\r\n\r\n')).split('\r\n').slice(1).filter((line) => {
    const lower = line.toLowerCase();
    return COPIED.some((name) => lower.startsWith(name));
  });
  return `${[`SIP/2.0 ${status} ${reason}`, ...lines, 'Content-Length: 0'].join('\r\n')}\r\n\r\n`;
}

/** What the application is told about a request on the wire: the local socket on UDP, the peer on streams (§4). */
export function sentRequest(text: string, flow: Flow, transactionId: string): SentMessage {
  const end = flow.transport === 'udp' ? flow.local : flow.remote;
  return {
    bytes: text.length, protocol: reportedProtocol(flow), address: end.address, port: end.port, transactionId, text,
  };
}

/** What it is told about a response on the wire; inside dialogs without protocol, as drachtio-server does. */
export function sentResponse(text: string, flow: Flow, transactionId: string, inDialog: boolean): SentMessage {
  return {
    bytes: text.length, protocol: inDialog ? '' : reportedProtocol(flow), address: flow.remote.address,
    port: flow.remote.port, transactionId, text,
  };
}
