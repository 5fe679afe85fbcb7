import type { StreamOptions } from '../endpoint/endpoint.js';
import type { EncodedAudio } from '../endpoint/playout.js';
import type { PromptRef } from '../prompts/prompt-store.js';
import { MediaLink, type Channel } from './media-link.js';
import type { Accepted, OfferRefused, OpenEndpoint, RelayLeg } from './messages.js';
import { RemoteEndpoint } from './remote-endpoint.js';
import { RemoteRelay } from './remote-relay.js';

export interface EndpointOptions {
  readonly peer: string;
  readonly latch?: StreamOptions['latch'];
  readonly inactivityMs?: number;
}

export interface RelayOptions {
  readonly peers: Readonly<Record<RelayLeg, string>>;
  readonly streams: number;
  readonly latch?: StreamOptions['latch'];
  readonly inactivityMs?: number;
}

/** What the main thread knows and the media thread does not. */
export interface MediaSurroundings {
  /** Our address as this peer reaches it (IP literals). */
  readonly addressToward: (peer: string) => string;
  /** The sound of a prompt, null where there is none. */
  readonly soundOf: (prompt: PromptRef) => EncodedAudio | null;
}

const INACTIVITY_MS = 60_000;

export type ClientAnswer = { readonly kind: 'endpoint'; readonly endpoint: RemoteEndpoint; readonly sdp: string } | OfferRefused;
export type ClientOffer =
  | { readonly kind: 'offered'; readonly endpoint: RemoteEndpoint; readonly sdp: string; accept(answerSdp: string): Promise<Accepted> }
  | { readonly kind: 'no-port' }
  | { readonly kind: 'media-down' };
export type ClientRelay = { readonly kind: 'relay'; readonly relay: RemoteRelay } | { readonly kind: 'no-port' } | { readonly kind: 'media-down' };

/** The main thread's side of one media thread: makes endpoints and relays there. */
export class MediaClient {
  readonly #link: MediaLink;
  readonly #around: MediaSurroundings;

  constructor(channel: Channel, around: MediaSurroundings) {
    this.#link = new MediaLink(channel);
    this.#around = around;
  }

  async answer(offerSdp: string, options: EndpointOptions): Promise<ClientAnswer> {
    const endpoint = this.#link.number();
    const reply = await this.#link.ask('answer', { endpoint, sdp: offerSdp, open: this.#opening(options) }, { kind: 'media-down' });
    return reply.kind === 'answered' ? { kind: 'endpoint', endpoint: this.#endpoint(endpoint), sdp: reply.sdp } : reply;
  }

  async offer(options: EndpointOptions): Promise<ClientOffer> {
    const endpoint = this.#link.number();
    const reply = await this.#link.ask('offer', { endpoint, open: this.#opening(options) }, { kind: 'media-down' });
    if (reply.kind !== 'offered') return reply;
    return {
      kind: 'offered', endpoint: this.#endpoint(endpoint), sdp: reply.sdp,
      accept: (sdp) => this.#link.ask('accept', { endpoint, sdp }, { kind: 'media-down' }),
    };
  }

  async open({ peers, streams, latch = 'first-valid', inactivityMs = INACTIVITY_MS }: RelayOptions): Promise<ClientRelay> {
    const relay = this.#link.number();
    const leg = (peer: string): { peer: string; local: string } => ({ peer, local: this.#around.addressToward(peer) });
    const reply = await this.#link.ask('open-relay', { relay, open: { legs: { a: leg(peers.a), b: leg(peers.b) }, streams, latch, inactivityMs } }, { kind: 'media-down' });
    return reply.kind === 'relay' ? { kind: 'relay', relay: new RemoteRelay(this.#link, relay) } : reply;
  }

  /** Figures for Prometheus by name; empty when the thread has died. */
  metrics(): Promise<Readonly<Record<string, number>>> {
    return this.#link.ask('metrics', {}, {});
  }

  stop(): void {
    this.#link.tell({ kind: 'stop' });
  }

  /** The thread has ended: every command and every stream is told. */
  down(): void {
    this.#link.down();
  }

  #opening({ peer, latch = 'first-valid', inactivityMs = INACTIVITY_MS }: EndpointOptions): OpenEndpoint {
    return { peer, latch, inactivityMs, local: this.#around.addressToward(peer) };
  }

  #endpoint(endpoint: number): RemoteEndpoint {
    return new RemoteEndpoint(this.#link, endpoint, this.#around.soundOf);
  }
}
