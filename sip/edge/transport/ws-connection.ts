import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { CloseReason, Connection, ConnectionOptions, Endpoint, Listener, TransportName } from './transport.js';

const PONG = Buffer.from('\r\n', 'latin1');
/** What `ws` says of a frame, or of several that make one message, above its limit. */
const TOO_LARGE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

/**
 * SIP over a WebSocket that is open (RFC 7118): one message a frame, text or binary. What is sent goes as text where it
 * is UTF-8, as browsers like it, else as binary.
 */
export class WsConnection implements Connection {
  readonly reliable = true;
  readonly verifiedName = undefined;
  readonly id: number;
  readonly transport: TransportName;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly listener: Listener;
  readonly inbound: boolean;
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #openedAt = Date.now();
  /** When bytes last came, of whatever kind. */
  #heardAt = this.#openedAt;
  /** When the unfinished frame began; 0 between frames. */
  #frameSince = 0;
  /** When it was pinged because of its silence; 0 while it speaks. */
  #pingedAt = 0;
  #used = false;
  #closed = false;
  #reason: CloseReason | undefined;

  /** @param stream what the WebSocket runs on, to see bytes that are no whole frame yet */
  constructor(socket: WebSocket, stream: Socket, options: ConnectionOptions) {
    this.id = options.id;
    this.transport = options.transport;
    this.local = options.local;
    this.remote = options.remote;
    this.listener = options.listener;
    this.inbound = options.inbound;
    this.#socket = socket;
    this.#options = options;
    stream.prependListener('data', () => {
      this.#heardAt = Date.now();
      this.#pingedAt = 0;
      if (this.#frameSince === 0) this.#frameSince = this.#heardAt;
    });
    const frameEnds = (): void => {
      this.#frameSince = 0;
    };
    socket.on('ping', frameEnds);
    socket.on('pong', frameEnds);
    socket.on('message', (data) => {
      frameEnds();
      // `binaryType` is nodebuffer and stays so
      if (Buffer.isBuffer(data)) this.#read(data);
    });
    socket.on('error', (error) => {
      const tooLarge = 'code' in error && error.code === TOO_LARGE;
      if (tooLarge) options.counters.add('closed_framing');
      this.#reason ??= tooLarge ? 'message-too-large' : 'error';
    });
    socket.on('close', () => {
      this.#closed = true;
      options.onClosed(this, this.#reason ?? 'peer');
    });
  }

  get closed(): boolean {
    return this.#closed || this.#socket.readyState !== this.#socket.OPEN;
  }

  send(bytes: string | Buffer): 'sent' | 'closed' {
    if (this.closed) return 'closed';
    const frame = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    // an error of writing ends the connection, which tells
    this.#socket.send(frame, { binary: !isUtf8(frame) }, () => undefined);
    if (this.#socket.bufferedAmount <= this.#options.limits.maxWriteBufferBytes) return 'sent';
    this.#options.counters.add('closed_write_buffer');
    this.destroy('write-buffer-full');
    return 'closed';
  }

  destroy(reason: CloseReason): void {
    this.#reason ??= reason;
    this.#closed = true;
    this.#socket.terminate();
  }

  sweep(now: number): void {
    const { limits, counters } = this.#options;
    if (this.#closed) return;
    if (this.#frameSince > 0 && now - this.#frameSince > limits.messageDeadlineMs) {
      counters.add('closed_message_deadline');
      this.destroy('message-deadline');
    } else if (!this.#used && now - this.#openedAt > limits.unusedIdleMs) {
      counters.add('closed_unused');
      this.destroy('unused');
    } else if (this.#pingedAt > 0) {
      if (now - this.#pingedAt <= limits.messageDeadlineMs) return;
      counters.add('closed_silent');
      this.destroy('silent');
    } else if (now - this.#heardAt > limits.wsPingMs && this.#socket.readyState === this.#socket.OPEN) {
      // RFC 6455 §5.5.2; it keeps NATs and proxies open as well
      this.#pingedAt = now;
      this.#socket.ping();
    }
  }

  #read(data: Buffer): void {
    if (this.#closed) return;
    if (isKeepalive(data)) {
      // RFC 5626 §4.4.1 over WebSocket as drachtio-server does it: CRLF and CRLFCRLF alike
      this.send(PONG);
      return;
    }
    this.#used = true;
    this.#options.onMessage(data.toString('latin1'), this);
  }
}

/** One or two CRLF; also an empty frame, which some clients send instead. */
function isKeepalive(data: Buffer): boolean {
  if (data.length > 4) return false;
  for (const byte of data) if (byte !== 13 && byte !== 10) return false;
  return true;
}
