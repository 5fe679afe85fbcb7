import type { MediaLink } from './media-link.js';
import type { Passed, RelayLeg, RelayQuality } from './messages.js';
import { StreamEvents } from './stream-events.js';

/** A relay of the media thread, as the main thread holds it. */
export class RemoteRelay {
  readonly #link: MediaLink;
  readonly #relay: number;
  readonly #events = new StreamEvents();
  readonly #forget: readonly (() => void)[];

  constructor(link: MediaLink, relay: number) {
    this.#link = link;
    this.#relay = relay;
    this.#forget = [
      link.onInactive('relays', relay, () => this.#events.inactive()),
      link.onDown(() => this.#closed()),
    ];
  }

  pass(from: RelayLeg, sdp: string): Promise<Passed> {
    return this.#link.ask('pass', { relay: this.#relay, from, sdp }, { kind: 'media-down' });
  }

  /** How its sound was; null where there was none, or nobody is left to ask. */
  close(): Promise<RelayQuality | null> {
    if (this.#events.isClosed) return Promise.resolve(null);
    const quality = this.#link.ask('close-relay', { relay: this.#relay }, null);
    this.#closed();
    return quality;
  }

  on(event: 'closed' | 'inactive', listener: () => void): void {
    this.#events.on(event, listener);
  }

  #closed(): void {
    if (this.#events.close()) for (const forget of this.#forget) forget();
  }
}
