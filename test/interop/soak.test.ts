/** A short soak: random phones over every transport on the whole program. `npm run soak` is the long one. */
import t from 'tap';
import { Cut } from '../soak/cut.js';
import { readOptions } from '../soak/options.js';
import { soak } from '../soak/soak.js';
import { ROOT } from '../support/repository.js';


t.test('phones live on the program for a while, and nothing is left of them', async (t) => {
  const read = readOptions(['--minutes', '0.15', '--phones', '20', '--pace', '0.15', '--seed', '7', '--calm', '--out', t.testdir({})]);
  if (read.kind !== 'options') throw new Error('these are options');
  const { checks, tally, report } = await soak(ROOT, read.options, new Cut(), (line) => t.comment(line));
  for (const { name, passed, detail } of checks) t.ok(passed, `${name}: ${detail}`);
  t.ok(tally.of('dialled: 200') > 5 && tally.of('registered 200') > 20, report);
});

t.test('words that make no sense', async (t) => {
  for (const words of [['--minutes'], ['--minutes', 'x'], ['--phones', '1'], ['--phones', '2.5'], ['--what'], ['--out']]) {
    t.match(readOptions(words), { kind: 'problems', problems: [String] }, words.join(' '));
  }
  t.match(readOptions([]), { kind: 'options', options: { minutes: 60, vanishing: true } });
});
