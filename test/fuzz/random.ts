/** A repeatable source of numbers: `random(n)` gives 0 to n-1. */
export type Random = (below: number) => number;

/** mulberry32, so that a finding can be played again from its seed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One of them. @throws RangeError for an empty list */
export function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[random(from.length)];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}

/** Bytes that have a meaning somewhere, put in where they do not belong. */
const POISON: readonly string[] = [
  '\0', '\r', '\n', '\r\n', '\r\n\r\n', ' ', '\t', ':', ';', ',', '"', '\\', '<', '>', '@', '%', '%0', '[', ']', '=', '\xff', '\x80', '|', '#',
  '__proto__', 'constructor: x\r\n', 'Content-Length: 0x10\r\n', 'l: 1e3\r\n', 'CSeq: 99999999999999999999 INVITE\r\n', 'v: ', '-1', '+0',
];

const LONGEST = 60_000;

/** One to four small wounds: bytes put in, taken out, changed, a part cut out, and now and then a part repeated many times. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const at = random(mutated.length + 1);
    const poison = pick(random, POISON);
    const kind = random(25);
    if (kind < 8) mutated = mutated.slice(0, at) + poison + mutated.slice(at);
    else if (kind < 14) mutated = mutated.slice(0, at) + mutated.slice(at + 1 + random(8));
    else if (kind < 20) mutated = mutated.slice(0, at) + String.fromCharCode(random(256)) + mutated.slice(at + 1);
    else if (kind < 24) mutated = mutated.slice(0, at) + mutated.slice(random(mutated.length + 1));
    else mutated = repeated(mutated, at, random);
  }
  return mutated;
}

/** Work that grows faster than its input shows at the length of the largest message. */
function repeated(text: string, at: number, random: Random): string {
  const part = text.slice(at, at + 1 + random(12));
  if (part === '') return text;
  const times = Math.floor(Math.max(0, LONGEST - text.length) / part.length);
  return text.slice(0, at) + part.repeat(times) + text.slice(at);
}
