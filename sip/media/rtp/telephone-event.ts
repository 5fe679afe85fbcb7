/** Digits as events in RTP (RFC 4733 §2.3): 0-9, `*` 10, `#` 11, A-D 12-15. */
const DIGITS = '0123456789*#ABCD';
/** Events told apart by their timestamp; late copies of so many are recognised. */
const REMEMBERED = 8;
/** The longest duration a packet can tell; a longer event goes on as a new segment (RFC 4733 §2.5.1.3). */
const MAX_DURATION = 0xffff;

/** The digit's event number, -1 for what is no digit. */
export function eventOf(digit: string): number {
  return digit.length === 1 ? DIGITS.indexOf(digit) : -1;
}

/**
 * Hears the digits of one source. Each is told at its first packet, whichever that is: the start, a later one, or only an
 * end may survive the network. The timestamp is the event's name, all its packets carry it (RFC 4733 §2.5.1.2).
 */
export class EventReceiver {
  readonly #known: number[] = [];
  #last: { readonly event: number; readonly timestamp: number; readonly ended: boolean } | null = null;

  /** The digit that begins with this payload, null for a repetition, another event (hook flash) or no event at all. */
  packet(timestamp: number, marker: boolean, packet: Buffer, start: number, end: number): string | null {
    if (end - start < 4) return null;
    const event = packet[start] ?? 0;
    const digit = DIGITS[event];
    if (digit === undefined) return null;
    const ended = ((packet[start + 1] ?? 0) & 0x80) !== 0;
    if (this.#known.includes(timestamp)) {
      if (this.#last?.timestamp === timestamp && ended) this.#last = { event, timestamp, ended };
      return null;
    }
    const last = this.#last;
    this.#known.push(timestamp);
    if (this.#known.length > REMEMBERED) this.#known.shift();
    this.#last = { event, timestamp, ended };
    const segment = last !== null && !last.ended && !marker && last.event === event && ((timestamp - last.timestamp) >>> 0) === MAX_DURATION;
    return segment ? null : digit;
  }
}

/** One step of sending a digit: what the next packet carries, and whether it is the event's first. */
export interface EventStep {
  readonly payload: Buffer;
  readonly first: boolean;
  readonly timestamp: number;
}

/** -10 dBm0, what phones send. */
const VOLUME = 10;
/** The end is sent three times (RFC 4733 §2.5.1.4). */
const END_COPIES = 3;

/** Sends one digit, a packet each time it is asked. */
export class EventSender {
  readonly #event: number;
  readonly #timestamp: number;
  readonly #samples: number;
  #told = 0;
  #ends = 0;

  /** @param samples length of the digit in timestamp units; at most 8 s fit into one segment */
  constructor(event: number, timestamp: number, samples: number) {
    this.#event = event;
    this.#timestamp = timestamp;
    this.#samples = Math.min(samples, MAX_DURATION);
  }

  /** @param samples passed since the last step */
  next(samples: number): EventStep | null {
    if (this.#ends === END_COPIES) return null;
    const first = this.#told === 0;
    this.#told = Math.min(this.#told + samples, this.#samples);
    const over = this.#told === this.#samples;
    if (over) this.#ends += 1;
    const payload = Buffer.alloc(4);
    payload[0] = this.#event;
    payload[1] = (over ? 0x80 : 0) | VOLUME;
    payload.writeUInt16BE(this.#told, 2);
    return { payload, first, timestamp: this.#timestamp };
  }
}
