import type { Duplex } from 'node:stream';
import { StreamFramer } from '../syntax/framing.js';
import type { CloseReason, Connection, ConnectionOptions, Endpoint, Listener, TransportName } from './transport.js';

/** How long an answer sent with the end of the connection may take to leave. */
const LINGER_MS = 1_000;
const PONG = Buffer.from('\r\n', 'latin1');

/**
 * SIP over any byte stream (RFC 3261 §18): frames what comes in, answers keep-alives, keeps its limits. It knows nothing
 * of TCP or TLS.
 */
export class StreamConnection implements Connection {
  readonly reliable = true;
  readonly id: number;
  readonly transport: TransportName;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly listener: Listener;
  readonly inbound: boolean;
  readonly verifiedName: string | undefined;
  readonly #stream: Duplex;
  readonly #options: ConnectionOptions;
  readonly #framer: StreamFramer;
  readonly #openedAt = Date.now();
  /** When the unfinished message began; 0 between messages. */
  #messageSince = 0;
  #used = false;
  #closed = false;
  #reason: CloseReason | undefined;
  #lingerSince = 0;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.id = options.id;
    this.transport = options.transport;
    this.local = options.local;
    this.remote = options.remote;
    this.listener = options.listener;
    this.inbound = options.inbound;
    this.verifiedName = options.verifiedName;
    this.#stream = stream;
    this.#options = options;
    this.#framer = new StreamFramer(options.limits.maxMessageBytes);
    stream.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    stream.on('error', () => {
      this.#reason ??= 'error';
    });
    stream.on('close', () => {
      this.#closed = true;
      options.onClosed(this, this.#reason ?? 'peer');
    });
  }

  /** True as soon as nothing can be sent any more, also while the last answer is still leaving. */
  get closed(): boolean {
    return this.#closed || this.#lingerSince > 0;
  }

  send(bytes: string | Buffer): 'sent' | 'closed' {
    if (this.closed || this.#stream.destroyed || this.#stream.writableEnded) return 'closed';
    if (typeof bytes === 'string') this.#stream.write(bytes, 'latin1');
    else this.#stream.write(bytes);
    if (this.#stream.writableLength <= this.#options.limits.maxWriteBufferBytes) return 'sent';
    // a peer that does not read must not fill our memory
    this.#options.counters.add('closed_write_buffer');
    this.destroy('write-buffer-full');
    return 'closed';
  }

  destroy(reason: CloseReason): void {
    this.#reason ??= reason;
    this.#closed = true;
    this.#stream.destroy();
  }

  sweep(now: number): void {
    const { limits, counters } = this.#options;
    if (this.#lingerSince > 0) {
      if (now - this.#lingerSince > LINGER_MS) this.#stream.destroy();
    } else if (this.#messageSince > 0 && now - this.#messageSince > limits.messageDeadlineMs) {
      // RFC 4475 §3.1.2.2: the rest of the body may never come
      counters.add('closed_message_deadline');
      this.destroy('message-deadline');
    } else if (!this.#used && this.inbound && now - this.#openedAt > limits.unusedIdleMs) {
      counters.add('closed_unused');
      this.destroy('unused');
    }
  }

  #read(chunk: Buffer): void {
    if (this.closed) return;
    let completed = false;
    for (const event of this.#framer.push(chunk)) {
      switch (event.kind) {
        case 'message':
          completed = true;
          this.#used = true;
          this.#options.onMessage(event.raw, this);
          break;
        case 'keepalive-ping':
          this.send(PONG);
          break;
        case 'keepalive-pong':
          break;
        case 'fault':
          this.#options.counters.add('closed_framing');
          this.#end(event.reason);
          break;
      }
      if (this.closed) return;
    }
    if (!this.#framer.midMessage) this.#messageSince = 0;
    else if (completed || this.#messageSince === 0) this.#messageSince = Date.now();
  }

  /** Lets what was written leave, then closes; what still comes in is not looked at. */
  #end(reason: CloseReason): void {
    this.#reason ??= reason;
    this.#lingerSince = Date.now();
    this.#stream.end();
  }
}
