import type { Site } from '../identity/site.js';
import { extensionProblem } from './extension-book.js';
import { ownerName, siteById, type Holder, type HolderFacts } from './holder-facts.js';
import type { HolderColumn } from './holder-columns.js';
import type { RowReader } from './plan-row.js';

/** Where the row puts its holder; null after a problem. */
export function planSite(reader: RowReader<HolderColumn>, facts: HolderFacts, { extension }: Holder): Site | null {
  const now = siteById(facts, extension?.siteId);
  const why = 'Everybody belongs to a site: name another one, or leave the cell empty.';
  const code = reader.firm('siteCode', now?.siteCode ?? '', why);
  const name = reader.firm('siteName', now?.name ?? '', why);
  const byCode = code === undefined ? undefined : facts.sites.find(({ siteCode }) => siteCode === code);
  const byName = name === undefined ? undefined : facts.sites.find((site) => site.name.toLowerCase() === name.toLowerCase());
  if (code !== undefined && byCode === undefined) reader.problem('siteCode', 'No site has this code.');
  if (name !== undefined && byName === undefined) reader.problem('siteName', 'No site has this name.');
  if ((code !== undefined && byCode === undefined) || (name !== undefined && byName === undefined)) return null;
  if (byCode !== undefined && byName !== undefined && byCode.id !== byName.id) {
    reader.problem('siteName', `The code is that of ${byCode.name}. Give one of the two.`);
    return null;
  }
  return byCode ?? byName ?? now ?? facts.site;
}

/** The number that the row gives its holder at the site; null after a problem. A new one takes the next that is free. */
export function planExtension(reader: RowReader<HolderColumn>, facts: HolderFacts, { extension }: Holder, site: Site): string | null {
  const wish = reader.firm('extension', extension?.number ?? '', 'Everybody has an extension: 0 asks for the next free one.');
  const given = (wish ?? extension?.number ?? '0').replace(/\s/g, '');
  if (extension !== null && given === extension.number && site.id === extension.siteId) return given;
  // The whole form, as people dial it.
  const code = site.siteCode;
  if (given === '0') {
    const free = facts.nextFree(site);
    if (free === null) reader.problem('extension', `Site ${site.name} has no free extension left. Give a number, lengthen its extensions or widen its ranges.`);
    else reader.claim('extension', claimOf(site, free));
    return free;
  }
  const rules = { siteCode: code, featureCodes: facts.account.policy.featureCodes, country: site.country };
  const problem = extensionProblem(facts.extensions, site, rules, given, extension?.id ?? null, (id) => ownerName(facts, id));
  if (problem !== null) {
    reader.problem('extension', problem);
    return null;
  }
  reader.claim('extension', claimOf(site, given));
  return given;
}

/** Sites without a code reach one another's extensions by their digits alone. */
function claimOf({ id, siteCode }: Site, number: string): string {
  return siteCode === null ? `extension:${number}` : `extension:${id}:${number}`;
}
