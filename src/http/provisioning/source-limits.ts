import type { Clock } from '../../ports/runtime.js';

export interface SourceAllowance {
  /** Requests of one address in a minute: a whole office may start behind it. */
  readonly requests: number;
  /** Requests under unknown or ended tokens in five minutes; more ban the address. */
  readonly misses: number;
  readonly banMs: number;
  /** Uploads of one device in an hour. */
  readonly uploads: number;
}

export const USUAL_ALLOWANCE: SourceAllowance = { requests: 3000, misses: 100, banMs: 600_000, uploads: 120 };

const MINUTE_MS = 60_000;
const MISSES_MS = 5 * MINUTE_MS;
const UPLOADS_MS = 60 * MINUTE_MS;
/** Keys kept of each kind; the oldest go first. */
const MOST_KEYS = 20_000;

interface Span {
  count: number;
  endsAt: number;
}

/** Counts requests of addresses and uploads of devices on this node. */
export class SourceLimits {
  readonly #clock: Clock;
  readonly #allowed: SourceAllowance;
  readonly #requests = new Map<string, Span>();
  readonly #misses = new Map<string, Span>();
  readonly #uploads = new Map<string, Span>();
  readonly #bans = new Map<string, number>();

  constructor(clock: Clock, allowed: SourceAllowance = USUAL_ALLOWANCE) {
    this.#clock = clock;
    this.#allowed = allowed;
  }

  /** Counts a request; how many seconds to stay away, 0 = welcome. */
  request(address: string): number {
    const now = this.#clock.now();
    const source = sourceOf(address);
    const until = this.#bans.get(source) ?? 0;
    if (until > now) return Math.ceil((until - now) / 1000);
    this.#bans.delete(source);
    const span = counted(this.#requests, source, now, MINUTE_MS);
    return span.count > this.#allowed.requests ? Math.max(1, Math.ceil((span.endsAt - now) / 1000)) : 0;
  }

  /** Counts a request that had no business here; true when it bans the address. */
  miss(address: string): boolean {
    const now = this.#clock.now();
    const source = sourceOf(address);
    if (counted(this.#misses, source, now, MISSES_MS).count <= this.#allowed.misses) return false;
    this.#misses.delete(source);
    kept(this.#bans, source, now + this.#allowed.banMs);
    return true;
  }

  /** Counts an upload; whether it may come. */
  upload(deviceId: string): boolean {
    return counted(this.#uploads, deviceId, this.#clock.now(), UPLOADS_MS).count <= this.#allowed.uploads;
  }

  banned(): number {
    const now = this.#clock.now();
    return [...this.#bans.values()].filter((until) => until > now).length;
  }
}

/** One IPv6 customer has a whole /64. */
function sourceOf(address: string): string {
  if (!address.includes(':')) return address;
  const [front = '', back] = address.split('::');
  const left = front.split(':').filter(Boolean);
  const right = (back ?? '').split(':').filter(Boolean);
  const whole = back === undefined ? left : [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
  return whole.slice(0, 4).join(':');
}

function counted(spans: Map<string, Span>, key: string, now: number, lengthMs: number): Span {
  const known = spans.get(key);
  if (known !== undefined && known.endsAt > now) {
    known.count += 1;
    return known;
  }
  const span = { count: 1, endsAt: now + lengthMs };
  spans.delete(key);
  kept(spans, key, span);
  return span;
}

function kept<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= MOST_KEYS && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
