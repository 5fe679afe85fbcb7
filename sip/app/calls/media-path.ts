import type { CallRecordId } from '../../../src/domain/ids.js';
import type { GatewayOutcome, MediaGateway, PartyQuality } from '../../../src/ports/media.js';
import type { TrunkMedia } from '../../../src/domain/trunk/trunk.js';
import type { Log } from '../../../src/ports/runtime.js';
import type { Body } from '../syntax/header.js';
import { bindingMedia, profileOf, transportOf, type MediaParty, type MediaTransport } from './media-party.js';
import type { RingTarget } from './ring-target.js';

type Side = 'caller' | 'callee';
export type SdpRole = 'offer' | 'answer';

/** One branch as its sound is to go. */
export interface MediaTarget {
  readonly id: string;
  readonly party: MediaParty;
  /** What the branch must speak, whatever the caller does; absent = what it would be without us. */
  readonly transport?: MediaTransport;
  /** Never without the gateway. */
  readonly anchor?: boolean;
}

/** Of the phones among them: numbers outside are readied gateway by gateway. */
export function mediaTargets(targets: readonly RingTarget[]): readonly MediaTarget[] {
  return targets.flatMap((target) => (target.kind === 'phone' ? [{ id: target.id, party: bindingMedia(target.binding) }] : []));
}

/**
 * The way sound takes in one call: straight from phone to phone, or through a gateway, whose address then replaces the phones' in
 * every description. Bodies that need nothing are handed on in the same turn; the order of bodies is kept.
 */
export interface MediaPath {
  /** Readies the caller's offer (null: the phone offers) for phones about to ring; null = nothing to wait for. Never rejects. */
  prepare(targets: readonly MediaTarget[], offer: Body | null): Promise<void> | null;
  /** The offer as this phone gets it. */
  offerFor(branch: string, offer: Body | null): Body | null;
  /** A body of a phone that may not have the call yet, for the caller. */
  early(branch: string, body: Body | null, then: (passed: Body | null) => void): void;
  /** This phone has the call: what was readied for others goes. `policy`: of the trunk by which it is reached. */
  chosen(branch: string, policy?: TrunkMedia): void;
  /** A body from that side for the other. `refuse` = an offer inside the call cannot be passed; without it the body goes as it is. */
  pass(from: Side, role: SdpRole, body: Body | null, then: (passed: Body | null) => void, refuse?: () => void): void;
  /** Idempotent. How the sound of the call was, where a gateway carried it; null else. Never rejects. */
  end(): Promise<AnchoredSound | null>;
}

/** What a gateway measured of both sides. */
export interface AnchoredSound extends Readonly<Partial<Record<Side, PartyQuality>>> {
  readonly source: 'relay' | 'rtpengine';
}

/** Phone to phone. */
export const directMedia: MediaPath = {
  prepare: () => null,
  offerFor: (_branch, offer) => offer,
  early: (_branch, body, then) => then(body),
  chosen: () => undefined,
  pass: (_from, _role, body, then) => then(body),
  end: () => Promise.resolve(null),
};

export interface MediaPaths {
  open(call: CallRecordId, caller: MediaParty): MediaPath;
  /** `unrelayed_descriptions`: went through as they were, though a gateway was wanted. */
  figures(): Readonly<Record<string, number>>;
}

/** `auto`: where a side is behind NAT, or one of them is a browser. */
export type RelayWhen = 'auto' | 'always';

export function createMediaPaths(gateway: MediaGateway, when: RelayWhen, log: Log): MediaPaths {
  let unrelayed = 0;
  const onUnrelayed = (callId: CallRecordId, why: string): void => {
    unrelayed += 1;
    log.warn('sound goes without relay', { callId, why });
  };
  return {
    open: (call, caller) => new GatewayPath(gateway, when, call, caller, (why) => onUnrelayed(call, why)),
    figures: () => ({ unrelayed_descriptions: unrelayed }),
  };
}

/** One phone's way through the gateway. */
interface Way {
  readonly callId: string;
  readonly party: MediaParty;
  offer: Body | null;
  transport: MediaTransport;
}

class GatewayPath implements MediaPath {
  readonly #ways = new Map<string, Way>();
  #chosen: Way | undefined;
  #made = 0;
  #ended = false;
  /** Descriptions under way: each waits for those before it. */
  #open = 0;
  #work: Promise<void> = Promise.resolve();
  #callerTransport: MediaTransport;

  constructor(
    private readonly gateway: MediaGateway, private readonly when: RelayWhen, private readonly call: CallRecordId,
    private readonly caller: MediaParty, private readonly onUnrelayed: (why: string) => void,
  ) {
    this.#callerTransport = caller.transport;
  }

