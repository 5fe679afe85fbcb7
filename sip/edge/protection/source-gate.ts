import type { BlockList } from 'node:net';
import { isInNetworks } from '../transport/local-address.js';
import type { Bans } from './bans.js';
import type { ProtectionLimits } from './limits.js';
import type { LiveBindings } from './live-bindings.js';
import { OldestOut } from './oldest-out.js';
import { takeToken, type BucketRate, type TokenBucket } from './token-bucket.js';

/** All the gate must know of an address, in one place: it is looked at for every datagram, hence a class, for its fixed shape. */
class Source implements TokenBucket {
  /** Messages beyond the rate since the bucket was last full. */
  excess = 0;

  constructor(
    public tokens: number, public at: number,
    readonly trusted: boolean, public liveUntil: number, public bannedUntil: number,
  ) {}
}

const MAX_SOURCES = 65_536;

/** Decides by the address alone, before a message is read. */
export class SourceGate {
  /** Messages dropped since the start. */
  droppedBanned = 0;
  droppedFlood = 0;
  /** Connections closed as they came. */
  closedBanned = 0;
  readonly #sources = new OldestOut<Source>(MAX_SOURCES);
  readonly #rate: BucketRate;

  /**
   * @param trusted never limited, never banned
   * @param now ms on the clock of bans and bindings
   * @param onFlood an address keeps sending far beyond its rate; called once for each such flood
   */
  constructor(
    limits: Pick<ProtectionLimits, 'sourceMessagesPerSecond'>,
    private readonly parts: { readonly bans: Bans; readonly live: LiveBindings; readonly trusted: BlockList; readonly now: () => number },
    private readonly onFlood: (address: string) => void,
  ) {
    this.#rate = { perSecond: limits.sourceMessagesPerSecond, burst: limits.sourceMessagesPerSecond * 2 };
  }

  /** Whether a message of this address may be read. */
  admits(address: string): boolean {
    const source = this.#sources.get(address) ?? this.#add(address);
    if (source.trusted) return true;
    const now = this.parts.now();
    // A ban of an address with a live binding holds at the request: an emergency call is one only when read.
    if (source.liveUntil > now) return true;
    if (source.bannedUntil > now) {
      this.droppedBanned += 1;
      return false;
    }
    if (this.#rate.perSecond === 0) return true;
    if (takeToken(source, this.#rate, now)) {
      if (source.tokens >= this.#rate.burst - 1) source.excess = 0;
      return true;
    }
    this.droppedFlood += 1;
    source.excess += 1;
    if (source.excess > this.#rate.burst) {
      source.excess = 0;
      this.onFlood(address);
    }
    return false;
  }

  /** Whether a connection of this address may be opened. */
  accepts(address: string): boolean {
    const source = this.#sources.get(address) ?? this.#add(address);
    const now = this.parts.now();
    if (source.trusted || source.liveUntil > now || source.bannedUntil <= now) return true;
    this.closedBanned += 1;
    return false;
  }

  isTrusted(address: string): boolean {
    return (this.#sources.get(address) ?? this.#add(address)).trusted;
  }

  isBanned(address: string): boolean {
    return (this.#sources.get(address) ?? this.#add(address)).bannedUntil > this.parts.now();
  }

  /** Bans or bindings of the address have changed. */
  refresh(address: string): void {
    const source = this.#sources.get(address);
    if (source === undefined) return;
    source.liveUntil = this.parts.live.until(address);
    source.bannedUntil = this.parts.bans.inForce(address, this.parts.now())?.until ?? 0;
  }

  #add(address: string): Source {
    const { bans, live, trusted, now } = this.parts;
    const at = now();
    const source = new Source(
      this.#rate.burst, at, isInNetworks(trusted, address), live.until(address), bans.inForce(address, at)?.until ?? 0,
    );
    this.#sources.set(address, source);
    return source;
  }
}
