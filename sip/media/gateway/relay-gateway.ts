import { readSdp } from '../sdp/session-description.js';
import type { ClientRelay, RelayOptions } from '../worker/media-client.js';
import type { Passed, RelayLeg, RelayQuality } from '../worker/messages.js';
import type { CallRef, GatewayOutcome, LegProfile, PartyQuality } from './gateway.js';

/** A relay as this needs it. */
interface OpenedRelay {
  pass(from: RelayLeg, sdp: string): Promise<Passed>;
  close(): Promise<RelayQuality | null>;
  on(event: 'inactive', listener: () => void): void;
}

interface Relays {
  open(options: RelayOptions): Promise<{ readonly kind: 'relay'; readonly relay: OpenedRelay } | Exclude<ClientRelay, { kind: 'relay' }>>;
}

/** A relay that is there or on its way; leg `a` is who made the first offer. */
interface Entry {
  readonly firstTag: string;
  readonly opened: Promise<OpenedRelay | null>;
}

const OTHER: Readonly<Record<RelayLeg, RelayLeg>> = { a: 'b', b: 'a' };

/** The relays of this process as a gateway: passes any RTP, converts nothing. One relay for each Call-ID and branch. */
export class RelayGateway {
  readonly kind = 'embedded-relay';
  readonly capabilities = { webrtc: false, anchor: true, transcode: [] };
  readonly #relays: Relays;
  readonly #entries = new Map<string, Entry>();
  readonly #onTimeout: ((call: CallRef) => void)[] = [];

  constructor(relays: Relays) {
    this.#relays = relays;
  }

  /** @param source where the sender's SIP comes from; absent = where the receiver's does */
  async offer(call: CallRef, sdp: string, toward: LegProfile, source: string = toward.nat.source): Promise<GatewayOutcome> {
    const key = keyOf(call);
    const known = this.#entries.get(key);
    if (known !== undefined) return this.#pass(known, legOf(known, call.fromTag), sdp);
    const opened = this.#open(call, sdp, { a: source, b: toward.nat.source });
    const entry: Entry = { firstTag: call.fromTag, opened };
    this.#entries.set(key, entry);
    const outcome = await this.#pass(entry, 'a', sdp);
    // What cannot be passed goes without relay from the start: its ports are free again.
    if (outcome.kind !== 'sdp') await this.remove(call);
    return outcome;
  }

  async answer(call: CallRef, sdp: string): Promise<GatewayOutcome> {
    const known = this.#entries.get(keyOf(call));
    if (known === undefined) return { kind: 'refused', reason: 'no offer came before' };
    return this.#pass(known, OTHER[legOf(known, call.fromTag)], sdp);
  }

  /** How both parties' sound was, by their tags; null where nothing was measured. */
  async remove(call: CallRef): Promise<Readonly<Record<string, PartyQuality>> | null> {
    const key = keyOf(call);
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    const quality = await (await entry?.opened)?.close();
    if (entry === undefined || quality === null || quality === undefined) return null;
    const other = call.fromTag === entry.firstTag ? call.toTag : call.fromTag;
    return { [entry.firstTag]: quality.a, ...(other === undefined ? {} : { [other]: quality.b }) };
  }

  /** `media-timeout`: neither side has sent anything for a minute; being on hold may be why. */
  on(_event: 'media-timeout', listener: (call: CallRef) => void): void {
    this.#onTimeout.push(listener);
  }

  async #open(call: CallRef, sdp: string, peers: Readonly<Record<RelayLeg, string>>): Promise<OpenedRelay | null> {
    const reading = readSdp(sdp);
    const streams = reading.kind === 'malformed' ? 1 : reading.session.media.length;
    const outcome = await this.#relays.open({ peers, streams });
    if (outcome.kind !== 'relay') return null;
    outcome.relay.on('inactive', () => {
      for (const listener of this.#onTimeout) listener(call);
    });
    return outcome.relay;
  }

  async #pass({ opened }: Entry, from: RelayLeg, sdp: string): Promise<GatewayOutcome> {
    const relay = await opened;
    if (relay === null) return { kind: 'refused', reason: 'no free port' };
    const passed = await relay.pass(from, sdp);
    switch (passed.kind) {
      case 'sdp': return passed;
      case 'not-relayable': return { kind: 'refused', reason: passed.why };
      case 'malformed': return { kind: 'refused', reason: passed.reason };
      case 'media-down': return { kind: 'gateway-down' };
    }
  }
}

const keyOf = ({ callId, branch = '' }: CallRef): string => `${callId} ${branch}`;
const legOf = ({ firstTag }: Entry, tag: string): RelayLeg => (tag === firstTag ? 'a' : 'b');
