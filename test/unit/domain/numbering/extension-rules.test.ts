import fc from 'fast-check';
import t from 'tap';
import { checkExtension, nextFreeExtension, type ExtensionRule, type ExtensionSite } from '../../../../src/domain/numbering/extension-rules.js';
import { emergencyNumbers } from '../../../../src/domain/numbering/emergency.js';

const featureCodes = { hotDeskSignIn: '*91', hotDeskSignOut: '#5505', deviceLock: '', phoneActivation: '' };
const US: ExtensionSite = { siteCode: null, featureCodes, country: 'US' };
const CODED: ExtensionSite = { ...US, siteCode: '10' };

const ROWS: readonly (readonly [name: string, number: string, site: ExtensionSite, rule: ExtensionRule | 'ok'])[] = [
  ['one digit', '7', US, 'ok'],
  ['six digits', '123456', US, 'ok'],
  ['seven digits', '1234567', US, 'length'],
  ['none', '', US, 'digits'],
  ['letters', '12a', US, 'digits'],
  ['digits of other scripts', '١٠٠١', US, 'digits'],
  ['the operator', '0', US, 'operator'],
  ['a leading zero', '0100', US, 'leading-zero'],
  ['an emergency form', '911', US, 'emergency'],
  ['what begins with one', '9112', US, 'emergency'],
  ['what begins with the habit form', '99110', US, 'emergency'],
  ['911 elsewhere is free', '911', { ...US, country: 'DE' }, 'ok'],
  ['999 in Britain', '9990', { ...US, country: 'GB' }, 'emergency'],
  ['the test number', '933', US, 'emergency'],
  ['what begins with the test number', '9331', US, 'ok'],
  ['the digits of *91', '91', US, 'feature-code'],
  ['the digits of #5505', '5505', US, 'feature-code'],
  ['what begins with them', '915', US, 'ok'],
  ['behind a site code: one digit', '7', CODED, 'length'],
  ['behind a site code: four digits', '2345', CODED, 'ok'],
  ['behind a site code: seven together', '23456', CODED, 'length'],
  ['behind a one-digit code: five digits', '23456', { ...CODED, siteCode: '1' }, 'ok'],
  ['the full form counts too: emergency', '11', { ...CODED, siteCode: '9' }, 'emergency'],
  ['the full form counts too: test number', '33', { ...CODED, siteCode: '9' }, 'emergency'],
  ['the full form counts too: feature code', '505', { ...CODED, siteCode: '5' }, 'feature-code'],
];

t.test('an extension', async (t) => {
  for (const [name, number, site, rule] of ROWS) {
    const verdict = checkExtension(number, { ...site, taken: () => null });
    t.equal(verdict.kind === 'ok' ? 'ok' : verdict.rule, rule, name);
    if (verdict.kind === 'refused') t.match(verdict.text, /\. .+\.$/, `${name}: fault and remedy`);
  }
});

t.test('a duplicate names its holder, in either form', async (t) => {
  for (const [form, site] of [['201', CODED], ['10201', CODED], ['201', US]] as const) {
    const taken = (asked: string): string | null => (asked === form ? 'Ann Lee' : null);
    t.match(checkExtension('201', { ...site, taken }), { kind: 'refused', rule: 'taken', text: new RegExp(`${form} belongs to Ann Lee`) });
  }
});

const NEXT: readonly (readonly [name: string, used: readonly string[], site: ExtensionSite & { from?: string }, next: string | null])[] = [
  ['the first', [], US, '1001'],
  ['the first behind a site code', [], CODED, '201'],
  ['fills gaps', ['1001', '1003'], US, '1002'],
  ['used in full form', ['10201'], CODED, '202'],
  ['begins where asked', [], { ...US, from: '911' }, '912'],
  ['passes emergency numbers of the country', ['14999'], { ...US, country: 'FR', from: '1499' }, '1499'],
  ['passes a whole emergency range', ['1499'], { ...US, country: 'FR', from: '1499' }, '1600'],
  ['goes on with one digit more', Array.from({ length: 10 }, (_, i) => String(90 + i)), { ...US, from: '90' }, '100'],
  ['a start that is no number', [], { ...US, from: 'x' }, '1'],
  ['begins again below the start', Array.from({ length: 2 }, (_, i) => String(999_998 + i)), { ...US, from: '999998' }, '1'],
];

t.test('the next free extension', async (t) => {
  for (const [name, used, site, next] of NEXT) t.equal(nextFreeExtension(used, site), next, name);
  const all = Array.from({ length: 9990 }, (_, index) => String(index + 10));
  t.equal(nextFreeExtension(all, CODED), null, 'a full site');
});

t.test('what is offered is allowed and free', async () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1000, max: 1040 }).map(String)), fc.constantFrom('US', 'GB', 'IN', 'FR', 'ZZ'), fc.constantFrom(null, '10', '9'), (used, country, siteCode) => {
    const site = { ...US, country, siteCode };
    const next = nextFreeExtension(used, site);
    return next !== null && !used.includes(next) && checkExtension(next, { ...site, taken: () => null }).kind === 'ok'
      && !emergencyNumbers(country).some((form) => next.startsWith(form));
  }));
});
