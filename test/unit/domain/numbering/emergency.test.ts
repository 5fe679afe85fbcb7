import t from 'tap';
import { emergencyNumbers, emergencyTestNumber, isEmergency, networkEmergencyNumber } from '../../../../src/domain/numbering/emergency.js';

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

t.test('what goes to the network is the number it knows', async (t) => {
  const rows: readonly (readonly [digits: string, country: string, sent: string])[] = [
    ['911', 'US', '911'], ['9911', 'US', '911'], ['+911', 'US', '911'], ['112', 'DE', '112'], ['0112', 'DE', '112'], ['0110', 'DE', '110'], ['9999', 'GB', '999'], ['0999', 'GB', '999'],
    ['000', 'AU', '000'], ['0000', 'AU', '000'], ['1122', 'PK', '1122'], ['112', 'PK', '112'], ['18000', 'GB', '18000'], ['112', 'ZZ', '112'],
  ];
  for (const [digits, country, sent] of rows) t.equal(networkEmergencyNumber(digits, country), sent, `${digits} in ${country}`);
  for (const country of ['US', 'DE', 'GB', 'AU', 'FR', 'PK', 'ZZ']) {
    for (const form of emergencyNumbers(country)) t.ok(isEmergency(networkEmergencyNumber(form, country), country), `${form} in ${country} stays an emergency number`);
  }
});
