import t from 'tap';
import { readNumber, writeNumber } from '../../../../src/domain/trunk/number-format.js';
import type { NumberFormat } from '../../../../src/domain/trunk/trunk.js';

const PLUS: NumberFormat = { kind: 'e164-plus' };
const BARE: NumberFormat = { kind: 'e164' };
const PREFIX: NumberFormat = { kind: 'tech-prefix', prefix: '99#' };
const within = (country: string): NumberFormat => ({ kind: 'national', country });

for (const [number, format, written] of [
  ['+12125550100', PLUS, '+12125550100'],
  ['+12125550100', BARE, '12125550100'],
  ['+12125550100', PREFIX, '99#12125550100'],
  ['+12125550100', within('US'), '2125550100'],
  ['+14165550100', within('US'), '4165550100'],
  ['+493012345678', within('US'), '011493012345678'],
  ['+493012345678', within('de'), '03012345678'],
  ['+12125550100', within('DE'), '0012125550100'],
  ['+442079460000', within('GB'), '02079460000'],
  ['+390612345678', within('IT'), '0612345678'],
  ['+12125550100', within('XX'), '12125550100'],
  ['911', PREFIX, '911'],
  ['112', within('DE'), '112'],
  ['*67', BARE, '*67'],
] as const) t.equal(writeNumber(number, format), written, `${number} as ${JSON.stringify(format)}`);

for (const [text, format, country, read] of [
  ['+12125550100', PLUS, 'US', '+12125550100'],
  ['+1-212.555 (0100)', PLUS, 'US', '+12125550100'],
  ['+12125550100;npdi;rn=+1212', PLUS, 'US', '+12125550100'],
  ['12125550100', PLUS, 'US', '+12125550100'],
  ['2125550100', PLUS, 'US', '+12125550100'],
  ['493012345678', PLUS, 'US', '+493012345678'],
  ['03012345678', PLUS, 'DE', '+493012345678'],
  ['12125550100', BARE, 'DE', '+12125550100'],
  ['+12125550100', BARE, 'DE', '+12125550100'],
  ['03012345678', BARE, 'DE', '+493012345678'],
  ['99#12125550100', PREFIX, 'US', '+12125550100'],
  ['12125550100', PREFIX, 'US', '+12125550100'],
  ['2125550100', within('US'), 'US', '+12125550100'],
  ['011493012345678', within('US'), 'US', '+493012345678'],
  ['03012345678', within('DE'), 'US', '+493012345678'],
  ['00442079460000', within('DE'), 'DE', '+442079460000'],
  ['', PLUS, 'US', null],
  ['anonymous', PLUS, 'US', null],
  ['+0123', PLUS, 'US', null],
  ['+', BARE, 'US', null],
  ['12', BARE, 'US', null],
  ['1'.repeat(40), BARE, 'US', null],
  ['sip:x', BARE, 'US', null],
] as const) t.equal(readNumber(text, format, country), read, `${text} read as ${JSON.stringify(format)} in ${country}`);

t.test('what is written is read again', async (t) => {
  for (const number of ['+12125550100', '+493012345678', '+442079460000', '+390612345678', '+81312345678', '+61212345678']) {
    for (const format of [PLUS, BARE, PREFIX, ...['US', 'DE', 'GB', 'IT', 'JP', 'AU'].map(within)]) {
      t.equal(readNumber(writeNumber(number, format), format, 'US'), number, `${number} ${JSON.stringify(format)} ${writeNumber(number, format)}`);
    }
  }
});
