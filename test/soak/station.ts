/** The SIP side of a soak phone: its connection, its requests with their retransmissions, its registration. */
import { authorize } from '../support/scripted-phone.js';
import { uniqueText, type PeerAddress, type PeerMessage } from '../support/sip-peer-message.js';
import { openLink, type Link, type TransportName } from './link.js';

export type Field = readonly [string, string];

export interface Subscriber {
  readonly extension: string;
  readonly userName: string;
  readonly password: string;
  readonly domain: string;
}

/** Where the product listens, by transport. */
export type Edges = Readonly<Record<TransportName, PeerAddress>>;

const T1_MS = 500;
/** RFC 3261 §17.1: 64*T1, and a little for a busy machine. */
const SILENCE_MS = 64 * T1_MS + 8000;

interface Pending {
  onResponse(message: PeerMessage): void;
}

export class Station {
  #link: Link | null = null;
  readonly #pending = new Map<string, Pending>();
  readonly #registerCallId = uniqueText('reg');
  #registerCSeq = 0;
  /** Requests from the edge; an ACK too. */
  onRequest: (request: PeerMessage) => void = () => undefined;

  constructor(readonly subscriber: Subscriber, private readonly edges: Edges) {}

  get link(): Link | null {
    return this.#link;
  }
  get aor(): string {
    return `sip:${this.subscriber.userName}@${this.subscriber.domain}`;
  }
  get contact(): string {
    const { transport, sentBy } = this.#link ?? { transport: 'udp', sentBy: '127.0.0.1:9' };
    const parameter = transport === 'udp' ? '' : `;transport=${transport === 'wss' ? 'ws' : transport}`;
    return `<sip:${this.subscriber.userName}@${sentBy}${parameter}>`;
  }

  /** A new connection from a new port; the old one, if any, is just closed. */
  async connect(transport: TransportName): Promise<void> {
    this.disconnect();
    this.#link = await openLink(transport, this.edges[transport], (message) => this.#receive(message));
  }

  /** Without a word; whoever waits for a response gets none. */
  disconnect(): void {
    this.#link?.close();
    this.#link = null;
  }

  /** Via, Max-Forwards and Content-Length are filled in. @returns text, and the branch it has */
  compose(method: string, uri: string, fields: readonly Field[], body = '', branch = uniqueText('z9hG4bK')): string {
    const link = this.#link;
    const via = `SIP/2.0/${(link?.transport ?? 'udp').toUpperCase()} ${link?.sentBy ?? '127.0.0.1'};branch=${branch};rport`;
    return messageText(`${method} ${uri} SIP/2.0`, [['Via', via], ['Max-Forwards', '70'], ...fields], body);
  }

  send(text: string): void {
    this.#link?.send(text);
  }

  /** Answers a request: Via, Record-Route, From, To (+ tag), Call-ID and CSeq are copied. @returns what was sent */
  respond(request: PeerMessage, status: number, reason: string, tag: string, fields: readonly Field[] = [], body = ''): string {
    const to = request.header('To') ?? '';
    const copied = ['Via', 'Record-Route'].flatMap((name) => request.headers(name).map((value): Field => [name, value]));
    const text = messageText(`SIP/2.0 ${status} ${reason}`, [
      ...copied, ['From', request.header('From') ?? ''], ['To', request.tag('To') === '' && tag !== '' ? `${to};tag=${tag}` : to],
      ['Call-ID', request.header('Call-ID') ?? ''], ['CSeq', request.header('CSeq') ?? ''], ...fields,
    ], body);
    this.send(text);
    return text;
  }

  /**
   * Sends a request and repeats it over UDP (RFC 3261 §17.1).
   * @returns the final response; null when none came, or the phone vanished meanwhile
   */
  ask(text: string, key: { readonly callId: string; readonly cseq: number; readonly method: string }, onProvisional: (message: PeerMessage) => void = () => undefined): Promise<PeerMessage | null> {
    const name = `${key.callId} ${key.cseq} ${key.method}`;
    const link = this.#link;
    if (link === null) return Promise.resolve(null);
    link.send(text);
    return new Promise((resolve) => {
      let repeat: NodeJS.Timeout | undefined;
      const settle = (message: PeerMessage | null): void => {
        clearTimeout(repeat);
        clearTimeout(silence);
        this.#pending.delete(name);
        resolve(message);
      };
      const again = (wait: number): void => {
        repeat = setTimeout(() => {
          link.send(text);
          again(key.method === 'INVITE' ? wait * 2 : Math.min(wait * 2, 4000));
        }, wait);
      };
      const silence = setTimeout(() => settle(null), SILENCE_MS);
      if (!link.reliable) again(T1_MS);
      this.#pending.set(name, {
        onResponse: (message) => {
          if (message.status >= 200) return settle(message);
          if (key.method === 'INVITE') {
            clearTimeout(repeat);
            silence.refresh();
          }
          onProvisional(message);
        },
      });
    });
  }

  /** REGISTER, and again with credentials; 0 seconds unregisters every contact. @returns the final response, null for silence */
  async register(seconds: number): Promise<PeerMessage | null> {
    const uri = `sip:${this.subscriber.domain}`;
    const tag = uniqueText('t');
    const once = (authorization: readonly Field[]): Promise<PeerMessage | null> => {
      this.#registerCSeq += 1;
      const cseq = this.#registerCSeq;
      const text = this.compose('REGISTER', uri, [
        ['From', `<${this.aor}>;tag=${tag}`], ['To', `<${this.aor}>`], ['Call-ID', this.#registerCallId], ['CSeq', `${cseq} REGISTER`],
        ['Contact', seconds === 0 ? '*' : this.contact], ['Expires', String(seconds)], ...authorization,
      ]);
      return this.ask(text, { callId: this.#registerCallId, cseq, method: 'REGISTER' });
    };
    const first = await once([]);
    return first?.status === 401 ? once([this.credentials('REGISTER', uri, first)]) : first;
  }

  credentials(method: string, uri: string, challenge: PeerMessage): Field {
    return ['Authorization', authorize(this.subscriber, method, uri, challenge.header('WWW-Authenticate') ?? '')];
  }

  #receive(message: PeerMessage): void {
    if (message.method !== '') return this.onRequest(message);
    this.#pending.get(`${message.header('Call-ID') ?? ''} ${message.cseq} ${message.cseqMethod}`)?.onResponse(message);
  }
}

function messageText(start: string, fields: readonly Field[], body: string): string {
  const typed: readonly Field[] = body === '' ? fields : [...fields, ['Content-Type', 'application/sdp']];
  const head = typed.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${start}\r\n${head}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;
}
