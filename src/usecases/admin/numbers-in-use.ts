import type { AccountId, SiteId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import type { Stores } from '../../ports/admin-stores.js';

/** What extension numbers are chosen against. One value serves many choices of one transaction in a row. */
export interface NumbersInUse {
  sites(): Promise<readonly Site[]>;
  /** Numbers in use at the site; at a site without a code, those of the whole account. */
  at(site: Site): Promise<readonly string[]>;
  /** From now on the number counts as used at the site. */
  take(site: Site, number: string): void;
}

/** Reads sites, and the numbers of each place that is asked for, once. */
export function readNumbersOnce(stores: Pick<Stores, 'sites' | 'extensions'>, accountId: AccountId): NumbersInUse {
  let sites: readonly Site[] | null = null;
  const used = new Map<SiteId | null, string[]>();
  const placeOf = ({ id, siteCode }: Site): SiteId | null => (siteCode === null ? null : id);
  return {
    sites: async () => (sites ??= await stores.sites.all(accountId)),
    async at(site) {
      const place = placeOf(site);
      const known = used.get(place) ?? [...await stores.extensions.numbers(accountId, place)];
      used.set(place, known);
      return known;
    },
    take(site, number) {
      // Places not read yet will show it when they are.
      for (const place of [null, site.id]) used.get(place)?.push(number);
    },
  };
}
