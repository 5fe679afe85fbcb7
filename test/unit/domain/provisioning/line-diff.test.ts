import t from 'tap';
import fc from 'fast-check';
import { lineDiff } from '../../../../src/domain/provisioning/line-diff.js';

/** Applies the hunks as `patch` would: what is kept and taken out must be there. */
function patched(before: string, diff: string): string {
  const old = before === '' ? [] : before.slice(0, -1).split('\n');
  const made: string[] = [];
  let at = 0;
  for (const line of diff === '' ? [] : diff.slice(0, -1).split('\n')) {
    const [, start, lines] = /^@@ -(\d+),(\d+) \+\d+,\d+ @@$/.exec(line) ?? [];
    if (start !== undefined) {
      const from = Number(start) - (lines === '0' ? 0 : 1);
      made.push(...old.slice(at, from));
      at = from;
      continue;
    }
    if (line.startsWith('+')) {
      made.push(line.slice(1));
      continue;
    }
    if (old[at] !== line.slice(1)) throw new Error(`${line} is not line ${at + 1}`);
    if (line.startsWith(' ')) made.push(line.slice(1));
    at += 1;
  }
  made.push(...old.slice(at));
  return made.map((line) => `${line}\n`).join('');
}

t.test('unified diffs', async (t) => {
  const numbers = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\n`).join('');
  for (const [rule, before, after, added, removed, text] of [
    ['nothing differs', 'a\nb\n', 'a\nb\n', 0, 0, ''],
    ['both empty', '', '', 0, 0, ''],
    ['from nothing', '', 'a\n', 1, 0, '@@ -0,0 +1,1 @@\n+a\n'],
    ['to nothing', 'a\n', '', 0, 1, '@@ -1,1 +0,0 @@\n-a\n'],
    ['one line', 'a\nb\nc\n', 'a\nB\nc\n', 1, 1, '@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n'],
    ['three lines around a change', numbers(1, 9), numbers(1, 4) + 'x\n' + numbers(6, 9), 1, 1, '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n'],
    ['an added line', numbers(1, 8), numbers(1, 4) + 'x\n' + numbers(5, 8), 1, 0, '@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n'],
    ['far changes are two hunks', `x\n${numbers(1, 9)}y\n`, `X\n${numbers(1, 9)}Y\n`, 2, 2, '@@ -1,4 +1,4 @@\n-x\n+X\n 1\n 2\n 3\n@@ -8,4 +8,4 @@\n 7\n 8\n 9\n-y\n+Y\n'],
    ['near ones are one', `x\n${numbers(1, 6)}y\n`, `X\n${numbers(1, 6)}Y\n`, 2, 2, '@@ -1,8 +1,8 @@\n-x\n+X\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n+Y\n'],
    ['a last line without an end counts as one with', 'a', 'a\n', 0, 0, ''],
  ] as const) t.same(lineDiff(before, after), { added, removed, text }, rule);
});

t.test('any two texts: the diff leads from one to the other, and changes no line that both keep', async (t) => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '', '@@', '-'), { maxLength: 40 }).map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(fc.property(text, text, (before, after) => {
    const { text: diff, added, removed } = lineDiff(before, after);
    const [old, now] = [before, after].map((one) => one.split('\n').length);
    return patched(before, diff) === after && (now ?? 0) - (old ?? 0) === added - removed;
  }), { numRuns: 500 });
  t.pass('500 pairs');
});

t.test('another file altogether is shown as taken out and put in, quickly', async (t) => {
  const file = (name: string): string => Array.from({ length: 3000 }, (_, at) => `${name}.${at} = 1\n`).join('');
  const { added, removed, text } = lineDiff(file('old'), file('new'));
  t.same([added, removed], [3000, 3000]);
  t.equal(patched(file('old'), text), file('new'));
});
