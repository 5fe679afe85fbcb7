/**
 * Touch tones in sound (ITU-T Q.23, Q.24), for phones that send digits in no other way. Goertzel's algorithm on blocks of
 * 102 samples (12.75 ms): 40 ms of tone and 40 ms of pause are enough, frequencies may be off by 1.5 %.
 */
const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1209, 1336, 1477, 1633] as const;
const KEYS = ['123A', '456B', '789C', '*0#D'] as const;

const BLOCK = 102;
const COEFFICIENTS = [...ROWS, ...COLUMNS].map((hertz) => 2 * Math.cos((2 * Math.PI * hertz) / 8000));
/** So much of all energy is in the two tones; speech stays below. */
const PURITY = 0.75;
/** The strongest tone of a group stands so far above the others of its group. */
const SELECTIVITY = 4;
/** 8 dB between the two tones, either way. */
const TWIST = 6.3;
/** Mean square of a block, about -45 dB below full scale: line noise is no tone. */
const FLOOR = 32_768 ** 2 * 10 ** -4.5;
/** A digit is told after so many equal blocks in a row, and over after so many without it. */
const BLOCKS = 2;

/** Hears one party's digits; each is told once, when it is sure. */
export class DtmfDetector {
  readonly #block = new Float64Array(BLOCK);
  readonly #power = new Float64Array(8);
  #filled = 0;
  #candidate = '';
  #seen = 0;
  #current = '';
  #absent = 0;

  /** Takes the next `count` samples and returns the digits that became sure in them, in order. */
  samples(samples: Int16Array, count: number): string {
    let digits = '';
    for (let at = 0; at < count; at += 1) {
      this.#block[this.#filled] = samples[at] ?? 0;
      this.#filled += 1;
      if (this.#filled < BLOCK) continue;
      this.#filled = 0;
      digits += this.#hear(this.#keyOfBlock());
    }
    return digits;
  }

  #hear(key: string): string {
    this.#seen = key === this.#candidate ? this.#seen + 1 : 1;
    this.#candidate = key;
    if (this.#current !== '') {
      this.#absent = key === this.#current ? 0 : this.#absent + 1;
      if (this.#absent < BLOCKS) return '';
      this.#current = '';
      this.#absent = 0;
    }
    if (key === '' || this.#seen < BLOCKS) return '';
    this.#current = key;
    return key;
  }

  #keyOfBlock(): string {
    let total = 0;
    for (const sample of this.#block) total += sample * sample;
    if (total < FLOOR * BLOCK) return '';
    for (const [at, coefficient] of COEFFICIENTS.entries()) this.#power[at] = powerOf(this.#block, coefficient);
    const row = this.#strongest(0);
    const column = this.#strongest(4);
    if (row < 0 || column < 0) return '';
    const [rowPower, columnPower] = [this.#power[row] ?? 0, this.#power[column] ?? 0];
    if ((2 * (rowPower + columnPower)) / (BLOCK * total) < PURITY) return '';
    if (rowPower > TWIST * columnPower || columnPower > TWIST * rowPower) return '';
    return KEYS[row]?.[column - 4] ?? '';
  }

  /** The index of the group's strongest tone, -1 where it does not stand out. */
  #strongest(first: number): number {
    let best = first;
    for (let at = first + 1; at < first + 4; at += 1) if ((this.#power[at] ?? 0) > (this.#power[best] ?? 0)) best = at;
    for (let at = first; at < first + 4; at += 1) {
      if (at !== best && (this.#power[at] ?? 0) * SELECTIVITY > (this.#power[best] ?? 0)) return -1;
    }
    return best;
  }
}

function powerOf(block: Float64Array, coefficient: number): number {
  let before = 0;
  let last = 0;
  for (const sample of block) {
    const next = sample + coefficient * last - before;
    before = last;
    last = next;
  }
  return last * last + before * before - coefficient * last * before;
}
