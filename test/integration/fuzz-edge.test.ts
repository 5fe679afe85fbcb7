/** A short seeded run of the fuzzer over a running edge: it answers OPTIONS and the application that behaves, whatever came. */
import t from 'tap';
import { fuzzTarget } from '../fuzz/fuzz.js';

for (const [name, from] of [['edge', 'the network'], ['control', 'the control port']] as const) {
  t.test(`${name}: the edge lives on after 60 seeded inputs from ${from}`, async (t) => {
    const { rounds, finding } = await fuzzTarget(name, 20_261_122, (round) => round < 60);
    t.ok(finding === undefined, finding === undefined ? name : `seed ${finding.seed}, input ${finding.round}: ${finding.what.slice(0, 1_000)}`);
    t.equal(rounds, 60);
  });
}
