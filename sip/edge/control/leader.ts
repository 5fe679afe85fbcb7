/** What an application asks for (drachtio wire protocol §2). `id` is its message id, echoed in the reply. */
export type AppMessage =
  | { readonly kind: 'authenticate'; readonly id: string; readonly secret: string; readonly tags: readonly string[] }
  | { readonly kind: 'route' | 'remove_route'; readonly id: string; readonly verb: string }
  | { readonly kind: 'ping'; readonly id: string }
  | { readonly kind: 'response'; readonly id: string; readonly transactionId: string; readonly text: string }
  | {
    readonly kind: 'request'; readonly id: string; readonly transactionId: string; readonly dialogId: string;
    /** Next hop, '' when not given. */
    readonly routeUrl: string; readonly text: string;
  }
  | { readonly kind: 'proxy'; readonly id: string; readonly transactionId: string; readonly options: ProxyOptions; readonly text: string }
  /** To be refused with `NO|<text>` and the connection closed (§4). */
  | { readonly kind: 'refused'; readonly id: string; readonly text: string };

/** The fields of a `proxy` leader. */
export interface ProxyOptions {
  readonly remainInDialog: boolean;
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly simultaneous: boolean;
  /** `<n>ms`, `<n>s` or ''. */
  readonly provisionalTimeout: string;
  readonly finalTimeout: string;
  readonly destinations: readonly string[];
}

/** Reads one payload. Never throws. */
export function readAppMessage(payload: string): AppMessage {
  const lineEnd = payload.indexOf('\r\n');
  const leader = lineEnd < 0 ? payload : payload.slice(0, lineEnd);
  const text = lineEnd < 0 ? '' : payload.slice(lineEnd + 2);
  const fields = leader.split('|');
  const [id = '', kind = '', third = '', fourth = '', fifth = ''] = fields;
  if (fields.length < 2) return { kind: 'refused', id, text: 'Invalid message format' };
  switch (kind) {
    case 'sip':
      if (!text.startsWith('SIP/2.0 ')) {
        return { kind: 'request', id, transactionId: third, dialogId: fourth, routeUrl: fifth, text };
      }
      if (third === '') return { kind: 'refused', id, text: 'transaction id missing' };
      return { kind: 'response', id, transactionId: third, text };
    case 'authenticate':
      return { kind: 'authenticate', id, secret: third, tags: fourth === '' ? [] : fourth.split(',') };
    case 'route':
    case 'remove_route':
      return { kind, id, verb: third.toLowerCase() };
    case 'ping':
      return { kind: 'ping', id };
    case 'proxy':
      if (fields.length < 4) {
        return { kind: 'refused', id, text: 'Invalid proxy request: not enough information provided' };
      }
      return { kind: 'proxy', id, transactionId: third, options: proxyOptions(fields), text };
    default:
      return { kind: 'refused', id, text: 'Unknown message type' };
  }
}

function proxyOptions(fields: readonly string[]): ProxyOptions {
  const [, , , remainInDialog, fullResponse, followRedirects, order, provisionalTimeout = '', finalTimeout = ''] = fields;
  return {
    remainInDialog: remainInDialog === 'remainInDialog',
    fullResponse: fullResponse === 'fullResponse',
    followRedirects: followRedirects === 'followRedirects',
    simultaneous: order === 'simultaneous',
    provisionalTimeout,
    finalTimeout,
    destinations: fields.slice(9).filter((destination) => destination !== ''),
  };
}
