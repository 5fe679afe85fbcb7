import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Application, HandedOver, SentMessage } from '../dialog/application.js';
import { clockText } from './clock-text.js';
import { frame } from './frames.js';

/** Bytes waiting for an application that does not read: above this it counts as lost. */
const MAX_UNREAD_BYTES = 64 * 1_048_576;

/** How long a frame that nobody waits for may wait for company: each write wakes the application. */
const PATIENCE_MS = 10;

/**
 * Frames leave at most this often: a write wakes the application's thread, and a thread that reads several frames at once
 * also answers them, and asks Redis, in one system call. The first frame after a pause leaves at once.
 */
const GATHER_MS = 2;

let connections = 0;

/** One application on the control port: the frames it is sent (drachtio wire protocol §3). */
export class AppConnection implements Application {
  readonly id = (connections += 1);
  readonly verbs = new Set<string>();
  authenticated = false;
  closed = false;
  hearsTrying = false;
  readonly #prefix = randomBytes(6).toString('hex');
  #sent = 0;
  /** Frames of this turn of the event loop: under load one write carries many. */
  #pending = '';
  #flushing = false;
  #patience: NodeJS.Timeout | undefined;
  #flushedAt = 0;

  constructor(
    private readonly socket: Socket,
    private readonly epochMs: () => number,
  ) {}

  handOver(message: HandedOver): void {
    const { source, bytes, protocol, address, port, transactionId, dialogId, receivedOn } = message;
    const received = receivedOn === undefined ? '' : `${receivedOn.address}|${receivedOn.port}|`;
    this.#write(`${this.#messageId()}|sip|${source}|${bytes}|${protocol}|${address}|${port}|${this.#time()}|${transactionId}|${dialogId}|${received}\r\n${message.text}`);
  }

  requestSent(messageId: string, sent: SentMessage): void {
    this.reply(messageId, `OK|application|${sent.bytes}|${sent.protocol}|${sent.address}|${sent.port}|${this.#time()}|${sent.transactionId}|Msg sent:|\r\n${sent.text}`);
  }

  responseSent(messageId: string, sent: SentMessage, dialogId: string, awaited: boolean): void {
    const { bytes, protocol, address, port, transactionId, text } = sent;
    const facts = `${bytes}|${protocol}|${address}|${port}|${this.#time()}|${transactionId}|${dialogId}`;
    this.#write(`${this.#messageId()}|response|${messageId}|OK|application|${facts}||Msg sent:|\r\n${text}`, awaited);
  }

  proxyResponse(messageId: string, received: Omit<SentMessage, 'transactionId'>): void {
    const { bytes, protocol, address, port, text } = received;
    this.reply(messageId, `OK|network|${bytes}|${protocol}|${address}|${port}|${this.#time()}|||continue\r\n${text}`);
  }

  proxyDone(messageId: string): void {
    this.reply(messageId, 'OK|done');
  }

  refuse(messageId: string, reason: string): void {
    this.reply(messageId, `NOK|${reason}`);
  }

  /** @param status `OK…`, `NO…` or `NOK…` with its fields */
  reply(messageId: string, status: string): void {
    this.#write(`${this.#messageId()}|response|${messageId}|${status}`);
  }

  /** Sends what is pending and closes. */
  end(): void {
    this.#flush();
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Frames leave in order; one that is not `awaited` goes with the next that is, or after PATIENCE_MS. */
  #write(payload: string, awaited = true): void {
    if (this.closed || !this.socket.writable) return;
    if (this.socket.writableLength > MAX_UNREAD_BYTES) {
      this.socket.destroy();
      return;
    }
    this.#pending += frame(payload);
    if (this.#flushing) return;
    if (awaited) {
      this.#flushing = true;
      const since = performance.now() - this.#flushedAt;
      if (since >= GATHER_MS) setImmediate(() => this.#flush());
      else setTimeout(() => this.#flush(), GATHER_MS - since);
    } else {
      this.#patience ??= setTimeout(() => this.#flush(), PATIENCE_MS);
    }
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = '';
    this.#flushing = false;
    this.#flushedAt = performance.now();
    clearTimeout(this.#patience);
    this.#patience = undefined;
    if (text !== '' && this.socket.writable) this.socket.write(text, 'latin1');
  }

  #messageId(): string {
    this.#sent += 1;
    return `${this.#prefix}-${this.#sent.toString(36)}`;
  }

  #time(): string {
    return clockText(this.epochMs());
  }
}
