import type { Reason } from '../../../src/domain/reasons.js';
import type {
  CallRef, LegProfile, MediaEndpoint, MediaEndpoints, MediaGateway, OfferOutcome, OfferRefusal,
} from '../../../src/ports/media.js';

export interface MediaDeps {
  readonly endpoints: MediaEndpoints;
  /** Turns SRTP and ICE into plain RTP; null = such callers are refused. */
  readonly gateway: MediaGateway | null;
}

export interface MediaCaller {
  readonly ref: CallRef;
  /** Where the caller's SIP comes from. */
  readonly address: string;
}

export interface MediaRefusal {
  readonly kind: 'refused';
  readonly status: number;
  /** Null = the description itself is wrong. */
  readonly reason: Reason | null;
}

export type MediaOpening = { readonly kind: 'open'; readonly media: CallerMedia } | MediaRefusal;
export type MediaUpdate = { readonly kind: 'answer'; readonly sdp: string; readonly held: boolean } | MediaRefusal;

type Accept = Extract<OfferOutcome, { readonly kind: 'offered' }>['accept'];
/** Toward our own endpoint. */
const PLAIN: Omit<LegProfile, 'nat'> = { transport: 'RTP/AVP', ice: 'none', codecs: ['PCMU', 'PCMA', 'telephone-event'], advertise: null };

const CALLER_PROFILES: Readonly<Record<Extract<OfferRefusal, { kind: 'needs-gateway' }>['why'], Pick<LegProfile, 'transport' | 'ice'>>> = {
  'srtp': { transport: 'RTP/SAVP', ice: 'none' },
  'dtls-srtp': { transport: 'UDP/TLS/RTP/SAVPF', ice: 'force' },
  'ice': { transport: 'RTP/AVP', ice: 'force' },
  'address-family': { transport: 'RTP/AVP', ice: 'none' },
};

/** The caller's sound in a call to a feature code: an endpoint of our own, behind a gateway where the caller needs one. */
export class CallerMedia {
  readonly endpoint: MediaEndpoint;
  /** Set while an offer of ours waits for the caller's answer. */
  #accept: Accept | null;
  /** The description the caller had of us last. */
  #sdp: string;
  readonly #through: GatewayLeg | null;

  private constructor(endpoint: MediaEndpoint, sdp: string, accept: Accept | null, through: GatewayLeg | null) {
    this.endpoint = endpoint;
    this.#sdp = sdp;
    this.#accept = accept;
    this.#through = through;
  }

  /** @param offer the INVITE's SDP; null = there is none, so that we offer (RFC 3261 §13.2.1) */
  static async open({ endpoints, gateway }: MediaDeps, caller: MediaCaller, offer: string | null): Promise<MediaOpening> {
    // Whoever hears nothing of the caller asks again and gives up by itself: silence on the line is no reason to hang up.
    const options = { peer: caller.address, inactivityMs: 0 };
    if (offer === null) {
      const outcome = await endpoints.offer(options);
      if (outcome.kind !== 'offered') return refusalOf(outcome);
      return { kind: 'open', media: new CallerMedia(outcome.endpoint, outcome.sdp, outcome.accept, null) };
    }
    const outcome = await endpoints.answer(offer, options);
    if (outcome.kind === 'endpoint') return { kind: 'open', media: new CallerMedia(outcome.endpoint, outcome.sdp, null, null) };
    if (outcome.kind !== 'needs-gateway' || gateway === null) return refusalOf(outcome);
    const leg = new GatewayLeg(gateway, caller, CALLER_PROFILES[outcome.why]);
    const opened = await leg.opened(endpoints, offer);
    if (opened.kind === 'refused') {
      leg.remove();
      return opened;
    }
    return { kind: 'open', media: new CallerMedia(opened.endpoint, opened.sdp, null, leg) };
  }

  /** For our 200. */
  get sdp(): string {
    return this.#sdp;
  }

  /** Whether the ACK has to bring an answer. */
  get offered(): boolean {
    return this.#accept !== null;
  }

  /** The answer to our offer; false = there is no sound with it. */
  async answered(sdp: string): Promise<boolean> {
    const accept = this.#accept;
    this.#accept = null;
    return accept === null || (await accept(sdp)).kind === 'accepted';
  }

