import t from 'tap';
import { DigitCollector, type Collected, type CollectSpec } from '../../../../sip/media/dtmf/digit-collector.js';
import { DigitPaths, type DigitPath } from '../../../../sip/media/dtmf/digit-paths.js';

const presses: readonly (readonly [string, readonly (readonly [string, DigitPath, number])[], string])[] = [
  ['the same key by two paths is one press', [['5', 'rfc4733', 0], ['5', 'info', 80]], '5'],
  ['whichever comes first', [['5', 'info', 0], ['5', 'rfc4733', 80]], '5'],
  ['the same key twice by one path is two', [['5', 'rfc4733', 0], ['5', 'rfc4733', 150]], '55'],
  ['the same key twice by both paths is two', [['5', 'rfc4733', 0], ['5', 'info', 20], ['5', 'rfc4733', 150], ['5', 'info', 170]], '55'],
  ['both copies late', [['5', 'rfc4733', 0], ['5', 'rfc4733', 150], ['5', 'info', 200], ['5', 'info', 220]], '55'],
  ['one of the copies lost: the later INFO is a press of its own', [['5', 'rfc4733', 0], ['5', 'info', 20], ['5', 'info', 170]], '55'],
  ['400 ms apart is another press', [['5', 'rfc4733', 0], ['5', 'info', 400]], '55'],
  ['different keys are never merged', [['5', 'rfc4733', 0], ['6', 'info', 10]], '56'],
  ['three paths, one press', [['5', 'rfc4733', 0], ['5', 'info', 10], ['5', 'inband', 20]], '5'],
];
for (const [name, given, digits] of presses) {
  t.test(name, async (t) => {
    const paths = new DigitPaths();
    t.equal(given.filter(([digit, path, at]) => paths.accepts(digit, path, at)).map(([digit]) => digit).join(''), digits);
  });
}

const EXTENSION: CollectSpec = { min: 1, max: 6, terminator: '#', firstDigitMs: 10_000, interDigitMs: 4000, sensitive: false };

/** Digits at their instants, then time until it ends. */
function collect(spec: CollectSpec, ahead: string, typed: readonly (readonly [string, number])[], playingUntil = 0): { readonly result: Collected | null; readonly at: number } {
  const collector = new DigitCollector();
  for (const digit of ahead) collector.digit(digit, 0);
  let result = collector.begin(spec, 0);
  let at = 0;
  const left = [...typed];
  for (; result === null && at <= 60_000; at += 20) {
    for (let next = left[0]; next !== undefined && next[1] <= at && result === null; next = left[0]) {
      left.shift();
      result = collector.digit(next[0], at);
    }
    result ??= collector.tick(at, at < playingUntil);
    if (result !== null) break;
  }
  return { result, at };
}

const collects: readonly (readonly [string, ReturnType<typeof collect>, Collected, number])[] = [
  ['the terminator ends and is no digit', collect(EXTENSION, '', [['1', 100], ['2', 200], ['#', 300]]), { digits: '12', reason: 'terminator' }, 300],
  ['the terminator alone ends too', collect(EXTENSION, '', [['#', 100]]), { digits: '', reason: 'terminator' }, 100],
  ['the last possible digit ends', collect({ ...EXTENSION, max: 2 }, '', [['1', 100], ['2', 200], ['3', 300]]), { digits: '12', reason: 'max' }, 200],
  ['silence after a digit', collect(EXTENSION, '', [['1', 1000]]), { digits: '1', reason: 'timeout' }, 5000],
  ['no digit at all', collect(EXTENSION, '', []), { digits: '', reason: 'timeout' }, 10_000],
  ['below the least number the longer patience holds', collect({ ...EXTENSION, min: 3 }, '', [['1', 0], ['2', 1000]]), { digits: '12', reason: 'timeout' }, 11_000],
  ['time counts from the end of the prompt', collect(EXTENSION, '', [], 3000), { digits: '', reason: 'timeout' }, 12_980],
  ['a digit during the prompt does not start the shorter time', collect(EXTENSION, '', [['1', 100]], 6000), { digits: '1', reason: 'timeout' }, 9980],
  ['what was typed ahead counts', collect(EXTENSION, '123#9', []), { digits: '123', reason: 'terminator' }, 0],
  ['typed ahead and more', collect(EXTENSION, '12', [['3', 100], ['#', 200]]), { digits: '123', reason: 'terminator' }, 200],
  ['without a terminator # is a digit', collect({ ...EXTENSION, terminator: null, max: 2 }, '', [['#', 0], ['*', 20]]), { digits: '#*', reason: 'max' }, 20],
];
for (const [name, { result, at }, expected, when] of collects) {
  t.test(name, async (t) => {
    t.same(result, expected);
    t.equal(at, when);
  });
}

t.test('what one asking leaves the next one gets', async (t) => {
  const collector = new DigitCollector();
  for (const digit of '100#4711#') collector.digit(digit, 0);
  t.same(collector.begin(EXTENSION, 0), { digits: '100', reason: 'terminator' });
  t.same(collector.begin(EXTENSION, 0), { digits: '4711', reason: 'terminator' });
  t.equal(collector.begin(EXTENSION, 0), null);
});

t.test('digits forgotten and an asking ended leave nothing behind', async (t) => {
  const collector = new DigitCollector();
  collector.digit('1', 0);
  collector.clear();
  t.equal(collector.begin(EXTENSION, 0), null);
  collector.digit('2', 0);
  t.same(collector.close(), { digits: '2', reason: 'closed' });
  collector.digit('3', 0);
  t.equal(collector.close(), null, 'nobody asks');
  t.equal(collector.hasAhead, true, 'what was typed since is kept');
  collector.clear();
  t.equal(collector.hasAhead, false);
  t.equal(collector.close(), null);
});
