import type { CallRef, GatewayOutcome, LegProfile, PartyQuality } from '../gateway/gateway.js';
import type { BencodeDictionary } from './bencode.js';
import { answerCommand, deleteCommand, offerCommand } from './ng-commands.js';
import type { NgInstances } from './ng-instances.js';
import { readStatistics } from './ng-statistics.js';

type Ask = (command: BencodeDictionary) => Promise<BencodeDictionary | null>;

/** rtpengine between two legs: any RTP to any RTP, ICE, DTLS-SRTP, SDES, codecs. A call stays with the instance that took it. */
export class RtpengineGateway {
  readonly kind = 'rtpengine';
  readonly capabilities = { webrtc: true, anchor: true, transcode: ['opus', 'G722', 'PCMU', 'PCMA'] };
  readonly #instances: NgInstances;
  readonly #calls = new Map<string, Ask>();
  #refused = 0;
  #failed = 0;

  constructor(instances: NgInstances) {
    this.#instances = instances;
  }

  /** @param source where the sender's SIP comes from; absent = where the receiver's does */
  async offer(call: CallRef, sdp: string, toward: LegProfile, source: string = toward.nat.source): Promise<GatewayOutcome> {
    const command = offerCommand(call, sdp, toward, source);
    const known = this.#calls.get(keyOf(call));
    if (known !== undefined) return this.#outcome(await known(command));
    for (const ask of this.#instances.candidates()) {
      const answer = await ask(command);
      if (answer === null || answer['result'] === 'load limit') continue;
      const outcome = this.#outcome(answer);
      if (outcome.kind === 'sdp') this.#calls.set(keyOf(call), ask);
      return outcome;
    }
    return this.#outcome(null);
  }

  async answer(call: CallRef, sdp: string, toward: LegProfile): Promise<GatewayOutcome> {
    const known = this.#calls.get(keyOf(call));
    return known === undefined ? { kind: 'refused', reason: 'no offer came before' } : this.#outcome(await known(answerCommand(call, sdp, toward)));
  }

  /** How both parties' sound was, by their tags; null where it is not known. */
  async remove(call: CallRef): Promise<Readonly<Record<string, PartyQuality>> | null> {
    const known = this.#calls.get(keyOf(call));
    this.#calls.delete(keyOf(call));
    // An instance that does not hear it ends the call when its sound has ended.
    const answer = await known?.(deleteCommand(call));
    return answer === undefined || answer === null ? null : readStatistics(answer);
  }

  /** rtpengine tells of silence only in its own log and to who asks: the event does not come. */
  on(_event: 'media-timeout', _listener: (call: CallRef) => void): void {
    // Nothing to listen to.
  }

  figures(): Readonly<Record<string, number>> {
    return {
      rtpengine_instances: this.#instances.size, rtpengine_instances_up: this.#instances.up, rtpengine_calls: this.#calls.size,
      rtpengine_refused: this.#refused, rtpengine_unanswered: this.#failed,
    };
  }

  #outcome(answer: BencodeDictionary | null): GatewayOutcome {
    if (answer === null) {
      this.#failed += 1;
      return { kind: 'gateway-down' };
    }
    const { result, sdp } = answer;
    if (result === 'ok' && typeof sdp === 'string') return { kind: 'sdp', sdp };
    this.#refused += 1;
    const reason = answer['error-reason'];
    return { kind: 'refused', reason: typeof reason === 'string' ? reason : 'no reason given' };
  }
}

const keyOf = ({ callId, branch = '' }: CallRef): string => `${callId};${branch}`;