  /** An offer inside the call. After a refusal all goes on as it was (RFC 3261 §14.1). */
  async update(offer: string): Promise<MediaUpdate> {
    const updated = this.#through === null ? await this.endpoint.update(offer) : await this.#through.updated(this.endpoint, offer);
    if (updated.kind === 'refused') return updated;
    if (updated.kind !== 'updated') return refusalOf(updated);
    this.#sdp = updated.sdp;
    return { kind: 'answer', sdp: updated.sdp, held: updated.held };
  }

  /** What we offer in answer to a re-INVITE without an offer: the session as agreed, to send and receive. */
  offerAgain(): string {
    const audible = this.#sdp.replace(/^a=(?:sendonly|recvonly|inactive)\r?$/m, 'a=sendrecv\r');
    // RFC 3264 §8: a changed description has the next version.
    return audible === this.#sdp ? audible : audible.replace(/^(o=\S+ \S+ )(\d+)/m, (_, start: string, version: string) => `${start}${BigInt(version) + 1n}`);
  }

  close(): void {
    this.endpoint.close();
    this.#through?.remove();
  }
}

/** The way through a gateway: the caller's description turned into plain RTP, and our answer back into the caller's kind. */
class GatewayLeg {
  readonly #gateway: MediaGateway;
  readonly #ref: CallRef;
  readonly #toCaller: LegProfile;
  readonly #toUs: LegProfile;

  constructor(gateway: MediaGateway, { ref, address }: MediaCaller, profile: Pick<LegProfile, 'transport' | 'ice'>) {
    this.#gateway = gateway;
    this.#ref = ref;
    const nat = { trustSdpAddress: true, source: address };
    this.#toUs = { ...PLAIN, nat };
    this.#toCaller = { ...PLAIN, ...profile, nat };
  }

  async opened(endpoints: MediaEndpoints, offer: string): Promise<{ readonly kind: 'opened'; readonly endpoint: MediaEndpoint; readonly sdp: string } | MediaRefusal> {
    const plain = await this.#gateway.offer(this.#ref, offer, this.#toUs);
    if (plain.kind !== 'sdp') return gatewayRefusal(plain.kind);
    const outcome = await endpoints.answer(plain.sdp, { peer: connectionOf(plain.sdp), inactivityMs: 0 });
    if (outcome.kind !== 'endpoint') return refusalOf(outcome);
    const back = await this.#gateway.answer(this.#ref, outcome.sdp, this.#toCaller);
    if (back.kind === 'sdp') return { kind: 'opened', endpoint: outcome.endpoint, sdp: back.sdp };
    outcome.endpoint.close();
    return gatewayRefusal(back.kind);
  }

  async updated(endpoint: MediaEndpoint, offer: string): Promise<{ readonly kind: 'updated'; readonly sdp: string; readonly held: boolean } | MediaRefusal> {
    const plain = await this.#gateway.offer(this.#ref, offer, this.#toUs);
    if (plain.kind !== 'sdp') return gatewayRefusal(plain.kind);
    const updated = await endpoint.update(plain.sdp);
    if (updated.kind !== 'updated') return refusalOf(updated);
    const back = await this.#gateway.answer(this.#ref, updated.sdp, this.#toCaller);
    return back.kind === 'sdp' ? { ...updated, sdp: back.sdp } : gatewayRefusal(back.kind);
  }

  /** A gateway that is away forgets the call by itself. */
  remove(): void {
    this.#gateway.remove(this.#ref).catch(() => undefined);
  }
}

function refusalOf(refusal: OfferRefusal): MediaRefusal {
  switch (refusal.kind) {
    case 'no-common-codec':
    case 'needs-gateway': return { kind: 'refused', status: 488, reason: 'media-unacceptable' };
    case 'malformed-offer': return { kind: 'refused', status: 400, reason: null };
    case 'no-port':
    case 'media-down': return { kind: 'refused', status: 503, reason: 'storage-unavailable' };
  }
}

function gatewayRefusal(kind: 'refused' | 'gateway-down'): MediaRefusal {
  return kind === 'refused' ? { kind: 'refused', status: 488, reason: 'media-unacceptable' }
    : { kind: 'refused', status: 503, reason: 'storage-unavailable' };
}

/** The address of an SDP of our own gateway. */
function connectionOf(sdp: string): string {
  return /^c=IN IP[46] ([0-9A-Fa-f.:]+)/m.exec(sdp)?.[1] ?? '127.0.0.1';
}
