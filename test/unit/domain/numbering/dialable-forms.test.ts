import fc from 'fast-check';
import t from 'tap';
import type { ExtensionId, SiteId } from '../../../../src/domain/ids.js';
import { formClash, type PlacedExtension } from '../../../../src/domain/numbering/dialable-forms.js';
import { parseDialled } from '../../../../src/domain/numbering/dial-plan.js';

const at = (id: string, number: string, site: string, siteCode: string | null): PlacedExtension =>
  ({ id: id as ExtensionId, number, siteId: site as SiteId, siteCode });

t.test('two extensions clash when one form reaches both', async (t) => {
  for (const [name, extensions, form] of [
    ['nobody', [], null],
    ['the same number at two sites with codes', [at('a', '201', 'x', '8'), at('b', '201', 'y', '7')], null],
    ['the same number at one site', [at('a', '201', 'x', '8'), at('b', '201', 'x', '8')], '201'],
    ['the same number at two sites without codes', [at('a', '201', 'x', null), at('b', '201', 'y', null)], '201'],
    ['a number without code reaches into sites with one', [at('a', '201', 'x', null), at('b', '201', 'y', '7')], '201'],
    ['a full form and a plain number', [at('a', '7201', 'x', null), at('b', '201', 'y', '7')], '7201'],
    ['a full form and the short form of another site', [at('a', '7201', 'x', '8'), at('b', '201', 'y', '7')], '7201'],
    ['two full forms', [at('a', '1201', 'x', '7'), at('b', '201', 'y', '71')], '71201'],
    ['an extension does not clash with itself', [at('a', '77', 'x', '7')], null],
  ] as const) {
    t.equal(formClash(extensions)?.form ?? null, form, name);
    t.equal(formClash([...extensions].reverse())?.form ?? null, form, `${name}, the other way round`);
  }
});

const CODES: readonly (string | null)[] = [null, '7', '71', '8'];
const placed = fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 3), fc.constantFrom('20', '201', '1201', '7201', '820', '71', '17201')), { maxLength: 6 })
  .map((rows) => rows.map(([site, number], index) => at(`e${index}`, number, `s${site}`, CODES[site] ?? null)));

t.test('without a clash every dialled form of an extension reaches that extension alone, as calls read digits', async () => {
  const featureCodes = { hotDeskSignIn: '*91', hotDeskSignOut: '*92', deviceLock: '', phoneActivation: '' };
  fc.assert(fc.property(placed, fc.constantFrom(0, 1, 2, 3), (extensions, from) => {
    fc.pre(formClash(extensions) === null);
    const caller = { siteId: `s${from}`, siteCode: CODES[from] ?? null };
    const reached = (siteCode: string | null, number: string) => (siteCode === null
      ? extensions.find((one) => one.number === number && one.siteId === caller.siteId) ?? extensions.find((one) => one.number === number && one.siteCode === null)
      : extensions.find((one) => one.number === number && one.siteCode === siteCode));
    return extensions.every((extension) => {
      const forms = extension.siteCode === null ? [extension.number]
        : [extension.siteCode + extension.number, ...(extension.siteId === caller.siteId ? [extension.number] : [])];
      return forms.filter((form) => form.length <= 6).every((form) => {
        const dialled = parseDialled(`sip:${form}@office.example`, {
          country: 'DE', actingCountry: 'DE', areaCode: '', featureCodes, siteCode: caller.siteCode, siteCodes: ['7', '71', '8'],
          isExtension: (siteCode, number) => reached(siteCode, number) !== undefined,
        });
        return dialled.kind === 'extension' && reached(dialled.siteCode, dialled.number)?.id === extension.id;
      });
    });
  }), { numRuns: 3000 });
});
