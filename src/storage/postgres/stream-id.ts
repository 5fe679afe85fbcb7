/**
 * Order of Redis stream ids, `<milliseconds>-<sequence>`: by number, not by text. Ids of another form sort as text.
 */
export function compareStreamIds(a: string, b: string): number {
  const [aMs, aSequence] = numbersOf(a);
  const [bMs, bSequence] = numbersOf(b);
  return aMs - bMs || aSequence - bSequence || (a < b ? -1 : a > b ? 1 : 0);
}

function numbersOf(id: string): readonly [ms: number, sequence: number] {
  const match = /^(\d+)-(\d+)$/.exec(id);
  return match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
}
