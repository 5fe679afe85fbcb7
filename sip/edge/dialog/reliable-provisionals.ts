import type { SipRequest } from '../syntax/message.js';
import type { Timer, TimerOwner, TimerWheel } from '../transaction/timer-wheel.js';
import { firstRSeq } from './random-ids.js';

/** A provisional response to be sent reliably. */
export interface ReliableResponse {
  readonly hasBody: boolean;
  /**
   * Composes and sends it, called when its turn has come.
   * @returns the text to repeat; undefined when it was not sent after all
   */
  send(rseq: number): string | undefined;
  /** Its turn will not come. */
  onDropped(): void;
}

/** Told what becomes of the responses. */
export interface ReliableUser {
  repeat(text: string): void;
  /** Nothing is waiting for a PRACK any more. */
  onAllAcknowledged(): void;
  /** RFC 3262 §3: no PRACK within 64*T1. */
  onUnacknowledged(): void;
}

interface Unacknowledged {
  readonly rseq: number;
  readonly text: string;
  readonly hasBody: boolean;
}

/** The UAS side of RFC 3262 §3: one response at a time, repeated until its PRACK. */
export class ReliableProvisionals implements TimerOwner {
  readonly #queue: ReliableResponse[] = [];
  #rseq = 0;
  #current: Unacknowledged | undefined;
  #intervalMs = 0;
  #timer: Timer | undefined;
  #limit: Timer | undefined;

  constructor(
    private readonly wheel: TimerWheel,
    private readonly t1: number,
    private readonly inviteCSeq: number,
    private readonly user: ReliableUser,
  ) {}

  /** A reliable response with a body is unacknowledged: a 2xx has to wait (RFC 3262 §5). */
  get holdsSuccess(): boolean {
    return this.#current?.hasBody === true || this.#queue.some((response) => response.hasBody);
  }

  /** RFC 3262 §3: the next one waits until the first is acknowledged. */
  send(response: ReliableResponse): void {
    this.#queue.push(response);
    if (this.#current === undefined) this.#next();
  }

  /**
   * @param onMatch called when the RAck names the response that waits, before the next one is sent
   * @returns whether it did
   */
  acknowledge(prack: SipRequest, onMatch: () => void): boolean {
    // Interop: sipp writes the method twice; three fields are what counts.
    const [rseq, cseq, method] = (prack.first('rack') ?? '').trim().split(/\s+/);
    const current = this.#current;
    if (current === undefined || Number(rseq) !== current.rseq || Number(cseq) !== this.inviteCSeq || method !== 'INVITE') {
      return false;
    }
    onMatch();
    this.quiet();
    this.#current = undefined;
    this.#next();
    return true;
  }

  onTimer(name: string): void {
    const current = this.#current;
    if (current === undefined) return;
    if (name === 'limit') {
      this.abandon();
      this.user.onUnacknowledged();
      return;
    }
    // RFC 3262 §3: the interval doubles without the cap of T2.
    this.#intervalMs *= 2;
    this.#timer = this.wheel.start(this.#intervalMs, this, 'repeat');
    this.user.repeat(current.text);
  }

  /** A final response was sent: no more repeating; a late PRACK still matches (RFC 3262 §3). */
  quiet(): void {
    this.wheel.stop(this.#timer);
    this.wheel.stop(this.#limit);
  }

  /** Stops, and forgets what was sent and what was still to come. */
  abandon(): void {
    this.quiet();
    this.#current = undefined;
    for (const response of this.#queue.splice(0)) response.onDropped();
  }

  #next(): void {
    for (let response = this.#queue.shift(); response !== undefined; response = this.#queue.shift()) {
      // RFC 3262 §3: each RSeq is one greater than the last.
      this.#rseq = this.#rseq === 0 ? firstRSeq() : this.#rseq + 1;
      const text = response.send(this.#rseq);
      if (text === undefined) continue;
      this.#current = { rseq: this.#rseq, text, hasBody: response.hasBody };
      this.#intervalMs = this.t1;
      this.#timer = this.wheel.start(this.t1, this, 'repeat');
      this.#limit = this.wheel.start(64 * this.t1, this, 'limit');
      return;
    }
    this.user.onAllAcknowledged();
  }
}
