/** How a digit reached us. */
export type DigitPath = 'rfc4733' | 'info' | 'inband';

const SAME_KEY_MS = 400;

interface Heard {
  readonly digit: string;
  readonly path: DigitPath;
  readonly atMs: number;
  /** Other ways by which the same press of the key came as well. */
  readonly also: Set<DigitPath>;
}

/**
 * One stream of digits out of several: phones may send each key by RFC 4733 and by INFO. The same digit by another path within
 * 400 ms is the same press; each press takes one such copy a path, so that quick repetitions are all counted.
 */
export class DigitPaths {
  #heard: Heard[] = [];

  /** Whether this is a new press. */
  accepts(digit: string, path: DigitPath, nowMs: number): boolean {
    this.#heard = this.#heard.filter(({ atMs }) => nowMs - atMs < SAME_KEY_MS);
    const same = this.#heard.find((press) => press.digit === digit && press.path !== path && !press.also.has(path));
    if (same !== undefined) {
      same.also.add(path);
      return false;
    }
    this.#heard.push({ digit, path, atMs: nowMs, also: new Set() });
    return true;
  }
}
