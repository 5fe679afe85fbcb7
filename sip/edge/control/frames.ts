/** drachtio wire protocol §1: at most five digits, so a frame of the application has at most 99,999 bytes. */
const MAX_DIGITS = 5;
const HASH = 0x23;
const ZERO = 0x30;

export type FrameResult =
  | { readonly kind: 'frames'; readonly payloads: readonly string[] }
  /** The stream cannot be read on: close it. `payloads` came whole before the fault. */
  | { readonly kind: 'fault'; readonly reason: 'length is not a number' | 'length is too long'; readonly payloads: readonly string[] };

/** Cuts `<length>#<payload>` frames out of a byte stream that may be split and joined anywhere. */
export class FrameReader {
  /** Bytes of the current frame, in arrival order; joined only once the frame is whole. */
  #chunks: Buffer[] = [];
  #size = 0;
  /** Of the current payload; -1 while its length is being read. */
  #length = -1;
  #digits = 0;
  #number = 0;

  /** Bytes held back for a frame that is not whole yet. */
  get pending(): number {
    return this.#size;
  }

  /** @returns the payloads completed by this chunk, latin1 */
  push(chunk: Buffer): FrameResult {
    const payloads: string[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#length < 0) {
        const byte = chunk[at] ?? 0;
        at += 1;
        if (byte === HASH && this.#digits > 0) {
          this.#length = this.#number;
          this.#digits = 0;
          this.#number = 0;
          if (this.#length === 0) {
            this.#length = -1;
            return { kind: 'fault', reason: 'length is not a number', payloads };
          }
          continue;
        }
        if (byte < ZERO || byte > ZERO + 9) return { kind: 'fault', reason: 'length is not a number', payloads };
        if (this.#digits === MAX_DIGITS) return { kind: 'fault', reason: 'length is too long', payloads };
        this.#digits += 1;
        this.#number = this.#number * 10 + (byte - ZERO);
        continue;
      }
      const wanted = this.#length - this.#size;
      const part = chunk.subarray(at, at + wanted);
      at += part.length;
      if (part.length < wanted) {
        this.#chunks.push(part);
        this.#size += part.length;
        break;
      }
      if (this.#size === 0) payloads.push(part.toString('latin1'));
      else payloads.push(Buffer.concat([...this.#chunks, part]).toString('latin1'));
      this.#chunks = [];
      this.#size = 0;
      this.#length = -1;
    }
    return { kind: 'frames', payloads };
  }
}

/** @param payload latin1 text: one character is one byte */
export const frame = (payload: string): string => `${payload.length}#${payload}`;
