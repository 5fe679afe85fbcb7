/**
 * Sound that we make or hear ourselves: prompts and digits (MediaEndpoints), streams passed between two parties that cannot
 * reach each other (MediaRelays), and what stands between two legs whatever does it (MediaGateway).
 * Digits may be a PIN: no implementation logs or stores them.
 */
import type { AccountId } from '../domain/ids.js';
import type { StreamFigures } from '../domain/quality/stream-report.js';

/** G.711 sound, one byte a sample at 8000 Hz, in both laws and of equal length; shared between threads, never changed. */
export interface EncodedAudio {
  readonly ulaw: SharedArrayBuffer;
  readonly alaw: SharedArrayBuffer;
}

/**
 * A prompt by name, or sound at hand. `language` is a tag such as `de` or `de-AT`; see PromptStore for what stands in. With an
 * account, its own recordings come first.
 */
export type PromptRef =
  | { readonly id: string; readonly language: string; readonly accountId?: AccountId }
  | { readonly audio: EncodedAudio };

/** Prompts held in memory; nothing is read from disk in a call. */
export interface PromptStore {
  /**
   * The sound for `de-AT`, else for `de`, else in the fallback language; null where none of them has this id. In each language the
   * account's own comes before the built-in one.
   */
  resolve(id: string, language: string, accountId?: AccountId): EncodedAudio | null;
  /** Takes or replaces one prompt: a WAV file of 8000 Hz, 16 bit, mono. A problem names what is wrong with the file. */
  put(id: string, language: string, wav: Uint8Array): { readonly kind: 'stored'; readonly ms: number } | { readonly kind: 'problem'; readonly reason: string };
  /** The built-in sound of exactly this language. */
  builtIn(id: string, language: string): EncodedAudio | null;
  /** The account's own sound of exactly this language. */
  own(accountId: AccountId, id: string, language: string): EncodedAudio | null;
  /** Takes or replaces an account's own sound: mono, 8000 samples a second. Plays under way go on with the old one. */
  putOwn(accountId: AccountId, id: string, language: string, samples: Int16Array): void;
  /** Idempotent. */
  removeOwn(accountId: AccountId, id: string, language: string): void;
}

export interface EndpointOptions {
  /** Where the party's SIP comes from (IP literal): decides which of our addresses the SDP names. */
  readonly peer: string;
  /**
   * Who may be latched to (symmetric RTP): whoever sends the first valid packet, or only the address of the SDP or of `peer`.
   * Default `first-valid`: a NAT may use another address for media.
   */
  readonly latch?: 'first-valid' | 'known-address';
  /** Milliseconds without RTP until `inactive`, 0 = never; default 60 000. Time on hold does not count. */
  readonly inactivityMs?: number;
}

/** Why an offer gets no endpoint. 488 for the first two and `needs-gateway` without one, 400, 503 for the last two. */
export type OfferRefusal =
  | { readonly kind: 'no-common-codec' }
  /** SRTP, DTLS-SRTP or an address only ICE can find: a gateway can turn it into plain RTP. */
  | { readonly kind: 'needs-gateway'; readonly why: 'srtp' | 'dtls-srtp' | 'ice' | 'address-family' }
  | { readonly kind: 'malformed-offer'; readonly reason: string }
  | { readonly kind: 'no-port' }
  /** The media part has ended; the process is about to end as well. */
  | { readonly kind: 'media-down' };

export type AnswerOutcome = { readonly kind: 'endpoint'; readonly endpoint: MediaEndpoint; readonly sdp: string } | OfferRefusal;

export type OfferOutcome =
  | {
    readonly kind: 'offered';
    readonly endpoint: MediaEndpoint;
    readonly sdp: string;
    /** Takes the answer (in the ACK, or in a final response). Anything but `accepted` leaves the endpoint silent; close it. */
    accept(answerSdp: string): Promise<AcceptOutcome>;
  }
  | { readonly kind: 'no-port' }
  | { readonly kind: 'media-down' };

export type AcceptOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'no-common-codec' }
  | { readonly kind: 'malformed-answer'; readonly reason: string }
  | { readonly kind: 'media-down' };

/** `updated`: the answer to a re-INVITE or UPDATE. After a refusal the session goes on as it was (RFC 3261 §14.1). */
export type UpdateOutcome = { readonly kind: 'updated'; readonly sdp: string; readonly held: boolean } | OfferRefusal;

/** Makes endpoints of our own for calls to prompts and menus. */
export interface MediaEndpoints {
  /** Takes an INVITE's SDP; the endpoint sends silence from the first moment on. */
  answer(offerSdp: string, options: EndpointOptions): Promise<AnswerOutcome>;
  /** For an INVITE without SDP, or a call of our own: offers G.711 and telephone-event. */
  offer(options: EndpointOptions): Promise<OfferOutcome>;
}

export type PlayEnd = 'completed' | 'barge-in' | 'stopped' | 'closed';

export interface PlayHandle {
  /** Never rejects. `stopped` also when another play took its place. */
  readonly done: Promise<PlayEnd>;
  stop(): void;
}

export interface CollectSpec {
  /** Below so many digits `firstDigitMs` is waited for each, from then on `interDigitMs`. */
  readonly min: number;
  /** Ends the collecting when reached. */
  readonly max: number;
  /** Ends the collecting and is not among the digits; null = none. */
  readonly terminator: string | null;
  /** Counts from the end of what is playing. */
  readonly firstDigitMs: number;
  readonly interDigitMs: number;
  /** A PIN: not even the number of digits is told to anybody. Digits themselves are never logged. */
  readonly sensitive: boolean;
}

export interface Collected {
  readonly digits: string;
  readonly reason: 'terminator' | 'max' | 'timeout' | 'closed';
}

