import { SILENCE, type Law } from '../audio/g711.js';
import { FRAME_MS } from '../rtp/pacer-clock.js';
import { RTP_HEADER_BYTES, writeRtpHeader } from '../rtp/rtp-packet.js';
import { EventSender, eventOf } from '../rtp/telephone-event.js';

/** Sound in both laws, one byte a sample, of equal length. */
export interface EncodedAudio {
  readonly ulaw: SharedArrayBuffer;
  readonly alaw: SharedArrayBuffer;
}

/** How the other side wants it. */
export interface SendFormat {
  readonly law: Law;
  readonly payloadType: number;
  readonly eventType: number | null;
  readonly packetMs: number;
}

/** A buffer may still wait in the kernel's queue when the next packet is written. */
const BUFFERS = 4;
const SAMPLES_PER_MS = 8;
const FRAME_SAMPLES = FRAME_MS * SAMPLES_PER_MS;
/** Silence after a digit we send. */
const EVENT_GAP_FRAMES = 3;

/**
 * What we send: prompts, digits, and silence between them, so that the stream never stops (phones and NATs take a stopped one for
 * dead). Time goes on while nothing may be sent.
 */
export class Playout {
  readonly ssrc: number;
  readonly #send: (packet: Buffer) => void;
  #sequence: number;
  #timestamp: number;
  #format: SendFormat | null = null;
  #buffers: readonly Buffer[] = [];
  #turn = 0;
  #frames = 0;
  #marker = true;
  #queue: readonly { readonly ulaw: Uint8Array; readonly alaw: Uint8Array }[] = [];
  #position = 0;
  #digits: { readonly event: number; readonly samples: number }[] = [];
  #event: EventSender | null = null;
  #gap = 0;
  #packets = 0;
  #bytes = 0;

  constructor(ssrc: number, sequence: number, timestamp: number, send: (packet: Buffer) => void) {
    this.ssrc = ssrc;
    this.#sequence = sequence;
    this.#timestamp = timestamp;
    this.#send = send;
  }

  /** A format during a prompt changes the law in the middle of it: both are of the same length. */
  use(format: SendFormat): void {
    this.#format = format;
    this.#buffers = Array.from({ length: BUFFERS }, () => Buffer.alloc(RTP_HEADER_BYTES + format.packetMs * SAMPLES_PER_MS));
    this.#frames = 0;
  }

  play(audio: readonly EncodedAudio[]): void {
    this.#queue = audio.map(({ ulaw, alaw }) => ({ ulaw: new Uint8Array(ulaw), alaw: new Uint8Array(alaw) }));
    this.#position = 0;
  }

  stop(): void {
    this.#queue = [];
  }

  get playing(): boolean {
    return this.#queue.length > 0;
  }

  get packets(): number {
    return this.#packets;
  }

  get sender(): { readonly timestamp: number; readonly packets: number; readonly bytes: number } {
    return { timestamp: this.#timestamp, packets: this.#packets, bytes: this.#bytes };
  }

  /** Queues a digit for the next frames; nothing where the other side takes no events. */
  sendDigit(digit: string, ms: number): void {
    const event = eventOf(digit);
    if (event >= 0 && this.#format?.eventType != null) this.#digits.push({ event, samples: Math.max(FRAME_MS, ms) * SAMPLES_PER_MS });
  }

  /** 20 ms have passed, and `skipped` frames before. `audible`: the other side listens. */
  frame(skipped: number, audible: boolean): void {
    const format = this.#format;
    if (format === null) return;
    if (skipped > 0) {
      this.#timestamp = (this.#timestamp + skipped * FRAME_SAMPLES) >>> 0;
      this.#marker = true;
    }
    if (format.packetMs < FRAME_MS) {
      for (let part = 0; part < FRAME_MS / format.packetMs; part += 1) this.#packet(format, audible);
      return;
    }
    this.#frames += 1;
    if (this.#frames * FRAME_MS < format.packetMs) return;
    this.#frames = 0;
    this.#packet(format, audible);
  }

  #packet(format: SendFormat, audible: boolean): void {
    const samples = format.packetMs * SAMPLES_PER_MS;
    this.#turn = (this.#turn + 1) % BUFFERS;
    const buffer = this.#buffers[this.#turn];
    if (buffer === undefined) return;
    this.#fill(buffer, format.law);
    const timestamp = this.#timestamp;
    this.#timestamp = (timestamp + samples) >>> 0;
    if (!audible) {
      this.#marker = true;
      return;
    }
    if (this.#sendEvent(format, timestamp, samples)) return;
    writeRtpHeader(buffer, format.payloadType, this.#marker, this.#sequence, timestamp, this.ssrc);
    this.#marker = false;
    this.#out(buffer);
  }

  /** Instead of sound, while a digit is sent. */
  #sendEvent(format: SendFormat, timestamp: number, samples: number): boolean {
    if (this.#gap > 0) {
      this.#gap -= 1;
      return false;
    }
    if (this.#event === null) {
      const next = this.#digits.shift();
      if (next === undefined) return false;
      this.#event = new EventSender(next.event, timestamp, next.samples);
    }
    const step = format.eventType === null ? null : this.#event.next(samples);
    if (step === null || format.eventType === null) {
      this.#event = null;
      this.#gap = EVENT_GAP_FRAMES;
      return false;
    }
    const packet = Buffer.alloc(RTP_HEADER_BYTES + step.payload.length);
    writeRtpHeader(packet, format.eventType, step.first, this.#sequence, step.timestamp, this.ssrc);
    step.payload.copy(packet, RTP_HEADER_BYTES);
    this.#out(packet);
    return true;
  }

  #out(packet: Buffer): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets += 1;
    this.#bytes += packet.length - RTP_HEADER_BYTES;
    this.#send(packet);
  }

  /** The next samples of what is played, then silence. */
  #fill(buffer: Buffer, law: Law): void {
    let at = RTP_HEADER_BYTES;
    while (at < buffer.length) {
      const audio = this.#queue[0]?.[law];
      if (audio === undefined) break;
      const part = audio.subarray(this.#position, this.#position + buffer.length - at);
      buffer.set(part, at);
      at += part.length;
      this.#position += part.length;
      if (this.#position < audio.length) break;
      this.#queue = this.#queue.slice(1);
      this.#position = 0;
    }
    buffer.fill(SILENCE[law], at);
  }
}
