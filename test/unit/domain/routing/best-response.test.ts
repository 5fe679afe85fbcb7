import fc from 'fast-check';
import t from 'tap';
import { REASONS, type Reason } from '../../../../src/domain/reasons.js';
import { bestFailure, reasonForStatus } from '../../../../src/domain/routing/best-response.js';

const ROWS = [
  ['none came', [], 408],
  ['a single one', [486], 486],
  ['6xx before all', [404, 603, 302], 603],
  ['the lowest of several 6xx', [606, 600], 600],
  ['the lowest class', [500, 404], 404],
  ['3xx before 4xx', [486, 302], 302],
  ['what changes a next attempt first', [404, 486, 484], 484],
  ['busy says more than a time-out', [408, 486, 480], 486],
  ['unavailable says more than a time-out', [408, 480], 480],
  ['the echo of a CANCEL says least', [487, 404], 404],
  ['a challenge to us is not the caller\'s', [401, 486], 486],
  ['alone it is our failure', [407], 500],
  ['503 is not forwarded', [503], 500],
  ['no response is a time-out', [0], 408],
  ['a status that is no failure', [200], 500],
] as const;

t.test('RFC 3261 §16.7 step 6', async (t) => {
  for (const [name, statuses, best] of ROWS) t.equal(bestFailure(statuses), best, name);
});

const status = fc.oneof(fc.integer({ min: 300, max: 699 }), fc.constantFrom(0, 401, 407, 503, 487, 200, 1.5, -1));

t.test('the order of the branches does not matter, and the choice is a failure', async () => {
  const permuted = fc.array(status, { maxLength: 8 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
  fc.assert(fc.property(permuted, ([list, shuffled]) => {
    const best = bestFailure(list);
    return best === bestFailure(shuffled) && best >= 300 && best <= 699 && ![401, 407, 503].includes(best);
  }));
});

const BY_STATUS: readonly (readonly [number, Reason])[] = [
  [486, 'busy'], [600, 'busy'], [603, 'declined'], [607, 'declined'], [480, 'no-answer'], [408, 'phone-unreachable'], [0, 'phone-unreachable'],
  [404, 'unknown-number'], [488, 'media-unacceptable'], [606, 'media-unacceptable'], [487, 'cancelled'], [483, 'too-many-hops'],
  [500, 'callee-failed'], [503, 'callee-failed'], [401, 'callee-failed'], [403, 'callee-failed'], [NaN, 'callee-failed'],
];

t.test('a status has one reason', async (t) => {
  for (const [each, reason] of BY_STATUS) t.equal(reasonForStatus(each), reason, String(each));
  fc.assert(fc.property(fc.integer(), (each) => reasonForStatus(each) in REASONS));
});

t.test('each reason is complete', async (t) => {
  for (const [name, row] of Object.entries(REASONS)) {
    t.ok(row.sip >= 400 && row.sip < 700 && row.q850 > 0 && row.q850 < 128 && row.http >= 400 && row.text.endsWith('.'), name);
  }
});
