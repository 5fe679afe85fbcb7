import type { RequestKind, Requests, ToMain, ToWorker } from './messages.js';

/** A Worker or a MessagePort. */
export interface Channel {
  postMessage(message: ToWorker): void;
  on(event: 'message', listener: (message: ToMain) => void): unknown;
}

interface Waiting {
  settle(value: Requests[RequestKind]['reply']): void;
  readonly whenDown: Requests[RequestKind]['reply'];
}

/** The commands' way to the media thread and the answers' way back. Every command is answered, also by a thread that has died. */
export class MediaLink {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, Waiting>();
  readonly #inactive: { readonly endpoints: Map<number, () => void>; readonly relays: Map<number, () => void> } = { endpoints: new Map(), relays: new Map() };
  readonly #downListeners = new Set<() => void>();
  #nextId = 0;
  #down = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on('message', (message) => this.#take(message));
  }

  /** A number no other endpoint, relay or command has. */
  number(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /**
   * Sends a command; never rejects.
   * @param whenDown the answer where the thread has died, or dies meanwhile
   * @param id of the command, where the caller needs to name it later
   */
  ask<Kind extends RequestKind>(kind: Kind, ask: Requests[Kind]['ask'], whenDown: Requests[Kind]['reply'], id = this.number()): Promise<Requests[Kind]['reply']> {
    if (this.#down) return Promise.resolve(whenDown);
    return new Promise((resolve) => {
      this.#waiting.set(id, { settle: (value) => resolve(value as Requests[Kind]['reply']), whenDown });
      this.#channel.postMessage({ kind, id, ...ask } as ToWorker);
    });
  }

  /** Sends a command without an answer. */
  tell(message: Exclude<ToWorker, { readonly id: number }>): void {
    if (!this.#down) this.#channel.postMessage(message);
  }

  onInactive(of: 'endpoints' | 'relays', number: number, listener: () => void): () => void {
    this.#inactive[of].set(number, listener);
    return () => this.#inactive[of].delete(number);
  }

  /** Returns the way out of being told. */
  onDown(listener: () => void): () => void {
    this.#downListeners.add(listener);
    return () => this.#downListeners.delete(listener);
  }

  /** The thread has ended. */
  down(): void {
    if (this.#down) return;
    this.#down = true;
    for (const { settle, whenDown } of this.#waiting.values()) settle(whenDown);
    this.#waiting.clear();
    for (const listener of [...this.#downListeners]) listener();
  }

  #take(message: ToMain): void {
    switch (message.kind) {
      case 'ready': return;
      case 'inactive': return this.#inactive.endpoints.get(message.endpoint)?.();
      case 'relay-inactive': return this.#inactive.relays.get(message.relay)?.();
      case 'reply': {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        waiting?.settle(message.value);
      }
    }
  }
}
