import type { Collected, CollectSpec } from '../dtmf/digit-collector.js';
import type { PlayEnd, StreamFigures, StreamOptions } from '../endpoint/endpoint.js';
import type { EncodedAudio } from '../endpoint/playout.js';
import type { PartyQuality } from '../gateway/gateway.js';
import type { PortRange } from '../rtp/port-pair.js';

/** What the thread is started with. */
export interface MediaWorkerData {
  readonly ports: PortRange;
  /** Addresses to bind, by family. */
  readonly bind: Readonly<Record<'IP4' | 'IP6', string>>;
}

/** How an endpoint is opened: `local` is the address its SDP names. */
export interface OpenEndpoint extends StreamOptions {
  readonly local: string;
}

export type OfferRefused =
  | { readonly kind: 'no-common-codec' }
  | { readonly kind: 'needs-gateway'; readonly why: 'srtp' | 'dtls-srtp' | 'ice' | 'address-family' }
  | { readonly kind: 'malformed-offer'; readonly reason: string }
  | { readonly kind: 'no-port' }
  | { readonly kind: 'media-down' };
export type Answered = { readonly kind: 'answered'; readonly sdp: string } | OfferRefused;
export type Offered = { readonly kind: 'offered'; readonly sdp: string } | { readonly kind: 'no-port' } | { readonly kind: 'media-down' };
export type Accepted =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'no-common-codec' }
  | { readonly kind: 'malformed-answer'; readonly reason: string }
  | { readonly kind: 'media-down' };
export type Updated = { readonly kind: 'updated'; readonly sdp: string; readonly held: boolean } | OfferRefused;
export type RelayOpened = { readonly kind: 'relay' } | { readonly kind: 'no-port' } | { readonly kind: 'media-down' };
export type Passed =
  | { readonly kind: 'sdp'; readonly sdp: string }
  | { readonly kind: 'not-relayable'; readonly why: 'transport' | 'ice' | 'address-family' | 'too-many-streams' }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'media-down' };

export type RelayLeg = 'a' | 'b';

export type RelayQuality = Readonly<Record<RelayLeg, PartyQuality>>;

export interface OpenRelay {
  /** Where each leg's SIP comes from, and the address its SDP names. */
  readonly legs: Readonly<Record<RelayLeg, { readonly peer: string; readonly local: string }>>;
  readonly streams: number;
  readonly latch: StreamOptions['latch'];
  readonly inactivityMs: number;
}

/** Commands with an answer: what goes in and what comes back under the same `id`. */
export interface Requests {
  readonly 'answer': { readonly ask: { readonly endpoint: number; readonly sdp: string; readonly open: OpenEndpoint }; readonly reply: Answered };
  readonly 'offer': { readonly ask: { readonly endpoint: number; readonly open: OpenEndpoint }; readonly reply: Offered };
  readonly 'accept': { readonly ask: { readonly endpoint: number; readonly sdp: string }; readonly reply: Accepted };
  readonly 'update': { readonly ask: { readonly endpoint: number; readonly sdp: string }; readonly reply: Updated };
  readonly 'play': { readonly ask: { readonly endpoint: number; readonly audio: readonly EncodedAudio[]; readonly bargeIn: boolean }; readonly reply: PlayEnd };
  readonly 'collect': { readonly ask: { readonly endpoint: number; readonly spec: CollectSpec }; readonly reply: Collected };
  readonly 'stats': { readonly ask: { readonly endpoint: number }; readonly reply: StreamFigures | null };
  readonly 'open-relay': { readonly ask: { readonly relay: number; readonly open: OpenRelay }; readonly reply: RelayOpened };
  readonly 'pass': { readonly ask: { readonly relay: number; readonly from: RelayLeg; readonly sdp: string }; readonly reply: Passed };
  readonly 'close-relay': { readonly ask: { readonly relay: number }; readonly reply: RelayQuality | null };
  readonly 'metrics': { readonly ask: object; readonly reply: Readonly<Record<string, number>> };
}
export type RequestKind = keyof Requests;
export type Request = { readonly [Kind in RequestKind]: { readonly kind: Kind; readonly id: number } & Requests[Kind]['ask'] }[RequestKind];

export type ToWorker =
  | Request
  | { readonly kind: 'stop-play'; readonly endpoint: number; readonly play: number }
  | { readonly kind: 'clear-digits'; readonly endpoint: number }
  | { readonly kind: 'feed-digit'; readonly endpoint: number; readonly digit: string }
  | { readonly kind: 'send-digit'; readonly endpoint: number; readonly digit: string; readonly ms: number }
  | { readonly kind: 'close'; readonly endpoint: number }
  | { readonly kind: 'stop' };

export type ToMain =
  | { readonly kind: 'ready' }
  | { readonly kind: 'reply'; readonly id: number; readonly value: Requests[RequestKind]['reply'] }
  | { readonly kind: 'inactive'; readonly endpoint: number }
  | { readonly kind: 'relay-inactive'; readonly relay: number };
