import t from 'tap';
import { ExtensionBook, extensionProblem, FreeExtensions } from '../../../../src/domain/exchange/extension-book.js';
import { asId, type ExtensionId, type SiteId, type UserId } from '../../../../src/domain/ids.js';
import type { Site } from '../../../../src/domain/identity/site.js';
import type { Extension } from '../../../../src/domain/numbering/extension.js';
import { ACCOUNT, SITE } from '../../../support/call-facts-office.js';

const site = (id: string, siteCode: string | null, more: Partial<Site> = {}): Site => ({ ...SITE, id: asId<SiteId>(id), siteCode, shortExtensionLength: 3, ...more });
const NORTH = site('north', '1');
const SOUTH = site('south', '2', { shortExtensionRanges: [{ from: '301', to: '303' }] });
const PLAIN = site('plain', null);
const extension = (at: Site, number: string): Extension => (
  { id: asId<ExtensionId>(`${at.id}-${number}`), accountId: ACCOUNT.id, siteId: at.id, number, owner: { kind: 'user', id: asId<UserId>(`u-${at.id}-${number}`) } });
const rulesOf = ({ siteCode, country }: Site) => ({ siteCode, country, featureCodes: ACCOUNT.policy.featureCodes });

t.test('whose an extension is, short and with its site code', async (t) => {
  const book = new ExtensionBook([NORTH, SOUTH, PLAIN], [extension(NORTH, '201'), extension(PLAIN, '2301')]);
  for (const [rule, at, number, holder] of [
    ['taken at its site', NORTH, '201', 'north-201'], ['free at another', SOUTH, '202', null], ['the same short digits at another site', SOUTH, '201', null],
    ['the whole form of another site\'s extension', PLAIN, '1201', 'north-201'], ['whose whole form somebody has short', SOUTH, '301', 'plain-2301'],
    ['where there are no codes digits reach every site', PLAIN, '201', 'north-201'],
  ] as const) {
    const problem = extensionProblem(book, at, rulesOf(at), number, null, (id) => id);
    if (holder === null) t.equal(problem, null, rule);
    else t.match(problem, `belongs to ${holder}`, rule);
  }
  t.equal(extensionProblem(book, NORTH, rulesOf(NORTH), '201', asId<ExtensionId>('north-201'), (id) => id), null, 'its own holder keeps it');
  t.match(extensionProblem(book, NORTH, rulesOf(NORTH), '0201', null, (id) => id), /does not begin with 0/, 'the form of an extension');
});

t.test('free extensions are handed out once, and none that a row asks for', async (t) => {
  const free = new FreeExtensions(new ExtensionBook([NORTH, SOUTH, PLAIN], [extension(NORTH, '201'), extension(SOUTH, '301')]), rulesOf, new Set(['203']));
  t.same([free.next(NORTH), free.next(NORTH), free.next(NORTH)], ['202', '204', '205']);
  t.same([free.next(SOUTH), free.next(SOUTH), free.next(SOUTH)], ['302', '303', null], 'a site with ranges is full with them');
  t.same([free.next(PLAIN), free.next(PLAIN)], ['1001', '1002'], 'without a site code');
});
