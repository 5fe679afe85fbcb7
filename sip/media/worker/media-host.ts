import type { EndpointListener } from '../endpoint/endpoint.js';
import { Pacer } from '../rtp/pacer.js';
import { PortPairs } from '../rtp/port-pair.js';
import { EndpointTable } from './endpoint-table.js';
import type { MediaWorkerData, Requests, RequestKind, ToMain, ToWorker } from './messages.js';
import { RelayTable } from './relay-table.js';

/** The thread's side: takes commands, answers each under its id. Nothing that comes from the network or in a command throws. */
export class MediaHost {
  readonly #post: (message: ToMain) => void;
  readonly #endpoints: EndpointTable;
  readonly #relays: RelayTable;

  constructor({ ports, bind }: MediaWorkerData, post: (message: ToMain) => void, now: () => number = () => performance.now()) {
    const pairs = new PortPairs(ports);
    this.#post = post;
    this.#endpoints = new EndpointTable(pairs, bind, new Pacer(now), now);
    this.#relays = new RelayTable(pairs, bind, now);
  }

  async take(message: Exclude<ToWorker, { kind: 'stop' }>): Promise<void> {
    const endpoints = this.#endpoints;
    switch (message.kind) {
      case 'answer': return this.#reply<'answer'>(message.id, await endpoints.answer(message.endpoint, message.sdp, message.open, this.#listener(message.endpoint)));
      case 'offer': return this.#reply<'offer'>(message.id, await endpoints.offer(message.endpoint, message.open, this.#listener(message.endpoint)));
      case 'accept': return this.#reply<'accept'>(message.id, endpoints.accept(message.endpoint, message.sdp));
      case 'update': return this.#reply<'update'>(message.id, endpoints.update(message.endpoint, message.sdp));
      case 'play': {
        const endpoint = endpoints.get(message.endpoint);
        return endpoint === undefined ? this.#reply<'play'>(message.id, 'closed') : endpoint.play(message.id, message.audio, message.bargeIn);
      }
      case 'collect': {
        const endpoint = endpoints.get(message.endpoint);
        return endpoint === undefined ? this.#reply<'collect'>(message.id, { digits: '', reason: 'closed' }) : endpoint.collect(message.id, message.spec);
      }
      case 'stats': return this.#reply<'stats'>(message.id, endpoints.get(message.endpoint)?.figures() ?? null);
      case 'open-relay': return this.#reply<'open-relay'>(message.id, await this.#relays.open(message.relay, message.open,
        () => this.#post({ kind: 'relay-inactive', relay: message.relay })));
      case 'pass': return this.#reply<'pass'>(message.id, this.#relays.pass(message.relay, message.from, message.sdp));
      case 'metrics': return this.#reply<'metrics'>(message.id, { ...endpoints.metrics(), ...this.#relays.metrics() });
      case 'stop-play': return endpoints.get(message.endpoint)?.stopPlay(message.play);
      case 'clear-digits': return endpoints.get(message.endpoint)?.clearDigits();
      case 'feed-digit': return endpoints.get(message.endpoint)?.feedDigit(message.digit);
      case 'send-digit': return endpoints.get(message.endpoint)?.sendDigit(message.digit, message.ms);
      case 'close': return endpoints.close(message.endpoint);
      case 'close-relay': return this.#reply<'close-relay'>(message.id, this.#relays.close(message.relay));
    }
  }

  /** Ends every stream: what plays and collects is told `closed`. */
  stop(): void {
    this.#endpoints.closeAll();
    this.#relays.closeAll();
  }

  #listener(endpoint: number): EndpointListener {
    return {
      played: (id, end) => this.#reply<'play'>(id, end),
      collected: (id, result) => this.#reply<'collect'>(id, result),
      inactive: () => this.#post({ kind: 'inactive', endpoint }),
    };
  }

  #reply<Kind extends RequestKind>(id: number, value: Requests[Kind]['reply']): void {
    this.#post({ kind: 'reply', id, value });
  }
}
