import t from 'tap';
import { digitMap, digitMapTimeOuts, isDialable, type DiallingFacts } from '../../../../src/domain/provisioning/digit-map.js';
import { emergencyNumbers } from '../../../../src/domain/numbering/emergency.js';

const CODES = { hotDeskSignIn: '*91', hotDeskSignOut: '*92', deviceLock: '', phoneActivation: '' };
const US: DiallingFacts = { codes: CODES, emergencyNumbers: emergencyNumbers('US') };
const CHANGED: DiallingFacts = { codes: { hotDeskSignIn: '#71', hotDeskSignOut: '*8#2', deviceLock: '*55', phoneActivation: '*93' }, emergencyNumbers: ['112'] };

t.test('codes and emergency numbers in each language', async (t) => {
  for (const [syntax, facts, text] of [
    ['timer', US, '*91T|*91x.T|*92|911T|9911T|+x.T|*x.T|x.T'],
    ['timer', CHANGED, '#71T|#71x.T|*8#2|*55|*93|112T|+x.T|*x.T|x.T'],
    ['cisco', US, '(*91|*91x.|*92S0|911|9911|+xx.|*xx.|xx.)'],
    ['cisco', CHANGED, '(#71|#71x.|*8#2S0|*55S0|*93S0|112|+xx.|*xx.|xx.)'],
    ['grandstream', US, '{ *91 | *91x+ | *92 | 911 | 9911 | \\+x+ | *x+ | x+ }'],
  ] as const) t.equal(digitMap(syntax, facts), text, syntax);
});

t.test('a time-out for each entry of the map', async (t) => {
  for (const facts of [US, CHANGED]) t.equal(digitMapTimeOuts(facts).split('|').length, digitMap('timer', facts).split('|').length);
});

t.test('what a key may dial', async (t) => {
  for (const [number, yes] of [['1001', true], ['+4930123', true], ['*91', true], ['#71', true], ['', false], ['+', false], ['1 2', false], ['1;x', false], ['x', false], ['1\n', false]] as const) {
    t.equal(isDialable(number), yes, JSON.stringify(number));
  }
});
