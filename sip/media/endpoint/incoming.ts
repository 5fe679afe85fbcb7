import type { RemoteInfo } from 'node:dgram';
import { DtmfDetector } from '../audio/dtmf-detector.js';
import { decodeG711, type Law } from '../audio/g711.js';
import type { DigitPath } from '../dtmf/digit-paths.js';
import type { Latch } from '../rtp/latch.js';
import { Reception } from '../rtp/reception.js';
import { readRtp } from '../rtp/rtp-packet.js';
import { EventReceiver } from '../rtp/telephone-event.js';

/** What the payload types mean that may come. */
export type Accepted = ReadonlyMap<number, Law | 'event'>;

/** 60 ms and more: what fits into one datagram. */
const MAX_SAMPLES = 1500;
/** Shared by all endpoints of the thread: it holds nothing between two packets. */
const scratch = new Int16Array(MAX_SAMPLES);

/** What comes in: keeps what belongs to the call, counts it, and hears digits in it. */
export class Incoming {
  readonly #latch: Latch;
  readonly #digit: (digit: string, path: DigitPath) => void;
  #accepted: Accepted = new Map();
  #events = new EventReceiver();
  #tones: DtmfDetector | null = null;
  #hearsTones = false;
  #reception: Reception | null = null;
  #earlierReceived = 0;
  #earlierLost = 0;
  #dropped = 0;

  constructor(latch: Latch, digit: (digit: string, path: DigitPath) => void) {
    this.#latch = latch;
    this.#digit = digit;
  }

  /** @param hearTones whether digits are looked for in the sound: only where there is no other way for them */
  accept(accepted: Accepted, hearTones: boolean): void {
    this.#accepted = accepted;
    this.hearTones(hearTones);
  }

  hearTones(wanted: boolean): void {
    this.#hearsTones = wanted;
    if (!wanted) this.#tones = null;
  }

  /** Takes a datagram; true when it is of the call's stream. */
  packet(packet: Buffer, from: RemoteInfo, nowMs: number): boolean {
    const header = readRtp(packet);
    const meaning = header === null ? undefined : this.#accepted.get(header.payloadType);
    if (header === null || meaning === undefined || !this.#latch.accepts(from.address, from.port)) {
      this.#dropped += 1;
      return false;
    }
    const reception = this.#receptionOf(header.ssrc, header.sequence);
    if (meaning === 'event') {
      reception.packetWithoutTime(header.sequence);
      const digit = this.#events.packet(header.timestamp, header.marker, packet, header.start, header.end);
      if (digit !== null) this.#digit(digit, 'rfc4733');
      return true;
    }
    reception.packet(header.sequence, header.timestamp, nowMs);
    if (this.#hearsTones) this.#hear(meaning, packet, header.start, header.end);
    return true;
  }

  get reception(): Reception | null {
    return this.#reception;
  }

  get figures(): { readonly received: number; readonly lost: number; readonly dropped: number; readonly jitterMs: number } {
    const now = this.#reception;
    return {
      received: this.#earlierReceived + (now?.received ?? 0), lost: this.#earlierLost + (now?.lost ?? 0),
      dropped: this.#dropped, jitterMs: now?.jitterMs ?? 0,
    };
  }

  #hear(law: Law, packet: Buffer, start: number, end: number): void {
    this.#tones ??= new DtmfDetector();
    const count = decodeG711(law, packet, start, end, scratch);
    for (const digit of this.#tones.samples(scratch, count)) this.#digit(digit, 'inband');
  }

  /** Another SSRC of the latched source is another stream: a phone that began anew, or music while on hold. */
  #receptionOf(ssrc: number, sequence: number): Reception {
    if (this.#reception?.ssrc === ssrc) return this.#reception;
    this.#earlierReceived += this.#reception?.received ?? 0;
    this.#earlierLost += this.#reception?.lost ?? 0;
    this.#events = new EventReceiver();
    this.#reception = new Reception(ssrc, sequence);
    return this.#reception;
  }
}
