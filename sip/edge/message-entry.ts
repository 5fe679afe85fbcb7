import { composeRejection, withReceived } from './syntax/compose.js';
import { parseMessage } from './syntax/parse.js';
import type { EdgeContext } from './dialog/edge-context.js';
import { newTag } from './dialog/random-ids.js';
import type { Flow } from './transport/transport.js';

/** Via tokens a flow may carry; a proxy in front may have ended the TLS of a WebSocket. */
const VIA_TOKENS: Readonly<Record<Flow['transport'], readonly string[]>> = {
  udp: ['UDP'], tcp: ['TCP'], tls: ['TLS'], ws: ['WS', 'WSS'], wss: ['WS', 'WSS'],
};

/** Where every message from the network comes in (drachtio wire protocol §7.1 to §7.4). */
export class MessageEntry {
  constructor(private readonly context: EdgeContext) {}

  receive(raw: string, flow: Flow): void {
    const { context } = this;
    const parsed = parseMessage(raw);
    if (parsed.kind === 'invalid') {
      context.counters.count('messages-invalid');
      if (parsed.drop || parsed.partial === undefined) return;
      context.transport.send(flow, composeRejection({
        status: parsed.status, reason: parsed.reason, partial: parsed.partial, source: flow.remote, toTag: newTag(),
      }));
      return;
    }
    const { message } = parsed;
    if (message.kind === 'response') {
      context.transactions.receiveResponse(message, flow);
      return;
    }
    if (!VIA_TOKENS[flow.transport].includes(message.via.protocol)) {
      context.counters.count('messages-wrong-via');
      return;
    }
    context.transactions.receiveRequest(withReceived(message, flow.remote.address, flow.remote.port), flow);
  }
}
