/** Telephone sound: 8000 samples a second. */
export const TELEPHONE_RATE_HZ = 8_000;

/** What a telephone channel carries passes; from half the rate on nothing does (-75 dB), so nothing folds back. */
const PASS_HZ = 3_400;
const STOP_HZ = 4_000;
const CUTOFF_HZ = (PASS_HZ + STOP_HZ) / 2;
const ATTENUATION_DB = 80;
const KAISER_BETA = 0.1102 * (ATTENUATION_DB - 8.7);
/** Rates of an odd ratio to 8 kHz (47999 Hz) would need thousands of phases: beyond this many, neighbours blend. */
const MAX_PHASES = 512;

/**
 * Amplitudes at `rateHz` (8000 to 48000) → amplitudes at 8 kHz: windowed-sinc low-pass (Kaiser), evaluated only where
 * an output sample falls (polyphase), delay compensated. What is at 8 kHz comes back as it is.
 */
export function toTelephoneRate(input: Float32Array, rateHz: number): Float32Array {
  if (rateHz === TELEPHONE_RATE_HZ) return input;
  const divisor = greatestCommonDivisor(rateHz, TELEPHONE_RATE_HZ);
  const phases = Math.min(TELEPHONE_RATE_HZ / divisor, MAX_PHASES);
  const half = halfWidth(rateHz);
  const bank = filterBank(rateHz, half, phases);
  const output = new Float32Array(Math.floor((input.length * TELEPHONE_RATE_HZ) / rateHz));
  for (let n = 0; n < output.length; n += 1) {
    const position = n * rateHz;
    const whole = Math.floor(position / TELEPHONE_RATE_HZ);
    const phase = ((position % TELEPHONE_RATE_HZ) * phases) / TELEPHONE_RATE_HZ;
    const row = Math.floor(phase);
    const blend = phase - row;
    const near = convolve(input, whole, bank[row], half);
    output[n] = blend === 0 ? near : near + blend * (convolve(input, whole, bank[row + 1], half) - near);
  }
  return output;
}

/** Sum over the input around `centre`; beyond both ends there is silence. */
function convolve(input: Float32Array, centre: number, taps: Float32Array | undefined, half: number): number {
  if (taps === undefined) return 0;
  const from = Math.max(0, centre - half + 1);
  const to = Math.min(input.length - 1, centre + half);
  let sum = 0;
  for (let i = from; i <= to; i += 1) sum += (input[i] ?? 0) * (taps[i - centre + half - 1] ?? 0);
  return sum;
}

/** Input samples on each side of an output sample: the length formula of Kaiser's window for our transition band. */
function halfWidth(rateHz: number): number {
  const transition = (2 * Math.PI * (STOP_HZ - PASS_HZ)) / rateHz;
  return Math.ceil((ATTENUATION_DB - 8) / (2.285 * transition) / 2);
}

/** For each of `phases` + 1 places between two input samples the 2 × `half` weights, each row made to sum to 1. */
function filterBank(rateHz: number, half: number, phases: number): readonly Float32Array[] {
  const scale = (2 * CUTOFF_HZ) / rateHz;
  const edge = bessel(KAISER_BETA);
  return Array.from({ length: phases + 1 }, (_, phase) => {
    const taps = Float64Array.from({ length: 2 * half }, (_tap, k) => {
      const distance = k - half + 1 - phase / phases;
      const inside = Math.max(0, 1 - (distance / half) ** 2);
      return sinc(distance * scale) * bessel(KAISER_BETA * Math.sqrt(inside)) / edge;
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return Float32Array.from(taps, (tap) => tap / sum);
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