export interface EndpointStats {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** Not RTP, another source than the latched one, a payload type nobody negotiated. */
  readonly packetsDropped: number;
  readonly packetsLost: number;
  /** Interarrival jitter, milliseconds (RFC 3550 §6.4.1). */
  readonly jitterMs: number;
  /** Where we send to; null before anybody is known. */
  readonly remote: { readonly address: string; readonly port: number; readonly latched: boolean } | null;
}

/** One party's sound: plays to it, hears its digits. Usable until `close` or the event `closed`. */
export interface MediaEndpoint {
  /**
   * Plays one after the other without a gap; a play under way is stopped. An unknown prompt is left out. With `bargeIn` the first
   * digit stops it, also one typed before; without it, digits typed meanwhile are kept for the next collect.
   */
  play(prompts: readonly PromptRef[], options: { readonly bargeIn: boolean }): PlayHandle;
  /** Digits typed ahead count. One collect at a time: a second one is a bug and rejects with TypeError; nothing else rejects. */
  collect(spec: CollectSpec): Promise<Collected>;
  /** Forgets what was typed ahead. */
  clearDigits(): void;
  /** A digit that came by SIP INFO (`0`-`9`, `*`, `#`, `A`-`D`; anything else is left out); doubles of RFC 4733 digits are dropped. */
  feedDigit(digit: string, path: 'info'): void;
  /** Sends a digit as RFC 4733 event where the party takes them, else nothing. `ms` = its length. */
  sendDigit(digit: string, ms?: number): void;
  /** A new offer of the party inside the call: hold, resume, another address or codec. */
  update(offerSdp: string): Promise<UpdateOutcome>;
  stats(): Promise<EndpointStats | null>;
  /** Idempotent; plays and collects end with `closed`. */
  close(): void;
  /** `inactive`: no RTP for the time set, once until RTP comes again. `closed`: nothing will be heard or sent any more. */
  on(event: 'closed' | 'inactive', listener: () => void): void;
}

export type RelayLeg = 'a' | 'b';

export interface RelayOptions {
  /** Where each leg's SIP comes from (IP literals). */
  readonly peers: Readonly<Record<RelayLeg, string>>;
  /** Media lines of the first offer; more cannot be added later. */
  readonly streams: number;
  readonly latch?: EndpointOptions['latch'];
  /** Milliseconds without a packet of either leg, RTCP included, until `inactive`, 0 = never; default 60 000. */
  readonly inactivityMs?: number;
}

export type PassOutcome =
  | { readonly kind: 'sdp'; readonly sdp: string }
  | { readonly kind: 'not-relayable'; readonly why: 'transport' | 'ice' | 'address-family' | 'too-many-streams' }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'media-down' };

/** One party's sound: as it arrived, and what the party itself said it heard. */
export interface PartyQuality {
  readonly sent: StreamFigures | null;
  readonly heard: StreamFigures | null;
}

/** RTP and RTCP handed from one leg to the other, unchanged: SRTP with keys in the SDP passes too. */
export interface MediaRelay {
  /** Notes where the leg's media is and rewrites its SDP so that the other leg sends to the relay. For offers and answers alike. */
  pass(from: RelayLeg, sdp: string): Promise<PassOutcome>;
  /** How the sound of both legs was; null where there was none, or it is closed already. */
  close(): Promise<Readonly<Record<RelayLeg, PartyQuality>> | null>;
  on(event: 'closed' | 'inactive', listener: () => void): void;
}

export interface MediaRelays {
  open(options: RelayOptions): Promise<{ readonly kind: 'relay'; readonly relay: MediaRelay } | { readonly kind: 'no-port' } | { readonly kind: 'media-down' }>;
}

/**
 * One call as its legs name it: Call-ID, tags, and the branch where several are rung (one set of media each). `fromTag` is whoever
 * made the offer under way, in `offer` and in `answer` alike.
 */
export interface CallRef {
  readonly callId: string;
  readonly fromTag: string;
  readonly toTag?: string;
  readonly branch?: string;
}

/** What the receiver of an SDP can do; `nat.source` is where its SIP comes from. */
export interface LegProfile {
  readonly transport: 'RTP/AVP' | 'RTP/SAVP' | 'UDP/TLS/RTP/SAVPF';
  readonly ice: 'none' | 'force';
  readonly nat: { readonly trustSdpAddress: boolean; readonly source: string };
  readonly codecs: readonly string[];
  /** Our address in SDP toward this leg; null = by the route. */
  readonly advertise: string | null;
}

export type GatewayOutcome =
  | { readonly kind: 'sdp'; readonly sdp: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'gateway-down' };

/** What stands between two legs: nothing, the relay of this process, or rtpengine. */
export interface MediaGateway {
  readonly kind: 'none' | 'embedded-relay' | 'rtpengine';
  readonly capabilities: { readonly webrtc: boolean; readonly anchor: boolean; readonly transcode: readonly string[] };
  /**
   * The caller's SDP made ready for the called party; also for a re-INVITE from either side.
   * @param source where the sender's SIP comes from (IP literal); absent = where the receiver's does
   */
  offer(call: CallRef, sdp: string, toward: LegProfile, source?: string): Promise<GatewayOutcome>;
  /** The answer on its way back. */
  answer(call: CallRef, sdp: string, toward: LegProfile): Promise<GatewayOutcome>;
  /** Idempotent. How both parties' sound was, by their tags; null where nothing was measured, or it is gone already. */
  remove(call: CallRef): Promise<Readonly<Record<string, PartyQuality>> | null>;
  on(event: 'media-timeout', listener: (call: CallRef) => void): void;
}
