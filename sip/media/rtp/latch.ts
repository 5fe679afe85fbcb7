/** Where packets go to. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/**
 * Symmetric RTP (RFC 4961): packets go to the address of the SDP until a valid one comes, from then on to where that came
 * from; other sources are dropped, so that nobody else can speak into the call.
 */
export class Latch {
  #target: Target | null = null;
  #told: Target | null = null;
  #open = true;
  #latched = false;
  readonly #allowed: (address: string, told: Target | null) => boolean;

  /** @param allowed whether a source may be latched to */
  constructor(allowed: (address: string, told: Target | null) => boolean) {
    this.#allowed = allowed;
  }

  /**
   * The address of a new SDP: the next valid source counts again. One told before leaves packets going where they go until
   * then, since behind a NAT the told address was never right. Null (hold) changes nothing but that.
   */
  expect(told: Target | null): void {
    this.#open = true;
    if (told === null) return;
    if (this.#told?.address !== told.address || this.#told.port !== told.port) {
      this.#target = told;
      this.#latched = false;
    }
    this.#told = told;
  }

  /** Whether a valid packet from there belongs to this stream; the first one latches. */
  accepts(address: string, port: number): boolean {
    if (this.#open && this.#allowed(address, this.#told)) {
      this.#open = false;
      this.#latched = true;
      if (this.#target?.address !== address || this.#target.port !== port) this.#target = { address, port };
      return true;
    }
    return this.#latched && this.#target?.port === port && this.#target.address === address;
  }

  get target(): Target | null {
    return this.#target;
  }

  get latched(): boolean {
    return this.#latched;
  }
}
