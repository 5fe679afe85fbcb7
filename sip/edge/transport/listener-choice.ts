import { isIPv6 } from 'node:net';
import { addressTowards, isLoopback, isWildcard } from './local-address.js';
import { TransportFault } from './transport-fault.js';
import type { Listener, TransportName } from './transport.js';

const MAX_REMEMBERED = 4096;
const REMEMBER_MS = 30_000;

/** Which of the listeners of one transport sends to a peer. */
export class ListenerChoice<L extends Listener> {
  readonly #transport: TransportName;
  readonly #listeners: L[] = [];
  /** Asking for the interfaces costs a tenth of a millisecond. */
  readonly #known = new Map<string, L>();
  #since = 0;

  constructor(transport: TransportName) {
    this.#transport = transport;
  }

  get all(): readonly L[] {
    return this.#listeners;
  }

  add(listener: L): void {
    this.#listeners.push(listener);
    this.#known.clear();
  }

  /**
   * @param address IP literal of the peer
   * @throws TransportFault `no-such-transport`
   */
  towards(address: string): L {
    const now = Date.now();
    if (now - this.#since > REMEMBER_MS || this.#known.size >= MAX_REMEMBERED) {
      this.#known.clear();
      this.#since = now;
    }
    let listener = this.#known.get(address);
    if (listener === undefined) {
      listener = bestListener(this.#listeners, address);
      if (listener === undefined) {
        throw new TransportFault('no-such-transport', `no ${this.#transport} listener for ${address}; add one of its address family`);
      }
      this.#known.set(address, listener);
    }
    return listener;
  }
}

/**
 * Of the peer's family; bound to the very address that faces it, else to all interfaces, else one that is loopback
 * exactly when the peer is, else the first.
 */
function bestListener<L extends Listener>(listeners: readonly L[], address: string): L | undefined {
  const sameFamily = listeners.filter((listener) => isIPv6(listener.host) === isIPv6(address));
  const facing = sameFamily.length > 1 ? addressTowards(address) : '';
  return sameFamily.find((listener) => listener.host === facing)
    ?? sameFamily.find((listener) => isWildcard(listener.host))
    ?? sameFamily.find((listener) => isLoopback(listener.host) === isLoopback(address))
    ?? sameFamily[0];
}
