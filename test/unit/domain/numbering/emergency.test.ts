import t from 'tap';
import { emergencyNumbers, emergencyTestNumber, isEmergency } from '../../../../src/domain/numbering/emergency.js';

const IS: readonly (readonly [digits: string, country: string, is: boolean])[] = [
  ['911', 'US', true], ['9911', 'US', true], ['112', 'US', false], ['933', 'US', false], ['911', 'ca', true], ['9111', 'US', false], ['91', 'US', false],
  ['112', 'DE', true], ['110', 'DE', true], ['0112', 'DE', true], ['911', 'DE', false], ['999', 'GB', true], ['9999', 'GB', true], ['112', 'IE', true],
  ['999', 'JE', true], ['000', 'AU', true], ['111', 'NZ', true], ['119', 'JP', true], ['17', 'FR', true], ['112', 'ZZ', true], ['911', 'ZZ', true], ['', 'US', false],
];

t.test('exact strings by country', async (t) => {
  for (const [digits, country, is] of IS) t.equal(isEmergency(digits, country), is, `${digits} in ${country}`);
});

t.test('the general number comes first, and none is listed twice', async (t) => {
  for (const [country, first] of [['US', '911'], ['DE', '112'], ['GB', '999'], ['FR', '112'], ['AU', '000'], ['ZZ', '112']] as const) {
    const numbers = emergencyNumbers(country);
    t.equal(numbers[0], first, country);
    t.equal(new Set(numbers).size, numbers.length, `${country}: no doubles`);
  }
});

t.test('the read-back test exists in the United States and Canada', async (t) => {
  t.same(['US', 'ca', 'GB', 'PR'].map(emergencyTestNumber), ['933', '933', null, null]);
});
