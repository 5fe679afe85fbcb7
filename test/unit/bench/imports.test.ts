import t from 'tap';
import type { Phase } from '../../bench/beside-registers.js';
import { peopleFile } from '../../bench/import-phases.js';
import { importsText } from '../../bench/imports.js';
import { percentiles } from '../../bench/results.js';

const registers = { times: percentiles([2.04]), reached: 998.6, failed: 3, retransmissions: 1 };
const phase = (changes: Partial<Phase>): Phase => (
  { name: 'no import', rows: 0, seconds: 10, cpuUs: 5_000_000, memory: { start: 300_000_000, peak: 310_000_000 }, registers, ...changes });

t.test('a row costs what the phase used beyond the REGISTERs alone', async (t) => {
  const text = importsText([{ rows: 1000, phases: [phase({}), phase({ name: 'plan', rows: 1000, seconds: 4, cpuUs: 3_000_000, memory: { start: 310_000_000, peak: 350_000_000 } })] }], null);
  t.match(text, '| no import | – | 10.0 | – | – | 2.0 / 2.0 / 2.0 | 999 | 3 | 1 | 300 | 310 |');
  t.match(text, '| plan | 1000 | 4.0 | 250 | 1000 |');
  t.match(text, 'Resident memory grew by 50 MB from 300 MB.');
});

t.test('a download tells its first byte', async (t) => {
  t.match(importsText([], { phase: phase({ name: 'charges as CSV', rows: 50, seconds: 0.5 }), firstByteMs: 12.4, bytes: 2_500_000 }), 'First byte after 12 ms, 2.5 MB in 0.5 s');
});

t.test('a file of people has titles and everybody once', async (t) => {
  const lines = peopleFile(3).trim().split('\n');
  t.equal(lines.length, 4);
  t.equal(new Set(lines.map((line) => line.split(',').at(-1))).size, 4);
});
