const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1209, 1336, 1477, 1633] as const;
const KEYS = '123A456B789C*0#D';

export interface ToneShape {
  readonly onMs?: number;
  readonly offMs?: number;
  /** Of each tone below full scale. */
  readonly levelDb?: number;
  /** Column louder than row. */
  readonly twistDb?: number;
  /** Of the frequencies, in percent. */
  readonly offsetPercent?: number;
  /** Signal to noise; none by default. */
  readonly noiseDb?: number;
}

/** Noise that is the same each time. */
export function noise(): () => number {
  let state = 12_345;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 1_073_741_824 - 1;
  };
}

/** The digits as sound at 8000 Hz, with pauses before and after each. */
export function touchTones(digits: string, { onMs = 100, offMs = 100, levelDb = -13, twistDb = 0, offsetPercent = 0, noiseDb = Infinity }: ToneShape = {}): Int16Array {
  const random = noise();
  const row = 32_767 * 10 ** (levelDb / 20);
  const column = row * 10 ** (twistDb / 20);
  // uniform noise has a power of a third of its peak's square
  const hiss = noiseDb === Infinity ? 0 : Math.sqrt(3 * ((row ** 2 + column ** 2) / 2) * 10 ** (-noiseDb / 10));
  const samples: number[] = [];
  const add = (ms: number, at: (n: number) => number): void => {
    for (let n = 0; n < ms * 8; n += 1) samples.push(Math.max(-32_768, Math.min(32_767, Math.round(at(n) + hiss * random()))));
  };
  add(offMs, () => 0);
  for (const digit of digits) {
    const key = KEYS.indexOf(digit);
    const scale = ((2 * Math.PI) / 8000) * (1 + offsetPercent / 100);
    const [low, high] = [(ROWS[Math.floor(key / 4)] ?? 0) * scale, (COLUMNS[key % 4] ?? 0) * scale];
    add(onMs, (n) => row * Math.sin(low * n) + column * Math.sin(high * n));
    add(offMs, () => 0);
  }
  return Int16Array.from(samples);
}
