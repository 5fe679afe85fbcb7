/** See CollectSpec of the media port: the same words. Times are milliseconds. */
export interface CollectSpec {
  readonly min: number;
  readonly max: number;
  readonly terminator: string | null;
  readonly firstDigitMs: number;
  readonly interDigitMs: number;
  readonly sensitive: boolean;
}

export interface Collected {
  readonly digits: string;
  readonly reason: 'terminator' | 'max' | 'timeout' | 'closed';
}

/** Typed ahead and not asked for yet; more than anybody types is left out. */
const MAX_AHEAD = 64;

/** Gathers digits for one asker at a time and keeps those typed before. Pure: the instant comes in, results are returned. */
export class DigitCollector {
  #ahead = '';
  #spec: CollectSpec | null = null;
  #digits = '';
  /** What the time for the next digit counts from. */
  #sinceMs = 0;

  /** Whether something was typed that nobody has asked for. */
  get hasAhead(): boolean {
    return this.#ahead !== '';
  }

  get collecting(): boolean {
    return this.#spec !== null;
  }

  /** Starts asking, with what was typed ahead. */
  begin(spec: CollectSpec, nowMs: number): Collected | null {
    this.#spec = spec;
    this.#digits = '';
    this.#sinceMs = nowMs;
    while (this.#ahead !== '') {
      const digit = this.#ahead.charAt(0);
      this.#ahead = this.#ahead.slice(1);
      const result = this.#take(digit, nowMs);
      if (result !== null) return result;
    }
    return spec.max <= 0 ? this.#end('max') : null;
  }

  digit(digit: string, nowMs: number): Collected | null {
    if (this.#spec !== null) return this.#take(digit, nowMs);
    if (this.#ahead.length < MAX_AHEAD) this.#ahead += digit;
    return null;
  }

  /** The result where time has run out; while something plays no time runs. */
  tick(nowMs: number, playing: boolean): Collected | null {
    if (playing) this.#sinceMs = nowMs;
    return this.#spec !== null && nowMs - this.#sinceMs >= this.#patience(this.#spec) ? this.#end('timeout') : null;
  }

  clear(): void {
    this.#ahead = '';
  }

  /** Ends an asking under way. */
  close(): Collected | null {
    return this.#spec === null ? null : this.#end('closed');
  }

  #take(digit: string, nowMs: number): Collected | null {
    const spec = this.#spec;
    if (spec === null) return null;
    if (digit === spec.terminator) return this.#end('terminator');
    this.#digits += digit;
    if (this.#digits.length >= spec.max) return this.#end('max');
    this.#sinceMs = nowMs;
    return null;
  }

  #patience(spec: CollectSpec): number {
    return this.#digits === '' || this.#digits.length < spec.min ? spec.firstDigitMs : spec.interDigitMs;
  }

  #end(reason: Collected['reason']): Collected {
    const result = { digits: this.#digits, reason };
    this.#spec = null;
    this.#digits = '';
    return result;
  }
}
