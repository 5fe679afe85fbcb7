/** A short seeded run of the fuzzer over what needs no socket; `npm run fuzz` runs as long as wanted. */
import t from 'tap';
import { fuzzTarget } from '../fuzz/fuzz.js';

for (const [name, inputs] of [['parser', 6_000], ['framing', 500]] as const) {
  t.test(`${name}: no throw, no 20 ms, nothing ill-formed in ${inputs} seeded inputs`, async (t) => {
    const { rounds, finding } = await fuzzTarget(name, 20_261_122, (round) => round < inputs);
    t.ok(finding === undefined, finding === undefined ? name : `seed ${finding.seed}, input ${finding.round}: ${finding.what.slice(0, 1_000)}`);
    t.equal(rounds, inputs);
  });
}
