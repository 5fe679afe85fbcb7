import { randomBytes } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { bdecode, bencode, isDictionary, type BencodeDictionary } from './bencode.js';

export interface NgAddress {
  /** Name or IP literal without brackets. */
  readonly host: string;
  readonly port: number;
}

/** How often one command is sent, and how long each time is waited for its answer. */
export interface NgPatience {
  readonly sends: number;
  readonly resendMs: number;
}

export const NG_PATIENCE: NgPatience = { sends: 3, resendMs: 700 };

interface Pending {
  readonly answered: (answer: BencodeDictionary | null) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** One rtpengine's control socket (the ng protocol over UDP). Nothing here rejects. */
export class NgClient {
  readonly name: string;
  readonly #address: NgAddress;
  readonly #patience: NgPatience;
  readonly #pending = new Map<string, Pending>();
  #socket: Socket | null = null;
  #remote: { readonly address: string; readonly family: number } | null = null;
  #closed = false;

  constructor(address: NgAddress, patience: NgPatience = NG_PATIENCE) {
    this.#address = address;
    this.#patience = patience;
    this.name = `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
  }

  /**
   * Sends a command and resolves with its answer, null when none came. It goes out again under the same cookie, which rtpengine
   * answers from memory: nothing is done twice.
   */
  async ask(command: BencodeDictionary): Promise<BencodeDictionary | null> {
    const socket = await this.#open();
    if (socket === null || this.#closed) return null;
    const cookie = randomBytes(9).toString('hex');
    const packet = Buffer.from(`${cookie} ${bencode(command)}`);
    return new Promise((resolve) => {
      const pending: Pending = { answered: resolve, timer: undefined };
      this.#pending.set(cookie, pending);
      const send = (left: number): void => {
        if (left === 0) return this.#settle(cookie, null);
        const { address } = this.#remote ?? { address: '' };
        // What cannot be sent is what does not arrive: the next attempt or the end of patience follows.
        socket.send(packet, this.#address.port, address, () => undefined);
        pending.timer = setTimeout(() => send(left - 1), this.#patience.resendMs);
      };
      send(this.#patience.sends);
    });
  }

  /** Looks the name up again: behind it there may be another machine now. */
  async locate(): Promise<void> {
    try {
      this.#remote = await lookup(this.#address.host);
    } catch {
      // The address known so far may still be right.
    }
  }

  /** Commands under way are answered null. */
  close(): void {
    this.#closed = true;
    for (const cookie of [...this.#pending.keys()]) this.#settle(cookie, null);
    this.#socket?.close();
    this.#socket = null;
  }

  async #open(): Promise<Socket | null> {
    if (this.#remote === null) await this.locate();
    if (this.#remote === null || this.#closed) return null;
    const type = this.#remote.family === 6 ? 'udp6' : 'udp4';
    if (this.#socket !== null) return this.#socket;
    // `lookup`: the address is a literal, no need to ask for each packet.
    const socket = createSocket({ type, lookup: (host, _options, found) => found(null, host, type === 'udp6' ? 6 : 4) });
    socket.on('error', () => undefined);
    socket.on('message', (packet, from) => this.#take(packet, from));
    this.#socket = socket;
    return socket;
  }

  #take(packet: Buffer, from: RemoteInfo): void {
    const blank = packet.indexOf(0x20);
    const cookie = blank > 0 && blank <= 64 ? packet.toString('latin1', 0, blank) : '';
    if (!this.#pending.has(cookie) || from.port !== this.#address.port) return;
    const decoded = bdecode(packet.subarray(blank + 1));
    if (decoded.kind === 'value' && isDictionary(decoded.value)) this.#settle(cookie, decoded.value);
  }

  #settle(cookie: string, answer: BencodeDictionary | null): void {
    const pending = this.#pending.get(cookie);
    if (pending === undefined) return;
    this.#pending.delete(cookie);
    clearTimeout(pending.timer);
    pending.answered(answer);
  }
}