  prepare(targets: readonly MediaTarget[], offer: Body | null): Promise<void> | null {
    if (this.#ended) return null;
    if (offer !== null && isSdp(offer)) this.#callerTransport = transportOf(offer.body, this.#callerTransport);
    const ways = targets.flatMap(({ id, party, transport: wanted, anchor }) => {
      const converted = wanted !== undefined && wanted !== this.#callerTransport;
      if (!this.#wanted(party) && !converted && anchor !== true) return [];
      this.#made += 1;
      // A phone that takes plain RTP is offered what the caller speaks, as it would be without us: only browsers are converted.
      const spoken = this.#callerTransport === 'UDP/TLS/RTP/SAVPF' ? 'RTP/AVP' : this.#callerTransport;
      const transport = wanted ?? (party.transport === 'UDP/TLS/RTP/SAVPF' ? party.transport : spoken);
      const way: Way = { callId: `${this.call}-${this.#made}`, party, offer: null, transport };
      this.#ways.set(id, way);
      return [{ id, way }];
    });
    if (ways.length === 0 || offer === null || !isSdp(offer)) return null;
    const readied = Promise.all(ways.map(async ({ id, way }) => {
      const outcome = await this.#through(way, 'caller', 'offer', offer);
      if (outcome.kind === 'sdp') way.offer = { ...offer, body: outcome.sdp };
      else {
        this.#ways.delete(id);
        this.#unrelayed(outcome);
      }
    })).then(() => undefined);
    this.#work = Promise.all([this.#work, readied]).then(() => undefined);
    return readied;
  }

  offerFor(branch: string, offer: Body | null): Body | null {
    return this.#ways.get(branch)?.offer ?? offer;
  }

  early(branch: string, body: Body | null, then: (passed: Body | null) => void): void {
    this.#pass(this.#ways.get(branch), 'callee', 'answer', body, then);
  }

  chosen(branch: string): void {
    this.#chosen = this.#ways.get(branch);
    void this.#removeAfterWork((id) => id !== branch);
  }

  pass(from: Side, role: SdpRole, body: Body | null, then: (passed: Body | null) => void, refuse?: () => void): void {
    this.#pass(this.#chosen, from, role, body, then, refuse);
  }

  async end(): Promise<AnchoredSound | null> {
    this.#ended = true;
    const chosen = this.#chosen;
    const removed = await this.#removeAfterWork(() => true);
    const measured = chosen === undefined ? undefined : removed.get(chosen);
    return (await measured) ?? null;
  }

  #wanted(party: MediaParty): boolean {
    if (this.when === 'always') return true;
    const browsers = [this.#callerTransport, party.transport].filter((transport) => transport === 'UDP/TLS/RTP/SAVPF').length;
    // Two browsers find each other by ICE, whatever is between them.
    return browsers === 2 ? false : browsers === 1 || this.caller.behindNat || party.behindNat;
  }

  #pass(way: Way | undefined, from: Side, role: SdpRole, body: Body | null, then: (passed: Body | null) => void, refuse?: () => void): void {
    const through = way !== undefined && body !== null && isSdp(body) && !this.#ended ? { way, body } : null;
    if (through === null && this.#open === 0) return then(body);
    this.#open += 1;
    this.#work = this.#work.then(async () => {
      const outcome = through === null ? null : await this.#through(through.way, from, role, through.body);
      this.#open -= 1;
      if (through === null || outcome === null) return then(body);
      if (outcome.kind === 'sdp') return then({ ...through.body, body: outcome.sdp });
      if (refuse !== undefined) return refuse();
      this.#unrelayed(outcome);
      // Nothing stands for an offer that did not pass: its answer goes past the gateway as well.
      if (role === 'offer') this.#forget(through.way);
      then(body);
    });
  }

  async #through(way: Way, from: Side, role: SdpRole, { body }: Body): Promise<GatewayOutcome> {
    const ofCaller = from === 'caller';
    const offerer = (role === 'offer') === ofCaller ? 'caller' : 'callee';
    const ref = { callId: way.callId, fromTag: offerer, toTag: offerer === 'caller' ? 'callee' : 'caller' };
    if (ofCaller) this.#callerTransport = transportOf(body, this.#callerTransport);
    else way.transport = transportOf(body, way.transport);
    const toward = ofCaller ? profileOf(way.party, way.transport) : profileOf(this.caller, this.#callerTransport);
    try {
      if (role === 'answer') return await this.gateway.answer(ref, body, toward);
      return await this.gateway.offer(ref, body, toward, ofCaller ? this.caller.address : way.party.address);
    } catch {
      return { kind: 'gateway-down' };
    }
  }

  #unrelayed(outcome: Exclude<GatewayOutcome, { kind: 'sdp' }>): void {
    this.onUnrelayed(outcome.kind === 'refused' ? outcome.reason : 'the gateway is away');
  }

  #forget(way: Way): void {
    if (this.#chosen === way) this.#chosen = undefined;
    for (const [id, known] of this.#ways) if (known === way) this.#ways.delete(id);
  }

  /** Once nothing is under way, so that no offer comes behind its own removal. What each of them measured. */
  async #removeAfterWork(which: (branch: string) => boolean): Promise<ReadonlyMap<Way, Promise<AnchoredSound | null>>> {
    await this.#work;
    const removed = new Map<Way, Promise<AnchoredSound | null>>();
    for (const [id, way] of this.#ways) {
      if (!which(id)) continue;
      this.#ways.delete(id);
      removed.set(way, this.#remove(way));
    }
    return removed;
  }

  async #remove({ callId }: Way): Promise<AnchoredSound | null> {
    const source = this.gateway.kind === 'rtpengine' ? 'rtpengine' : 'relay';
    try {
      const sound = await this.gateway.remove({ callId, fromTag: 'caller', toTag: 'callee' });
      return sound === null ? null : { source, ...sound };
    } catch {
      return null;
    }
  }
}

const isSdp = ({ contentType }: Body): boolean => /^application\/sdp\s*(?:;|$)/i.test(contentType);
