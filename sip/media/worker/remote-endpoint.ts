import type { Collected, CollectSpec } from '../dtmf/digit-collector.js';
import type { PlayEnd, StreamFigures } from '../endpoint/endpoint.js';
import type { EncodedAudio } from '../endpoint/playout.js';
import type { PromptRef } from '../prompts/prompt-store.js';
import type { MediaLink } from './media-link.js';
import type { Updated } from './messages.js';
import { StreamEvents } from './stream-events.js';

const KEY = /^[0-9*#A-D]$/;
const DIGIT_MS = 160;

/** An endpoint of the media thread, as the main thread holds it. */
export class RemoteEndpoint {
  readonly #link: MediaLink;
  readonly #endpoint: number;
  readonly #soundOf: (prompt: PromptRef) => EncodedAudio | null;
  readonly #events = new StreamEvents();
  readonly #forget: readonly (() => void)[];
  #collecting = false;

  constructor(link: MediaLink, endpoint: number, soundOf: (prompt: PromptRef) => EncodedAudio | null) {
    this.#link = link;
    this.#endpoint = endpoint;
    this.#soundOf = soundOf;
    this.#forget = [
      link.onInactive('endpoints', endpoint, () => this.#events.inactive()),
      link.onDown(() => this.#closed()),
    ];
  }

  play(prompts: readonly PromptRef[], { bargeIn }: { readonly bargeIn: boolean }): { readonly done: Promise<PlayEnd>; stop(): void } {
    const endpoint = this.#endpoint;
    const play = this.#link.number();
    const audio = prompts.map(this.#soundOf).filter((sound) => sound !== null);
    return {
      done: this.#link.ask('play', { endpoint, audio, bargeIn }, 'closed', play),
      stop: () => this.#link.tell({ kind: 'stop-play', endpoint, play }),
    };
  }

  async collect(spec: CollectSpec): Promise<Collected> {
    if (this.#collecting) throw new TypeError('this endpoint is collecting digits already');
    this.#collecting = true;
    const result = await this.#link.ask('collect', { endpoint: this.#endpoint, spec }, { digits: '', reason: 'closed' });
    this.#collecting = false;
    return result;
  }

  clearDigits(): void {
    this.#link.tell({ kind: 'clear-digits', endpoint: this.#endpoint });
  }

  /** By SIP INFO, the only path that does not end in the media thread. */
  feedDigit(digit: string): void {
    const key = digit.toUpperCase();
    if (KEY.test(key)) this.#link.tell({ kind: 'feed-digit', endpoint: this.#endpoint, digit: key });
  }

  sendDigit(digit: string, ms: number = DIGIT_MS): void {
    if (KEY.test(digit)) this.#link.tell({ kind: 'send-digit', endpoint: this.#endpoint, digit, ms });
  }

  update(offerSdp: string): Promise<Updated> {
    return this.#link.ask('update', { endpoint: this.#endpoint, sdp: offerSdp }, { kind: 'media-down' });
  }

  stats(): Promise<StreamFigures | null> {
    return this.#link.ask('stats', { endpoint: this.#endpoint }, null);
  }

  close(): void {
    if (this.#events.isClosed) return;
    this.#link.tell({ kind: 'close', endpoint: this.#endpoint });
    this.#closed();
  }

  on(event: 'closed' | 'inactive', listener: () => void): void {
    this.#events.on(event, listener);
  }

  #closed(): void {
    if (this.#events.close()) for (const forget of this.#forget) forget();
  }
}
