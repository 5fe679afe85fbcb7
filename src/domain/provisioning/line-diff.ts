/** What differs between two texts, line by line. */
export interface LineDiff {
  readonly added: number;
  readonly removed: number;
  /** Hunks of a unified diff, without a head; '' = nothing differs. */
  readonly text: string;
}

/** One step from one text to the other; both indexes count lines from 0. */
interface Edit {
  readonly kind: 'keep' | 'remove' | 'add';
  readonly line: string;
}

/** Unchanged lines around a change. */
const CONTEXT = 3;
/** Above so many changed lines the middle is shown as taken out and put in: nobody reads it line by line. */
const MOST_EDITS = 300;

/** The shortest way from one text to the other (E. Myers, An O(ND) Difference Algorithm, 1986). */
export function lineDiff(before: string, after: string): LineDiff {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const keep = (line: string): Edit => ({ kind: 'keep', line });
  const middle = edits(old.slice(start, old.length - end), now.slice(start, now.length - end));
  const all = [...old.slice(0, start).map(keep), ...middle, ...old.slice(old.length - end).map(keep)];
  return {
    added: middle.filter(({ kind }) => kind === 'add').length, removed: middle.filter(({ kind }) => kind === 'remove').length,
    text: hunks(all).map((hunk) => hunkText(all, hunk)).join(''),
  };
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function edits(old: readonly string[], now: readonly string[]): readonly Edit[] {
  const path = shortestPath(old, now);
  if (path === null) return [...old.map((line): Edit => ({ kind: 'remove', line })), ...now.map((line): Edit => ({ kind: 'add', line }))];
  const found: Edit[] = [];
  let [x, y] = [old.length, now.length];
  for (let d = path.length - 1; d >= 0; d -= 1) {
    const furthest = path[d] ?? new Map<number, number>();
    const k = x - y;
    const down = d > 0 && (k === -d || (k !== d && reach(furthest, k - 1) < reach(furthest, k + 1)));
    const fromK = d === 0 ? 0 : k + (down ? 1 : -1);
    const fromX = d === 0 ? 0 : reach(furthest, fromK);
    const fromY = fromX - fromK;
    while (x > fromX && y > fromY) {
      found.push({ kind: 'keep', line: old[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (d > 0) found.push(down ? { kind: 'add', line: now[y - 1] ?? '' } : { kind: 'remove', line: old[x - 1] ?? '' });
    [x, y] = [fromX, fromY];
  }
  return found.reverse();
}

/** What each number of edits reached before it, by diagonal; null = more edits than are worth it. */
function shortestPath(old: readonly string[], now: readonly string[]): readonly ReadonlyMap<number, number>[] | null {
  const path: ReadonlyMap<number, number>[] = [];
  const furthest = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(old.length + now.length, MOST_EDITS); d += 1) {
    path.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && reach(furthest, k - 1) < reach(furthest, k + 1));
      let x = down ? reach(furthest, k + 1) : reach(furthest, k - 1) + 1;
      while (x < old.length && x - k < now.length && old[x] === now[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= old.length && x - k >= now.length) return path;
    }
  }
  return null;
}

function reach(furthest: ReadonlyMap<number, number>, k: number): number {
  return furthest.get(k) ?? -1;
}

interface Hunk {
  readonly from: number;
  readonly to: number;
}

/** Ranges of edits with their context; ranges that meet are one. */
function hunks(all: readonly Edit[]): readonly Hunk[] {
  const found: Hunk[] = [];
  all.forEach(({ kind }, at) => {
    if (kind === 'keep') return;
    const last = found.at(-1);
    const [from, to] = [Math.max(0, at - CONTEXT), Math.min(all.length, at + CONTEXT + 1)];
    if (last !== undefined && from <= last.to) found[found.length - 1] = { from: last.from, to };
    else found.push({ from, to });
  });
  return found;
}

const SIGN: Readonly<Record<Edit['kind'], string>> = { keep: ' ', remove: '-', add: '+' };

function hunkText(all: readonly Edit[], { from, to }: Hunk): string {
  const count = (edits: readonly Edit[], other: Edit['kind']): number => edits.filter(({ kind }) => kind !== other).length;
  const [earlier, here] = [all.slice(0, from), all.slice(from, to)];
  const range = (other: Edit['kind']): string => {
    const lines = count(here, other);
    return `${count(earlier, other) + (lines === 0 ? 0 : 1)},${lines}`;
  };
  return `@@ -${range('add')} +${range('remove')} @@\n${here.map(({ kind, line }) => `${SIGN[kind]}${line}\n`).join('')}`;
}
