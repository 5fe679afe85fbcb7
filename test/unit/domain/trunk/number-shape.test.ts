import fc from 'fast-check';
import t from 'tap';
import { readShape, translated, translationProblem } from '../../../../src/domain/trunk/number-shape.js';

for (const [pattern, number, parts] of [
  ['^\\+1(\\d{10})$', '+12125550100', ['2125550100']],
  ['\\+1(\\d{10})', '+12125550100', ['2125550100']],
  ['\\+1(\\d{10})', '+121255501001', null],
  ['\\+49.*', '+493012345678', []],
  ['(\\+|00)(?:49|43)([1-9]\\d+)', '+493012345678', ['+', '3012345678']],
  ['\\+49[2-9]?0*\\d{3,5}', '+492000123', []],
  ['911|112', '112', []],
  ['911|112', '1129', null],
  ['(\\+1)?(\\d{3})', '555', null],
] as const) {
  t.test(`${pattern} and ${number}`, async (t) => {
    const reading = readShape(pattern);
    t.same(reading.kind === 'shape' ? reading.shape.match(number) : null, parts);
  });
}

for (const [pattern, text] of [
  ['', /Give a pattern/], ['1'.repeat(201), /at most 200/], ['+1', /write \\\+ for a plus/], ['(\\d+)+', /not groups/], ['((1))', /do not nest/], ['(1', /not closed/], ['1)', /not opened/],
  ['\\d+\\d+\\d+\\d+\\d+', /At most 4/], ['[a-z]', /not known/], ['1{2}{3}', /repeats nothing/], ['a', /not known/], ['\\1', /not known/], ['(?=1)', /repeats nothing|not known/], ['(?<a>1)', /repeats nothing|not known/],
  ['1^2', /not known/], ['1$2', /not known/], ['[9-1]', /out of order/], ['1{5,3}', /out of order/],
] as const) t.match(readShape(pattern), { kind: 'invalid', text }, pattern);

t.test('no pattern throws, and every one it takes is quick', async (t) => {
  fc.assert(fc.property(fc.stringMatching(/^[\\d0-9+*?.()[\]{},|$^-]{0,40}$/), fc.stringMatching(/^\+?[0-9]{0,31}$/), (pattern, number) => {
    const reading = readShape(pattern);
    if (reading.kind === 'shape') reading.shape.match(number);
  }), { numRuns: 2000, seed: 7 });
  t.pass('none threw');
});

t.test('translations', async (t) => {
  t.equal(translated('+12125550100', '', ['2125550100']), '+12125550100');
  t.equal(translated('+12125550100', '9$1#', ['2125550100']), '92125550100#');
  t.equal(translationProblem('$1', { groups: 1 }), null);
  t.match(translationProblem('$2', { groups: 1 }), /no \$2/);
  t.match(translationProblem('x', { groups: 1 }), /holds digits/);
});
