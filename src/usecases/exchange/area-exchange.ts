import { AREA_COLUMNS } from '../../domain/exchange/holder-columns.js';
import { ExtensionBook, formsToLookUp } from '../../domain/exchange/extension-book.js';
import type { Holder } from '../../domain/exchange/holder-facts.js';
import { areaCells, planArea } from '../../domain/exchange/plan-area.js';
import { asId, type AccountId, type CommonAreaId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { StagedRow } from '../../ports/import-stores.js';
import type { ExchangeKind } from './exchange-deps.js';
import { readHolderFacts, siteNamed } from './read-holder-facts.js';
import { holdersOfAreas } from './read-holders.js';
import { exportFacts } from './user-exchange.js';

export const AREA_EXCHANGE: ExchangeKind = {
  columns: AREA_COLUMNS,
  async planner(context, wanted, rows) {
    const { stores } = context;
    const sites = await stores.sites.all(wanted.accountId);
    const usual = sites.find(({ id }) => id === wanted.siteId) ?? null;
    const ids = await idsOf(stores, wanted.accountId, rows, sites, usual);
    const areas = await stores.exchange.commonAreas(wanted.accountId, [...new Set(ids.values())].map((id) => asId<CommonAreaId>(id)));
    const holders = new Map((await holdersOfAreas(stores, wanted.accountId, areas)).map((holder): [string, Holder] => [holder.area?.id ?? '', holder]));
    const facts = await readHolderFacts(context, wanted, rows, [...holders.values()], 'common_area');
    return ({ row, cells }) => {
      const id = ids.get(row);
      return planArea(row, cells, id === undefined ? null : holders.get(id) ?? 'unknown', facts);
    };
  },
  async exported(stores, accountId, page) {
    const found = await stores.commonAreas.page(accountId, page);
    const holders = await holdersOfAreas(stores, accountId, found.items.map(({ commonArea }) => commonArea));
    const facts = await exportFacts(stores, accountId, holders);
    return { ...found, items: holders.map((holder) => areaCells(holder, facts)) };
  },
};

/** Which common areas rows are about: by ID, else by the extension at the site that the row, or the import, names. */
async function idsOf(
  stores: Stores, accountId: AccountId, rows: readonly StagedRow[], sites: readonly Site[], usual: Site | null,
): Promise<ReadonlyMap<number, string>> {
  const digits = [...new Set(rows.flatMap(({ cells }) => cells['extension'] ?? []))].filter((text) => /^\d{1,10}$/.test(text));
  const known = new ExtensionBook(sites, await stores.exchange.extensionsNumbered(accountId, [...new Set(digits.flatMap((text) => formsToLookUp(sites, text)))]));
  return new Map(rows.flatMap((one): readonly (readonly [number, string])[] => {
    const id = one.cells['id'];
    if (id !== undefined && id !== null) return [[one.row, id]];
    const site = siteNamed(sites, one) ?? usual;
    const found = known.named(one.cells['extension'] ?? '').filter(({ owner, siteId }) => owner.kind === 'common_area' && siteId === site?.id);
    return found[0] === undefined ? [] : [[one.row, found[0].owner.id]];
  }));
}
